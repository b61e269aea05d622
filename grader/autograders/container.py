"""Refuses a container with too little memory, where a right answer's process would be killed."""

from __future__ import annotations

from pathlib import Path

from grader.errors import GraderError

_LIMITS = Path("/sys/fs/cgroup")
_FILES = ("memory.max", "memory/memory.limit_in_bytes")  # of the second version, and of the first
# Grading mlp took up to 1.6 GB (torch 2.14 with CUDA, Python 3.11, a notebook of endless loops).
LEAST_BYTES = 2_000_000_000


def require_memory(limits: Path = _LIMITS) -> None:
    """Raise ``GraderError`` where the container may use less than grading takes.

    ``limits`` is the folder in which Linux says it; nothing there is no limit.
    """
    for name in _FILES:
        try:
            limit = int((limits / name).read_text())
        except (OSError, ValueError):  # not there, or the word "max"
            continue
        if limit < LEAST_BYTES:
            raise GraderError(
                f"this container has {limit / 1e9:.2f} GB of memory, and grading may take "
                f"{LEAST_BYTES / 1e9:g} GB",
                "choose a larger one in the assignment's settings",
            )
