"""What one worker process does with its order, inside: lock down, perform, answer, leave."""

from __future__ import annotations

import os
import traceback
from typing import TYPE_CHECKING, Any, NoReturn

from grader.sandbox import wire
from grader.sandbox.child_order import Order
from grader.sandbox.frames import FrameKind, pack
from grader.sandbox.layers import Context, LayerUnavailable, apply_layers, limits

if TYPE_CHECKING:
    from grader.sandbox.entry import WorkerEntry

_TRACEBACK_CHARS = 8000
_GPUS = ("/dev/nvidiactl", "/dev/dxg")


def leave(status: int) -> NoReturn:
    """End the process at once: no exit handler of a submission runs."""
    os._exit(status)


def work(  # all that a process is made of
    data: bytes,
    entry: WorkerEntry,
    warm: dict[str, Any],
    *,
    answers: int,
    parent: int,
    keep: tuple[int, ...] = (),
    tended: bool = False,
    common: dict[str, Any] | None = None,
) -> NoReturn:
    """Carry out the order in ``data`` and write frames to the descriptor ``answers``.

    ``parent`` is the process to die with; the descriptors in ``keep`` stay open beside
    ``answers``; ``tended`` is the layers' business; ``common`` is what the order lacks. The process
    ends here in every case.
    """
    try:
        order = Order.decode(data, common)
        cuda = _has_gpus() if order.cuda is None else order.cuda
        context = Context(
            order.scratch, (answers, *keep), parent, order.caps, tended=tended, cuda=cuda
        )
        _carry_out(order, context, entry, warm, answers)
    except SystemExit as error:
        leave(error.code & 0xFF if isinstance(error.code, int) else int(error.code is not None))
    except BaseException:  # noqa: BLE001  # nothing may climb into the code that was forked
        leave(70)
    leave(0)


def _carry_out(
    order: Order, context: Context, entry: WorkerEntry, warm: dict[str, Any], answers: int
) -> None:
    """Lock down, then perform the tasks until one can't be answered."""

    def say(kind: FrameKind, task: int, body: bytes = b"") -> None:
        _write(answers, pack(order.token, kind, task, body))

    try:
        lockdown = apply_layers(order.layers, context)
        if lost := [name for name in order.needed if name not in lockdown.applied]:
            raise LayerUnavailable(f"{lost[0]}: {lockdown.missing.get(lost[0])}")  # noqa: TRY301
        hello = wire.encode(
            {
                "warm": warm,
                "applied": lockdown.applied,
                "missing": lockdown.missing,
                "stopped": sorted(threat.name for threat in lockdown.stopped),
            }
        )
    except BaseException:  # noqa: BLE001  # told to whoever asked
        say(FrameKind.FAILED, 0, _last_lines())
        return
    say(FrameKind.STARTED, 0, hello)
    for number, task in enumerate(order.tasks):
        apology = pack(order.token, FrameKind.NO_MEMORY, number)  # made while there is memory
        if "limits" in lockdown.applied:
            limits.allow(order.cpu_seconds[number])
        say(FrameKind.BEGIN, number)
        try:
            body = wire.encode(entry.perform(order.request, task))
        except MemoryError:
            _write(answers, apology)
            return  # what filled the memory may still be there: the rest gets a new process
        except SystemExit:
            raise
        except BaseException:  # noqa: BLE001  # told to whoever asked
            say(FrameKind.FAILED, number, _last_lines())
            return
        say(FrameKind.ANSWER, number, body)


def _has_gpus() -> bool:
    """Whether there is a GPU whose driver a submission might use."""
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES", "0").strip() in {"", "-1"}
    return not hidden and any(os.path.exists(path) for path in _GPUS)  # noqa: PTH110  # no Path


def _last_lines() -> bytes:
    """Return the traceback of the exception at hand, its end if it is long."""
    return wire.encode(traceback.format_exc()[-_TRACEBACK_CHARS:])


def _write(descriptor: int, data: bytes) -> None:
    """Write all of it."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
