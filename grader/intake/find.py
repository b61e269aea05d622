"""Finds a class's submissions at PATHs, and reads them."""

from __future__ import annotations

from dataclasses import replace
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
    from collections.abc import Sequence

    from grader.classroom import Attempt, Student
    from grader.intake.contents import Look
    from grader.intake.model import Item
    from grader.intake.roster import MatchedClass


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
    people = read_roster(roster) if roster is not None else None
    if groups is not None:
        people = with_groups(people, groups)
    trees, failed = trees_at(paths, archives)
    knows = partial(known, roster=people) if people is not None else None
    claims, title, unclear = identify(trees, knows)
    if not claims:
        raise failed[0][1] if failed else _nothing(paths)
    for path, error in failed:
        unclear.append(Unclear(path, " ".join(filter(None, (f"{error.message}.", error.hint)))))
    matched = match_students(claims, people)
    if len(matched.claims) > caps.STUDENTS:
        raise _too_many(paths, len(matched.claims))
    chooser = Chooser([claims for _, claims in matched.claims], Contents(look, assignment))
    chosen = [chooser.choose(student, claims) for student, claims in matched.claims]
    return HandedIn(
        counted=tuple(one.attempts[-1] for one in chosen),
        earlier=tuple(attempt for one in chosen for attempt in one.attempts[:-1]),
        missing=_missing(people, matched),
        unclear=(
            # A student whose row is odd may well have been graded.
            *(replace(one, who=True) for one in (people.unclear if people else ())),
            *(replace(one, who=True) for one in matched.unclear),
            *unclear,
        ),
        layout=title,
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


def _missing(people: Roster | None, matched: MatchedClass) -> tuple[Student, ...]:
    if people is None:
        return ()
    found = {student.id for student, _ in matched.claims}
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
