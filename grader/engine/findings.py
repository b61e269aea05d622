"""Puts remarks into words and beside the student's own lines."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from grader.assignment.model import Words
from grader.notebook.blanks import BlankSite, BlankState
from grader.report import Finding, SourceLine
from grader.words import explain, filled, knows, speaks_of, words_for

if TYPE_CHECKING:
    from grader.assignment import Assignment, Check
    from grader.engine.diagnosis import Named
    from grader.engine.submission import Submission
    from grader.judges.remark import Remark
    from grader.notebook.locate import LocatedPart

_MOST_LINES = 7
_TEXT = 300
_LINE = 400


def finding(named: Named, check: Check, submission: Submission, assignment: Assignment) -> Finding:
    """Return the finding of a remark: code, words, place and excerpt."""
    remark = named.remark
    facts = dict(remark.facts)
    if "text" in facts:
        facts["text"] = _cut(str(facts["text"]))
    if remark.code == "syntax_error":
        # Python's own suggestion ("Maybe you meant '=='?") would give the answer away.
        facts["text"] = re.split(
            r"[.,] (?:maybe|perhaps) ", str(facts.get("text", "")), flags=re.IGNORECASE
        )[0]
    if remark.error is not None:
        facts["explanation"], facts["advice"] = explain(remark.error)
        if remark.error.get("cause"):
            # The name is spelled right; what should have made it failed.
            facts["explanation"] = f"The line that should make it failed: {remark.error['cause']}"
            facts["advice"] = "put that line right first"
    elif remark.blank is not None:
        facts.setdefault("advice", assignment.blank(remark.blank).hint)
        facts.setdefault("title", assignment.blank(remark.blank).title)
    words = _words(remark.code, named, facts, assignment)
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


def _words(code: str, named: Named, facts: dict[str, Any], assignment: Assignment) -> Words:
    """Return the assignment's own words for a mistake, completed by those for its code.

    Words that speak of something which was not observed here give way to plainer ones.
    """
    mistake, observed = named.mistake, named.observed
    own = _known(code if knows(code) else observed, assignment)
    given = mistake.words if mistake is not None and mistake.words is not None else Words()
    if not speaks_of(given.message) <= set(facts):
        given = Words()
    if not speaks_of(own.message) <= set(facts) and observed:
        own = _known(observed, assignment)
    return _completed(given, own)


def _known(code: str, assignment: Assignment) -> Words:
    """Return the engine's words for a code, with the assignment's in their place where it has."""
    return _completed(assignment.words.get(code, Words()), words_for(code))


def _completed(first: Words, second: Words) -> Words:
    return Words(
        summary=first.summary or second.summary,
        message=first.message or second.message,
        why=first.why or second.why,
        hint=first.hint or second.hint,
    )


_Place = tuple["int | None", "int | None", "tuple[int, int] | None", tuple[SourceLine, ...]]


def _place(remark: Remark, check: Check, submission: Submission) -> _Place:
    """Return cell, line, underlined columns and the lines around, as far as they are known."""
    site = submission.site(remark.blank) if remark.blank is not None else None
    frames = (remark.error or {}).get("frames") or []
    if frames and not (site and _frame_in(site, frames)):
        cell, line = frames[-1]
        return (cell, line, None, _lines(submission, cell, line - 1, line + 1))
    if site is not None and (site.line or site.problem):
        return _site_place(site, check, submission)
    part = next((submission.parts[p] for p in check.parts if p in submission.parts), None)
    if part is None or len(check.parts) > 1 or remark.code == "follows":
        # What follows from several parts, or from another check, has no line of its own.
        return (None, None, None, ())
    if part.part.kind == "loop":
        return _loop_place(part, None, check, submission)
    method = _method(part, str(check.options.get("method", "")))
    if method is not None:
        first, last = method
        return (part.cell, first, None, _lines(submission, part.cell, first, last))
    return (part.cell, part.first, None, _lines(submission, part.cell, part.first, part.first))


def _method(part: LocatedPart, name: str) -> tuple[int, int] | None:
    """Return the first and last line of a method of the part's class."""
    for node in getattr(part.statements[0].node, "body", ()) if part.statements else ():
        if isinstance(node, ast.FunctionDef) and node.name == name:
            return node.lineno, node.end_lineno or node.lineno
    return None


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
        return _loop_place(part, site, check, submission)
    return (site.cell, line, _span(site, submission), _lines(submission, site.cell, first, last))


def _loop_place(
    part: LocatedPart, site: BlankSite | None, check: Check, submission: Submission
) -> _Place:
    """Show all lines of the update, since an order is seen only with its neighbours."""
    places = [s for s in part.blanks if s.number in check.blanks and s.line]
    if not places:
        shown = _lines(submission, part.cell, part.first, part.first)
        return (part.cell, part.first, None, shown)
    lines = _lines(submission, part.cell, min(s.line for s in places), max(s.line for s in places))
    if site is not None and site.line:
        return (part.cell, site.line, _span(site, submission), lines)
    return (part.cell, min(s.line for s in places), None, lines)


def _span(site: BlankSite, submission: Submission) -> tuple[int, int] | None:
    """Return the columns of an answer on its first line."""
    if site.span is None or site.state is not BlankState.ANSWERED:
        return None
    text = _text(submission, site.cell, site.line)
    end = site.span.end_column if site.span.end_line == site.line else len(text.rstrip())
    return (site.span.column, max(end, site.span.column + 1))


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
