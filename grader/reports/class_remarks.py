"""What a TA must know of a class in full: which notebooks count, whose they are, what was decided.

Nothing here is cut to a number of lines: a student could hide behind "and 52 more". Only the
notebooks that one student left over are, since they may be hundreds.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from grader import points
from grader.quoting import file_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from grader.classroom.model import Choice, Override, Student, Unclear
    from grader.classroom.statistics import ClassStatistics
    from grader.classroom.student_result import StudentResult
    from grader.reports.terminal_page import Page

MOST_LEFT = 20  # notebooks of one student
_LONGEST_NAME = 28  # cells of a name or an id
_HANG = " " * 6


def heading(page: Page, words: str, more: str = "") -> None:
    """Print an empty line and a heading."""
    page.line()
    page.line((words, "bold"), (more, "dim"))


def students(count: int) -> str:
    """Return a number of students in words."""
    return f"{count} {'student' if count == 1 else 'students'}"


def print_choices(page: Page, choices: Sequence[Choice]) -> None:
    """Print which notebook counts, what was left out, and why."""
    if not choices:
        return
    page.line(f"  {len(choices):>4}  ", ("chosen among several notebooks", "magenta"))
    for choice in choices:
        place, counts, left = _within(choice)
        _print(page, _named(page, choice.student), _HANG)
        inside = _HANG + "  "
        if place:
            _print(page, f"in {place}", inside)
        _print(page, f"{counts} counts: {choice.why}", inside)
        _print(page, f"left out: {_listed(left)}", inside)


def print_attempts(page: Page, choices: Sequence[Choice]) -> None:
    """Print the students whose attempts the download itself puts in order, briefly."""
    if not choices:
        return
    page.line(f"  {len(choices):>4}  several attempts, of which the last counts")
    for choice in choices:
        _, counts, left = _within(choice)
        who = _named(page, choice.student)
        told = f"{who}: {counts}, {choice.why}; left out: {_listed(left)}"
        _print(page, told, _HANG)


def print_unclear(page: Page, title: str, remarks: Sequence[Unclear]) -> None:
    """Print remarks on files by their reason, each path in full."""
    if not remarks:
        return
    heading(page, title, f"  {len(remarks)}")
    by_reason: defaultdict[str, list[str]] = defaultdict(list)
    for remark in remarks:
        by_reason[remark.reason].append(remark.origin)
    for reason, origins in by_reason.items():
        _print(page, reason, "")
        for origin in origins:
            _print(page, file_name(origin, len(origin) + 1), "    ")


def print_decisions(page: Page, statistics: ClassStatistics) -> None:
    """Print what was decided by hand, for whom and why."""
    if not statistics.decisions:
        return
    heading(page, "decided by hand", f"  {students(len(statistics.decided))}")
    titles = {rate.id: rate.title for rate in statistics.checks}
    for decision in statistics.decisions:
        made = decision.override
        by = f" ({made.by})" if made.by else ""
        _print(page, f"{_points(made, titles)}: {made.reason}{by}", "")
        print_names(page, [entry.student for entry in decision.entries])


def print_late_work(page: Page, statistics: ClassStatistics) -> None:
    """Print what being late has cost, and the extensions, each with its students."""
    if not statistics.late_work:
        return
    heading(page, "late work", f"  {students(len(statistics.late_work))}")
    by_words: defaultdict[str, list[Student]] = defaultdict(list)
    for entry in statistics.late_work:
        by_words["; ".join(_late(entry))].append(entry.student)
    for words, those in by_words.items():
        _print(page, words, "")
        print_names(page, those)


def _late(entry: StudentResult) -> Iterator[str]:
    late = entry.lateness
    if late is None:
        return
    if late.days:
        lost = f"{points.points(entry.lost)} points off" if entry.scored else "points are open"
        yield f"{late.late}, {lost}"
    if late.extension:
        by = f" ({late.extension.by})" if late.extension.by else ""
        yield f"due {late.due}: {late.extension.reason}{by}"


def print_names(page: Page, those: Sequence[Student], most: int | None = None) -> None:
    """Print names, each with its id, since names may be equal; with ``most`` only the first."""
    shown = those if most is None else those[:most]
    text = "; ".join(_named(page, student) for student in shown)
    page.paragraph(text, lead=_HANG, limit=len(text) + 1)
    if len(shown) < len(those):
        page.line((f"  {_HANG}{page.signs.more} and {len(those) - len(shown)} more", "dim"))


def _points(made: Override, titles: dict[str, str]) -> str:
    told = [] if made.score is None else [f"score {points.points(made.score)}"]
    told += [f"{titles.get(id_, id_)} {points.points(got)}" for id_, got in made.checks.items()]
    return ", ".join(told) or "no change"


def _named(page: Page, student: Student) -> str:
    name = page.one_line(student.shown, _LONGEST_NAME)
    known = student.name and student.name != student.id
    return f"{name} ({page.one_line(student.id, _LONGEST_NAME)})" if known else name


def _within(choice: Choice) -> tuple[str, str, list[str]]:
    """Return the folder that all notebooks of a choice lie in, and their paths below it."""
    paths = [path.split("/") for path in (choice.counts, *choice.left)]
    shared = 0
    while all(len(path) > shared + 1 for path in paths) and len({p[shared] for p in paths}) == 1:
        shared += 1
    counts, *left = ("/".join(path[shared:]) for path in paths)
    place = "/".join(paths[0][:shared])
    place, counts, *left = (file_name(path, len(path) + 1) for path in (place, counts, *left))
    return place, counts, left


def _listed(left: Sequence[str]) -> str:
    more = f"; and {len(left) - MOST_LEFT:,} more" if len(left) > MOST_LEFT else ""
    return "; ".join(left[:MOST_LEFT]) + more


def _print(page: Page, text: str, indent: str) -> None:
    """Print a text in full, as one paragraph whatever it holds."""
    line = page.safe(text, len(text) + 1)
    page.paragraph(line, lead=indent, limit=len(line) + 1)
