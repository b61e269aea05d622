"""Names the layers of a forward pass that the solved notebook's has not."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.checks.remark import Facts, Remark, together

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.checks.forward_calls import UsedLayer

_KIND = re.compile(r"[a-z][a-z0-9_]{0,30}")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.]{0,40}")
# What a remark is called where the layers that were added are known.
_NAMED = {
    "output_depends_on_mode": "layer_for_training_added",
    "output_not_repeatable": "layer_draws_in_eval_mode",
    "raises": "layer_added_raises",
    "wrong_output": "other_layers",
}
_OF_CHANCE = "dropout"
_MADE = "layer_made_in_forward"


def with_layers(
    remarks: Iterable[Remark], used: Sequence[UsedLayer], wanted: Sequence[UsedLayer]
) -> list[Remark]:
    """Return remarks that name the layers which were ``used`` beyond those that are ``wanted``."""
    extra, lacking = _beyond(used, wanted), _beyond(wanted, used)
    named = [_with_layers(remark, extra, lacking) for remark in remarks] if extra else [*remarks]
    return [_made_in_forward(remark, used, wanted) for remark in named]


def _made_in_forward(
    remark: Remark, used: Sequence[UsedLayer], wanted: Sequence[UsedLayer]
) -> Remark:
    """Return a remark on two answers that names the layers left out for others of no name."""
    called = {layer["name"] for layer in used}
    linear = [layer for layer in wanted if layer["kind"] == "linear" and layer["name"]]
    unused = [f"self.{one['name']}" for one in linear if one["name"] not in called]
    others = [layer for layer in used if layer["kind"] == "linear" and not layer["name"]]
    if remark.code != "output_not_repeatable" or not unused or not others:
        return remark
    facts: Facts = {**remark.facts, "unused": together(list(dict.fromkeys(unused)))}
    return replace(remark, code=_MADE, facts=facts, at=others[0]["line"] or None)


def _with_layers(
    remark: Remark, extra: Sequence[UsedLayer], lacking: Sequence[UsedLayer]
) -> Remark:
    code = _NAMED.get(remark.code)
    if remark.code == "output_not_repeatable":
        extra = [layer for layer in extra if _OF_CHANCE in layer["kind"]]
    if code is None or not extra:
        return remark
    also = "also uses" if not lacking else "uses"
    instead = "" if not lacking else f", where the assignment's formula has {_words(lacking)}"
    facts: Facts = {
        **remark.facts,
        "layers": _words(extra),
        "what": f"{also} {_words(extra)}{instead}",
    }
    line = next((layer["line"] for layer in extra if layer["line"]), None)
    return replace(remark, code=code, facts=facts, at=None if remark.error else line)


def _beyond(used: Sequence[UsedLayer], wanted: Sequence[UsedLayer]) -> list[UsedLayer]:
    """Return what one pass uses more often than the other does, layers of other names first."""
    more = Counter(layer["kind"] for layer in used)
    more.subtract(layer["kind"] for layer in wanted)
    known = {(layer["kind"], layer["name"]) for layer in wanted}
    found = []
    last_first = list(reversed(used))
    for layer in sorted(last_first, key=lambda one: (one["kind"], one["name"]) in known):
        if more[layer["kind"]] > 0 and _KIND.fullmatch(layer["kind"]):
            more[layer["kind"]] -= 1
            found.append(layer)
    return [layer for layer in used if any(layer is one for one in found)]


def _words(layers: Sequence[UsedLayer]) -> str:
    """Return layers in words, each once: ``dropout (self.drop) and gelu``."""
    each = [
        layer["kind"] + (f" (self.{layer['name']})" if _NAME.fullmatch(layer["name"]) else "")
        for layer in layers
    ]
    return together(list(dict.fromkeys(each)))
