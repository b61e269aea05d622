"""What an isolation layer is."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.sandbox.model import Caps


class LayerUnavailable(Exception):  # noqa: N818  # says what is the case, not that code is wrong
    """This machine refuses the layer; the message says why."""


@dataclass(frozen=True)
class Context:
    """What a layer may need to know: the scratch folder, which descriptors stay, whose child."""

    scratch: str
    keep: tuple[int, ...]
    parent: int
    caps: Caps


@dataclass(frozen=True)
class Layer:
    """One thing a process does to itself before it runs code that nobody vouches for.

    ``stops`` says in words what the layer stops, ``without`` what is not protected where the
    layer is not applied. ``unavailable`` gives the reason why this platform can't have it, or
    None. ``apply`` returns a remark (which version, what it could not do) or None, and raises
    ``LayerUnavailable`` where the system refuses.
    """

    name: str
    stops: str
    without: str
    unavailable: Callable[[], str | None]
    apply: Callable[[Context], str | None]


def everywhere() -> str | None:
    """Give no reason: every platform has it."""
    return None


def linux_only() -> str | None:
    """Give the reason of a layer that only Linux has."""
    return None if sys.platform == "linux" else "only Linux has it"


def posix_only() -> str | None:
    """Give the reason of a layer that Windows does not have."""
    return None if sys.platform != "win32" else "Windows does not have it"
