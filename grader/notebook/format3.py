"""Upgrades the cells of a format 3 notebook to format 4, with nbformat."""

from __future__ import annotations

from typing import Any

from grader.errors import NotebookError
from grader.notebook.decode import RESAVE

# nbformat writes as many "#" as the level of a heading says, whatever that is.
_LEVELS = range(1, 7)


def upgraded_sources(raw: list[Any], sources: list[str], name: str) -> list[str]:
    """Return in format 4 the sources of cells, ``raw`` ones with a valid type, and their sources.

    nbformat is handed a cell's type, source and heading level only: it converts even what its
    schema refuses, and hostile outputs would keep it busy. Raises ``NotebookError`` for whatever
    it raises.
    """
    # Few notebooks are that old, and the import takes longer than reading one.
    from nbformat import convert  # noqa: PLC0415
    from nbformat.notebooknode import from_dict  # noqa: PLC0415

    sheet = {"metadata": {}, "cells": list(map(_in_format_3, raw, sources))}
    notebook = {"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [sheet]}
    try:
        return [cell["source"] for cell in convert(from_dict(notebook), 4)["cells"]]
    except Exception as error:  # noqa: BLE001  KeyError, TypeError, ValidationError and others
        raise NotebookError(
            f"{name} has notebook format 3 and cannot be upgraded ({type(error).__name__})",
            RESAVE,
        ) from None


def _in_format_3(entry: dict[str, Any], source: str) -> dict[str, Any]:
    kind, level = entry["cell_type"], entry.get("level")
    if kind == "code":
        code = {"language": "python", "collapsed": False, "outputs": []}
        return {"cell_type": kind, "metadata": {}, "input": source, **code}
    cell = {"cell_type": kind, "metadata": {}, "source": source}
    if kind == "heading":
        return {**cell, "level": level if type(level) is int and level in _LEVELS else 1}
    return cell if kind == "markdown" else {**cell, "cell_type": "raw"}
