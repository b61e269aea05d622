"""Writes a file whole or not at all."""

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
    """Yield a file that replaces ``path`` when the block ends without an exception.

    Until then, and after an exception, ``path`` is unchanged. Raises ``GraderError`` if it can't be
    written.
    """
    # A link is replaced, not what it leads to: that may lie elsewhere, and be another's.
    target = Path(os.path.realpath(path.parent)) / path.name
    # Not tempfile, whose files are readable by their owner only.
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
        draft.unlink(missing_ok=True)  # renamed already without an exception


def save(path: Path, content: bytes) -> None:
    """Replace a file's content, making its folder if needed; raises ``GraderError``."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except (OSError, ValueError) as error:
        raise _cannot_write(path, error) from error
    with replacing(path) as file:
        file.write(content)


def remove_drafts(folder: Path) -> None:
    """Remove the drafts that killed writers left in a folder, if it exists.

    The caller must know that nobody is writing there. Drafts that can't be removed stay.
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
