"""Keeps what a student wrote from giving orders to the CI service that reads our output."""

from __future__ import annotations

import os
import re
import secrets
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import TextIO

# GitHub's runner takes commands from any line of a log that starts with "::", white space
# aside, and its older form from anywhere in a line.
_COMMAND = re.compile(r"^(\s*):(?=:)|##(?=\[)")


def inert(line: str) -> str:
    """Return a line that a workflow's log can hold; unchanged where no workflow runs."""
    return powerless(line) if os.environ.get("GITHUB_ACTIONS") else line


def powerless(line: str) -> str:
    """Return a line that a workflow's log can hold, wherever that log is written."""
    return _COMMAND.sub(lambda found: f"{found[0]} ", line)


@contextmanager
def fenced(stream: TextIO) -> Iterator[None]:
    """Have the runner obey no command from now until the block ends.

    Only who knows the token can end it sooner, and it is drawn anew each time. The fence holds for
    the whole log of a step, whichever stream a line comes from.
    """
    token = secrets.token_hex(16)
    print(f"::stop-commands::{token}", file=stream, flush=True)
    try:
        yield
    finally:
        print(f"::{token}::", file=stream, flush=True)
