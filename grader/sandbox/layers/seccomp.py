"""Seccomp: threads and computing, but no processes, no programs, no sockets, no signals."""

from __future__ import annotations

from grader.sandbox import seccomp
from grader.sandbox.layers.base import Context, Effect, Layer, LayerUnavailable, Threat, linux_only
from grader.sandbox.syscall import machine


def apply(context: Context) -> Effect | None:
    """Filter the system calls from here on: nothing after this may need another one."""
    try:
        seccomp.install(cuda=context.cuda)
    except OSError as error:
        raise LayerUnavailable(str(error)) from None
    return None


def _unavailable() -> str | None:
    if reason := linux_only():
        return reason
    return None if machine() else "the system calls of this kind of machine are not known"


def _prepare() -> None:
    if name := machine():
        for cuda in (False, True):
            seccomp.shared_part(name, cuda=cuda)


LAYER = Layer(
    name="seccomp",
    does="makes no system calls but those that computing needs",
    stops=frozenset(
        {
            Threat.NETWORK,
            Threat.SIGNALS,
            Threat.PROGRAMS,
            Threat.SURVIVORS,
            Threat.PROCESSES,
        }
    ),
    unavailable=_unavailable,
    apply=apply,
    prepare=_prepare,
)
