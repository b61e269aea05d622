"""What goes wrong, on stderr: ``error: …``, an empty line, ``hint: …``."""

from __future__ import annotations

import os
import sys
import traceback
from typing import TYPE_CHECKING

from grader.reports.ci import inert

if TYPE_CHECKING:
    from grader.errors import GraderError

_HINT = (
    "please report this together with the notebook; with GRADER_DEBUG=1 in the environment "
    "the same command shows the traceback"
)


def complain(error: GraderError, path: str | None = None) -> None:
    """Print what the user can put right; ``path`` is named if the message doesn't name it."""
    unnamed = path is not None and os.path.basename(path) not in error.message  # noqa: PTH119 - a path of any text
    _print(f"{path}: {error.message}" if unnamed else error.message, error.hint)


def complain_of_ourselves(error: Exception, path: str | None = None) -> None:
    """Print a fault of the grader's own, with its traceback only for those who ask for it."""
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    where = f" at {path}" if path is not None else ""
    if os.environ.get("GRADER_DEBUG", "") not in {"", "0"}:
        _show("".join(traceback.format_exception(error)).rstrip(), 100_000)
    _print(f"the grader itself failed{where}: {what}", _HINT)


def _print(message: str, hint: str | None) -> None:
    _show(f"error: {message}", 2000)
    if hint:
        _show("", 0)
        _show(f"hint: {hint}", 2000)


def _show(text: str, limit: int) -> None:
    # Only needed when something went wrong; `grade --help` does without.
    from grader.text import printable  # noqa: PLC0415

    for line in printable(text, limit, keep_lines=True).split("\n"):
        print(inert(line), file=sys.stderr)  # noqa: T201 - stderr is this file's subject
