"""Ends a batch: writes its folder and prints its summary."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from grader.batch.changes import changes
from grader.batch.outputs import Wanted, page_writer, write_only_results, write_outputs
from grader.batch.released import not_written_anew, release, released
from grader.cli.changes import print_changes
from grader.cli.console import report_console, writing
from grader.cli.extras import write_extras
from grader.detail import told
from grader.reports import json_report
from grader.reports.class_summary import print_class_summary
from grader.reports.destination import write_file
from grader.reports.progress import StatusLine
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from grader.batch.results import Results
    from grader.batch.store import Store
    from grader.classroom import Graded
    from grader.classroom.statistics import ClassStatistics
    from grader.cli.given import Arguments
    from grader.grading.grader import Grader

# Of a remark that names students: a class's names in full, and no end of one hostile name.
_LONGEST = 200_000


def finish(
    arguments: Arguments,
    out: Path,
    results: Results,
    grader: Grader,
    store: Store,
    state: Mapping[str, Any],
) -> ClassStatistics:
    """Write the folder and whatever else was asked for, print the summary; return its figures.

    ``state`` is what the class was graded by; whose points changed since the folder was last
    written is printed too. Raises ``GraderError`` when something cannot be written.
    """
    asked, wanted = arguments.batch, _wanted(arguments, grader)
    with StatusLine() as progress:
        progress.step(f"writing results and pages for {len(results)} students")
        # Without a folder of the user's own nobody would see the pages.
        write = write_outputs if asked.out is not None else write_only_results
        written = write(out, results, grader.assignment, wanted)
        before = released(store)
        old = not_written_anew(out, written.files) if before is None else ()
        now, removed = release(store, out, state, written.files)
    if arguments.json == json_report.STDOUT:
        with writing():
            sys.stdout.writelines(_lines(out))
    else:
        with writing():
            files = [str(path) for path in written.files] if asked.out is not None else []
            title = grader.assignment.title
            print_class_summary(title, written.statistics, files, report_console())
        if arguments.json is not None:
            write_file(arguments.json, "".join(_lines(out)), "--json")
    if arguments.files or arguments.github:
        readable = [told(one.report, asked.detail) for one in results if one.readable]
        unread = [
            (graded.origin, graded.report.notes[0].message)
            for graded in results
            if not graded.readable
        ]
        write_extras(arguments, readable, unread, broken=False)
    if asked.out is not None and before is not None:
        found = changes(before.standings, now.standings, (before.state, now.state))
        print_changes(found, to_stdout=arguments.json != json_report.STDOUT)
    for name in removed:
        told = f"removed, since it is no longer asked for: {name}"
        print(printable(told, 500), file=sys.stderr)  # noqa: T201 - stdout is for reports
    for name in old:
        told = f"{name} was there before, and may hold older points: nothing asked for it now"
        print(printable(told, 500), file=sys.stderr)  # noqa: T201 - stdout is for reports
    for remark in (*written.remarks, *results.without_effect(), *results.late.remarks):
        print(printable(remark, _LONGEST), file=sys.stderr)  # noqa: T201 - stdout is for reports
    return written.statistics


def page_of_each(arguments: Arguments, out: Path, grader: Grader) -> Callable[[Graded], object]:
    """Return a function that writes one student's page before the others are graded."""
    return page_writer(out, grader.assignment, _wanted(arguments, grader))


def _wanted(arguments: Arguments, grader: Grader) -> Wanted:
    asked = arguments.batch
    return Wanted(
        gradebooks=asked.gradebooks,
        column=asked.column,
        nbgrader=asked.format == "nbgrader",
        zips=asked.zips,
        answers=grader.solved.answers if asked.show_answers else None,
        annotated=arguments.annotated is not None,
        detail=asked.detail,
    )


def _lines(out: Path) -> list[str]:
    with (out / "results.jsonl").open(encoding="ascii") as file:
        return list(file)
