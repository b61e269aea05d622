"""Landlock: Python and its packages can be read, scratch can be written, nothing else."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from grader.sandbox import landlock, visible_files
from grader.sandbox.layers.base import Context, Effect, Layer, LayerUnavailable, Threat, linux_only

if TYPE_CHECKING:
    from collections.abc import Iterable


def apply(context: Context) -> Effect | None:
    """Hold this process to its files, and to itself where the kernel can."""
    own = f"/proc/{os.getpid()}"
    rules: list[tuple[int, Iterable[str]]] = [
        (landlock.READ, (*visible_files.readable(), own)),
        (landlock.READ_DIR, visible_files.listable()),
        (landlock.WRITE_FILE, (os.devnull,)),
        (landlock.WORK, (context.scratch,)),
    ]
    if context.cuda:
        rules += [
            (landlock.DEVICE, visible_files.gpu_devices()),
            (landlock.READ, visible_files.gpu_facts()),
        ]
    try:
        version = landlock.restrict(rules)
    except OSError as error:
        raise LayerUnavailable(str(error)) from None
    lacks = frozenset() if version >= landlock.SCOPES_SINCE else {Threat.SIGNALS}
    return Effect(f"version {version}", frozenset(lacks))


def _unavailable() -> str | None:
    if reason := linux_only():
        return reason
    return None if landlock.version() else "this kernel has no Landlock"


def _prepare() -> None:
    visible_files.readable()


LAYER = Layer(
    name="landlock",
    does="reads Python and its packages, writes to its scratch folder, no other files",
    stops=frozenset({Threat.READS, Threat.WRITES, Threat.SIGNALS}),
    unavailable=_unavailable,
    apply=apply,
    prepare=_prepare,
)
