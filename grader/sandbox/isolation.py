"""Which layers a level asks for, and which attacks they leave open."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.sandbox.layers import LAYERS
from grader.sandbox.threats import Threat, sentence

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

LEVELS = ("auto", "strict", "basic", "none")

# Running a worker at all depends on these, so even the level "none" has them.
_ALWAYS = frozenset({"session", "descriptors", "scratch"})
_BASIC = _ALWAYS | {"limits", "privileges"}
# Every worker gets a new environment, whatever the level.
_BY_START = frozenset({Threat.ENVIRONMENT})

# Layers that tests leave out, as if the system refused them.
refused: frozenset[str] = frozenset()


class IsolationUnavailable(GraderError):  # noqa: N818  # reads as what it tells the user
    """This machine can't provide the isolation that was asked for."""


@dataclass(frozen=True)
class LayerRow:
    """One layer in an overview; ``why`` is its remark, or why it is not in force."""

    layer: str
    on: bool
    why: str
    does: str
    stops: tuple[str, ...]


def layers_for(level: str) -> tuple[str, ...]:
    """Return the names of the layers that a level asks for; raises ``ValueError``."""
    if level not in LEVELS:
        raise ValueError(f"isolation is one of {', '.join(LEVELS)}, not {level!r}")
    every = frozenset(layer.name for layer in LAYERS)
    wanted = {"none": _ALWAYS, "basic": _BASIC}.get(level, every) - refused
    return tuple(layer.name for layer in LAYERS if layer.name in wanted)


def unprotected(level: str, stopped: Collection[Threat] | None = None) -> tuple[Threat, ...]:
    """Return the threats that no layer stops, in the order of ``Threat``.

    ``stopped`` are the threats that a worker reported as stopped; without it, those that the
    level's layers stop at best on this platform.
    """
    if stopped is None:
        names = layers_for(level)
        stops = [layer.stops for layer in LAYERS if layer.name in names and not layer.unavailable()]
        stopped = frozenset().union(*stops)
    return tuple(threat for threat in Threat if threat not in {*stopped, *_BY_START})


def unprotected_sentences(level: str, stopped: Collection[Threat] | None = None) -> tuple[str, ...]:
    """Return ``unprotected`` as one sentence, or nothing."""
    said = sentence(unprotected(level, stopped))
    return (said,) if said else ()


def require(
    level: str,
    stopped: Collection[Threat] | None = None,
    missing: Mapping[str, str] | None = None,
) -> None:
    """Raise ``IsolationUnavailable`` if the level is "strict" and some threat is not stopped.

    Not every layer has to be in force for that. ``missing`` gives the reasons of the layers that a
    worker could not apply.
    """
    if level != "strict":
        return
    if said := sentence(unprotected(level, stopped)):
        reasons = [f"{name} ({why})" for name, why in _absent(missing or {}).items()]
        because = f" Missing: {', '.join(reasons)}." if reasons else ""
        raise IsolationUnavailable(
            f"strict isolation is not to be had here. {said}{because}",
            "use --isolation auto for all the protection that this machine has",
        )


def rows(
    level: str, applied: Mapping[str, str], missing: Mapping[str, str]
) -> tuple[LayerRow, ...]:
    """Return a row for each layer, from what a worker reported."""
    absent = _absent(missing)
    return tuple(
        LayerRow(
            layer.name,
            layer.name in applied,
            applied.get(layer.name, absent.get(layer.name, f"not at level {level}")),
            layer.does,
            tuple(threat.value for threat in Threat if threat in layer.stops),
        )
        for layer in LAYERS
    )


def _absent(missing: Mapping[str, str]) -> dict[str, str]:
    """Return the reasons of all missing layers, those unavailable on this platform included."""
    reasons = {layer.name: layer.unavailable() for layer in LAYERS}
    known = {name: reason for name, reason in reasons.items() if reason}
    return {**known, **dict.fromkeys(refused, "refused by a test"), **missing}


def default_start() -> str:
    """Return how this platform starts workers: "fork" on Linux, "spawn" elsewhere."""
    return "fork" if sys.platform == "linux" else "spawn"
