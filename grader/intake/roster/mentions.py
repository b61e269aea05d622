"""Finds a student's number, login or name within a file's name: ``hw1_20231234_김민수``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.identity import name_keys
from grader.intake.names import LETTER

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.intake.roster.people import Roster

_BETWEEN = re.compile(r"[\s_\-.,()\[\]+/]+")
_RUN = re.compile(rf"{LETTER}+|\d+")
_PART = re.compile(r"[^\s_\-.,()\[\]+/]+")
_MOST_WORDS = 6  # in a name
_MOST_PARTS = 4  # in a login
_MOST = 60  # words of a text that are looked at
# Shorter words occur in file names by chance: "hw3", "min", "수".
_SHORTEST_ID = 5
# A number of four digits may be an id, a year, or the day of a month.
_FOUR_DIGITS = re.compile(r"(?!(?:19|20)\d\d)[1-9]\d{3}")
_SHORTEST_LATIN, _SHORTEST_OTHER = 5, 2
_SHORTEST_LOGIN = 4
# What GitHub writes behind a repository's name: the branch, or a commit.
_BRANCH = re.compile(r"(?:-(?:main|master|dev|develop|feedback|submission|[0-9a-f]{7,40}))?")
_HYPHENS = re.compile(r"[\w.]+(?:-[\w.]+)+")


def mentioned_ids(text: str, roster: Roster) -> frozenset[str]:
    """Return the ids of students whose id occurs in ``text``."""
    words = {*_BETWEEN.split(text), *_RUN.findall(text)}
    long = [word for word in words if len(word) >= _SHORTEST_ID]
    return frozenset(id_ for word in long for id_ in roster.having_id(word))


def mentioned_short_ids(text: str, roster: Roster) -> frozenset[str]:
    """Return the ids of students whose id of four digits is a word of ``text``."""
    words = {word for word in _BETWEEN.split(text) if _FOUR_DIGITS.fullmatch(word)}
    return frozenset(id_ for word in words for id_ in roster.by_id.get(word, ()))


def mentioned_logins(text: str, roster: Roster) -> frozenset[str]:
    """Return the ids of students whose login or address occurs in ``text``.

    A login that is a mere word, and could be another's first name, counts only at the end of a
    repository's name, before the branch.
    """
    parts = list(_PART.finditer(text))[:_MOST]
    repository = _HYPHENS.fullmatch(text) is not None
    found: list[tuple[int, int, frozenset[str]]] = []
    for first, last in _windows(len(parts), _MOST_PARTS):
        start, end = parts[first].start(), parts[last - 1].end()
        login = text[start:end]
        if len(login) < _SHORTEST_LOGIN or login.isdecimal():
            continue
        told_apart = not login.isalpha() or (
            repository and _BRANCH.fullmatch(text, end) is not None
        )
        people = roster.having_login(login) if told_apart else frozenset()
        if people:
            found.append((first, last, people))
    return _longest(found)


def mentioned_names(text: str, roster: Roster) -> frozenset[str]:
    """Return the ids of students whose whole name occurs in ``text``."""
    spelt = [sorted(name_keys(run)) for run in _RUN.findall(text)[:_MOST] if not run.isdecimal()]
    words = [keys for keys in spelt if keys]
    found: list[tuple[int, int, frozenset[str]]] = []
    for first, last in _windows(len(words), _MOST_WORDS):
        people: set[str] = set()
        # "Mueller" and "Muller" for "Müller".
        for variant in (0, -1):
            name = [keys[variant] for keys in words[first:last]]
            turned = [*name[-1:], *name[:-1]]
            for text_ in {"".join(name), "".join(turned)}:
                shortest = _SHORTEST_LATIN if text_.isascii() else _SHORTEST_OTHER
                if len(text_) >= shortest:
                    people |= roster.by_name.get(text_, set())
        if people:
            found.append((first, last, frozenset(people)))
    return _longest(found)


def _windows(count: int, most: int) -> Iterator[tuple[int, int]]:
    return (
        (first, last)
        for first in range(count)
        for last in range(first + 1, min(first + most, count) + 1)
    )


def _longest(found: list[tuple[int, int, frozenset[str]]]) -> frozenset[str]:
    """Return who is found, without those found only within a longer find."""
    return frozenset(
        id_
        for first, last, people in found
        if not any(a <= first and last <= b and (a, b) != (first, last) for a, b, _ in found)
        for id_ in people
    )
