"""Which layers a level asks for, and in plain words what is not protected then."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.sandbox.layers import LAYERS

if TYPE_CHECKING:
    from collections.abc import Collection

LEVELS = ("auto", "strict", "basic", "none")

# Without these nothing could be told from anything else, so even the level "none" has them.
_ALWAYS = frozenset({"session", "descriptors", "scratch"})

# Layers that a hostile submission calls for and that are not there yet.
_TO_COME = {
    "namespaces": "A submission can use the network.",
    "own user id": "A submission can signal your other processes.",
    "Landlock": "A submission can read and change the files that you can.",
    "seccomp": "A submission can start other programs.",
}


class IsolationUnavailable(GraderError):  # noqa: N818  # reads as what it tells the user
    """The isolation that was asked for can't be had on this machine."""


def layers_for(level: str) -> tuple[str, ...]:
    """Return the names of the layers that a level asks for; raises ``ValueError``."""
    if level not in LEVELS:
        raise ValueError(f"isolation is one of {', '.join(LEVELS)}, not {level!r}")
    if level == "none":
        return tuple(layer.name for layer in LAYERS if layer.name in _ALWAYS)
    return tuple(layer.name for layer in LAYERS)


def require(level: str, missing: Collection[str] = ()) -> None:
    """Raise ``IsolationUnavailable`` if the level insists on layers that are not to be had.

    ``missing`` names layers that a worker could not apply.
    """
    if level != "strict":
        return
    lacking = [layer.name for layer in LAYERS if layer.unavailable() or layer.name in missing]
    lacking += _TO_COME
    if lacking:
        raise IsolationUnavailable(
            f"strict isolation is not to be had here: {', '.join(lacking)} missing",
            "use --isolation auto for all the protection that this machine has",
        )


def unprotected_sentences(
    level: str, start: str | None = None, missing: Collection[str] = ()
) -> tuple[str, ...]:
    """Return what is not protected at this level on this machine, a short sentence each.

    ``start`` is "fork" or "spawn" (None: what this platform uses); ``missing`` names layers
    that a worker could not apply.
    """
    start = start or default_start()
    asked = layers_for(level)
    sentences = [
        layer.without
        for layer in LAYERS
        if layer.name not in asked or layer.name in missing or layer.unavailable()
    ]
    if start == "spawn" and "session" not in missing and sys.platform != "win32":
        sentences.append("Processes that a submission starts and detaches may outlive it.")
    if sys.platform == "darwin" and "limits" in asked:
        sentences.append("Memory is not limited.")
    return (*sentences, *_TO_COME.values())


def default_start() -> str:
    """Return how this platform starts workers: "fork" on Linux, "spawn" elsewhere."""
    return "fork" if sys.platform == "linux" else "spawn"
