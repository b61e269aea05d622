"""Finds a class's submissions at PATHs, and reads them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from grader.classroom import HandedIn, Unclear
from grader.errors import GraderError
from grader.intake import caps
from grader.intake.archives import Archives
from grader.intake.choosing import Chooser
from grader.intake.contents import Contents
from grader.intake.identify import identify
from grader.intake.names import natural
from grader.intake.paths import trees_at
from grader.intake.roster import Roster, match_students, read_roster, with_groups
from grader.intake.roster.matching import known
from grader.notebook.read import read_file
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from grader.classroom import Attempt, Student
    from grader.intake.contents import Look
    from grader.intake.model import Claim, Item

    StudentClaims = tuple[Student, Sequence[Claim]]
    Sort = Callable[[Item], tuple[str | None, str]]


def find_submissions(
    paths: Sequence[str],
    *,
    roster: str | None = None,
    groups: str | None = None,
    archives: Archives | None = None,
    look: Look | None = None,
    assignment: str | None = None,
) -> HandedIn:
    """Return the submissions at the paths: notebooks, folders and archives.

    ``roster`` is a CSV file of the students, ``groups`` one of the teams that they hand in as.
    ``archives`` keeps the opened archives for ``read_attempt``. ``look`` tells what is in a
    notebook where a student has several, and ``assignment`` is the id of the class's assignment,
    if it is known. Raises ``GraderError`` if nothing was found, the roster is broken, or the
    request is not clear, or if there are more than ``caps.STUDENTS``.
    """
    if archives is None:
        with Archives() as own:
            return find_submissions(
                paths,
                roster=roster,
                groups=groups,
                archives=own,
                look=look,
                assignment=assignment,
            )

    def holds(item: Item) -> bool:
        content = look(item, assignment) if look is not None else None
        mine = content.assignment if content is not None and content.readable else None
        return mine is not None and assignment in {None, mine}

    found = _found(paths, roster, groups, archives, holds)
    return _chosen(found, found.claims, Contents(look, assignment), found.unclear)


def find_course(
    paths: Sequence[str],
    sort: Sort,
    look: Look,
    *,
    roster: str | None = None,
    groups: str | None = None,
    archives: Archives,
) -> tuple[dict[str, HandedIn], tuple[Unclear, ...], tuple[Unclear, ...]]:
    """Return the submissions of each assignment of a course by its id, and two lists of remarks.

    The first are the notebooks that belong to no single assignment, the second all other remarks.
    ``sort`` returns the id of a notebook's assignment, or None and why it has none. Students are
    told apart once for all assignments; of one assignment a student's notebooks are attempts.
    """
    found = _found(
        *(paths, roster, groups, archives),
        lambda item: sort(item)[0] is not None,
        of_course=True,
    )
    sorted_: defaultdict[str, list[StudentClaims]] = defaultdict(list)
    place: dict[str, str] = {}
    left: list[Unclear] = []
    for student, claims in found.claims:
        mine: defaultdict[str, list[Claim]] = defaultdict(list)
        for claim in claims:
            id_, why = sort(claim.item)
            if id_ is not None:
                mine[id_].append(claim)
                place[claim.item.origin] = id_
            elif claim.item.origin not in place:
                place[claim.item.origin] = ""
                left.append(Unclear(claim.item.origin, why))
        for id_, own in mine.items():
            sorted_[id_].append((student, tuple(own)))
    # What is said of a notebook stands with its assignment, all else once for the course.
    about = {id_: tuple(u for u in found.unclear if place.get(u.origin) == id_) for id_ in sorted_}
    rest = tuple(one for one in found.unclear if not place.get(one.origin))
    handed_in = {
        id_: _chosen(found, of_each, Contents(look, id_), about[id_])
        for id_, of_each in sorted(sorted_.items())
    }
    return handed_in, tuple(left), rest


@dataclass(frozen=True)
class _Found:
    """All that lies at the PATHs: each student's notebooks, the roster, and what is unclear."""

    claims: tuple[StudentClaims, ...]
    people: Roster | None
    unclear: tuple[Unclear, ...]
    layout: str


def _found(
    paths: Sequence[str],
    roster: str | None,
    groups: str | None,
    archives: Archives,
    holds: Callable[[Item], bool],
    *,
    of_course: bool = False,
) -> _Found:
    people = read_roster(roster) if roster is not None else None
    if groups is not None:
        people = with_groups(people, groups)
    trees, failed = trees_at(paths, archives)
    if of_course:
        trees = [replace(tree, of_course=True) for tree in trees]
    knows = partial(known, roster=people) if people is not None else None
    claims, title, unclear = identify(trees, knows, holds)
    if not claims:
        raise failed[0][1] if failed else _nothing(paths)
    for path, error in failed:
        unclear.append(Unclear(path, " ".join(filter(None, (f"{error.message}.", error.hint)))))
    if of_course and people is None and len(trees) > 1:
        # Moodle numbers participants anew in each assignment: a number alone is nobody there.
        claims = [replace(one, unsure=one.unsure or one.owner.participant) for one in claims]
    matched = match_students(claims, people)
    if len(matched.claims) > caps.STUDENTS:
        raise _too_many(paths, len(matched.claims))
    told = (
        # A student whose row is odd may well have been graded.
        *(replace(one, who=True) for one in (people.unclear if people else ())),
        *(replace(one, who=True) for one in matched.unclear),
        *unclear,
    )
    return _Found(matched.claims, people, told, title)


def _chosen(
    found: _Found,
    of_each: Sequence[StudentClaims],
    contents: Contents,
    unclear: tuple[Unclear, ...],
) -> HandedIn:
    """Return the notebooks that count among those of each student."""
    chooser = Chooser([claims for _, claims in of_each], contents)
    chosen = [chooser.choose(student, claims) for student, claims in of_each]
    return HandedIn(
        counted=tuple(one.attempts[-1] for one in chosen),
        earlier=tuple(attempt for one in chosen for attempt in one.attempts[:-1]),
        missing=_missing(found.people, {student.id for student, _ in of_each}),
        unclear=unclear,
        layout=found.layout,
        choices=tuple(choice for one in chosen for choice in one.choices),
    )


def read_attempt(attempt: Attempt | Item, archives: Archives | None = None) -> bytes:
    """Return a notebook's bytes, from its file or its archive.

    Pass the ``archives`` of ``find_submissions``; without them each call opens the archive anew.
    Raises ``NotebookError`` if the notebook cannot be read, another ``GraderError`` if its archive
    cannot.
    """
    if attempt.member is None:
        return read_file(attempt.path)
    if archives is not None:
        return archives.read(attempt.path, attempt.member)
    with Archives() as own:
        return own.read(attempt.path, attempt.member)


def _missing(people: Roster | None, found: Collection[str]) -> tuple[Student, ...]:
    if people is None:
        return ()
    missing = (person.student for person in people.people if person.student.id not in found)
    return tuple(sorted(missing, key=lambda student: natural(student.id)))


def _too_many(paths: Sequence[str], count: int) -> GraderError:
    return GraderError(
        f"{_shown(paths)} holds what {count:,} students handed in; {caps.STUDENTS:,} is the most",
        "Name the download of one class.",
    )


def _shown(paths: Sequence[str]) -> str:
    return ", ".join(printable(path, 80) for path in paths[:3]) + ", …" * (len(paths) > 3)


def _nothing(paths: Sequence[str]) -> GraderError:
    return GraderError(
        f"there are no notebooks in {_shown(paths)}",
        "Name .ipynb files, or folders or archives that hold some.",
    )
