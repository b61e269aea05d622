"""An assignment as data: what an instructor edits under ``reference/``, frozen."""

from __future__ import annotations

# The decoder reads these annotations, so that they have to be there when it runs.
from collections.abc import Mapping  # noqa: TC003
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from grader.report import Status

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Role:
    """A thing of the notebook that the judge brings its own copy of, and how to know it.

    ``names`` are the notebook's own names for it; ``made_by`` are the classes that make one,
    without their modules, so that a renamed optimizer is still known as the optimizer; where
    several roles are made by the same, ``made_of`` is the role that this one's is made of. ``part``
    says that it is a part of the assignment, under whatever name that was found. With ``title`` a
    TA is told where a notebook makes it in another way than the solved one.
    """

    id: str
    names: tuple[str, ...]
    made_by: tuple[str, ...] = ()
    made_of: str = ""
    part: str = ""
    title: str = ""


@dataclass(frozen=True)
class Part:
    """A class, a function or a loop of the notebook in which blanks lie.

    ``attributes`` (class) and ``calls`` (function, loop) are landmarks for one that was renamed.
    For a loop, ``updates`` are the calls that only this loop makes and ``surest`` the one that
    tells it whatever it runs over; a function that makes a call of ``unlike`` and no update is
    another one, though a loop in it runs over the same things. ``about`` are the roles by which
    the notebook's own loop is told from a student's experiments beside it.
    """

    id: str
    title: str
    kind: Literal["class", "function", "loop"]
    name: str = ""
    attributes: tuple[str, ...] = ()
    calls: tuple[str, ...] = ()
    iterates: str = ""
    updates: tuple[str, ...] = ()
    surest: str = ""
    unlike: tuple[str, ...] = ()
    about: tuple[str, ...] = ()


@dataclass(frozen=True)
class Blank:
    """One place that the student fills in.

    ``patterns`` are Python with holes: ``__`` is the answer, ``_`` anything. ``anchor`` is a
    regular expression for the line where the blank begins when the text does not parse, and
    ``neutral`` a statement to put there: it runs and answers nothing. ``hint`` is what a student
    reads who has left it empty.
    """

    number: int
    part: str
    title: str
    kind: Literal["expression", "statement"]
    patterns: tuple[str, ...]
    anchor: str
    neutral: str
    hint: str = ""


@dataclass(frozen=True)
class Check:
    """One line of the rubric; ``options`` belong to the kind of check.

    ``needs`` are checks whose code must run before this one can be judged, ``needs_right`` those
    that must be right. ``seconds`` is the limit on the clock, ``processor_seconds`` the one on
    the processor's work, if there is one.
    """

    id: str
    kind: str
    title: str
    points: float
    parts: tuple[str, ...]
    blanks: tuple[int, ...]
    seconds: float
    credit: Literal["whole", "each_blank"] = "whole"
    needs: tuple[str, ...] = ()
    needs_right: tuple[str, ...] = ()
    partial: Mapping[str, float] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    processor_seconds: float | None = None

    def on_data(self, option: str, data: str) -> dict[str, Any]:
        """Return what an option says of a data set; where it says nothing, of ``custom`` ones."""
        by_data = self.options[option]
        found: dict[str, Any] = by_data.get(data, by_data["custom"])
        return found


@dataclass(frozen=True)
class Edit:
    """A change to the solved notebook: another answer in a blank, or a replaced piece of a part."""

    text: str
    blank: int | None = None
    part: str | None = None
    find: str | None = None


@dataclass(frozen=True)
class Words:
    """What a student reads about one code; ``{name}`` is filled in from what was observed."""

    summary: str = ""
    message: str = ""
    why: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Mistake:
    """A wrong answer, the verdict it must get and the words for it.

    ``verdict`` holds the statuses that each check may end with: more than one where chance
    decides, as it does for what a network that is not the right one learns.
    ``only_text`` marks one that runs exactly as another does and is told apart by its text.
    ``patterns`` name further spellings of the answer.
    """

    code: str
    edits: tuple[Edit, ...]
    verdict: Mapping[str, tuple[str, ...]]
    blank: int | None = None
    only_text: bool = False
    patterns: tuple[str, ...] = ()
    words: Words | None = None

    @property
    def label(self) -> str:
        """Return a short name for tables: the code and the edit it stands for."""
        lines = [line for edit in self.edits for line in edit.text.strip().splitlines()]
        return f"{self.code}: {lines[0][:60] if lines else '(taken out)'}"

    def agrees(self, statuses: Mapping[str, str]) -> bool:
        """Whether every check ended as this mistake's verdict says; unnamed ones pass."""
        return all(
            status in self.verdict.get(check, (Status.PASSED.value,))
            for check, status in statuses.items()
        )


@dataclass(frozen=True)
class Alternative:
    """A right answer in other words, which must get full marks."""

    title: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Assignment:
    """Everything the engine knows about one homework.

    ``data`` is the folder of what its checks train on, ``None`` when they need none. ``words``
    replace or complete the engine's own for a code, where those know nothing of this homework.
    """

    id: str
    title: str
    folder: Path
    reference: Path
    template: Path
    data: Path | None
    roles: tuple[Role, ...]
    parts: tuple[Part, ...]
    blanks: tuple[Blank, ...]
    checks: tuple[Check, ...]
    mistakes: tuple[Mistake, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    words: Mapping[str, Words] = field(default_factory=dict)

    def part(self, part_id: str) -> Part:
        """Return the part with that id."""
        return next(part for part in self.parts if part.id == part_id)

    def blank(self, number: int) -> Blank:
        """Return the blank with that number."""
        return next(blank for blank in self.blanks if blank.number == number)

    def blanks_of(self, part_id: str) -> tuple[Blank, ...]:
        """Return the blanks that lie in a part, in the order of the notebook."""
        return tuple(blank for blank in self.blanks if blank.part == part_id)
