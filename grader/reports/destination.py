"""Checks a report's destination before grading, and writes it whole or not at all."""

from __future__ import annotations

import os
from pathlib import Path

from grader.errors import GraderError
from grader.files import replacing


def check_file(destination: str, option: str) -> None:
    """Raise ``GraderError`` if no report can be written there; ``option`` named the destination."""
    try:
        target = Path(destination).resolve()
        missing, folder = not target.parent.is_dir(), target.is_dir()
    except (OSError, RuntimeError, ValueError) as error:  # too long, a loop of links, a NUL
        raise _cannot_write(destination, str(error)) from error
    if missing:
        raise _cannot_write(destination, "its folder does not exist")
    if folder:
        raise _cannot_write(destination, "it is a folder")
    if target.suffix in {".ipynb", ".py", ".qmd", ".Rmd"}:
        # `grade --json a.ipynb b.ipynb` would destroy a student's work.
        raise GraderError(
            f"{option} {destination}: a report must not take the place of a notebook",
            hint=f"{option} needs the report's own file name: grade {option} FILE NOTEBOOK",
        )
    if not os.access(target if target.exists() else target.parent, os.W_OK):
        raise _cannot_write(destination, "permission denied")


def write_file(destination: str, text: str, option: str) -> None:
    """Write a text as UTF-8; raises ``GraderError`` if that fails."""
    check_file(destination, option)
    target = Path(destination).resolve()  # a link stays a link, its target is replaced
    try:
        if target.exists() and not target.is_file():
            target.write_text(text, encoding="utf-8")  # /dev/null, a named pipe
        else:
            with replacing(target) as file:
                file.write(text.encode("utf-8"))
    except OSError as error:
        raise _cannot_write(destination, error.strerror or str(error)) from error


def _cannot_write(destination: str, reason: str) -> GraderError:
    return GraderError(
        f"cannot write the report to {destination}: {reason}",
        hint="name a file in a folder that exists",
    )
