"""The points and blanks of each check, written into the table that students read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from grader.errors import AssignmentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.assignment import Assignment, Check

_POINTS, _BLANKS = "points", "blanks"
_RULE = re.compile(r"[\s|:-]*-[\s|:-]*")


def with_points(notebook: dict[str, Any], assignment: Assignment) -> dict[str, Any]:
    """Return the notebook with the rubric's figures in its tables.

    A table has a column headed "points", perhaps one headed "blanks", and in its first column
    the titles of checks. Raises ``AssignmentError`` when a check has no row.
    """
    checks = {check.title.casefold(): check for check in assignment.checks}
    found: set[str] = set()
    cells = []
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            lines = list(_lines("".join(cell["source"]).split("\n"), checks, found))
            cells.append({**cell, "source": "\n".join(lines).splitlines(keepends=True)})
        else:
            cells.append(cell)
    missing = [check.title for title, check in checks.items() if title not in found]
    if missing:
        raise AssignmentError(
            f"no table of {assignment.reference.name} has a row for the check {missing[0]!r}",
            f"add one to its text: | {missing[0]} | 20 |, under a heading | check | points |",
        )
    return {**notebook, "cells": cells}


def _lines(lines: list[str], checks: dict[str, Check], found: set[str]) -> Iterator[str]:
    """Yield the lines of a text, the rows of its tables filled in; note the titles in ``found``."""
    columns: list[str] = []
    for k, line in enumerate(lines):
        fields = _fields(line)
        if not fields:
            columns = []
        elif k + 1 < len(lines) and _RULE.fullmatch(lines[k + 1]) and not columns:
            columns = [field.strip().casefold() for field in fields]
        elif _POINTS in columns and fields[0].strip().casefold() in checks:
            check = checks[fields[0].strip().casefold()]
            found.add(check.title.casefold())
            yield _row(fields, columns, check)
            continue
        yield line


def _fields(line: str) -> list[str]:
    """Return the fields of a line of a table, none for any other line."""
    text = line.strip()
    return text.strip("|").split("|") if text.startswith("|") else []


def _row(fields: list[str], columns: list[str], check: Check) -> str:
    figures = {
        _POINTS: f"{check.points:g}",
        _BLANKS: ", ".join(str(number) for number in check.blanks),
    }
    shown = [
        f" {figures[column]} " if column in figures else field
        for column, field in zip(columns, fields, strict=False)
    ]
    return "|" + "|".join([*shown, *fields[len(columns) :]]) + "|"
