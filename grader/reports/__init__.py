"""Renderings of a report, one format a file; they know the report and nothing else."""
