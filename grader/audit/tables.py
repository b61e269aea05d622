"""The figures of an audit, computed once for all its renderers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.audit.model import CaseKind
from grader.report import Status

if TYPE_CHECKING:
    from grader.audit.model import Audit, CaseRow, Margin, Survivor, Trial


@dataclass(frozen=True)
class TableLine:
    """One answer: for each check, its status under every seed that tried it."""

    label: str
    cells: tuple[tuple[Status, ...], ...]
    holes: tuple[str, ...] = ()


@dataclass(frozen=True)
class CaseGroup:
    """Answers of one kind in one place, and how many of them each check does not pass.

    Consecutive groups with the same ``heading`` belong together.
    """

    heading: str
    title: str
    lines: tuple[TableLine, ...]
    lost: tuple[int, ...]

    @property
    def tried(self) -> int:
        """The number of answers."""
        return len(self.lines)


_TITLES = {
    CaseKind.REFERENCE: "the solved notebook",
    CaseKind.TEMPLATE: "the untouched template",
    CaseKind.ALTERNATIVE: "alternatives",
    CaseKind.PAIR: "pairs of mistakes",
}


def matrix(audit: Audit) -> list[CaseGroup]:
    """Return the kill matrix: the answers in groups, the checks in the rubric's order."""
    return [*_answers(audit), *_mutants(audit)]


def _answers(audit: Audit) -> list[CaseGroup]:
    """Return a row for each answer, under all the seeds that tried it."""
    groups: dict[tuple[str, str], dict[str, list[CaseRow]]] = {}
    for row in audit.rows:
        alone = row.case.kind is CaseKind.MISTAKE
        group = ("mistakes", row.case.place) if alone else ("", _TITLES[row.case.kind])
        # Entries may share a label, so they are distinguished by their notebooks.
        key = f"{row.case.label}\0{row.case.notebook.cells!r}"
        groups.setdefault(group, {}).setdefault(key, []).append(row)
    checks = [check for check, _ in audit.checks]
    return [
        _group(
            names,
            [
                TableLine(
                    rows[0].case.label,
                    tuple(tuple(row.cell(check).status for row in rows) for check in checks),
                    tuple(dict.fromkeys(hole for row in rows for hole in row.holes)),
                )
                for rows in answers.values()
            ],
        )
        for names, answers in groups.items()
    ]


def _mutants(audit: Audit) -> list[CaseGroup]:
    """Return a row for each mutant, with the check that noticed it first."""
    groups: dict[str, list[Trial]] = {}
    for trial in audit.trials:
        blank = trial.mutant.blank
        title = f"blank {blank}" if blank else f"around, in {trial.mutant.part}"
        groups.setdefault(title, []).append(trial)
    checks = [check for check, _ in audit.checks]
    return [
        _group(
            ("mutants", title),
            [
                TableLine(
                    trial.mutant.line_of_text,
                    tuple(
                        (trial.killer.status,)
                        if trial.killer is not None and trial.killer.check == check
                        else ()
                        for check in checks
                    ),
                )
                for trial in trials
            ],
        )
        for title, trials in groups.items()
    ]


def _group(names: tuple[str, str], lines: list[TableLine]) -> CaseGroup:
    lost = [
        sum(any(s is not Status.PASSED for s in cell) for cell in column)
        for column in zip(*(line.cells for line in lines), strict=True)
    ]
    return CaseGroup(*names, tuple(lines), tuple(lost))


def counts(audit: Audit) -> list[tuple[str, str]]:
    """Return (name, words) for each kind of case: how many were tried, and the results."""
    found = [
        ("alternatives", _well(audit, CaseKind.ALTERNATIVE, "with full marks")),
        ("mistakes", _well(audit, CaseKind.MISTAKE, "with their verdict and their name")),
    ]
    pairs = Counter(row.outcome for row in audit.of(CaseKind.PAIR) if not row.holes)
    if audit.of(CaseKind.PAIR):
        words = {
            "named": "both named",
            "waits": "where one waits for the other's check",
            "together": "that lose one check together (recorded)",
        }
        shares = [f"{pairs[name]} {text}" for name, text in words.items() if pairs[name]]
        total = len(audit.of(CaseKind.PAIR))
        found.append(("pairs", f"{total}: {', '.join(shares) or 'none as it should be'}"))
    if audit.trials:
        tried = len(audit.trials)
        may = len(audit.survivors) - len(audit.unexplained)
        noticed = f"{tried}: {tried - len(audit.survivors)} noticed, {may} survive for a recorded "
        found.append(("mutants", f"{noticed}reason, {len(audit.unexplained)} without one"))
    found.append(("time", f"{audit.seconds:.0f} s"))
    return found


def _well(audit: Audit, kind: CaseKind, words: str) -> str:
    rows = audit.of(kind)
    right = sum(not row.holes for row in rows)
    seeds = f" ({len(rows) // len(audit.seeds)} under {len(audit.seeds)} seeds)"
    return f"{right} of {len(rows)} {words}" + (seeds if len(audit.seeds) > 1 else "")


def reasons(audit: Audit) -> list[tuple[str, list[Survivor]]]:
    """Return the surviving mutants by their recorded reasons, those without one ("") first."""
    found: dict[str, list[Survivor]] = {}
    for survivor in [*audit.unexplained, *(s for s in audit.survivors if s.reason)]:
        found.setdefault(survivor.reason or "", []).append(survivor)
    return list(found.items())


def room(margin: Margin) -> str:
    """Return a margin in words: ``8.2e-05, may be 0.0003``."""
    if margin.unit == "accuracy":
        return f"{100 * margin.value:.1f} % right, the threshold is {100 * margin.limit:.0f} %"
    limit = f"{margin.limit:.1e}".replace(".0e", "e")
    if margin.value == 0:
        return f"exactly equal, may be {limit} off"
    return f"{margin.value:.1e} off, may be {limit}"


def ways_out(audit: Audit) -> list[str]:
    """Return what to write, and where, so that the holes of an audit close."""
    found = []
    parts = list(dict.fromkeys(survivor.mutant.part for survivor in audit.unexplained))
    for part in parts[:1]:
        wrong = "a change that is wrong: list it in mistakes.toml or mistakes/PART.toml as"
        change = f'[[mistakes]] with part = "{part}", find and replace (or blank and answer)'
        found.append(f"{wrong} {change}, and let a check see it")
        right = "a change that is as right as the solution: record it in equivalents.toml as"
        found.append(f'{right} [[equivalents]] with part = "{part}", was, becomes and reason')
    if any("is hidden" in hole for hole in audit.wrong):
        found.append(
            "a mistake that hides another's name: record the check in pairs.toml as [[together]] "
            "with check and reason, where no check can tell both"
        )
    if any("went wrong" in hole for hole in audit.wrong):
        found.append(
            "a check of your own that went wrong: let its probe and its judge take whatever a "
            "student's code may give, None and other types and shapes too"
        )
    if any(row.holes and not any(cell.fault for cell in row.cells) for row in audit.rows):
        found.append(
            "a listed answer with another verdict: correct the check in assignment.toml, or the "
            "entry's verdict; grade lint and docs/rubric.md say what either may hold"
        )
    if audit.stale:
        found.append("a record that nothing needs: take it out of equivalents.toml")
    return found
