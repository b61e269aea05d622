"""Enters points in the column of an exported gradebook."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.files import replacing
from grader.gradebooks.cells import score
from grader.gradebooks.changes import changes_for, listed
from grader.gradebooks.claims import Claims
from grader.gradebooks.model import Filled
from grader.gradebooks.roll import Roll
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from grader.classroom import Graded
    from grader.gradebooks.model import Gradebook


def fill(gradebook: Gradebook, out: Path, graded: Iterable[Graded]) -> Filled:
    """Write the gradebook to ``out`` with everybody's points; all other cells stay byte for byte.

    No row or column is added. Students who are only in the gradebook or only among the graded are
    returned. Points are never scaled to the system's maximum: a student who reads 85 in the
    feedback must find 85 in the gradebook, and a wrong maximum can be corrected in the course.
    Raises ``GraderError`` when ``out`` can't be written, or is the gradebook itself.
    """
    refuse_to_replace(gradebook.path, out)
    people = gradebook.file.people(gradebook.column)
    roll, claims, ours = Roll(people, gradebook.file.participant), Claims(), 0.0
    for one in graded:
        claims.add(one, roll.find(one.student))
        ours = max(ours, one.report.max_score)
    made = changes_for(gradebook, claims.settled)
    with replacing(out) as file:
        file.write(gradebook.file.table.with_cells(made.cells))
    names = [person.name or next(filter(None, person.ids), "") for person in people]
    warnings = (*_about_file(gradebook), *_about_people(claims, roll), *made.warnings)
    return Filled(
        path=out,
        system=gradebook.file.system,
        column=printable(gradebook.header, 200),
        matched=len(claims.settled),
        written=made.written,
        unmatched_students=tuple(claims.losers),
        unmatched_rows=tuple(
            printable(name, 100)
            for person, name in zip(people, names, strict=True)
            if person not in claims.settled
        ),
        warnings=(*warnings, *_about_maximum(gradebook, claims, ours)),
    )


def refuse_to_replace(source: Path, out: Path) -> None:
    """Raise ``GraderError`` if a filled-in gradebook would take the place of the exported one.

    A TA needs the export when something goes wrong.
    """
    try:
        same = source.samefile(out)
    except (OSError, ValueError):  # there is no such file yet
        return
    if same:
        raise GraderError(
            "the filled-in gradebook would take the place of the exported one: "
            f"{printable(out.name, 200)}",
            "give the file that the system exported, from where it was downloaded to",
        )


def _about_file(gradebook: Gradebook) -> Iterator[str]:
    file = gradebook.file
    if gradebook.why:
        yield f"the column was chosen by {gradebook.why}; --column names another"
    if file.table.encoding not in file.encodings:
        yield (
            "the gradebook is not in UTF-8 (a spreadsheet program saved it?) and was kept as it "
            f"is; {file.system} may refuse it: fill in the file that {file.system} exported"
        )


def _about_people(claims: Claims, roll: Roll) -> Iterator[str]:
    if not claims.settled and claims.losers:
        yield "no graded student is in this gradebook: is it the right course's?"
    if claims.contested:
        yield (
            "more than one student was graded as these, so none was entered: "
            f"{listed(person.name for person in claims.contested)}"
        )
    if roll.doubles:
        yield (
            "these rows share an id with another row, so none was filled in by it: "
            f"{listed(person.name for person in sorted(roll.doubles, key=lambda one: one.row))}"
        )
    if claims.strangers:
        pairs = (
            f"{printable(student.shown, 50)} ({printable(student.id, 40)} is "
            f"{printable(person.name, 50)} there)"
            for student, person in claims.strangers
        )
        yield (
            "the gradebook knows these ids under another name, so nothing was entered: "
            f"{listed(pairs)}"
        )
    if claims.unsure:
        who = (
            f"{printable(one.student.shown, 50)} ({printable(one.origin, 100)})"
            for one in claims.unsure
        )
        yield (
            "it is not certain who these are, so nothing was entered in the rows that their ids or "
            f"names have there: {listed(who)}"
        )
    if claims.teams:
        yield (
            "the members of these teams are not known, so nothing was entered for them: "
            f"{listed(dict.fromkeys(claims.teams))}"
        )


def _about_maximum(gradebook: Gradebook, claims: Claims, ours: float) -> Iterator[str]:
    most = gradebook.most
    if most is None or not ours or most == ours:
        return
    above = sum((entry.points or 0) > most for entry in claims.settled.values())
    yield (
        f"{gradebook.file.system} has {score(most)} points for this assignment, the grader "
        f"{score(ours)}: points were entered as they are, not scaled"
        + (f"; {above} above {score(most)}: {gradebook.file.above_most}" if above else "")
    )
