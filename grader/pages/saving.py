"""Writes a file whole or not at all: nobody ever opens half a page."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.notebook.printable import printable

if TYPE_CHECKING:
    from pathlib import Path


def save(target: Path, content: bytes) -> None:
    """Replace a file's content, making its folder if need be.

    Raises ``GraderError`` when that cannot be done; the old file is still there then.
    """
    # Not tempfile: its files are readable by their owner only, and would stay so.
    draft = target.with_name(f".{target.name[:60]}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            with draft.open("xb") as file:
                file.write(content)
            draft.replace(target)
        except BaseException:
            draft.unlink(missing_ok=True)
            raise
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise GraderError(
            f"cannot write {printable(str(target), 200)}: {printable(why, 80)}",
            hint="name a folder that you may write to, on a disk with room",
        ) from error
