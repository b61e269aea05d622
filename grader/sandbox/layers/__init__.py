"""The isolation layers, in the order in which a worker applies them to itself.

A new layer is a file in this folder and an entry in ``LAYERS``. Layers that need root's powers come
before these are given up, layers that open files before Landlock, seccomp last.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.sandbox.layers import (
    capabilities,
    counted,
    descriptors,
    disk,
    landlock,
    limits,
    namespaces,
    privileges,
    root_folder,
    scratch,
    seccomp,
    session,
    user,
)
from grader.sandbox.layers.base import Context, Effect, Layer, LayerUnavailable, Threat

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "LAYERS",
    "Context",
    "Effect",
    "Layer",
    "LayerUnavailable",
    "Lockdown",
    "Threat",
    "apply_layers",
    "prepare_layers",
]

LAYERS: tuple[Layer, ...] = (
    namespaces.LAYER,
    session.LAYER,
    descriptors.LAYER,
    disk.LAYER,
    scratch.LAYER,
    root_folder.LAYER,
    user.LAYER,
    limits.LAYER,
    capabilities.LAYER,
    privileges.LAYER,
    landlock.LAYER,
    counted.LAYER,
    seccomp.LAYER,
)


@dataclass(frozen=True)
class Lockdown:
    """The layers in force with remarks, the missing ones with reasons, the threats stopped."""

    applied: dict[str, str]
    missing: dict[str, str]
    stopped: frozenset[Threat]


def prepare_layers() -> None:
    """Run every layer's ``prepare`` once, before the first fork."""
    for layer in LAYERS:
        if not layer.unavailable():
            layer.prepare()


def apply_layers(names: Iterable[str], context: Context) -> Lockdown:
    """Apply the named layers to this process, those that the system grants."""
    wanted = frozenset(names)
    applied, missing = {}, {}
    stopped: set[Threat] = set()
    for layer in LAYERS:
        if layer.name not in wanted:
            continue
        if reason := layer.unavailable():
            missing[layer.name] = reason
            continue
        try:
            effect = layer.apply(context) or Effect()
        except LayerUnavailable as error:
            missing[layer.name] = str(error)
            continue
        applied[layer.name] = effect.remark
        stopped |= layer.stops - effect.lacks
    return Lockdown(applied, missing, frozenset(stopped))
