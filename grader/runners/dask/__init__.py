"""Runs programs on a Dask cluster."""
