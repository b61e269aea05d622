"""Reads a TOML file that an instructor edits; an error names the file, the line and the key."""

from __future__ import annotations

import json
import re
import sys
from bisect import bisect_left
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from grader.decode import DecodingError, UnknownKeyError, decode
from grader.errors import AssignmentError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

T = TypeVar("T")

_BROKEN = re.compile(r"^(?P<what>.*?) \(at (?:line (?P<line>\d+), column \d+|end of document)\)$")
# The keys by which an entry of a list is known.
_NAMES = ("id", "number", "code", "title", "check", "name")


@dataclass(frozen=True)
class TomlFile:
    """A file's path, its text, and the table that it holds."""

    path: Path
    text: str
    table: dict[str, Any]

    def decode(self, form: type[T]) -> T:
        """Return the whole table as a ``form``; raises ``AssignmentError`` where it is none."""
        with self.at():
            return decode(form, self.table)

    @contextmanager
    def at(self, *path: str | int) -> Iterator[None]:
        """Raise ``AssignmentError`` for a ``DecodingError`` about what stands at ``path``."""
        try:
            yield
        except DecodingError as error:
            raise self.error(error.below(*path)) from None

    def error(self, error: DecodingError) -> AssignmentError:
        """Return what is wrong in this file, with its line, the entry and the key."""
        first, *rest = (self._one(one) for one in error.each())
        first.further = tuple(rest)
        return first

    def _one(self, error: DecodingError) -> AssignmentError:
        path, problem = error.path, error.problem
        if isinstance(error, UnknownKeyError):
            owner = self._owner(path[:-1])
            problem = f'{owner} has no key "{path[-1]}"'
        elif path:
            problem = f"{self._owner(path)}: {problem}"
        file, line = shown(self.path), line_of(self.text, path)
        told = f"{file}, line {line}: {problem}"
        return AssignmentError(told, error.hint, file=file, line=line)

    def _owner(self, path: Sequence[str | int]) -> str:
        """Return how a person calls what stands at a path: ``check layer_shapes, layer lin_1``."""
        words: list[str] = []
        value: Any = self.table
        for key in path:
            try:
                value = value[key]
            except (KeyError, IndexError, TypeError):  # what is missing has no entry
                words.append(str(key))
                break
            if isinstance(key, str):
                words.append(key)
            elif isinstance(value, dict):
                name = next((value[name] for name in _NAMES if name in value), key + 1)
                words[-1] = f"{words[-1].removesuffix('s')} {name}"
            else:
                words[-1] += f", entry {key + 1}"
        return ", ".join(words) or "the file"


def read_toml(path: Path) -> TomlFile:
    """Return what a file holds; raises ``AssignmentError`` where it can't be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")  # Windows may begin it with a mark
    except OSError as error:
        raise AssignmentError(
            f"cannot read {shown(path)}: {error.strerror or error}",
            "put a file there that you may read",
        ) from None
    except UnicodeDecodeError:
        raise AssignmentError(f"{shown(path)} is not UTF-8", "save it as UTF-8 text") from None
    try:
        return TomlFile(path, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        found = _BROKEN.match(str(error))
        line = int((found and found["line"]) or len(text.splitlines()))
        raise AssignmentError(
            f"{shown(path)}, line {line}: not valid TOML: {found['what'] if found else error}",
            "texts stand in quotation marks, lists in [ ], tables in { }",
            file=shown(path),
            line=line,
        ) from None


def parse_toml(text: str) -> dict[str, Any]:
    """Return the table that a text holds; raises ``ValueError`` where it is not valid TOML."""
    table: dict[str, Any] = tomllib.loads(text)
    return table


def shown(path: Path) -> str:
    """Return a file's path, relative to the current folder if it is inside."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Return the line, from 1, on which the value at a path begins.

    ``tomllib`` tells no lines, so ever longer beginnings of the file are read: the value stands in
    the last statement of the shortest one that holds it. Where that statement has several lines,
    it is the one that names the last key, or that holds the value's text, if only one does.
    """
    lines = text.split("\n")

    def parses(count: int) -> dict[str, Any] | None:
        try:
            return parse_toml("\n".join(lines[:count]))
        except tomllib.TOMLDecodeError:
            return None

    def whole(count: int) -> int:
        """Return the number of lines of the statements that end within so many lines."""
        while parses(count) is None:
            count -= 1
        return count

    end = bisect_left(range(len(lines)), x=True, key=lambda n: _holds(parses(whole(n)), path))
    begin = whole(max(0, end - 1))
    while begin < end - 1 and lines[begin].split("#")[0].strip() == "":
        begin += 1
    last = next((key for key in reversed(path) if isinstance(key, str)), "")
    named = re.compile(rf'(?:^|[\s{{,])"?{re.escape(last)}"?\s*=')
    found = [number for number in range(begin, end) if last and named.search(lines[number])]
    if len(found) != 1 or isinstance(path[-1], int):
        value = json.dumps(_value(tomllib.loads(text), path), ensure_ascii=False, default=str)
        holding = [number for number in range(begin, end) if value in lines[number]]
        found = holding if len(holding) == 1 else found
    return (found[0] if len(found) == 1 else begin) + 1


def _value(table: Any, path: Sequence[str | int]) -> Any:
    for key in path:
        table = table[key]
    return table


def _holds(value: Any, path: Sequence[str | int]) -> bool:
    for key in path:
        try:
            value = value[key]
        except (KeyError, IndexError, TypeError):
            return False
    return value is not None
