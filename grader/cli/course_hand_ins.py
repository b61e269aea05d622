"""Finds who hands in what in each assignment of a course, and refuses what would lose anybody."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from grader.assignment import all_assignments, lasting_name, load_assignment
from grader.batch.beforehand import check_files, check_zips
from grader.batch.course import CourseFacts, part_of, refuse_single_class
from grader.batch.hand_ins import HandIns, single_students, whole_class
from grader.batch.late_work import LateWork, late_work
from grader.batch.looking import Looker
from grader.batch.named import named_student
from grader.batch.rescore import refuse_without_results
from grader.batch.results import Results
from grader.batch.settings import refuse_another_assignment, settings_of
from grader.batch.sorting import Sorter
from grader.classroom import HandedIn
from grader.classroom.overrides import Overrides, load_overrides
from grader.cli.hand_ins import store_of
from grader.errors import GraderError
from grader.intake import find_course
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from contextlib import ExitStack

    from grader.assignment import Assignment
    from grader.batch.store import Store
    from grader.cli.given import Arguments
    from grader.intake import Archives


@dataclass(frozen=True)
class PartHandIns:
    """One assignment of a course: its folder ``out``, with the ``store`` there if it was graded."""

    id: str
    name: str
    max_score: float
    out: Path
    store: Store | None
    hand_ins: HandIns
    overrides: Overrides
    late: LateWork = field(default_factory=LateWork)

    def results(self) -> Results | None:
        """Return what is there of everybody, if anybody handed in."""
        if self.store is None:
            return None
        return Results(self.hand_ins.handed_in, self.store, self.overrides, self.late)


def refuse_single_files(arguments: Arguments) -> None:
    """Raise ``GraderError`` for options that write one file of one assignment."""
    asked = {
        "--json": arguments.json is not None,
        "--github": arguments.github,
        **{f"--{name}": True for name in arguments.files},
    }
    for option, given in asked.items():
        if given:
            raise GraderError(
                f"{option} is about one assignment, and a course has several",
                "each assignment's folder in OUT has its results.jsonl",
            )


def of_part(arguments: Arguments, part: PartHandIns) -> Arguments:
    """Return a course's arguments as one assignment's: gradebook and roster are the course's."""
    batch = replace(
        arguments.batch,
        out=str(part.out),
        gradebooks=(),
        columns=(),
        roster=None,
        groups=None,
        times=None,
        only=tuple(part.hand_ins.ids) if arguments.batch.only else (),
    )
    return replace(arguments, assignment=None, batch=batch)


def whole_course(
    arguments: Arguments,
    before: CourseFacts | None,
    paths: Sequence[str],
    archives: Archives,
    stack: ExitStack,
) -> tuple[CourseFacts, list[PartHandIns]]:
    """Return what the course consists of now, and what everybody handed in.

    Raises ``GraderError`` where a student or an assignment of ``before`` would be lost.
    """
    batch, out = arguments.batch, Path(arguments.batch.out or "")
    check_files(batch.gradebooks, out)
    names = batch.assignments
    if not names and before is not None and before.named:
        names = tuple(part.name for part in before.parts)
    named = _loaded(names)
    found, left, remarks = find_course(
        paths,
        Sorter(archives, named),
        Looker(archives, None, named),
        roster=batch.roster,
        groups=batch.groups,
        archives=archives,
    )
    assignments = named or tuple(one for one in all_assignments() if one.id in found)
    parts = tuple(part_of(one, lasting_name(one)) for one in assignments)
    facts = CourseFacts(parts, bool(named), left, remarks)
    _refuse_to_lose(before, facts, out)
    handed_in = [found.get(part.id, HandedIn(())) for part in parts]
    made = []
    for assignment, of_one in zip(assignments, handed_in, strict=True):
        one = _part(arguments, assignment, stack)
        if one.store is not None and not of_one.counted:
            raise GraderError(
                f"nobody hands in {assignment.id} any more, and {printable(str(one.out), 200)} "
                "holds its points; nothing was changed",
                "name the PATHs that hold its notebooks too, or remove that folder",
            )
        noted = one.store.handed_in() if one.store is not None else None
        hand_ins = whole_class(of_one, {}, noted, one.store, archives, let_go=batch.replace)
        check_zips(batch.zips, of_one)
        late = _late(arguments, one, assignment, of_one)
        made.append(replace(one, hand_ins=hand_ins, late=late))
    return facts, made


