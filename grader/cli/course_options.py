"""A course's options: ``grader.toml``, or ``[tool.grader]`` in ``pyproject.toml``.

They stand for options that were not given. The folder is the working folder or the nearest above
it that has such a file. A class that is graded already goes by what its own folder remembers.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from grader.cli.given import is_batch
from grader.errors import GraderError
from grader.options import device, shown, timeout
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from grader.assignment.toml_file import TomlFile
    from grader.cli.given import Arguments

OWN_FILE, PROJECT_FILE = "grader.toml", "pyproject.toml"
# Whoever hands in a folder could put such a file into it: what runs a program, lowers the
# protection, changes what is judged or tells answers is given on the command line.
_NEVER = ("isolation", "python", "scheduler", "data", "show_answers", "only", "replace", "forget")
_FILES = ("roster", "groups", "times", "gradebook")
# Where each option stands in the arguments, for what is no notebook graded alone.
_OF_A_CLASS = ("roster", "groups", "jobs")
_OF_A_FOLDER = ("times", "format", "gradebook", "column", "zip")
_SEVERAL = {"gradebook": "gradebooks", "column": "columns", "zip": "zips"}


@dataclass(frozen=True)
class _CourseOptions:
    """What the file may say; each key is the option of that name, files are relative to it."""

    assignment: tuple[str, ...] | str | None = None
    detail: Literal["score", "hint", "full"] | None = None
    device: str | None = None
    timeout: float | None = None
    roster: str | None = None
    groups: str | None = None
    times: str | None = None
    jobs: int | None = None
    gradebook: tuple[str, ...] | str | None = None
    column: tuple[str, ...] | str | None = None
    format: Literal["nbgrader"] | None = None
    zip: tuple[Literal["canvas", "moodle"], ...] | Literal["canvas", "moodle"] | None = None


def with_course_options(arguments: Arguments) -> Arguments:
    """Return the arguments with the course's options where none were given, and say which.

    Raises ``AssignmentError`` with the file and the line for what is no option.
    """
    if is_begun(arguments.batch.out):
        return arguments
    found = _nearest(Path.cwd(), [path for path in arguments.paths if Path(path).is_dir()])
    if found is None:
        return arguments
    file, place = found
    filled, used = _filled(arguments, _read(file, place))
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
            if own.is_file():
                _say(f"{own} is not used: it lies in what is graded")
            continue
        if own.is_file():
            from grader.assignment.toml_file import read_toml  # noqa: PLC0415 - only for a file

            return read_toml(own), ()
        if project.is_file() and _names_us(project):
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


def _read(file: TomlFile, place: tuple[str, ...]) -> dict[str, Any]:
    """Return the options that the file gives, by name, its files as paths from anywhere."""
    from grader.decode import decode  # noqa: PLC0415 - only for a file

    table: Any = file.table
    for key in place:
        table = table[key]
    with file.at(*place):
        _refuse_what_is_never_kept(table)
        options = {
            key: value for key, value in vars(decode(_CourseOptions, table)).items() if value
        }
        for key, value in options.items():
            options[key] = _checked(key, value)
    for key in {"assignment", *_SEVERAL} & options.keys():
        if isinstance(options[key], str):
            options[key] = (options[key],)
    beside = file.path.parent
    for key in {*_FILES} & options.keys():
        value = options[key]
        alone = isinstance(value, str)
        options[key] = str(beside / value) if alone else tuple(str(beside / one) for one in value)
    return options


def _refuse_what_is_never_kept(table: Any) -> None:
    from grader.decode import DecodingError  # noqa: PLC0415 - only for a file

    for key in table if isinstance(table, dict) else ():
        if key.replace("-", "_") in _NEVER:
            raise DecodingError(
                "it is given on the command line alone",
                "a hand-in could bring such a file; give the option each time",
                (key,),
            )


def _checked(key: str, value: Any) -> Any:
    """Return an option's value; raises ``DecodingError`` where it is none."""
    from grader.decode import DecodingError  # noqa: PLC0415 - only for a file

    rules: dict[str, Callable[[object, str], object]] = {"device": device, "timeout": timeout}
    if key in rules:
        try:
            return rules[key](value, shown(str(value)))
        except GraderError as error:
            raise DecodingError(error.message, error.hint or "", (key,)) from None
    if key == "assignment":
        for name in (value,) if isinstance(value, str) else value:
            # An assignment's folder may hold code of its own that judges.
            if not re.fullmatch(r"[\w-]+", name):
                hint = "write its name: it is found in reference/ here or above, or among ours"
                raise DecodingError(f"{shown(name)} is no assignment's name", hint, (key,))
    if key == "jobs" and value < 1:
        raise DecodingError(f"{value}: not a number of notebooks", "1 or more: jobs = 4", (key,))
    return value


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
