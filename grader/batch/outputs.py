"""Writes a batch's folder: results, tables, pages, gradebooks and feedback for an LMS."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from grader.batch.beforehand import open_books
from grader.batch.policy_file import POLICY
from grader.batch.store import GRADEBOOKS, PAGES
from grader.classroom.names import ANNOTATED
from grader.classroom.overrides_example import example
from grader.classroom.policy_example import POLICY_EXAMPLE
from grader.classroom.statistics import class_statistics
from grader.classroom.told import as_told
from grader.errors import GraderError
from grader.files import replacing, save
from grader.fingerprint import grading_code
from grader.gradebooks import fill, write_grades, write_nbgrader
from grader.gradebooks.releasable import points_lost
from grader.intake import Archives, read_attempt
from grader.pages.annotated import ForeignFileError, remove_other_annotated, write_annotated
from grader.pages.archives import canvas_zip, moodle_zip
from grader.pages.class_report import write_class_page
from grader.pages.feedback import write_feedback, write_page
from grader.reports import json_report
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from grader.assignment import Assignment
    from grader.batch.results import Results
    from grader.classroom import Attempt, Graded
    from grader.classroom.statistics import ClassStatistics
    from grader.gradebooks import Filled, Gradebook

_NAMES = 5
ZIPS = {"canvas": canvas_zip, "moodle": moodle_zip}


@dataclass(frozen=True)
class Wanted:
    """What to write beside what is always written.

    ``answers`` are the expected ones by blank, empty if students shall not see them; ``zips``
    names the systems that take feedback back as a zip, see ``ZIPS``. ``annotated`` asks for
    everyone's notebook with its findings; once these are there, they are kept up to date unasked.
    ``detail`` is how much students are told.
    """

    gradebooks: tuple[str, ...] = ()
    column: str | None = None
    nbgrader: bool = False
    zips: tuple[str, ...] = ()
    answers: Mapping[int, str] | None = None
    annotated: bool = False
    detail: str | None = None


@dataclass(frozen=True)
class Written:
    """What was written, and what a TA should know about it."""

    statistics: ClassStatistics
    files: tuple[Path, ...]
    remarks: tuple[str, ...]


def write_outputs(out: Path, results: Results, assignment: Assignment, wanted: Wanted) -> Written:
    """Write everything of a batch to its folder; each file whole or not at all.

    Raises ``GraderError`` when a file can't be written or a gradebook can't be filled in.
    """
    missing = results.handed_in.missing
    books = open_books(wanted.gradebooks, wanted.column, assignment, results.handed_in)
    _write_results(out / "results.jsonl", results)
    write_grades(out / "grades.csv", results, missing)
    files = [out / "results.jsonl", out / "grades.csv"]
    if wanted.nbgrader:
        write_nbgrader(out / "nbgrader.csv", results, missing)
        files.append(out / "nbgrader.csv")
    pages = out / PAGES
    students = (as_told(one, wanted.detail) for one in results)
    write_feedback(pages, students, **_of_a_page(assignment, wanted))
    statistics = class_statistics(results, results.handed_in)
    write_class_page(out / "report.html", assignment.title, statistics)
    files += [pages, out / "report.html"]
    remarks: list[str] = []
    for book in books:
        filled = _fill(book, out, results)
        files.append(filled.path)
        remarks += about_filled(filled)
    for system in wanted.zips:
        target = out / f"feedback-{system}.zip"
        left = ZIPS[system](target, results, pages)
        files += [target] if target.exists() else []
        teams = [f"{graded.student.shown} ({graded.team})" for graded in left if graded.team]
        others = [graded.student.shown for graded in left if not graded.team]
        why = f"since {system.title()} attaches a team's file to one person"
        remarks += _named(f"not in {target.name}, {why}", teams)
        remarks += _named(f"not in {target.name}", others)
    if wanted.annotated or (out / ANNOTATED).is_dir():
        remarks += _annotate(out / ANNOTATED, results, assignment, wanted.detail)
        files.append(out / ANNOTATED)
    points = {check.id: check.points for check in assignment.checks}
    for name, text in (("overrides.toml", example(points)), (POLICY, POLICY_EXAMPLE)):
        if not (out / name).exists():
            save(out / name, text.encode("utf-8"))
    return Written(statistics, tuple(files), tuple(remarks))


def _annotate(
    folder: Path, results: Results, assignment: Assignment, detail: str | None
) -> list[str]:
    """Write everyone's annotated notebook; return what a TA should know about them."""
    written: set[Path] = set()
    unread, failed, taken = [], [], []
    with Archives() as archives:
        for attempt, graded in zip(results.handed_in.counted, results, strict=True):
            if not graded.readable:
                unread.append(graded.student.shown)
                continue
            data = _notebook_of(attempt, graded, archives)
            title, version = assignment.title, grading_code()
            try:
                shown = as_told(graded, detail)
                written |= {*write_annotated(folder, shown, data, title=title, version=version)}
            except ForeignFileError:
                taken.append(graded.student.shown)
            except GraderError:
                raise
            except Exception:  # noqa: BLE001 - one page is not worth the whole class's results
                failed.append(graded.student.shown)
    remove_other_annotated(folder, written)
    return [
        *_named(f"not in {folder.name}, since they could not be read", unread),
        *_named(f"not in {folder.name}, since the grader failed at their pages", failed),
        *_named(f"not in {folder.name}, since somebody else's file has that name there", taken),
    ]


