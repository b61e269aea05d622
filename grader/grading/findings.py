"""Puts remarks into words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from grader.assignment.listed import Words
from grader.checks.row_forms import has_rows
from grader.grading.locations import location_of
from grader.grading.lost_lines import lost_line
from grader.grading.syntax_words import syntax_words
from grader.notebook.headings import heading_above
from grader.quoting import quotation, quoted
from grader.report import Finding
from grader.words import explain, filled, knows, speaks_of, words_for
from grader.words.terms import of_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.assignment import Assignment, Check
    from grader.checks.remark import Remark
    from grader.grading.submission import Submission

_TEXT = 300
_VALUE = 1000
_TRACEBACK = 8000
# What a submission raised is quoted line by line, under a sentence of ours.
_RAISED = "{type}: {text}"
_FETCHES = re.compile(r"[Dd]ownload|urlopen|URLError|HTTPError|ConnectionError|Dataset not found")
_LOST = """\
The course's notebook makes {name} in a given line that is not in your cell as it was: `{line}`. \
Tools that tidy code, such as ruff or autoflake, take out or rename what is not used yet."""
_PUT_BACK = "put that line back as it stands there, and let no such tool change the given code"
_NO_DATA = "It is made from data that is not loaded where this part is graded by itself."


def finding(
    remark: Remark, check: Check, submission: Submission, assignment: Assignment
) -> Finding:
    """Return the finding of a remark: code, words, place and excerpt."""
    rows = has_rows(check.options)
    facts = {
        key: _bounded(value, _longest(key, remark.code)) for key, value in remark.facts.items()
    }
    if "text" in remark.facts:
        text = str(remark.facts["text"])
        facts["raised"] = quotation(f"{facts.get('type', '')}: {text}")
        facts["text"] = quoted(text) if remark.error is not None else _cut(text)
    if remark.code == "syntax_error":
        at, number, *_ = location_of(remark, check, submission, assignment)
        source = submission.code.lines(at)[number - 1] if at is not None and number else ""
        facts["text"], facts["advice"] = syntax_words(str(facts.get("text", "")), source)
    if remark.error is not None:
        # The explanation and the advice may quote the exception, which may be long.
        words = (_bounded(text, _VALUE) for text in explain(remark.error, rows=rows))
        facts["explanation"], facts["advice"] = words
        lost = lost_line(remark.error, submission, assignment)
        if lost is not None:
            facts["explanation"], facts["advice"] = (
                filled(text, {"name": lost[0], "line": lost[1]}) for text in (_LOST, _PUT_BACK)
            )
        facts["explanation"] = facts.get("explained", facts["explanation"])
        facts["advice"] = facts.get("advised", facts["advice"])
        if remark.error.get("cause"):
            # The name is spelled right; the line that should have bound it failed.
            cause = remark.error["cause"]
            facts["explanation"] = f"The line that should make it failed: {quoted(cause)}."
            facts["advice"] = "put that line right first"
            if _FETCHES.search(cause):  # the network and the data are ours to have
                facts["explanation"] = _NO_DATA
                facts["advice"] = "what is asked for here has to work without loading data"
    elif remark.blank is not None:
        facts.setdefault("advice", assignment.blank(remark.blank).hint)
        facts.setdefault("title", assignment.blank(remark.blank).title)
    said = _words(remark, facts, assignment, rows=rows)
    cell, line, span, lines = location_of(remark, check, submission, assignment)
    return Finding(
        code=remark.code,
        severity=remark.severity,
        blank=None if remark.set_at else remark.blank,
        cell=cell,
        line=line,
        message=filled(
            _with_line(said.message.replace(_RAISED, "{raised}"), remark, (cell, line), submission),
            facts,
        )
        or remark.code.replace("_", " "),
        hint=filled(said.hint, facts) or None,
        got=facts.get("got"),
        expected=facts.get("expected"),
        summary=filled(said.summary, facts) or None,
        why=filled(said.why, facts) or None,
        column=span[0] if span else None,
        end_column=span[1] if span else None,
        excerpt=lines,
        heading=heading_above(submission.notebook.cells, cell),
        cell_line=submission.notebook.line_of(cell),
    )


def _with_line(
    text: str, remark: Remark, shown: tuple[int | None, int | None], submission: Submission
) -> str:
    """Return words on "this line" with its number, where another one is shown, or none.

    An exception is raised in a line, and passes through those that led to it.
    """
    frames = [tuple(frame) for frame in remark.error["frames"]] if remark.error else []
    site = submission.site(remark.blank) if remark.blank is not None else None
    span = site.statement if site is not None else None
    if not frames or shown in frames or shown[0] is None:
        return text
    cell, line = frames[-1]
    if span and site and cell == site.cell == shown[0]:
        own = range(span.line, span.end_line + 1)
        if line in own and shown[1] in own:
            return text
    of_file = submission.notebook.line_of(cell) is not None
    place = f"line {line}" + ("" if of_file or cell == shown[0] else f" of cell {cell}")
    return re.sub(r"\bthis line(?= (?:raises|stops))", place, text)


def said_once(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return findings without those that say of the same place what one before says."""
    found: dict[object, Finding] = {}
    for one in findings:
        key = (one.code, one.cell, one.line, one.message, repr(one.got))
        found.setdefault(key, one)
    return tuple(found.values())


def _words(remark: Remark, facts: dict[str, Any], assignment: Assignment, *, rows: bool) -> Words:
    """Return the listed mistake's own words, completed by those for the remark's code.

    Words with a ``{fact}`` that was not observed here give way to plainer ones. Where the data are
    ``rows``, no images, ours speak of these.
    """
    mistake, observed = remark.mistake, remark.observed or remark.code
    own = _known(remark.code if knows(remark.code) else observed, assignment, rows=rows)
    given = mistake.words if mistake is not None and mistake.words is not None else Words()
    if not speaks_of(given.message) <= set(facts):
        given = Words()
    if not speaks_of(own.message) <= set(facts):
        own = _known(observed, assignment, rows=rows)
    return _completed(given, own)


def _known(code: str, assignment: Assignment, *, rows: bool) -> Words:
    """Return the engine's words for a code, with the assignment's in their place where it has."""
    ours = words_for(code)
    if rows:
        ours = Words(**{key: of_rows(text) for key, text in vars(ours).items()})
    return _completed(assignment.words.get(code, Words()), ours)


def _completed(first: Words, second: Words) -> Words:
    return Words(
        summary=first.summary or second.summary,
        message=first.message or second.message,
        why=first.why or second.why,
        hint=first.hint or second.hint,
    )


def _cut(text: str) -> str:
    """Cut an exception's message to its first four lines."""
    first = "\n".join(text.strip().splitlines()[:4])
    return first if len(first) <= _TEXT else first[: _TEXT - 1] + "…"


def _longest(fact: str, code: str) -> int:
    """Return how many characters of a fact a finding quotes."""
    if code == "internal":
        return _TRACEBACK  # a traceback of the grader's own
    return _VALUE if fact in ("got", "expected") else _TEXT


def _bounded(value: Any, longest: int) -> Any:
    """Cut a fact that is text: a forged one may be as long as a worker's answer may be."""
    if value is None or isinstance(value, (bool, int, float)):
        return value
    text = value if isinstance(value, str) else str(value)
    return value if len(text) <= longest else text[: longest - 1] + "…"
