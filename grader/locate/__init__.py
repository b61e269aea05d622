"""Finds an assignment's parts and blanks in a notebook's code; knows no torch."""
