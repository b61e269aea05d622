"""Asks a newer Python on this machine whether a text is Python, where this one cannot read it.

The newer one only parses: it runs in a process of its own, without packages, with little memory
and time, and what it is sent is never carried out.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from functools import lru_cache

from grader.errors import GraderError
from grader.text import printable

Version = tuple[int, int]

_NEWEST = 20
_SECONDS = 10.0
_OURS = sys.version_info[:2]
_THIS = sys.executable
_VERSION = "import sys; print('%d.%d' % sys.version_info[:2])"
_PARSE = """
import ast, sys, warnings
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
    resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
except ImportError:
    pass
warnings.simplefilter("ignore")
ast.parse(sys.stdin.buffer.read().decode("utf-8", "replace"))
"""


def require_python(path: str | None) -> str | None:
    """Return a path; raises ``GraderError`` for one that is not that of a Python interpreter."""
    if path is not None and _version(path) is None:
        what = printable(path, 80)
        raise GraderError(f"{what} is no Python interpreter", "Name one: --python python3.14")
    return path


def newer_that_reads(source: str, notebook: Version | None, path: str | None) -> str | None:
    """Return the version of a newer Python that reads a text, ``None`` where none does.

    ``notebook`` is the version that the notebook names: what that one cannot be newer than is no
    question of versions. ``path`` is the interpreter to ask, else those along PATH are asked.
    """
    if notebook is not None and notebook <= _OURS:
        return None
    for candidate in [path] if path else _along_path():
        version = _version(candidate)
        if version is not None and version > _OURS and _reads(candidate, source):
            # What this Python reads, too, is wrong for a reason that no version changes.
            return None if _reads(_THIS, source) else ".".join(map(str, version))
    return None


@lru_cache(maxsize=1)
def _along_path() -> tuple[str, ...]:
    names = (f"python3.{minor}" for minor in range(_NEWEST, _OURS[1], -1))
    return tuple(found for name in names if (found := shutil.which(name)))


@lru_cache(maxsize=8)
def _version(path: str) -> Version | None:
    said = _run(path, _VERSION, "")
    found = re.fullmatch(r"(\d+)\.(\d+)\s*", said) if said is not None else None
    return (int(found[1]), int(found[2])) if found else None


@lru_cache(maxsize=64)
def _reads(path: str, source: str) -> bool:
    return _run(path, _PARSE, source) is not None


def _run(path: str, script: str, text: str) -> str | None:
    """Return what a script writes, given a text; ``None`` where it fails."""
    try:
        done = subprocess.run(  # noqa: S603 - an interpreter that the grader's user has installed
            [path, "-I", "-S", "-c", script],
            input=text.encode("utf-8", "replace"),
            capture_output=True,
            timeout=_SECONDS,
            check=True,
            env={},
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return done.stdout.decode("utf-8", "replace")