def named_students(
    arguments: Arguments, before: CourseFacts, unfinished: Collection[str], stack: ExitStack
) -> tuple[CourseFacts, list[PartHandIns]]:
    """Return the course as it was, with the students to be graded anew in each assignment.

    With them come the ``unfinished`` ones of a run that was stopped. Raises ``GraderError`` for a
    name that fits nobody or several.
    """
    batch = arguments.batch
    check_files(batch.gradebooks, Path(batch.out or ""))
    if arguments.paths:
        raise GraderError(
            "--only in a course grades the notebooks that were found last, and takes no PATH",
            "put the notebook where the others are: grade -o OUT grades what has changed",
        )
    if batch.assignments:
        raise GraderError(
            "--only grades a student in every assignment of the course, and takes no --assignment",
            "grade -o OUT --only STUDENT",
        )
    parts = graded_parts(arguments, before, stack)
    everyone = {a.student.id: a.student for one in parts for a in one.hand_ins.handed_in.counted}
    wanted = {named_student(name, list(everyone.values())).id for name in batch.only}
    wanted |= {*unfinished}
    made = []
    for one in parts:
        noted = one.hand_ins.handed_in
        if one.store is not None:
            refuse_without_results(one.store, noted)
        here = [a.student.id for a in noted.counted if a.student.id in wanted]
        hand_ins = single_students(here, noted, None)[0] if here else HandIns(noted, ())
        made.append(replace(one, hand_ins=hand_ins))
    return before, made


def graded_parts(arguments: Arguments, facts: CourseFacts, stack: ExitStack) -> list[PartHandIns]:
    """Return the assignments of a course as they were graded, with nobody to be graded."""
    made = []
    for assignment in [load_assignment(part.name) for part in facts.parts]:
        one = _part(arguments, assignment, stack)
        handed_in = (one.store.handed_in() if one.store is not None else None) or HandedIn(())
        late = _late(arguments, one, assignment, handed_in)
        made.append(replace(one, hand_ins=HandIns(handed_in, ()), late=late))
    return made


def _late(
    arguments: Arguments, one: PartHandIns, assignment: Assignment, handed_in: HandedIn
) -> LateWork:
    """Return how late everyone is with one assignment, before any of the course is graded."""
    return late_work(one.out, assignment, handed_in, arguments.batch.times, of_course=True)


def _loaded(names: Sequence[str]) -> tuple[Assignment, ...]:
    """Return the named assignments; raises ``GraderError`` for two of one id."""
    loaded = tuple(load_assignment(name) for name in names)
    twice = [id_ for id_, count in Counter(one.id for one in loaded).items() if count > 1]
    if twice:
        raise GraderError(
            f"--assignment names {printable(twice[0], 60)} twice", "name each assignment once"
        )
    return loaded


def _refuse_to_lose(before: CourseFacts | None, now: CourseFacts, out: Path) -> None:
    """Raise ``GraderError`` if an assignment that was graded is no longer in the course."""
    kept = {part.id for part in now.parts}
    for part in before.parts if before is not None else ():
        if part.id not in kept and (out / part.folder).is_dir():
            raise GraderError(
                f"{part.id} was graded in this course, and would not be in it any more; nothing "
                "was changed",
                f"name it with --assignment {part.id} too, with the PATHs that hold its "
                f"notebooks, or remove the folder {printable(str(out / part.folder), 200)}",
            )


def _part(arguments: Arguments, assignment: Assignment, stack: ExitStack) -> PartHandIns:
    """Return an assignment's folder as it is, before it is known who hands in."""
    part = part_of(assignment, lasting_name(assignment))
    out = Path(arguments.batch.out or "") / part.folder
    store = store_of(str(out), stack)
    if store is not None:
        refuse_single_class(store, out)
        begun = settings_of(store)
        if begun is not None:
            refuse_another_assignment(begun, assignment)
    points = {check.id: check.points for check in assignment.checks}
    return PartHandIns(
        part.id,
        part.name,
        sum(points.values()),
        out,
        store,
        HandIns(HandedIn(()), ()),
        load_overrides(out / "overrides.toml", points),
    )
