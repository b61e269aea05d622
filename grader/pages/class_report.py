"""``report.html``: a whole class on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote

from grader import points
from grader.classroom import file_name
from grader.classroom.concerns import ConcernKind
from grader.classroom.mistakes import FOLLOWS
from grader.classroom.student_result import SubmissionOutcome
from grader.files import save
from grader.pages.late import clock
from grader.pages.listing import listings
from grader.pages.plots import SEGMENTS, check_plot, score_plot, segments
from grader.pages.scripts import script
from grader.pages.templating import style, template
from grader.pages.wide_table import wide_table
from grader.report import Status
from grader.reports.class_remarks import MOST_LEFT
from grader.reports.finding import place
from grader.text import printable

if TYPE_CHECKING:
    from pathlib import Path

    from grader.classroom import Student
    from grader.classroom.distribution import Bin
    from grader.classroom.programs import SharedProgram
    from grader.classroom.statistics import ClassStatistics

# The colour of each status.
_TONES = {
    Status.PASSED: "ok",
    Status.PARTIAL: "part",
    Status.FAILED: "fail",
    Status.ERROR: "fail",
    Status.NOT_ATTEMPTED: "none",
    Status.NEEDS_GRADING: "none",
}
_GRAVE = "grave"
_DASH = "\N{EN DASH}"
_ADVICE = {
    ConcernKind.INTERNAL_ERROR: (
        "Not the students' fault, and the points are not final: grade again."
    ),
    ConcernKind.NEEDS_GRADING: (
        "Read each answer, and enter its points in overrides.toml; then grade rescore."
    ),
    ConcernKind.UNREADABLE: "Ask for the notebook again, or open the file and see what it is.",
    ConcernKind.TIMEOUT: "A loop without an end, or code that is far too slow.",
    ConcernKind.OUT_OF_MEMORY: "A shape that is much too large, usually.",
    ConcernKind.CRASHED: "Python ended in the middle of it, or its answer could not be used.",
    ConcernKind.REACHES_IN: (
        "It may have answered in the grader's place: read the named lines by eye."
    ),
    ConcernKind.TWINS: (
        "What cells printed is the same byte for byte: a sign to look, never a verdict."
    ),
    ConcernKind.UNUSUAL: (
        "Nobody else wrote these lines. Those who worked together or from one source do: a sign "
        "to look, never a verdict."
    ),
    ConcernKind.GIVEN_CODE_CHANGED: "It costs nothing by itself; see whether it matters.",
    ConcernKind.TIME_UNKNOWN: "Look when it was handed in; grade rescore OUT --times FILE says it.",
    ConcernKind.LATE: "As the files' names or dates say; no points were taken off.",
    ConcernKind.LATE_BY_POLICY: "What that cost each is in the table of late work.",
}
_MOST_OPEN = 12  # students whose names stand open; of more the counts come first
_LONGEST = 120  # characters of a title or a reason
_LONGEST_PATH = 2000  # its end tells files apart
_LONGEST_NAME = 60  # of a name, an id or a section
_ORDINARY = {
    SubmissionOutcome.FULL_MARKS,
    SubmissionOutcome.POINTS_LOST,
    SubmissionOutcome.NOT_ATTEMPTED,
}


def class_page(title: str, statistics: ClassStatistics) -> str:
    """Return the page: one file with no external asset, readable without its script.

    It links to the students' pages in the folder ``feedback`` beside it.
    """
    columns = wide_table(46.25 + 5.5 * len(statistics.checks), 2)
    look, sorting = style("look.css", "class_report.css", columns), script("class_report.js")
    numbers = {program.id: program.number for program in statistics.programs}
    return template("class_report.html").render(
        title=title,
        policy=f"{look.policy}; {sorting.policy}",
        css=look.css,
        js=sorting.js,
        class_=statistics,
        due=_due(statistics),
        most_open=_MOST_OPEN,
        numbers=numbers,
        programs={program.id: program for program in statistics.programs},
        score_plot=score_plot(statistics.distribution) if statistics.distribution else None,
        check_plot=check_plot(statistics.checks) if statistics.checks else None,
        segments=segments,
        segment_names=SEGMENTS,
        listings=listings,
        place=place,
        titles={check.id: check.title for check in statistics.checks},
        advice={kind.name: words for kind, words in _ADVICE.items()},
        lost=_lost,
        label=_label,
        mark=points.MARKS.__getitem__,
        tone=lambda status: _TONES.get(status, _GRAVE),
        ordinary=_ORDINARY,
        points=points.points,
        percent=points.share,
        cut=lambda text: printable(text, _LONGEST),
        path=lambda text: printable(text, _LONGEST_PATH),
        most_left=MOST_LEFT,
        brief=lambda text: printable(text, _LONGEST_NAME),
        name=_name,
        clock=clock,
        feedback=lambda student: f"feedback/{quote(file_name(student.id))}.html",
    )


def write_class_page(target: Path, title: str, statistics: ClassStatistics) -> None:
    """Write the page to a file, whole or not at all.

    Raises ``GraderError`` when the file cannot be written.
    """
    save(target, class_page(title, statistics).encode())


def _name(student: Student) -> str:
    """Return a student's name, or the id if the name is blank."""
    return (
        printable(student.shown, _LONGEST_NAME)
        or printable(student.id, _LONGEST_NAME)
        or "(no name)"
    )


def _due(statistics: ClassStatistics) -> list[str]:
    """Return when the work was due; a later due date of one student's own is not the class's."""
    told = (entry.lateness for entry in statistics.entries)
    return list(dict.fromkeys(clock(one.due) for one in told if one and not one.extension))


def _label(each: Bin) -> str:
    if each.low == each.high:
        return points.points(each.low)
    return f"{points.points(each.low)}{_DASH}{points.points(each.high)}"


def _lost(program: SharedProgram) -> list[str]:
    """Return the summary of each check that a program failed.

    A check that only depends on a failed one is left out.
    """
    return [
        f"{check.title}: {points.summary(check)}"
        for check in program.example.report.checks
        if points.lost_points(check) and {finding.code for finding in check.findings} != {FOLLOWS}
    ]
