"""Keeps a student's text from being read as commands by the CI service that shows our output."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

# GitHub's runner takes commands from any line of a log that starts with "::" after white space,
# and its older form from anywhere in a line.
_COMMAND = re.compile(r"^(\s*):(?=:)|##(?=\[)")


def inert(line: str) -> str:
    """Return a line without commands if this runs in a workflow, else unchanged."""
    return powerless(line) if os.environ.get("GITHUB_ACTIONS") else line


def powerless(line: str) -> str:
    """Return a line without commands, wherever this runs."""
    return _COMMAND.sub(lambda found: f"{found[0]} ", line)


@contextmanager
def fenced(stream: TextIO) -> Iterator[None]:
    """Have the runner ignore all commands until the block ends.

    Only the random token, drawn anew each time, ends it sooner. It covers the step's whole log,
    both streams.
    """
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}", file=stream, flush=True)
    try:
        yield
    finally:
        print(f"::{token}::", file=stream, flush=True)
