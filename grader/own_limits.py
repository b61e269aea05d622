"""Names the limits that this process was started under where they keep it from grading."""

from __future__ import annotations

import errno

from grader.errors import GraderError, InternalError

try:
    import resource
except ImportError:  # Windows has none of these limits
    resource = None  # type: ignore[assignment]

_GIB, _MIB = 1024**3, 1024**2
# A limit's name, the shell's option for it, and what is surely enough; below it may be too little.
_LIMITS = (
    ("RLIMIT_AS", "-v", 64 * _GIB, "address space"),
    ("RLIMIT_DATA", "-d", 16 * _GIB, "memory"),
    ("RLIMIT_FSIZE", "-f", 256 * _MIB, "the size of files"),
    ("RLIMIT_NPROC", "-u", 256, "the number of processes and threads"),
    ("RLIMIT_NOFILE", "-n", 128, "the number of open files"),
)
_SHORT_OF = {errno.EAGAIN, errno.EFBIG, errno.EMFILE, errno.ENFILE, errno.ENOMEM}


def by_a_limit(error: BaseException) -> GraderError | None:
    """Return the error that names the limits in force, if they may be why something failed."""
    short = (
        isinstance(error, (MemoryError, InternalError))
        or (isinstance(error, OSError) and error.errno in _SHORT_OF)
        or "can't start new thread" in str(error)
    )
    low = _low() if short else []
    if not low:
        return None
    options = " ".join(option for option, _ in low)
    return GraderError(
        f"this shell limits {' and '.join(words for _, words in low)}, and that may be too "
        "little to grade here",
        f"ulimit {options} shows the limit; raise it, or grade in another shell",
    )


def _low() -> list[tuple[str, str]]:
    """Return the shell's options and the words of the limits that may be too low."""
    if resource is None:
        return []
    found = []
    for name, option, enough, words in _LIMITS:
        soft, _ = resource.getrlimit(getattr(resource, name, resource.RLIMIT_NOFILE))
        if soft != resource.RLIM_INFINITY and 0 <= soft < enough and hasattr(resource, name):
            found.append((option, f"{words} ({_shown(soft, enough)})"))
    return found


def _shown(soft: int, enough: int) -> str:
    return f"{soft / _MIB:,.0f} MiB" if enough >= _MIB else str(soft)
