"""Notices that what ran in the kernel is not what the file holds: the notebook was not saved."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.jupyter.open_notebook import is_ours
from grader.notebook.read import read_notebook

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from IPython.core.interactiveshell import ExecutionInfo, InteractiveShell


@dataclass(frozen=True)
class Run:
    """A cell that ran: its number (In [3]), its text, and when, in seconds since 1970."""

    number: int
    text: str
    at: float


class Runs:
    """Keeps when each cell of a session ran, from the moment at which the extension is loaded."""

    def __init__(self, shell: InteractiveShell) -> None:
        """Keep none yet."""
        self._shell = shell
        self._runs: list[Run] = []

    def note(self, info: ExecutionInfo) -> None:
        """Keep one that is about to run; IPython calls this."""
        self._runs.append(Run(self._shell.execution_count, info.raw_cell or "", time.time()))

    def missing_in(self, path: Path) -> Sequence[Run]:
        """Return the cells that ran after the file was saved and are not in it."""
        try:
            saved = path.stat().st_mtime
            texts = {_bare(cell.source) for cell in read_notebook(path).cells}
        except (OSError, GraderError):  # it is told when it is graded
            return ()
        later = (run for run in self._runs if run.at > saved)
        return [run for run in later if not is_ours(run.text) and _bare(run.text) not in texts]


def words(missing: Sequence[Run]) -> str:
    """Return the warning about cells that ran and are not saved; empty if there are none."""
    if not missing:
        return ""
    named = ", ".join(f"In [{number}]" for number in dict.fromkeys(run.number for run in missing))
    verb = "is" if len(missing) == 1 else "are"
    return (
        f"{named} ran after the file was saved and {verb} not in it: this grades the file as it "
        "was saved. Save the notebook (Ctrl+S or ⌘S), then run %grade again."
    )


def _bare(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.strip().splitlines())
