"""What the lists beside ``assignment.toml`` hold: mistakes, alternatives, and words."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.report import Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


@dataclass(frozen=True)
class Words:
    """What a student reads about one code; facts of the observation replace ``{name}``.

    ``summary`` stands beside the check's title. ``message`` says what was observed. ``why`` says
    why it matters. ``hint`` says where to look, without the answer.
    """

    summary: str = ""
    message: str = ""
    why: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Edit:
    """A change to the solved notebook: another answer in a blank, or a replaced piece of a part."""

    text: str
    blank: int | None = None
    part: str | None = None
    find: str | None = None


@dataclass(frozen=True)
class EntryPlace:
    """An entry of a list: the file, the list's key, and the entry's place in it from 0."""

    path: Path
    key: str
    number: int


@dataclass(frozen=True)
class Mistake:
    """A wrong answer, the verdict that it must get and the words for it.

    ``verdict`` maps each check that may not pass to the statuses that it may end with: several
    where chance decides, as for what a wrong network learns, "passed" where it costs nothing.
    ``blank`` is the blank to blame. ``only_text`` marks a mistake that behaves as another one does
    and is recognised by its text alone. ``patterns`` are further spellings of the answer, or of
    something in a block.
    ``arrow`` is text of the line that the finding points at, empty for none; ``None`` leaves it
    open. ``source`` is the entry that it was read from.
    """

    code: str
    edits: tuple[Edit, ...]
    verdict: Mapping[str, tuple[str, ...]]
    blank: int | None = None
    only_text: bool = False
    patterns: tuple[str, ...] = ()
    words: Words | None = None
    arrow: str | None = None
    source: EntryPlace | None = field(default=None, compare=False, repr=False)

    @property
    def label(self) -> str:
        """Return a short name for tables: the code and the first line of the edits."""
        lines = [line for edit in self.edits for line in edit.text.strip().splitlines()]
        return f"{self.code}: {lines[0][:60] if lines else '(taken out)'}"

    def agrees(self, statuses: Mapping[str, str]) -> bool:
        """Whether every check's status is in the verdict, and ``passed`` where it says nothing."""
        return all(
            status in self.verdict.get(check, (Status.PASSED.value,))
            for check, status in statuses.items()
        )


@dataclass(frozen=True)
class Alternative:
    """A right answer that differs from the solved notebook's and must get full marks.

    ``source`` is the entry that it was read from.
    """

    title: str
    edits: tuple[Edit, ...]
    source: EntryPlace | None = field(default=None, compare=False, repr=False)
