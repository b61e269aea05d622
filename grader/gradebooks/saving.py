"""Writes a file whole or not at all."""

from __future__ import annotations

import os
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from grader.errors import GraderError
from grader.notebook.printable import printable

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to write to; it takes the place of ``path`` when the block ends well.

    Until then ``path`` is what it was, and after an exception too. Raises ``GraderError`` when
    the place can't be written to.
    """
    target = Path(os.path.realpath(path))  # a link stays a link, its target is replaced
    # Not tempfile: its files are readable by their owner only, and would stay so.
    draft = target.with_name(f".{target.name[:100]}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        file = draft.open("xb")
    except (OSError, ValueError) as error:
        raise _cannot_write(path, error) from None
    try:
        with file:
            yield file
        draft.replace(target)
    except OSError as error:
        raise _cannot_write(path, error) from None
    finally:
        draft.unlink(missing_ok=True)  # gone already when all went well


def _cannot_write(path: Path, error: OSError | ValueError) -> GraderError:
    reason = getattr(error, "strerror", None) or str(error)
    return GraderError(
        f"cannot write {printable(str(path), 300)}: {reason}",
        "name a file in a folder that exists and that you may write to",
    )
