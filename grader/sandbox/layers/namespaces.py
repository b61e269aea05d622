"""The fork server's namespaces of network, processes, mounts and queues, which children inherit."""

from __future__ import annotations

from pathlib import Path

from grader.sandbox import namespaces
from grader.sandbox.layers.base import Context, Effect, Layer, LayerUnavailable, Threat, linux_only


def apply(_context: Context) -> Effect | None:
    """Report which namespaces the server entered at its start."""
    state = namespaces.state()
    if not state.entered:
        raise LayerUnavailable(state.reason)
    lacks = set() if "process" in state.entered else {Threat.SURVIVORS}
    return Effect(", ".join(state.entered), frozenset(lacks))


def _unavailable() -> str | None:
    if reason := linux_only():
        return reason
    return None if Path("/proc/self/ns/net").exists() else "this kernel has no namespaces"


LAYER = Layer(
    name="namespaces",
    does="has no network, and sees no processes but submissions'",
    stops=frozenset({Threat.NETWORK, Threat.SURVIVORS}),
    unavailable=_unavailable,
    apply=apply,
)
