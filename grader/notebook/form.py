"""What a notebook's JSON says of itself: its format, its language and its list of cells."""

from __future__ import annotations

from typing import Any

from grader.errors import NotebookError
from grader.notebook.decode import RESAVE
from grader.quoting import name as name_of
from grader.text import printable

MAX_CELLS = 10_000
NEWEST = 4
_OLDEST = 3


def version_in(content: dict[str, Any], name: str) -> tuple[int, int]:
    """Return the notebook format that a file states; raises for one that cannot be read."""
    if "nbformat" not in content and "cells" not in content and "worksheets" not in content:
        raise NotebookError(f"{name} is JSON, but not a notebook", "Is it the right file?")
    major, minor = content.get("nbformat"), content.get("nbformat_minor")
    if type(major) is not int:
        how = "a notebook format that is no number" if "nbformat" in content else "no format"
        raise NotebookError(f'{name} states {how} ("nbformat")', RESAVE)
    if not _OLDEST <= major <= NEWEST:
        raise NotebookError(
            f"{name} has notebook format {printable(str(major), 20)}, which cannot be read",
            f"Formats {_OLDEST} and {NEWEST} can. {RESAVE}",
        )
    return major, minor if type(minor) is int else 0


def refuse_other_languages(content: dict[str, Any], name: str) -> None:
    """Raise ``NotebookError`` for a notebook whose kernel runs no Python."""
    metadata = table(content.get("metadata"))
    declared = (
        table(metadata.get("kernelspec")).get("language"),
        table(metadata.get("language_info")).get("name"),
    )
    languages = [language for language in declared if isinstance(language, str) and language]
    if languages and not any("python" in language.casefold() for language in languages):
        raise NotebookError(
            f"{name} is a notebook for {name_of(languages[0], 40)}, not for Python",
            "If its code is Python, choose a Python kernel and save it again.",
        )


def raw_cells_in(content: dict[str, Any], version: tuple[int, int], name: str) -> list[Any]:
    """Return the cells of a notebook; format 3 keeps them in worksheets, which are joined."""
    if version[0] == NEWEST:
        cells = content.get("cells")
    else:
        sheets = content.get("worksheets")
        tables = sheets if isinstance(sheets, list) else [None]
        parts = [table(sheet).get("cells") for sheet in tables]
        lists = [part for part in parts if isinstance(part, list)]
        cells = [cell for part in lists for cell in part] if lists == parts else None
    if not isinstance(cells, list):
        how = "has no cells" if cells is None else 'holds "cells" that are no list'
        raise NotebookError(f"{name} {how}", RESAVE)
    if len(cells) > MAX_CELLS:
        raise NotebookError(f"{name} has more than {MAX_CELLS:,} cells", "Is it the right file?")
    return cells


def table(value: object) -> dict[str, Any]:
    """Return a value that is an object, or else an empty one."""
    return value if isinstance(value, dict) else {}
