"""Notebooks that are saved as text: scripts with cell marks, Markdown with code, marimo's files."""

from grader.notebook.text.read import HAND_IN, is_text, text_cells, without_ending

__all__ = ["HAND_IN", "is_text", "text_cells", "without_ending"]
