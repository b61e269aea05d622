"""Takes notebooks through the trusted process in children, and says what each took."""

from __future__ import annotations

import os
import resource
import signal
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.errors import NotebookError
from tests.trusted.notebooks import every_shape, packed, solved
from tests.trusted.through import prepared, through

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

_MOST_BYTES = 6 << 30
_ENDS = {0: "graded", 1: "named error", 2: "OUR FAULT", 3: "OUT OF MEMORY"}


@dataclass(frozen=True)
class Cost:
    """What one notebook took, and how it ended."""

    name: str
    seconds: float
    megabytes: float
    ended: str
    said: str

    def row(self) -> str:
        return f"| {self.name} | {self.seconds:.2f} | {self.megabytes:.0f} | {self.ended} |"


def every_cost(words: Collection[str], sizes: list[int], seconds: int) -> Iterator[Cost]:
    """Measure the solved notebook, and each shape whose name holds all the words."""
    prepared()
    through(packed(solved()))  # imports what is imported late
    yield measured("the solved notebook", packed(solved()), seconds)
    for name, make in every_shape():
        if all(word in name for word in words):
            yield worst(name, make, sizes, seconds)


def worst(name: str, make: Callable[[int], bytes], sizes: list[int], seconds: int) -> Cost:
    """Return what a shape takes at the size where it takes most: a larger one may be refused."""
    costs = [measured(name, make(size), seconds) for size in sizes]
    slowest = max(costs, key=lambda cost: cost.seconds)
    return replace(slowest, megabytes=max(cost.megabytes for cost in costs))


def measured(name: str, data: bytes, seconds: int) -> Cost:
    """Take one notebook through in a child; it ends at its limits."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(reading)
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (_MOST_BYTES, _MOST_BYTES))
        os._exit(_ended(data, writing))
    os.close(writing)
    with os.fdopen(reading, errors="replace") as pipe:
        said = pipe.read()
    _, status, usage = os.wait4(pid, 0)
    ended = f"STOPPED at {seconds} s" if os.WIFSIGNALED(status) else _ENDS[status >> 8]
    if os.WIFSIGNALED(status) and os.WTERMSIG(status) not in {signal.SIGXCPU, signal.SIGKILL}:
        ended = f"SIGNAL {os.WTERMSIG(status)}"
    used = usage.ru_utime + usage.ru_stime
    return Cost(name, used, usage.ru_maxrss / 1024, ended, said)


def _ended(data: bytes, writing: int) -> int:
    try:
        through(data)
    except NotebookError as error:
        os.write(writing, error.message.encode())
        return 1
    except MemoryError:
        return 3
    except BaseException as error:  # noqa: BLE001 - whatever it is, it is what is looked for
        os.write(writing, repr(error)[:300].encode("utf-8", "replace"))
        return 2
    return 0
