"""Writing to a stdout that may be closed, full, or a pipe that nobody reads any more."""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from grader.errors import GraderError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO


@contextmanager
def writing() -> Iterator[None]:
    """Let the report be written: ``grade … | head`` ends quietly, with the grading's status."""
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()  # here, not when the interpreter ends and can only complain
    except BrokenPipeError:
        silence(sys.stdout)
    except OSError as error:
        silence(sys.stdout)
        raise GraderError(
            f"cannot write to standard output: {error.strerror or error}",
            hint="is the disk full? --json FILE writes the report elsewhere",
        ) from error


def silence(stream: TextIO) -> None:
    """Send what is still buffered nowhere, so that the interpreter's last flush can't fail."""
    with suppress(OSError, ValueError):  # not a real file: nothing to do
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
