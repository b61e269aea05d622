"""The data that defines an isolation layer."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.sandbox.threats import Threat

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.sandbox.model import Caps

__all__ = ["Context", "Effect", "Layer", "LayerUnavailable", "Threat"]


class LayerUnavailable(Exception):  # noqa: N818  # a fact about the machine, no error
    """The system refuses the layer; the message says why."""


@dataclass(frozen=True)
class Context:
    """A layer's input: scratch folder, descriptors to keep open, the parent's process id, caps.

    ``supervised`` says whether the parent kills what the process leaves behind and watches its
    memory, threads and files; ``cuda`` whether the process may use GPUs.
    """

    scratch: str
    keep: tuple[int, ...]
    parent: int
    caps: Caps
    supervised: bool = False
    cuda: bool = False


@dataclass(frozen=True)
class Effect:
    """The result of applying a layer: a remark, and the threats it does not stop here after all."""

    remark: str = ""
    lacks: frozenset[Threat] = frozenset()


def _nothing() -> None:
    """Prepare nothing."""


@dataclass(frozen=True)
class Layer:
    """One restriction that a process puts on itself before it runs untrusted code.

    ``does`` describes it in words, ``stops`` lists the threats that it stops by itself when fully
    in force. ``unavailable`` returns the reason why this platform can't have it, or None. ``apply``
    returns its effect (None: in full) and raises ``LayerUnavailable`` where the system refuses.
    ``prepare`` runs once in the fork server and caches what every child needs.
    """

    name: str
    does: str
    stops: frozenset[Threat]
    unavailable: Callable[[], str | None]
    apply: Callable[[Context], Effect | None]
    prepare: Callable[[], None] = _nothing


def everywhere() -> str | None:
    """Return no reason: every platform has it."""
    return None


def linux_only() -> str | None:
    """Return the reason of a layer that only Linux has."""
    return None if sys.platform == "linux" else "only Linux has it"


def posix_only() -> str | None:
    """Return the reason of a layer that Windows does not have."""
    return None if sys.platform != "win32" else "Windows does not have it"
