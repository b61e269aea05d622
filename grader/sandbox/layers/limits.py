"""The operating system's resource limits on memory, processor time, files and processes."""

from __future__ import annotations

import math
import os
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from grader.sandbox.layers.base import Context, Effect, Layer, LayerUnavailable, Threat, posix_only

if sys.platform != "win32":
    import resource

# Address space beyond the memory limit: a thread reserves 64 MiB and more and uses little of it.
# CUDA reserves so much that there the limit is left out.
_RESERVED = 4 << 30
_STACK_BYTES = 64 << 20


def apply(context: Context) -> Effect | None:
    """Lower every limit for good; limits that are lower already stay."""
    caps = context.caps
    remarks, lacks = [], set()
    try:
        held = _held()
        _lower(resource.RLIMIT_DATA, held.get("VmData", 0) + caps.memory_bytes)
        # The soft limit sends SIGXCPU, the hard one kills.
        _lower(resource.RLIMIT_CPU, caps.cpu_seconds, caps.cpu_seconds + 2)
        _lower(resource.RLIMIT_FSIZE, caps.file_bytes)
        _lower(resource.RLIMIT_NOFILE, caps.open_files)
        _lower(resource.RLIMIT_CORE, 0)
        if sys.platform == "linux":
            if not context.cuda:
                # RLIMIT_DATA counts neither stacks nor the page tables of a huge empty mapping.
                _lower(resource.RLIMIT_AS, held["VmSize"] + caps.memory_bytes + _RESERVED)
            _limit_stack()
            _lower(resource.RLIMIT_MSGQUEUE, 0)
            _lower(resource.RLIMIT_RTPRIO, 0)
            if remark := _limit_processes(caps.processes):
                remarks.append(remark)
                lacks.add(Threat.PROCESSES)
        else:
            remarks.append("memory and the number of processes can't be limited")
            lacks |= {Threat.MEMORY, Threat.PROCESSES}
    except (OSError, ValueError) as error:
        raise LayerUnavailable(str(error)) from None
    return Effect("; ".join(remarks), frozenset(lacks))


def allow(seconds: float | None) -> None:
    """Let this process use ``seconds`` more of processor time, within the hard limit.

    The system counts whole seconds, so it may be one more. A process can undo this limit, but not
    those that ``apply`` set.
    """
    if seconds is not None:
        most = resource.getrlimit(resource.RLIMIT_CPU)[1]
        soft = math.ceil(time.process_time() + seconds)
        soft = soft if most == resource.RLIM_INFINITY else min(soft, most)
        resource.setrlimit(resource.RLIMIT_CPU, (soft, most))


def _lower(limit: int, soft: int, hard: int | None = None) -> None:
    """Set a limit, but never raise it."""
    ceiling = resource.getrlimit(limit)[1]
    hard = soft if hard is None else hard
    if ceiling != resource.RLIM_INFINITY:
        soft, hard = min(soft, ceiling), min(hard, ceiling)
    resource.setrlimit(limit, (soft, hard))


def _held() -> dict[str, int]:
    """Return this process's memory in bytes, by the ``Vm`` names of ``/proc/self/status``."""
    if sys.platform != "linux":
        return {}
    status = Path("/proc/self/status").read_text(encoding="utf-8", errors="replace")
    lines = (line.split() for line in status.splitlines() if line.startswith("Vm"))
    return {words[0].rstrip(":"): int(words[1]) << 10 for words in lines}


def _limit_stack() -> None:
    """Limit the stack to ``_STACK_BYTES``; never raise its limit."""
    soft, _ = resource.getrlimit(resource.RLIMIT_STACK)
    no_limit = soft == resource.RLIM_INFINITY
    _lower(resource.RLIMIT_STACK, _STACK_BYTES if no_limit else min(soft, _STACK_BYTES))


def _limit_processes(more: int) -> str | None:
    """Limit this user to ``more`` processes and threads beyond the present ones.

    Return why it could not be done, or None. The system counts all of a user's tasks, but not
    root's. Some may run in containers that can't be seen from here, so the limit is tried out: one
    that is too low would stop the threads of an honest submission.
    """
    if os.getuid() == 0:
        return "root may start any number of processes"
    ceiling = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    allowed = _user_tasks(os.getuid()) + more
    if ceiling != resource.RLIM_INFINITY:
        allowed = min(allowed, ceiling)
    resource.setrlimit(resource.RLIMIT_NPROC, (allowed, ceiling))
    trial = threading.Thread(target=lambda: None)
    try:
        trial.start()
    except RuntimeError:
        resource.setrlimit(resource.RLIMIT_NPROC, (ceiling, ceiling))
        return "the number of processes could not be limited"
    trial.join()
    resource.setrlimit(resource.RLIMIT_NPROC, (allowed, allowed))
    return None


def _user_tasks(user: int) -> int:
    """Return about how many processes and threads of a user are visible."""
    count = 0
    with os.scandir("/proc") as entries:
        for entry in entries:
            if entry.name.isdigit():
                with suppress(OSError):  # it ended meanwhile
                    tasks = os.stat(f"/proc/{entry.name}/task")  # noqa: PTH116  # Path is slower
                    count += tasks.st_nlink - 2 if tasks.st_uid == user else 0
    return count


LAYER = Layer(
    name="limits",
    does="limits memory, processor time, files, descriptors and processes",
    stops=frozenset({Threat.MEMORY, Threat.CPU, Threat.PROCESSES}),
    unavailable=posix_only,
    apply=apply,
)
