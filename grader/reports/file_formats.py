"""The formats that other systems read from a file: ``--NAME FILE`` for each.

A format is a module of this folder with its name, and an entry here. The module has
``render(reports, unread, *, broken)``, which returns the file's text, or ``None`` to write no file.
``unread`` are notebooks without a report, each with the reason; with ``broken`` the reason is the
grader's own fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.report import Report


@dataclass(frozen=True)
class FileFormat:
    """What the option's help says, and whether a file holds the result of one notebook only."""

    help: str
    one_notebook: bool = False


FILE_FORMATS = {
    "junit": FileFormat("write JUnit XML too, as test runners do"),
    "gradescope": FileFormat("write Gradescope's results.json too", one_notebook=True),
}


def render(
    name: str, reports: Sequence[Report], unread: Sequence[tuple[str, str]], *, broken: bool
) -> str | None:
    """Return a file's text in the format of this name, ``None`` where no file is to be written."""
    # Imported late: few runs ask for a format, and each brings libraries of its own.
    text: str | None = import_module(f"grader.reports.{name}").render(
        reports, unread, broken=broken
    )
    return text
