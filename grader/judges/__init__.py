"""Pure comparison: observations in, remarks out; no process, no torch."""