def _notebook_of(attempt: Attempt, graded: Graded, archives: Archives) -> bytes | None:
    """Return the bytes of the notebook that was graded, ``None`` if they are no longer there."""
    try:
        data = read_attempt(attempt, archives)
    except GraderError:
        return None
    same = hashlib.sha256(data).hexdigest() == graded.report.submission.sha256
    return data if same else None


def page_writer(out: Path, assignment: Assignment, wanted: Wanted) -> Callable[[Graded], object]:
    """Return a function that writes a student's page to the folder, as ``write_outputs`` will.

    Raises ``GraderError`` when it can't be written.
    """
    options = _of_a_page(assignment, wanted)
    return lambda graded: write_page(out / PAGES, as_told(graded, wanted.detail), **options)


def _of_a_page(assignment: Assignment, wanted: Wanted) -> dict[str, Any]:
    return {
        "show_answers": wanted.answers is not None,
        "answers": wanted.answers or {},
        "title": assignment.title,
        "version": grading_code(),
    }


def write_only_results(
    out: Path, results: Results, _assignment: Assignment, _wanted: Wanted
) -> Written:
    """Write the results alone, for a batch whose folder goes when it ends.

    Raises ``GraderError`` when the file can't be written.
    """
    _write_results(out / "results.jsonl", results)
    return Written(class_statistics(results, results.handed_in), (out / "results.jsonl",), ())


def _write_results(target: Path, results: Results) -> None:
    """Write one report a line, each with its student's group and a TA's override."""
    with replacing(target) as file:
        for graded in results:
            override = graded.override
            more = {
                "name": graded.student.name or None,
                "score": graded.score,
                "group": graded.group or None,
                "late": graded.late,
                "deduction": _deduction(graded),
                "override": override and {**asdict(override), "graded_score": graded.report.score},
            }
            line = json_report.to_line({**graded.report.to_json(), **more})
            file.write(line.encode("ascii"))


def _deduction(graded: Graded) -> dict[str, Any] | None:
    """Return what the class's policy says of one hand-in, ``None`` without a policy."""
    late = graded.lateness
    if late is None:
        return None
    extension = late.extension
    return {
        "points": points_lost(graded),
        "days": late.days if late.handed_in else None,
        "due": late.due,
        "handed_in": late.handed_in or None,
        "why_open": late.why_open or None,
        "extension": extension and {"reason": extension.reason, "by": extension.by},
    }


def _fill(book: Gradebook, out: Path, results: Results) -> Filled:
    folder = out / GRADEBOOKS
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        raise GraderError(f"cannot make the folder {folder}: {error.strerror}") from error
    return fill(book, folder / book.path.name, results)


def about_filled(filled: Filled) -> list[str]:
    """Return what a TA should know of a gradebook that was filled in."""
    name = filled.path.name
    where = f"{name}: {filled.written} of {filled.matched} students have their points in "
    remarks = [f"{where}{printable(filled.column, 60)}", *filled.warnings]
    strangers = [student.shown for student in filled.unmatched_students]
    remarks += _named(f"graded, but not in {name}", strangers, most=len(strangers))
    return remarks + _named(f"in {name}, but nothing graded", filled.unmatched_rows)


def _named(what: str, names: Sequence[str], most: int = _NAMES) -> list[str]:
    """Return one remark with the first names, ``most`` of them, or none."""
    if not names:
        return []
    between = "; " if any("," in name for name in names[:most]) else ", "
    shown = between.join(printable(name, 40) for name in names[:most])
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return [f"{what}: {shown}{more}"]
