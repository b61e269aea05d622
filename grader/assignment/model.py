"""An assignment as data: what an instructor edits under ``reference/``, frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from grader.report import Status

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


# What a student's blank says where an assignment says nothing else.
MARKER = "# FILL IN HERE"


@dataclass(frozen=True)
class Role:
    """A variable of the notebook that the judge replaces by its own, and how to recognise it.

    ``names`` are its names in the solved notebook. ``made_by`` are the classes that construct it,
    without their modules: a renamed optimizer is recognised by its constructor. Where one class
    constructs several roles, ``made_of`` names the role that is passed to the constructor. ``part``
    says that the role is that part of the assignment. With a ``title``, a note tells the TA where a
    notebook constructs it differently from the solved one.
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

    ``attributes`` (of a class) and ``calls`` (of a function or loop) identify a renamed part. A
    loop iterates over ``iterates``; only this loop makes the calls in ``updates``, and the call
    ``surest`` identifies it whatever it iterates over. A function that makes a call of ``unlike``
    and none of ``updates`` is not this part, even if it iterates over the same data. ``about`` are
    the roles that the loop uses and a student's experiments beside it do not.
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

    ``kind`` is "expression" (stands in brackets, or between others on its line), "statement" (one
    line) or "block" (several lines, up to a whole function or class). ``patterns`` are Python with
    holes: ``__`` is the answer, ``_`` anything. The regular expression ``anchor`` finds the line of
    the blank in a cell that does not parse. A block needs neither: it is found between the given
    lines around it. ``neutral`` runs and answers nothing; it stands in the blank while the others
    are judged: a statement, or an expression for one argument of a call with several blanks. A
    block has one without it: ``raise NotImplementedError`` where it ends a function, else ``pass``.
    ``placeholder`` is the code that students find there, such as ``pass``. A student who has left
    the blank empty reads ``hint``.
    """

    number: int
    part: str
    title: str
    kind: Literal["expression", "statement", "block"]
    patterns: tuple[str, ...] = ()
    anchor: str = ""
    neutral: str = ""
    hint: str = ""
    placeholder: str = ""


@dataclass(frozen=True)
class Check:
    """One line of the rubric.

    ``needs`` are checks whose code has to run before this one is judged, ``needs_right`` those that
    have to pass. ``partial`` maps codes of findings to the share of the points that is kept,
    or what several codes have in common, such as "device".
    ``seconds`` limits the wall-clock time, ``processor_seconds`` the processor time. The check's
    kind defines its ``options``.
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
        """Return an option's entry for a data set, or its ``custom`` one where there is none."""
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
    """What a student reads about one code; facts of the observation replace ``{name}``."""

    summary: str = ""
    message: str = ""
    why: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Mistake:
    """A wrong answer, the verdict that it must get and the words for it.

    ``verdict`` maps each check that may not pass to the statuses that it may end with: several
    where chance decides, as for what a wrong network learns, "passed" where it costs nothing.
    ``blank`` is the blank to blame. ``only_text`` marks a mistake that behaves as another one does
    and is recognised by its text alone. ``patterns`` are further spellings of the answer, or of
    something in a block.
    ``arrow`` is text of the line that the finding points at, empty for none; ``None`` leaves it
    open.
    """

    code: str
    edits: tuple[Edit, ...]
    verdict: Mapping[str, tuple[str, ...]]
    blank: int | None = None
    only_text: bool = False
    patterns: tuple[str, ...] = ()
    words: Words | None = None
    arrow: str | None = None

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
    """A right answer that differs from the solved notebook's and must get full marks."""

    title: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True)
class Assignment:
    """All that is known of one homework.

    ``data`` is the folder of the data set that checks train on, ``None`` where none does. ``words``
    replace or complete the grader's own words for a code. Of several mistakes that fit a
    submission, the first in ``mistakes`` names it. ``marker`` is the comment that stands in a
    student's blanks.
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
    marker: str = MARKER

    def part(self, part_id: str) -> Part:
        """Return the part with that id."""
        return next(part for part in self.parts if part.id == part_id)

    def blank(self, number: int) -> Blank:
        """Return the blank with that number."""
        return next(blank for blank in self.blanks if blank.number == number)

    def blanks_of(self, part_id: str) -> tuple[Blank, ...]:
        """Return the blanks that lie in a part, in the order of the notebook."""
        return tuple(blank for blank in self.blanks if blank.part == part_id)
