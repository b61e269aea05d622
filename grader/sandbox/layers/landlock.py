"""Landlock: Python and its packages can be read, scratch can be written, nothing else."""

from __future__ import annotations

import os
from glob import glob
from typing import TYPE_CHECKING

from grader.sandbox import landlock, view
from grader.sandbox.layers.base import Context, Effect, Layer, LayerUnavailable, Threat, linux_only

if TYPE_CHECKING:
    from collections.abc import Iterable

# What the NVIDIA driver opens: its devices, and what tells which GPUs there are and where.
_GPU_DEVICES = ("/dev/nvidia*", "/dev/dxg")
_GPU_FACTS = (
    *("/proc/driver/nvidia", "/proc/devices", "/proc/sys/vm/max_map_count"),
    *("/sys/bus/pci", "/sys/class/pci_bus", "/sys/devices", "/sys/module/nvidia*"),
    *("/usr/share/nvidia", "/etc/nvidia", "/usr/local/cuda*"),
)


def apply(context: Context) -> Effect | None:
    """Hold this process to its files, and to itself where the kernel can."""
    own = f"/proc/{os.getpid()}"
    rules: list[tuple[int, Iterable[str]]] = [
        (landlock.READ, (*view.readable(), own)),
        (landlock.READ_DIR, view.listable()),
        (landlock.WRITE_FILE, (os.devnull,)),
        (landlock.WORK, (context.scratch,)),
    ]
    if context.cuda:
        rules += [
            (landlock.DEVICE, _existing(_GPU_DEVICES)),
            (landlock.READ, _existing(_GPU_FACTS)),
        ]
    try:
        version = landlock.restrict(rules)
    except OSError as error:
        raise LayerUnavailable(str(error)) from None
    lacks = frozenset() if version >= landlock.SCOPES_SINCE else {Threat.SIGNALS}
    return Effect(f"version {version}", frozenset(lacks))


def _existing(patterns: tuple[str, ...]) -> list[str]:
    return [path for pattern in patterns for path in glob(pattern)]  # noqa: PTH207  # absolute


def _unavailable() -> str | None:
    if reason := linux_only():
        return reason
    return None if landlock.version() else "this kernel has no Landlock"


def _prepare() -> None:
    view.readable()


LAYER = Layer(
    name="landlock",
    does="reads Python and its packages, writes to its scratch folder, no other files",
    stops=frozenset({Threat.READS, Threat.WRITES, Threat.SIGNALS}),
    unavailable=_unavailable,
    apply=apply,
    prepare=_prepare,
)
