"""Runs the probes of an assignment's own checks."""
