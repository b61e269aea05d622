"""A course's options: ``grader.toml``, or ``[tool.grader]`` in ``pyproject.toml``.

They stand for options that were not given. The folder is the working folder or the nearest above
it that has such a file. A class that is graded already goes by what its own folder remembers.
"""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.cli.given import is_batch
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.assignment.toml_file import TomlFile
    from grader.cli.given import Arguments

OWN_FILE, PROJECT_FILE = "grader.toml", "pyproject.toml"
# Where each option stands in the arguments, for what is no notebook graded alone.
_OF_A_CLASS = ("roster", "groups", "jobs")
_OF_A_FOLDER = ("times", "format", "gradebook", "column", "zip")
_SEVERAL = {"gradebook": "gradebooks", "column": "columns", "zip": "zips"}


def with_course_options(arguments: Arguments) -> Arguments:
    """Return the arguments with the course's options where none were given, and say which.

    Raises ``AssignmentError`` with the file and the line for what is no option.
    """
    if is_begun(arguments.batch.out):
        return arguments
    try:
        here = Path.cwd()
    except OSError:  # it was removed
        return arguments
    # These functions take any text, and folders that nobody may look into.
    graded = [path for path in arguments.paths if os.path.isdir(path)]  # noqa: PTH112
    found = _nearest(here, graded)
    if found is None:
        return arguments
    file, place = found
    # Most folders have no such file, and the command starts faster without.
    from grader.cli.course_file import read_options  # noqa: PLC0415

    filled, used = _filled(arguments, read_options(file, place))
    if used:
        _say(f"from {file.path}: {' '.join(used)}")
    return filled


def is_begun(out: str | None) -> bool:
    """Whether a folder holds a class, or a course, that was graded before."""
    if out is None:
        return False
    try:
        folder = Path(out)
        return any(folder.glob("grades.db")) or any(folder.glob("*/grades.db"))
    except (OSError, ValueError):
        return False


def _nearest(start: Path, graded: Sequence[str]) -> tuple[TomlFile, tuple[str, ...]] | None:
    """Return the file, and where in it the options stand; none within what is ``graded``."""
    for folder in (start, *start.parents):
        own, project = folder / OWN_FILE, folder / PROJECT_FILE
        if any(_lies_in(folder, path) for path in graded):
            if os.path.isfile(own):  # noqa: PTH113
                _say(f"{own} is not used: it lies in what is graded")
            continue
        if os.path.isfile(own):  # noqa: PTH113
            from grader.assignment.toml_file import read_toml  # noqa: PLC0415 - only for a file

            return read_toml(own), ()
        if os.path.isfile(project) and _names_us(project):  # noqa: PTH113
            from grader.assignment.toml_file import read_toml  # noqa: PLC0415

            file = read_toml(project)
            tool = file.table.get("tool")
            if isinstance(tool, dict) and "grader" in tool:
                return file, ("tool", "grader")
    return None


def _names_us(project: Path) -> bool:
    """Whether reading the file as TOML may be worth its time."""
    try:
        return b"grader" in project.read_bytes()
    except OSError:
        return False


def _filled(arguments: Arguments, written: Mapping[str, Any]) -> tuple[Arguments, list[str]]:
    """Fill in what is written and was not given; say what that was, as one would type it."""
    batch, used = arguments.batch, []
    general, classwide = {}, {}
    names = written.get("assignment", ())
    # One of several is whatever a notebook shows.
    if names and not batch.assignments and (batch.course or len(names) == 1):
        general["assignment"], classwide["assignments"] = names[0], names
        used += [f"--assignment {name}" for name in names]
    for name in ("device", "timeout"):
        if name in written and getattr(arguments, name) is None:
            general[name] = written[name]
            used.append(f"--{name} {written[name]}")
    fitting = ["detail"]
    fitting += _OF_A_CLASS if is_batch(arguments) else ()
    fitting += _OF_A_FOLDER if batch.out is not None else ()
    for name in fitting:
        field = _SEVERAL.get(name, name)
        if name in written and not getattr(batch, field):
            classwide[field] = written[name]
            values = written[name] if isinstance(written[name], tuple) else (written[name],)
            used += [f"--{name} {value}" for value in values]
    return replace(arguments, **general, batch=replace(batch, **classwide)), used


def _lies_in(inner: Path, folder: str) -> bool:
    return inner.resolve().is_relative_to(Path(folder).resolve())


def _say(words: str) -> None:
    print(printable(words, 2000), file=sys.stderr)  # noqa: T201 - stdout is for reports
