"""One worker process carries out its order: lock down, perform the tasks, answer, end."""

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
    """End the process at once, without running a submission's exit handlers."""
    os._exit(status)


def work(
    data: bytes,
    entry: WorkerEntry,
    warm: dict[str, Any],
    *,
    answers: int,
    parent: int,
    keep: tuple[int, ...] = (),
    supervised: bool = False,
    shared: dict[str, Any] | None = None,
) -> NoReturn:
    """Carry out the order in ``data``, write frames to the descriptor ``answers``, end the process.

    The process dies with ``parent``. The descriptors in ``keep`` stay open beside ``answers``. See
    ``layers.Context`` for ``supervised``. ``shared`` is the part of the request that the order
    leaves out.
    """
    try:
        order = Order.decode(data, shared)
        cuda = _has_gpus() if order.cuda is None else order.cuda
        context = Context(
            order.scratch, (answers, *keep), parent, order.caps, supervised=supervised, cuda=cuda
        )
        _carry_out(order, context, entry, warm, answers)
    except SystemExit as error:
        leave(error.code & 0xFF if isinstance(error.code, int) else int(error.code is not None))
    except BaseException:  # noqa: BLE001  # nothing may reach the code of the fork server
        leave(70)
    leave(0)


def _carry_out(
    order: Order, context: Context, entry: WorkerEntry, warm: dict[str, Any], answers: int
) -> None:
    """Lock down, then perform the tasks until one fails."""

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
    except BaseException:  # noqa: BLE001  # reported to the trusted side
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
            return  # the memory may still be full: the remaining tasks get a new process
        except SystemExit:
            raise
        except BaseException:  # noqa: BLE001  # reported to the trusted side
            say(FrameKind.FAILED, number, _last_lines())
            return
        say(FrameKind.ANSWER, number, body)


def _has_gpus() -> bool:
    """Whether this machine has a GPU driver that a submission may use."""
    hidden = os.environ.get("CUDA_VISIBLE_DEVICES", "0").strip() in {"", "-1"}
    return not hidden and any(os.path.exists(path) for path in _GPUS)  # noqa: PTH110  # no Path


def _last_lines() -> bytes:
    """Return the end of the current exception's traceback."""
    return wire.encode(traceback.format_exc()[-_TRACEBACK_CHARS:])


def _write(descriptor: int, data: bytes) -> None:
    """Write all of ``data``; ``os.write`` may write less."""
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]
