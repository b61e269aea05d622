"""What an isolation layer is."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.sandbox.threats import Threat

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.sandbox.model import Caps

__all__ = ["Context", "Effect", "Layer", "LayerUnavailable", "Threat"]


class LayerUnavailable(Exception):  # noqa: N818  # says what is the case, not that code is wrong
    """This machine refuses the layer; the message says why."""


@dataclass(frozen=True)
class Context:
    """What a layer may need to know: the scratch folder, which descriptors stay, whose child.

    ``tended`` says whether the parent kills whatever the process leaves behind and watches how
    much it takes; ``cuda`` whether GPUs are let through.
    """

    scratch: str
    keep: tuple[int, ...]
    parent: int
    caps: Caps
    tended: bool = False
    cuda: bool = False


@dataclass(frozen=True)
class Effect:
    """What came of applying a layer: a remark, and what it does not stop here after all."""

    remark: str = ""
    lacks: frozenset[Threat] = frozenset()


def _nothing() -> None:
    """Prepare nothing."""


@dataclass(frozen=True)
class Layer:
    """One thing a process does to itself before it runs code that nobody vouches for.

    ``does`` says in words what it is, ``stops`` which attacks it stops by itself where it works
    in full. ``unavailable`` gives the reason why this platform can't have it, or None. ``apply``
    returns what came of it (None: all that it can do), and raises ``LayerUnavailable`` where the
    system refuses. ``prepare`` is called once in the fork server: what every child would have to
    find out is found out there.
    """

    name: str
    does: str
    stops: frozenset[Threat]
    unavailable: Callable[[], str | None]
    apply: Callable[[Context], Effect | None]
    prepare: Callable[[], None] = _nothing


def everywhere() -> str | None:
    """Give no reason: every platform has it."""
    return None


def linux_only() -> str | None:
    """Give the reason of a layer that only Linux has."""
    return None if sys.platform == "linux" else "only Linux has it"


def posix_only() -> str | None:
    """Give the reason of a layer that Windows does not have."""
    return None if sys.platform != "win32" else "Windows does not have it"
