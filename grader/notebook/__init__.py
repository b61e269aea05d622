"""Notebooks: reading them, and finding in them what an assignment asks for."""
