"""The isolation layers, in the order in which a worker applies them to itself.

A new layer is a file beside its siblings and a place in ``LAYERS``: namespaces after
``session``, an own user id after ``scratch``, Landlock and seccomp last. Their sentences in
``grader.sandbox.isolation`` go when they come.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.sandbox.layers import descriptors, limits, privileges, scratch, session
from grader.sandbox.layers.base import Context, Layer, LayerUnavailable

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["LAYERS", "Context", "Layer", "LayerUnavailable", "apply_layers"]

LAYERS: tuple[Layer, ...] = (
    session.LAYER,
    descriptors.LAYER,
    scratch.LAYER,
    limits.LAYER,
    privileges.LAYER,
)


def apply_layers(names: Iterable[str], context: Context) -> tuple[dict[str, str], dict[str, str]]:
    """Apply the named layers to this process.

    Return the remarks of those that are in force (empty where there is nothing to remark), and
    the reasons of those that can't be had, both by name.
    """
    wanted = frozenset(names)
    applied, missing = {}, {}
    for layer in LAYERS:
        if layer.name not in wanted:
            continue
        if reason := layer.unavailable():
            missing[layer.name] = reason
            continue
        try:
            applied[layer.name] = layer.apply(context) or ""
        except LayerUnavailable as error:
            missing[layer.name] = str(error)
    return applied, missing
