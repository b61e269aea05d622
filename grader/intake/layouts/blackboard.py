"""Blackboard Learn's "Assignment File Download": a flat zip of every attempt of everyone.

``Homework 1_mkim42_attempt_2025-03-01-23-58-01_mlp.ipynb``, and beside the files of each attempt
``Homework 1_mkim42_attempt_2025-03-01-23-58-01.txt``, whose first line is ``Name: Minsu Kim
(mkim42)``. The title and the user may both hold ``_``: the .txt tells them apart, or else what all
names begin with. All users of a small class may begin alike ("a_berg", "a_roth"), so that without a
.txt longer ends of the name may be the user as well. The time names no zone.

Sources, as Blackboard's own is closed: kwurst/bb-file-cleanup README.md 0dfb81ad (the names), a
public reader of these zips in Rust (the .txt and its form), jupyter/nbgrader
nbgrader/plugins/zipcollect.py 03efb4f1 (an example of a name). Another word than "attempt", and
another than "Name", were not read in a source.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from grader.intake.layouts.dates import written
from grader.intake.layouts.levels import is_file_at, longer_logins, name_at
from grader.intake.model import Layout, Owner
from grader.intake.names import decode, stem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from grader.intake.layouts.levels import Levels
    from grader.intake.model import Item, Tree

_NAME = re.compile(
    r"(?P<head>.+?)_[^\W\d_]+_(?P<date>\d{4}(?:-\d\d){5})(?:_(?P<own>.+)|(?P<about>\.txt))"
)
_WHO = re.compile(r"[^:\uff1a]{1,30}[:\uff1a]\s*(?P<name>.*?)\s*\((?P<user>[^()]+)\)\s*")
_FIRST_BYTES = 2000


def layout(tree: Tree, levels: Levels) -> Layout | None:
    """Recognise a Blackboard download, zipped or unpacked."""
    depth = levels.outermost(_NAME.fullmatch)
    if depth is None:
        return None
    people = _people(tree, depth)
    heads = {m["head"] for i in _items(tree) if (m := _NAME.fullmatch(name_at(i, depth)))}
    title = _title(heads, people)

    def whose(item: Item) -> Owner | None:
        found = _NAME.fullmatch(name_at(item, depth))
        if found is None:
            return None
        head = found["head"]
        user, name = people.get(head) or (_without(head, title), "")
        longer = () if head in people else _longer(head, user)
        date = tuple(int(number) for number in found["date"].split("-"))
        own = found["own"] if is_file_at(item, depth) else None
        return Owner(user, name, stem(own or item.name), date, ids=longer, time=written(date))

    return Layout("a Blackboard download", whose, depth=depth)


def _items(tree: Tree) -> Iterable[Item]:
    yield from tree.notebooks
    yield from tree.others


def _people(tree: Tree, depth: int) -> dict[str, tuple[str, str]]:
    """Return the users and names that the .txt files tell, by what their own names begin with."""
    people: dict[str, tuple[str, str]] = {}
    for item in tree.others:
        found = _NAME.fullmatch(name_at(item, depth))
        if not found or not found["about"] or found["head"] in people:
            continue
        line = decode(tree.read(item)[:_FIRST_BYTES], "cp1252").lstrip("\ufeff").partition("\n")[0]
        who = _WHO.fullmatch(line.strip())
        if who and found["head"].endswith("_" + who["user"]):
            people[found["head"]] = who["user"], who["name"]
    return people


def _title(heads: Collection[str], people: Mapping[str, tuple[str, str]]) -> str:
    """Return the assignment's title, with the ``_`` before the user."""
    told = Counter(head.removesuffix(user) for head, (user, _) in people.items())
    if told:
        return told.most_common(1)[0][0]
    first, last = min(heads), max(heads)  # what these two begin with, all begin with
    shared = next((n for n, (a, b) in enumerate(zip(first, last, strict=False)) if a != b), 0)
    return first[: first.rfind("_", 0, shared) + 1]


def _without(head: str, title: str) -> str:
    """Return the user of a name: all after the title, or its last word where no title is known."""
    user = head.removeprefix(title) if title and head.startswith(title) else ""
    return user or head.rpartition("_")[2] or head


def _longer(head: str, user: str) -> tuple[str, ...]:
    """Return the longer ends of a name that may be the user; something is left for the title."""
    before = head.removesuffix(user).removesuffix("_")
    return longer_logins(["", *before.split("_")], user) if before else ()
