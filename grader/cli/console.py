"""What commands print: reports on stdout; on stderr ``error: …``, an empty line, ``hint: …``."""

from __future__ import annotations

import os
import sys
import traceback
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING, NoReturn

from grader.errors import GraderError
from grader.quoting import file_name
from grader.reports.ci import inert

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

    from rich.console import Console

_HINT = (
    "please report this together with the notebook; with GRADER_DEBUG=1 in the environment "
    "the same command shows the traceback"
)


def report_console() -> Console:
    """Return the console that reports are printed on.

    Rich exits with status 1 when its pipe is closed; this console raises ``BrokenPipeError``.
    """
    from rich.console import Console  # noqa: PLC0415 - `grade --help` does without it

    from grader.reports.notebook_output import forced_by_a_kernel  # noqa: PLC0415

    class ReportConsole(Console):
        def on_broken_pipe(self) -> NoReturn:
            raise BrokenPipeError

    plain = False if forced_by_a_kernel(sys.stdout) else None
    return ReportConsole(highlight=False, markup=False, emoji=False, force_terminal=plain)


@contextmanager
def writing() -> Iterator[None]:
    """Flush stdout after the block; ``grade … | head`` ends quietly, with the grading's status.

    Raises ``GraderError`` when stdout can't be written, for instance because the disk is full.
    """
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()  # at its exit the interpreter could only print a traceback
    except BrokenPipeError:
        silence(sys.stdout)
    except OSError as error:
        silence(sys.stdout)
        raise GraderError(
            f"cannot write to standard output: {error.strerror or error}",
            hint="is the disk full? --json FILE writes the report elsewhere",
        ) from error


def silence(stream: TextIO) -> None:
    """Discard what is still buffered, so that the interpreter's last flush can't fail."""
    with suppress(OSError, ValueError):  # not a real file
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)


def complain(error: GraderError, path: str | None = None) -> None:
    """Print an error that the user can mend, with ``path`` if the message doesn't name it."""
    unnamed = path is not None and os.path.basename(path) not in error.message  # noqa: PTH119 - a path of any text
    _print(
        f"{file_name(path or '', 300)}: {error.message}" if unnamed else error.message, error.hint
    )


def complain_of_ourselves(error: Exception, path: str | None = None) -> None:
    """Print a fault of the grader's own; the traceback only with ``GRADER_DEBUG`` set."""
    what = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    where = f" at {file_name(path, 300)}" if path is not None else ""
    if os.environ.get("GRADER_DEBUG", "") not in {"", "0"}:
        _show("".join(traceback.format_exception(error)).rstrip(), 100_000)
    _print(f"the grader itself failed{where}: {what}", _HINT)


def _print(message: str, hint: str | None) -> None:
    _show(f"error: {message}", 2000)
    if hint:
        _show("", 0)
        _show(f"hint: {hint}", 2000)


def _show(text: str, limit: int) -> None:
    from grader.text import printable  # noqa: PLC0415 - `grade --help` does without it

    for line in printable(text, limit, keep_lines=True).split("\n"):
        print(inert(line), file=sys.stderr)  # noqa: T201 - stderr is this file's subject
