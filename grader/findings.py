"""Puts remarks into words and beside the student's own lines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.notebook.locate import BlankSite, BlankState
from grader.report import Finding, SourceLine
from grader.words import Words, explain, filled, words_for

if TYPE_CHECKING:
    from grader.assignment import Assignment, Check, Mistake
    from grader.judges.remark import Remark
    from grader.submission import Submission

_MOST_LINES = 7
_TEXT = 300
_LINE = 400


def finding(
    remark: Remark,
    check: Check,
    submission: Submission,
    assignment: Assignment,
    mistake: Mistake | None = None,
) -> Finding:
    """Return the finding of a remark: code, words, place and excerpt."""
    facts = dict(remark.facts)
    if "text" in facts:
        facts["text"] = _cut(str(facts["text"]))
    if remark.error is not None:
        facts["explanation"], facts["advice"] = explain(remark.error)
        if not facts["explanation"] and remark.error.get("cause"):
            facts["explanation"] = f"The line that should make it failed: {remark.error['cause']}"
    elif remark.blank is not None:
        facts.setdefault("advice", f"fill in {assignment.blank(remark.blank).title}")
        facts.setdefault("title", assignment.blank(remark.blank).title)
    words = _words(remark.code, mistake)
    cell, line, span, lines = _place(remark, check, submission)
    return Finding(
        code=remark.code,
        severity=remark.severity,
        blank=remark.blank,
        cell=cell,
        line=line,
        message=filled(words.message, facts) or remark.code.replace("_", " "),
        hint=filled(words.hint, facts) or None,
        got=facts.get("got"),
        expected=facts.get("expected"),
        summary=filled(words.summary, facts) or None,
        why=filled(words.why, facts) or None,
        column=span[0] if span else None,
        end_column=span[1] if span else None,
        excerpt=lines,
    )


def _words(code: str, mistake: Mistake | None) -> Words:
    """Return the assignment's own words for a mistake, completed by the engine's."""
    own = words_for(code)
    given = mistake.words if mistake is not None and mistake.words is not None else Words()
    return Words(
        summary=given.summary or own.summary,
        message=given.message or own.message,
        why=given.why or own.why,
        hint=given.hint or own.hint,
    )


_Place = tuple["int | None", "int | None", "tuple[int, int] | None", tuple[SourceLine, ...]]


def _place(remark: Remark, check: Check, submission: Submission) -> _Place:
    """Return cell, line, underlined columns and the lines around, as far as they are known."""
    site = submission.site(remark.blank) if remark.blank is not None else None
    frames = (remark.error or {}).get("frames") or []
    if frames and not (site and _frame_in(site, frames)):
        cell, line = frames[-1]
        return (cell, line, None, _lines(submission, cell, line - 1, line + 1))
    if site is not None:
        return _site_place(site, check, submission)
    part = next((submission.parts[p] for p in check.parts if p in submission.parts), None)
    if part is None:
        return (None, None, None, ())
    numbers = [n for n in check.blanks if part.blank(n) is not None] if part.part.kind == "loop" else []
    if numbers:
        return _site_place(_loop_site(part, numbers[0]), check, submission)
    return (part.cell, part.first, None, _lines(submission, part.cell, part.first, part.first))


def _frame_in(site: BlankSite, frames: list[list[int]]) -> bool:
    """Whether an exception passed through the blank's own statement."""
    if site.statement is None:
        return False
    first, last = site.statement.line, site.statement.end_line
    return any(cell == site.cell and first <= line <= last for cell, line in frames)


def _site_place(site: BlankSite, check: Check, submission: Submission) -> _Place:
    if site.problem is not None:
        problem = site.problem
        span = (problem.column, problem.end_column)
        around = _lines(submission, site.cell, problem.line - 1, problem.line + 1)
        return (site.cell, problem.line, span, around)
    line, first, last = site.line, site.line - 1, site.line + 1
    if site.statement is not None:
        first, last = site.statement.line, min(site.statement.end_line, site.statement.line + 4)
    part = next((p for p in submission.parts.values() if p.blank(site.number)), None)
    if part is not None and part.part.kind == "loop":
        # An order is seen only with its neighbours: show all lines of the update.
        places = [s for s in part.blanks if s.number in check.blanks]
        first = min(s.line for s in places if s.cell == site.cell)
        last = max(s.line for s in places if s.cell == site.cell)
        answered = [s for s in places if s.state is BlankState.ANSWERED]
        if site.state is BlankState.ABSENT and answered:
            # Nothing to mark at the blank itself: show where the others stand.
            first, last = min(s.line for s in answered), max(s.line for s in answered)
            after = [s.line for s in answered if s.number > site.number]
            line = min(after) if after else last
            return (site.cell, line, None, _lines(submission, site.cell, first, last))
    span = None
    if site.span is not None and site.state is BlankState.ANSWERED:
        text = _text(submission, site.cell, line)
        end = site.span.end_column if site.span.end_line == line else len(text.rstrip())
        span = (site.span.column, max(end, site.span.column + 1))
    return (site.cell, line, span, _lines(submission, site.cell, first, last))


def _loop_site(part: Any, number: int) -> BlankSite:
    """Return the backward-most answered blank of a loop, to show its update lines by."""
    answered = [s for s in part.blanks if s.state is BlankState.ANSWERED]
    return answered[0] if answered else part.blank(number)


def _text(submission: Submission, cell: int, line: int) -> str:
    lines = submission.code.lines(cell)
    return lines[line - 1] if 0 < line <= len(lines) else ""


def _lines(submission: Submission, cell: int, first: int, last: int) -> tuple[SourceLine, ...]:
    """Return a few lines of a cell, blank ones at either end left out, long ones cut."""
    total = len(submission.code.lines(cell))
    numbers = range(max(first, 1), min(last, total, max(first, 1) + _MOST_LINES - 1) + 1)
    lines = [SourceLine(n, _text(submission, cell, n)[:_LINE]) for n in numbers]
    while lines and not lines[0].text.strip():
        lines.pop(0)
    while lines and not lines[-1].text.strip():
        lines.pop()
    return tuple(lines)


def _cut(text: str) -> str:
    """Shorten an exception's message to what a reader takes in."""
    first = "\n".join(text.strip().splitlines()[:4])
    return first if len(first) <= _TEXT else first[: _TEXT - 1] + "…"
