"""``grade audit``: tests an assignment's checks on answers whose verdict is known."""

from __future__ import annotations

import argparse
import re
import sys
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli import values
from grader.cli.arguments import Parser
from grader.cli.console import writing
from grader.errors import EXIT_PASSED, EXIT_POINTS_LOST, GraderError
from grader.reports import json_report
from grader.reports.progress import StatusLine

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.assignment import Assignment
    from grader.audit.model import Audit

_EPILOG = """\
what is tried, under each seed:
  the solved notebook and every alternative    must get full marks
  the untouched template                       must get nothing
  every listed mistake                         must get its verdict and its name
  pairs of mistakes in different blanks        must cost what both cost, and show both names
  mutants: one small change to the solution    must be noticed by some check

exit status:
  0  everything is as it should be
  1  a hole: the checks overlook something, or blame somebody for nothing
  2  wrong usage, or an assignment's files contradict themselves
  3  the grader itself failed
"""
_PAIRS = 150
_SEEDS = 2


@dataclass(frozen=True)
class _Options:
    assignment: str | None
    seed: int
    seeds: int
    pairs: int
    mutants: int | None
    device: str
    only: tuple[str, ...]
    full: bool
    json: str | None
    html: str | None


def audit(argv: Sequence[str]) -> int:
    """Audit one assignment or all of them; return the exit status.

    Raises ``GraderError`` for wrong usage and for files that contradict themselves.
    """
    options = _parse(argv)
    for option in ("json", "html"):
        destination = getattr(options, option)
        if destination is not None:
            json_report.check_destination(destination)
    from grader.assignment import all_assignments, load_assignment  # noqa: PLC0415 - after --help

    chosen = [load_assignment(options.assignment)] if options.assignment else all_assignments()
    audits = [_audit(assignment, options) for assignment in chosen]
    _write(audits, options)
    return EXIT_POINTS_LOST if any(one.holes for one in audits) else EXIT_PASSED


def _parse(argv: Sequence[str]) -> _Options:
    parser = Parser(
        prog="grade audit",
        description="Try an assignment's checks on answers whose verdict is known.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--assignment", metavar="NAME|DIR", help="one assignment only (default: all)")
    add("--seed", type=values.seed, default=1, metavar="N", help="the first seed (default: 1)")
    add("--seeds", type=_count, default=_SEEDS, metavar="N", help=f"how many (default: {_SEEDS})")
    pairs = f"about how many pairs of mistakes a seed (default: {_PAIRS}; 0: none)"
    add("--pairs", type=_count, default=_PAIRS, metavar="N", help=pairs)
    add("--mutants", type=_count, metavar="N", help="at most so many mutants (default: all)")
    where = "where the brief training runs: cpu (default), cuda or cuda:N"
    add("--device", type=_device, default="cpu", metavar="WHERE", help=where)
    only = "these listed answers alone: a mistake's code, an alternative's title or a part"
    add("--only", action="append", default=[], metavar="NAME", help=only)
    add("--full", action="store_true", help="print a row for every answer")
    add("--json", metavar="FILE", help="write all results as JSON; with - only JSON, on stdout")
    add("--html", metavar="FILE", help="write all results as one page")
    given = vars(parser.parse_args(argv))
    options = _Options(**{**given, "only": tuple(given["only"])})
    if options.only and options.assignment is None:
        raise GraderError("--only names answers of one assignment", hint="add --assignment NAME")
    if options.seeds < 1:
        raise GraderError("--seeds 0: nothing would be tried", hint="1 or more")
    return options


def _device(text: str) -> str:
    # A mutant's behaviour depends on the device, so it must be chosen.
    if text == "auto":
        raise GraderError("an audit runs on one device", hint="--device cpu, or --device cuda")
    return values.device(text)


def _count(text: str) -> int:
    if not re.fullmatch(r"\d{1,6}", text, re.ASCII):
        raise GraderError(f"{text[:60]!r} is no number of things to try", hint="0, 1, 2, …")
    return int(text)


def _audit(assignment: Assignment, options: _Options) -> Audit:
    from grader.audit import Plan, audit, margins  # noqa: PLC0415
    from grader.grading.grader import Grader  # noqa: PLC0415

    def grader(seed: int) -> Grader:
        folder = str(assignment.folder)
        return Grader(assignment=folder, seed=seed, device=options.device)

    seeds = tuple(range(options.seed, options.seed + options.seeds))
    device = options.device.partition(":")[0]
    plan = Plan(seeds, options.pairs, options.mutants, device, options.only)
    # stdout is for the result; everything else goes to stderr.
    with StatusLine() as progress, redirect_stdout(sys.stderr):
        title = f"{assignment.id}, "
        return audit(assignment, grader, plan, margins, lambda text: progress.step(title + text))


def _write(audits: Sequence[Audit], options: _Options) -> None:
    from rich.console import Console  # noqa: PLC0415

    from grader.audit import page, plain, print_audit  # noqa: PLC0415

    if options.html is not None:
        _save(options.html, page.to_html(audits))
    text = plain.to_text(audits) if options.json is not None else ""
    with writing():
        if options.json == json_report.STDOUT:
            sys.stdout.write(text)
            return
        console = Console(highlight=False, soft_wrap=True)
        for one in audits:
            print_audit(one, console, full=options.full)
    if options.json is not None:
        _save(options.json, text)


def _save(destination: str, text: str) -> None:
    try:
        Path(destination).write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        reason = error.strerror or str(error)
        raise GraderError(f"cannot write {destination}: {reason}", "name another file") from error
