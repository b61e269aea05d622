"""The isolation layers, in the order in which a worker applies them to itself.

A new layer is a file beside its siblings and a place in ``LAYERS``. What needs root's powers comes
before they are given up, what opens files before Landlock, everything before seccomp.
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
    """The remarks of the layers in force, the reasons of those not to be had, what they stop."""

    applied: dict[str, str]
    missing: dict[str, str]
    stopped: frozenset[Threat]


def prepare_layers() -> None:
    """Find out what every child would find out; call it before forking them."""
    for layer in LAYERS:
        if not layer.unavailable():
            layer.prepare()


def apply_layers(names: Iterable[str], context: Context) -> Lockdown:
    """Apply the named layers to this process, as far as they are to be had."""
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
