"""Finds a student's number or name among the words of a file's name: ``hw1_20231234_김민수``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.intake.names import letters

if TYPE_CHECKING:
    from grader.intake.roster.people import Roster

_BETWEEN = re.compile(r"[\s_\-.,()\[\]+/]+")
_RUN = re.compile(r"[^\W\d_]+|\d+")
_MOST_WORDS = 6  # in a name
# Shorter words occur in file names by chance: "hw3", "min", "수".
_SHORTEST_ID = 5
_SHORTEST_LATIN, _SHORTEST_OTHER = 5, 2


def mentioned_ids(text: str, roster: Roster) -> set[str]:
    """Return the ids of students whose id occurs in ``text``."""
    words = {*_BETWEEN.split(text), *_RUN.findall(text)}
    return {
        id_ for word in words if len(word) >= _SHORTEST_ID for id_ in roster.by_id.get(word, ())
    }


def mentioned_names(text: str, roster: Roster) -> set[str]:
    """Return the ids of students whose whole name occurs in ``text``."""
    words = [run for run in map(letters, _RUN.findall(text)) if run]
    found: set[str] = set()
    for start in range(len(words)):
        for end in range(start + 1, min(start + _MOST_WORDS, len(words)) + 1):
            name = "".join(words[start:end])
            if len(name) >= (_SHORTEST_LATIN if name.isascii() else _SHORTEST_OTHER):
                found |= roster.by_name.get(name, set())
    return found
