"""The pieces that a text notebook is cut into: the lines of a cell, as they stand in the file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Sequence

_TAGS = re.compile(r"tags\W{1,4}[\[(]([^\])]{0,500})[\])]|:tags:(.{0,500})")
_TAG = re.compile(r"[\w:.-]{1,64}")


@dataclass(frozen=True)
class TextPiece:
    """The lines ``first`` to ``last``, the latter not included, counted from 0.

    ``text`` is what stands in their place where the file holds a cell in another form; its lines
    are then no lines of the file.
    """

    kind: Literal["code", "markdown", "raw"]
    first: int
    last: int
    tags: tuple[str, ...] = ()
    text: str | None = None


def tags_in(line: str) -> tuple[str, ...]:
    """Return the tags that the line of a cell's mark names, as Jupytext and MyST write them."""
    found = _TAGS.search(line[:2_000])
    return tuple(_TAG.findall(found[1] or found[2] or "")) if found else ()


def marked(lines: Sequence[str], marks: Sequence[int]) -> list[tuple[int, int]]:
    """Return the lines between one mark and the next: those behind each, up to the other."""
    ends = [*marks[1:], len(lines)] if marks else []
    return [(mark + 1, end) for mark, end in zip(marks, ends, strict=True)]


def uncommented(text: str) -> str:
    """Return the text of a Markdown cell that stands in a script, in comments or in a string."""
    lines = text.strip().split("\n")
    if all(line.startswith("#") or not line.strip() for line in lines):
        lines = [re.sub(r"^# ?", "", line) for line in lines]
    inside = "\n".join(lines).strip()
    for quotes in ('"""', "'''"):
        bare = re.sub(r"^[rR](?=[\"'])", "", inside)
        if bare.startswith(quotes) and bare.endswith(quotes) and len(bare) >= 2 * len(quotes):
            return bare[len(quotes) : -len(quotes)].strip("\n")
    return inside
