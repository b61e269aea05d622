"""An audit on the terminal: the results by check, and what no check noticed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from grader.audit.tables import counts, matrix, reasons, room, ways_out
from grader.points import MARKS
from grader.report import Status
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from grader.audit.model import Audit, Survivor

_STYLES = {Status.PASSED: "dim", Status.PARTIAL: "yellow", Status.NOT_ATTEMPTED: "dim"}
_LABEL = 64
_NARROWEST, _SHORTEST, _TRIED = 5, 24, 7


def print_audit(audit: Audit, console: Console, *, full: bool = False) -> None:
    """Print an audit: a matrix with a row for each group, or for each answer if ``full``."""
    seeds = ", ".join(str(seed) for seed in audit.seeds)
    console.print(Text.assemble((audit.assignment, "bold"), f"  {audit.title}, seeds {seeds}"))
    console.print()
    console.print(_matrix(audit, console.width, full=full))
    console.print()
    for name, words in counts(audit):
        console.print(Text(f"  {name:<13}{words}"))
    _print_margins(audit, console)
    _print_reasons(audit, console)
    console.print()
    if not audit.holes:
        console.print(Text("No hole was found.", "green"))
        return
    console.print(Text(f"holes: {len(audit.holes)}", "bold red"))
    for sentence in audit.wrong:
        console.print(Text(f"  {_line(sentence, 400)}"))
    for survivor in audit.unexplained:
        console.print(_survivor(survivor))
    console.print()
    for sentence in ways_out(audit):
        console.print(Text(f"hint: {_line(sentence, 400)}", "dim"))


def _matrix(audit: Audit, width: int, *, full: bool) -> Text:
    """Return the table: a row for each group or answer, a column for each check."""
    titles = [_line(title, _LABEL).split() for _, title in audit.checks]
    columns = [max(_NARROWEST, *map(len, words)) + 2 for words in titles]
    # Rows for every answer are read in a pager or a file and may be wide.
    first = _LABEL if full else max(width - sum(columns) - _TRIED, _SHORTEST)
    table = Text()

    def row(label: str, tried: str, cells: Sequence[Text], style: str = "") -> None:
        indent = len(label) - len(label.lstrip())
        table.append(" " * indent)
        table.append(f"{_line(label, first - indent):<{first - indent}}{tried:>{_TRIED}}", style)
        for cell, column in zip(cells, columns, strict=True):
            table.append(" " * (column - len(cell))).append(cell)
        table.append("\n")

    for k in range(max(map(len, titles))):
        words = [Text(title[k] if k < len(title) else "", "bold") for title in titles]
        row("", "" if k else "tried", words, "bold")
    heading = ""
    for group in matrix(audit):
        if group.heading and group.heading != heading:
            table.append(f"{group.heading}\n")
        heading = group.heading
        lost = [_share(number) for number in group.lost]
        row("  " * bool(heading) + group.title, str(group.tried), lost, "bold" if full else "")
        for line in group.lines if full else ():
            row(f"    {line.label}", "", [_mark(statuses) for statuses in line.cells])
    table.rstrip()
    return table


def _share(lost: int) -> Text:
    return Text(str(lost) if lost else "·", "" if lost else "dim")


def _mark(statuses: tuple[Status, ...]) -> Text:
    """Return one mark for all seeds, or each seed's if they differ."""
    names = list(dict.fromkeys(statuses))
    if not names:
        return Text("")
    text = " / ".join("·" if status is Status.PASSED else MARKS[status] for status in names)
    return Text(text, _STYLES.get(names[0], "red") if len(names) == 1 else "bold magenta")


def _print_margins(audit: Audit, console: Console) -> None:
    if not audit.margins:
        return
    console.print()
    console.print(Text("margins, the tightest of each check and verdict"))
    for margin in audit.margins:
        line = Text(f"  {margin.check:<15}{margin.side:<9}{room(margin):<46}", "")
        line.append(_line(margin.label, _LABEL), "dim")
        if margin.thin:
            line.append("  thin", "bold yellow")
        console.print(line)


def _print_reasons(audit: Audit, console: Console) -> None:
    recorded = [(reason, survivors) for reason, survivors in reasons(audit) if reason]
    if recorded:
        console.print()
        console.print(Text("mutants that may survive, by their recorded reasons"))
    for reason, survivors in recorded:
        console.print(Text(f"  {len(survivors):>4}  {_line(reason, 300)}"))


def _survivor(survivor: Survivor) -> Text:
    mutant = survivor.mutant
    where = f"{mutant.part}, cell {mutant.cell}, line {mutant.line} ({mutant.operator})"
    text = Text(f"  no check notices this change of {_line(where, 200)}:")
    for line in mutant.text.splitlines():
        style = "red" if line.startswith("-") else "green"
        text.append(f"\n    {printable(line, 200, keep_lines=True)}", style)
    return text


def _line(text: str, limit: int) -> str:
    return printable(text, limit)
