"""The words for each code, in TOML files that can be edited and translated without code."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files
from string import Formatter
from typing import TYPE_CHECKING, Any

from grader.assignment.listed import Words
from grader.assignment.toml_file import parse_toml
from grader.text import printable
from grader.words.agreement import agreeing, is_plural
from grader.words.terms import of_rows

if TYPE_CHECKING:
    from collections.abc import Mapping

_LONGEST = 2_200
_LONGEST_NAME = 60


class _Facts(dict[str, Any]):
    """Facts by name; one that was not observed is empty."""

    def __missing__(self, key: str) -> str:
        return ""


@cache
def words_for(code: str) -> Words:
    """Return the grader's own words for a code, empty ones for an unknown code."""
    return Words(**_codes().get(code, {}))


def knows(code: str) -> bool:
    """Whether the grader has words of its own for a code."""
    return code in _codes()


def codes_of(kind: str) -> frozenset[str]:
    """Return the codes that have words in the file of a kind of check, none for an unknown one."""
    file = files(__name__) / "en" / f"{kind}.toml"
    return (
        frozenset(parse_toml(file.read_text(encoding="utf-8"))) if file.is_file() else frozenset()
    )


def filled(text: str, facts: dict[str, Any]) -> str:
    """Replace ``{name}`` by the fact of that name; a brace inside a fact stays as it is.

    Nouns and verbs agree with the facts beside them, see ``agreeing``.
    """
    values = _Facts({key: _Plain(value) for key, value in facts.items()})
    text = agreeing(text, facts)
    when = str(facts.get("when") or "")
    values["When"] = _Plain(when[:1].upper() + when[1:] + "," if when else "When it is run,")
    return text.format_map(values).strip()


def speaks_of(text: str) -> set[str]:
    """Return the names of the facts that a text mentions."""
    names = {name for _, name, _, _ in Formatter().parse(text) if name}
    return names - {"When", "explanation", "advice"}


class _Plain(str):
    """A fact as text; a format specification is a choice: ``{name:it was|they were}``."""

    __slots__ = ()

    def __format__(self, spec: str) -> str:
        one, either, many = spec.partition("|")
        if not either:
            return str(self)
        return many if is_plural(str(self)) else one


def explain(error: Mapping[str, Any], *, rows: bool = False) -> tuple[str, str]:
    """Return (explanation, advice) for an exception, both empty where no entry fits it.

    They speak of ``rows`` where the data are no images.
    """
    # A worker sends at most 2,000 characters; a forged longer message must not cost time.
    text = f"{error['type']}: {error['message']}"[:_LONGEST]
    for entry in _table("exceptions.toml")["exceptions"]:
        found = re.search(entry["pattern"], text)
        if found:
            groups = found.groupdict().items()
            named = {key: printable(value, _LONGEST_NAME) for key, value in groups if value}
            texts = (entry[key] for key in ("explanation", "advice"))
            explanation, advice = (filled(of_rows(t) if rows else t, named) for t in texts)
            return explanation, advice
    return "", ""


@cache
def _codes() -> dict[str, Any]:
    """Return the words of every code, from the files of ``en/``, one a kind of check."""
    found: dict[str, Any] = {}
    for file in sorted((files(__name__) / "en").iterdir(), key=lambda file: file.name):
        found |= parse_toml(file.read_text(encoding="utf-8"))
    return found


@cache
def _table(name: str) -> dict[str, Any]:
    return parse_toml((files(__name__) / name).read_text(encoding="utf-8"))
