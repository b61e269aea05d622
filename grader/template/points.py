"""Writes each check's points and blanks into the tables that students read."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.errors import AssignmentError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from nbformat import NotebookNode

    from grader.assignment import Assignment, Check

_POINTS, _BLANKS = "points", "blanks"
_RULE = re.compile(r"[\s|:-]*-[\s|:-]*")


def with_points(notebook: NotebookNode, assignment: Assignment) -> NotebookNode:
    """Fill the rubric's points and blanks into the notebook's tables; return the notebook.

    A table has a column headed "points", perhaps one headed "blanks", and the titles of checks in
    its first column. Raises ``AssignmentError`` when a check has no row.
    """
    checks = {check.title.casefold(): check for check in assignment.checks}
    found: set[str] = set()
    tables: list[int] = []
    for number, cell in enumerate(notebook.cells, start=1):
        before = len(found)
        if cell.cell_type == "markdown":
            cell.source = "\n".join(_lines(cell.source.split("\n"), checks, found))
        tables += [number] * (len(found) > before)
    missing = [check.title for title, check in checks.items() if title not in found]
    if missing:
        row = f"| {missing[0]} | {checks[missing[0].casefold()].points:g} |"
        where = f"no text cell of {assignment.reference.name} has a table of points"
        if tables:
            where = f"the table in cell {tables[0]} of {assignment.reference.name} lacks one"
        raise AssignmentError(
            f"the check {missing[0]!r} has no row: {where}",
            "students read there what each check is worth: in a Markdown cell, write the lines "
            f"'| check | points |', '| --- | --- |' and '{row}'; the points are filled in",
        )
    return notebook


def _lines(lines: list[str], checks: dict[str, Check], found: set[str]) -> Iterator[str]:
    """Yield a text's lines with its tables filled in; add the titles of their rows to ``found``."""
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
    """Return the fields of a table's line; a line outside of tables has none."""
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
