"""An assignment as data: what an instructor edits under ``reference/``, frozen."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

from grader.assignment.listed import (  # noqa: TC001 - as below
    Alternative,
    Mistake,
    Words,
)
from grader.requirements import (  # noqa: TC001 - the form of a file is read at run time
    Amount,
    Code,
    Count,
    Name,
    Regex,
    Seconds,
    Share,
)

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

# What a student's blank says where an assignment says nothing else.
MARKER = "# FILL IN HERE"


@dataclass(frozen=True)
class Role:
    """A variable of the notebook that the judge replaces by its own, and how to recognise it.

    ``id`` is what other entries call it. ``names`` are its names in the solved notebook.
    ``made_by`` are the classes that construct it, without their modules: a renamed optimizer is
    recognised by its constructor. Where one class constructs several roles, ``made_of`` names the
    role that is passed to the constructor. ``part`` says that the role is that part of the
    assignment. With a ``title``, a note tells the TA where a notebook constructs it differently
    from the solved one.
    """

    id: Name
    names: tuple[Name, ...]
    made_by: tuple[str, ...] = ()
    made_of: str = ""
    part: str = ""
    title: str = ""


@dataclass(frozen=True)
class Part:
    """A class, a function or a loop of the notebook in which blanks lie: its ``kind``.

    ``id`` is what other entries call it. ``title`` is what a student reads. ``name`` is the name
    of the class or function in the solved notebook. ``attributes`` (of a class) and ``calls`` (of a
    function or loop) identify a renamed part, each by its last name alone: "sigmoid" for
    ``torch.sigmoid``, "lin_1" for ``self.lin_1``. A loop iterates over ``iterates``; only this loop
    makes the calls in ``updates``, and the call ``surest`` identifies it whatever it iterates over.
    A function that makes a call of ``unlike`` and none of ``updates`` is not this part, even if it
    iterates over the same data. ``about`` are the roles that the loop uses and a student's
    experiments beside it do not.
    """

    id: Name
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
    """One place that the student fills in: the ``number`` of its mark, the ``part`` it lies in.

    ``title`` is what a student reads. ``kind`` is what the answer is: an "expression" stands in
    brackets, or between others on its line, a "statement" is one line, a "block" several lines,
    up to a whole function or class. What may be one statement or several is a block, too.
    ``patterns`` are Python with holes: ``__`` is the answer, ``_`` anything, as in "return __";
    for a statement they are the whole line: "w = __", "w -= __" or "_.step()". The regular
    expression ``anchor`` finds the line of the blank in a cell that does not parse. A block needs
    neither: it is found between the given lines around it. ``neutral`` runs and answers nothing;
    it stands in the blank while the others are judged: a statement, or an expression for one
    argument of a call with several blanks. A block has one without it: ``raise
    NotImplementedError`` where it ends a function, else ``pass``. ``placeholder`` is the code
    that students find there, such as ``pass``. A student who has left the blank empty reads
    ``hint``.
    """

    number: Count
    part: str
    title: str
    kind: Literal["expression", "statement", "block"]
    patterns: tuple[Code, ...] = ()
    anchor: Regex = ""
    neutral: Code = ""
    hint: str = ""
    placeholder: Code = ""


@dataclass(frozen=True)
class OwnCheck:
    """A kind of check that an instructor wrote, as the texts of its two halves.

    ``path`` is how a person is told of its file, whose line numbers both halves keep. ``hooks`` are
    the parameters that each function asks for, ``words`` those in the file, ``codes`` the remarks
    that its judge makes, with their lines.
    """

    name: str
    path: str
    probe: str
    judge: str
    hooks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    words: Mapping[str, Words] = field(default_factory=dict)
    codes: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Check:
    """One line of the rubric: a student reads its ``title`` and the ``points`` it gave.

    ``id`` is what other entries call it, and ``kind`` says how it works; without it that is the
    ``id``. ``parts`` are those whose code it runs. ``blanks`` are those in them that it grades.
    ``credit`` says whether every one of the ``blanks`` earns its own share of the points. ``needs``
    are checks whose code has to run before this one is judged, ``needs_right`` those that have to
    pass. ``partial`` maps codes of findings to the share of the points that is kept, or what
    several codes have in common, such as "device". (Only findings that leave something right can
    keep points.) ``seconds`` limits the wall-clock time, ``processor_seconds`` the processor time.
    The check's kind defines its ``options``. ``own`` is the kind's file, if it is the assignment's
    own.
    """

    id: Name
    kind: str
    title: Name
    points: Amount
    parts: tuple[str, ...]
    blanks: tuple[int, ...]
    seconds: Seconds
    credit: Literal["whole", "each_blank"] = "whole"
    needs: tuple[str, ...] = ()
    needs_right: tuple[str, ...] = ()
    partial: Mapping[str, Share] = field(default_factory=dict)
    options: Mapping[str, Any] = field(default_factory=dict)
    processor_seconds: Seconds | None = None
    own: OwnCheck | None = None

    @property
    def sent(self) -> dict[str, Any]:
        """What a worker is told: the kind, and of the assignment's own its probe's half alone."""
        own = {} if self.own is None else {"own": {"path": self.own.path, "text": self.own.probe}}
        return {"kind": self.kind, **own}

    def on_data(self, option: str, data: str) -> dict[str, Any]:
        """Return an option's entry for a data set, or its ``custom`` one where there is none."""
        by_data = self.options[option]
        found: dict[str, Any] = by_data.get(data, by_data["custom"])
        return found


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
