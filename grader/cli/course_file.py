"""What ``grader.toml`` may say: a form, and what is refused by name."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from grader.decode import DecodingError, decode
from grader.errors import GraderError
from grader.options import device, shown, timeout

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.assignment.toml_file import TomlFile

# Whoever hands in a folder could put such a file into it: what runs a program, lowers the
# protection, changes what is judged or tells answers is given on the command line.
_NEVER = ("isolation", "python", "scheduler", "data", "show_answers", "only", "replace", "forget")
_FILES = ("roster", "groups", "times", "gradebook")


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


def read_options(file: TomlFile, place: tuple[str, ...]) -> dict[str, Any]:
    """Return the options that the file gives, by name, its files as paths from anywhere."""
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
    for key in {"assignment", "gradebook", "column", "zip"} & options.keys():
        if isinstance(options[key], str):
            options[key] = (options[key],)
    beside = file.path.parent
    for key in {*_FILES} & options.keys():
        value = options[key]
        alone = isinstance(value, str)
        options[key] = str(beside / value) if alone else tuple(str(beside / one) for one in value)
    return options


def _refuse_what_is_never_kept(table: Any) -> None:
    for key in table if isinstance(table, dict) else ():
        if key.replace("-", "_") in _NEVER:
            raise DecodingError(
                "it is given on the command line alone",
                "a hand-in could bring such a file; give the option each time",
                (key,),
            )


def _checked(key: str, value: Any) -> Any:
    """Return an option's value; raises ``DecodingError`` where it is none."""
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
