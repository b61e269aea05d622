"""The command line: ``grade submission.ipynb``."""

from grader.cli.main import main

__all__ = ["main"]
