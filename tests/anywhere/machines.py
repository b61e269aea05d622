"""What a process may find itself in: one change of its surroundings each, by name."""

from __future__ import annotations

import os
import resource
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

GIB = 2**30


def _limit(what: int, most: int) -> Callable[[Path], None]:
    return lambda _folder: resource.setrlimit(what, (most, most))


def _variable(name: str, value: str | None) -> Callable[[Path], None]:
    """Set a variable, or take it away; ``{}`` stands for the folder of this trial."""

    def change(folder: Path) -> None:
        os.environ.pop(name, None)
        if value is not None:
            os.environ[name] = value.replace("{}", str(folder))

    return change


def _closed(descriptor: int) -> Callable[[Path], None]:
    return lambda _folder: os.close(descriptor)


def _full(descriptor: int) -> Callable[[Path], None]:
    return lambda _folder: os.dup2(os.open("/dev/full", os.O_WRONLY), descriptor) and None


def _work_in_a_removed_folder(folder: Path) -> None:
    gone = folder / "gone"
    gone.mkdir()
    os.chdir(gone)
    gone.rmdir()


def _unreadable(name: str) -> Callable[[Path], None]:
    """Point a variable at a folder that only root may enter."""

    def change(folder: Path) -> None:
        closed = folder / "closed"
        closed.mkdir()
        closed.chmod(0)
        os.environ[name] = str(closed)

    return change


def _long(name: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        deep = folder.joinpath(*["d" * 50] * 5)
        deep.mkdir(parents=True)
        os.environ[name] = str(deep)

    return change


def _odd(name: str) -> Callable[[Path], None]:
    def change(folder: Path) -> None:
        odd = folder / "a b'c\"; 한글"
        odd.mkdir()
        os.environ[name] = str(odd)

    return change


def _umask(mask: int) -> Callable[[Path], None]:
    return lambda _folder: os.umask(mask) and None


def _ignored(*signals: signal.Signals) -> Callable[[Path], None]:
    def change(_folder: Path) -> None:
        for number in signals:
            signal.signal(number, signal.SIG_IGN)

    return change


def _one_processor(_folder: Path) -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def _nothing(_folder: Path) -> None:
    pass


# Each must end in full points, or in an error with status 2 before anything is graded.
MACHINES: dict[str, Callable[[Path], None]] = {
    "as it is": _nothing,
    "64 open files": _limit(resource.RLIMIT_NOFILE, 64),
    "20 open files": _limit(resource.RLIMIT_NOFILE, 20),
    "4096 MiB of memory": _limit(resource.RLIMIT_AS, 4 * GIB),
    "2048 MiB of memory": _limit(resource.RLIMIT_AS, 2 * GIB),
    "512 MiB of memory": _limit(resource.RLIMIT_AS, GIB // 2),
    "64 MiB of stack": _limit(resource.RLIMIT_STACK, 64 * 2**20),
    "12 processes": _limit(resource.RLIMIT_NPROC, 12),
    "4 processes": _limit(resource.RLIMIT_NPROC, 4),
    "files of 1 MiB": _limit(resource.RLIMIT_FSIZE, 2**20),
    "no files": _limit(resource.RLIMIT_FSIZE, 0),
    "no core files": _limit(resource.RLIMIT_CORE, 0),
    "one processor": _one_processor,
    "no HOME": _variable("HOME", None),
    "a HOME that is not there": _variable("HOME", "/nowhere/at/all"),
    "a HOME that is closed": _unreadable("HOME"),
    "a TMPDIR that is not there": _variable("TMPDIR", "/nowhere/at/all"),
    "a TMPDIR that is closed": _unreadable("TMPDIR"),
    "a TMPDIR of another name": _odd("TMPDIR"),
    "a long TMPDIR": _long("TMPDIR"),
    "a relative TMPDIR": _variable("TMPDIR", "."),
    "no PATH": _variable("PATH", None),
    "an empty PATH": _variable("PATH", ""),
    "LC_ALL=C": _variable("LC_ALL", "C"),
    "LC_ALL=tr_TR.UTF-8": _variable("LC_ALL", "tr_TR.UTF-8"),
    "LC_ALL=ko_KR.EUC-KR": _variable("LC_ALL", "ko_KR.EUC-KR"),
    "PYTHONIOENCODING=ascii": _variable("PYTHONIOENCODING", "ascii"),
    "PYTHONOPTIMIZE=2": _variable("PYTHONOPTIMIZE", "2"),
    "PYTHONHASHSEED=1": _variable("PYTHONHASHSEED", "1"),
    "PYTHONWARNINGS=error": _variable("PYTHONWARNINGS", "error"),
    "PYTHONDONTWRITEBYTECODE": _variable("PYTHONDONTWRITEBYTECODE", "1"),
    "PYTHONDEVMODE": _variable("PYTHONDEVMODE", "1"),
    "OMP_NUM_THREADS=64": _variable("OMP_NUM_THREADS", "64"),
    "TERM=dumb": _variable("TERM", "dumb"),
    "COLUMNS=1": _variable("COLUMNS", "1"),
    "TZ=Pacific/Kiritimati": _variable("TZ", "Pacific/Kiritimati"),
    "umask 077": _umask(0o077),
    "umask 777": _umask(0o777),
    "no standard input": _closed(0),
    "a full disk behind standard error": _full(2),
    "no standard error": _closed(2),
    "a working folder that was removed": _work_in_a_removed_folder,
    "signals that are ignored": _ignored(signal.SIGCHLD, signal.SIGPIPE, signal.SIGHUP),
}
if sys.platform != "linux":
    raise RuntimeError("these are Linux's limits and processes")
