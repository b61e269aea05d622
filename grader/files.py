"""Writes a file whole or not at all: nobody ever opens half of one."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

from grader.errors import GraderError
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

_DRAFT = re.compile(r"\..{1,60}\.[0-9]+\.[0-9a-f]{8}", re.DOTALL)


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Give a file to write to; it takes the place of ``path`` when the block ends well.

    Until then ``path`` is what it was, and after an exception too. Raises ``GraderError`` when
    the place can't be written to.
    """
    target = Path(os.path.realpath(path))  # a link stays a link, its target is replaced
    # Not tempfile: its files are readable by their owner only, and would stay so.
    draft = target.with_name(f".{target.name[:60]}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        file = draft.open("xb")
    except (OSError, ValueError) as error:
        raise _cannot_write(path, error) from error
    try:
        with file:
            yield file
        draft.replace(target)
    except OSError as error:
        raise _cannot_write(path, error) from error
    finally:
        draft.unlink(missing_ok=True)  # gone already when all went well


def save(path: Path, content: bytes) -> None:
    """Replace a file's content, making its folder if need be; raises as ``replacing`` does."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise _cannot_write(path, error) from error
    with replacing(path) as file:
        file.write(content)


def remove_drafts(folder: Path) -> None:
    """Remove what writers who were killed left half written in a folder, if it is there.

    For who knows that nobody is writing there now. What can't be removed stays: it harms nobody.
    """
    with suppress(OSError):
        for path in folder.iterdir():
            if _DRAFT.fullmatch(path.name):
                with suppress(OSError):
                    path.unlink()


def _cannot_write(path: Path, error: OSError | ValueError) -> GraderError:
    reason = getattr(error, "strerror", None) or str(error)
    return GraderError(
        f"cannot write {printable(str(path), 300)}: {printable(reason, 80)}",
        "name a place that you may write to, on a disk with room",
    )
