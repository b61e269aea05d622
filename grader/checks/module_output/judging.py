"""How what a module returns differs from the reference's, with the same parameters."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from grader.checks.module_dims import USUAL, named
from grader.checks.module_observation import AFTER, EVAL, TRAIN, random, same_leaves
from grader.checks.remark import Facts, Remark, close, number, raised, shape_words, together
from grader.checks.values import shown, with_sizes
from grader.report import Severity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.assignment import Check
    from grader.checks.module_output.forms import (
        CaseCalls,
        ModuleOutputChallenge,
        ModuleOutputObservation,
        OutputCase,
    )

_MODE = "differs_in_train_mode"
_KINDS = {"f": "floating-point numbers", "i": "whole numbers", "b": "truth values"}
GENERAL = frozenset(
    {
        "output_of_other_form",
        "output_of_other_shape",
        "output_of_other_dtype",
        "output_has_nan",
        "output_by_chance",
        "rows_are_mixed",
        "other_output",
        "no_chance_in_training",
        "chance_in_training",
        "statistics_differ",
        "gradient_does_not_reach",
        "forward_changes_parameters",
        _MODE,
    }
)


def judge(
    observed: ModuleOutputObservation,
    reference: ModuleOutputObservation,
    _check: Check,
    challenge: ModuleOutputChallenge,
) -> list[Remark]:
    """Return what differs first, case by case, in the order: runs, form, numbers, modes."""
    if observed["error"] is not None:
        return [raised(observed["error"])]
    triples = list(zip(observed["cases"], reference["cases"], challenge["cases"], strict=True))
    for at, (got, wanted, case) in enumerate(triples):
        if "no_module" in got:
            return [Remark("no_module")]
        if "calls" not in got:
            when = f"when the class is built with {named(case['dims'])}"
            return [raised(got["error"], when=when)]
        if "calls" not in wanted:
            continue
        unfit = [
            name for name, shapes in wanted["shapes"].items() if got["shapes"].get(name) != shapes
        ]
        if unfit:
            return [Remark("layers_do_not_fit", facts={"layer": unfit[0]})]
        remark = _case(got, wanted, case, at)
        if remark is not None:
            return [_at_other_sizes(remark, case) if at >= USUAL else remark]
    return _beside(triples)


def _at_other_sizes(remark: Remark, case: OutputCase) -> Remark:
    """Return the remark on a module that is right at the notebook's own sizes."""
    what = "it gives something else."
    if remark.error is not None:
        what = f"it raises\n{remark.error['type']}: {remark.error['message']}"
    sizes = together([f"{name} {size}" for name, size in case["dims"].items()])
    facts: Facts = {"sizes": sizes, "what": what}
    return Remark("sizes_in_forward", Severity.PARTIAL, facts=facts, error=remark.error)


def _case(got: CaseCalls, wanted: CaseCalls, case: OutputCase, at: int) -> Remark | None:
    facts: Facts = {"sizes": _sizes(case)}
    call, right = got["calls"][EVAL], wanted["calls"][EVAL]
    if "error" in right:
        return None
    if "error" in call:
        return raised(call["error"], when=f"called {facts['sizes']}", worked=at)
    form = _form(call["leaves"], right["leaves"], facts)
    if form is not None:
        return form
    if random(got, EVAL) and not random(wanted, EVAL):
        return Remark("output_by_chance", facts=facts)
    if not same_leaves(call["leaves"], right["leaves"]) and not random(wanted, EVAL):
        return _values(call["leaves"], right["leaves"], facts, mixed=_mixed(got, wanted))
    return _modes(got, wanted, facts)


def _sizes(case: OutputCase) -> str:
    own = {name: size for name, size in case["sizes"].items() if name not in case["dims"]}
    return with_sizes(own)


def _form(got: Sequence[Any], wanted: Sequence[Any], facts: Facts) -> Remark | None:
    """Return what differs before the numbers: what there is, of which shape and which dtype."""
    if [leaf["path"] for leaf in got] != [leaf["path"] for leaf in wanted]:
        forms = {"got": _form_words(got), "expected": _form_words(wanted)}
        return Remark("output_of_other_form", facts={**facts, **forms})
    for leaf, right in zip(got, wanted, strict=True):
        where = f"output{leaf['path']}"
        if "array" not in right:
            if leaf.get("type") == right["type"]:
                continue
            types = {"got": leaf.get("type", "Tensor"), "expected": right["type"]}
            return Remark("output_of_other_form", facts={**facts, **types})
        if "array" not in leaf:
            types = {"got": leaf["type"], "expected": "Tensor"}
            return Remark("output_of_other_form", facts={**facts, **types})
        array, expected = leaf["array"], right["array"]
        if array.shape != expected.shape:
            shapes = {"got": shape_words(array.shape), "expected": shape_words(expected.shape)}
            return Remark("output_of_other_shape", facts={**facts, "output": where, **shapes})
        kinds = _kind(leaf["dtype"]), _kind(right["dtype"])
        if kinds[0] != kinds[1]:
            words = {"got": kinds[0], "expected": kinds[1]}
            return Remark("output_of_other_dtype", facts={**facts, "output": where, **words})
        if np.isfinite(expected).all() and not np.isfinite(array).all():
            return Remark("output_has_nan", facts={**facts, "output": where})
    return None


def _form_words(leaves: Sequence[Any]) -> str:
    if len(leaves) == 1 and not leaves[0]["path"]:
        return str(leaves[0].get("type", "a tensor"))
    return together([leaf["path"] for leaf in leaves[:6]]) or "nothing"


def _kind(dtype: str) -> str:
    first = "f" if "float" in dtype else "b" if dtype == "bool" else "i"
    return _KINDS[first]


def _mixed(got: CaseCalls, wanted: CaseCalls) -> bool:
    """Whether the first row comes out otherwise alone than among others, and only here."""
    return _alone_differs(got) is True and _alone_differs(wanted) is False


def _alone_differs(seen: CaseCalls) -> bool | None:
    call: Any = seen["calls"][EVAL]
    if seen["alone"] is None or "leaves" not in call or len(call["leaves"]) != len(seen["alone"]):
        return None
    for leaf, alone in zip(call["leaves"], seen["alone"], strict=True):
        if "array" not in leaf or "array" not in alone or not leaf["array"].ndim:
            return None
        first = leaf["array"][:1]
        if first.shape != alone["array"].shape or not np.isfinite(first).all():
            return None
        if not close(alone["array"], first):
            return True
    return False


def _values(got: Sequence[Any], wanted: Sequence[Any], facts: Facts, *, mixed: bool) -> Remark:
    for leaf, right in zip(got, wanted, strict=True):
        if "array" not in leaf or close(leaf["array"], right["array"]):
            continue
        output, expected = leaf["array"], right["array"]
        softmax = _softmax(output, expected)
        if softmax:
            return Remark("softmax_applied", facts={**facts, "function": softmax})
        error = np.abs(output - expected)
        place = np.unravel_index(int(error.argmax()), error.shape) if error.ndim else ()
        first = place[:1] if error.ndim > 1 else ()
        numbers = {
            "output": f"output{leaf['path']}",
            "difference": number(float(error.max(initial=0))),
            "got": shown(output[first] if first else output),
            "expected": shown(expected[first] if first else expected),
        }
        code = "rows_are_mixed" if mixed else "other_output"
        return Remark(code, facts={**facts, **numbers})
    return Remark("other_output", facts={**facts, "output": "output", "difference": "0"})


def _softmax(got: np.ndarray, wanted: np.ndarray) -> str:
    """Return the function that makes the one of the other along some axis, if one does."""
    if not np.isfinite(wanted).all():
        return ""
    for axis in range(wanted.ndim):
        shifted = wanted - wanted.max(axis=axis, keepdims=True)
        share = np.exp(shifted) / np.exp(shifted).sum(axis=axis, keepdims=True)
        with np.errstate(divide="ignore"):
            logarithm = np.log(share)
        if wanted.shape[axis] > 1 and close(got, share):
            return "softmax"
        if wanted.shape[axis] > 1 and np.isfinite(logarithm).all() and close(got, logarithm):
            return "log_softmax"
    sigmoid = 1 / (1 + np.exp(-np.clip(wanted, -80, 80)))
    return "sigmoid" if close(got, sigmoid) and not close(wanted, sigmoid) else ""


def _modes(got: CaseCalls, wanted: CaseCalls, facts: Facts) -> Remark | None:
    """Return how a module that is right in eval mode differs in train mode, or after it."""
    train, right = got["calls"][TRAIN], wanted["calls"][TRAIN]
    if "error" in right:
        return None
    if "error" in train:
        return raised(train["error"], when=f"called in train mode {facts['sizes']}", worked=1)
    if random(wanted) or random(got):
        if random(wanted) and random(got):
            return None
        code = "no_chance_in_training" if random(wanted) else "chance_in_training"
        return Remark(code, Severity.PARTIAL, facts=facts, share=_MODE)
    if not same_leaves(train["leaves"], right["leaves"]):
        return Remark(_MODE, Severity.PARTIAL, facts=facts, share=_MODE)
    after, then = got["calls"][AFTER], wanted["calls"][AFTER]
    if "error" in then:
        return None
    if "error" in after:
        return raised(after["error"], when="called in eval mode after train mode", worked=1)
    if not same_leaves(after["leaves"], then["leaves"]):
        return Remark("statistics_differ", Severity.PARTIAL, facts=facts, share=_MODE)
    return None


def _beside(triples: Sequence[tuple[Any, Any, OutputCase]]) -> list[Remark]:
    """Return what a call did beside returning what it has to."""
    pairs = [(got, want) for got, want, _ in triples if "calls" in got and "calls" in want]
    for got, wanted in pairs:
        if got["moved"] and not wanted["moved"]:
            return [Remark("forward_changes_parameters", facts={"changed": together(got["moved"])})]
        if got["changed"] and not wanted["changed"]:
            return [Remark("forward_changes_its_input", Severity.PARTIAL)]
        if got["backward"] is not None and wanted["backward"] is None:
            return [raised(got["backward"], when="when gradients are computed", worked=1)]
        lost = [name for name in got["unreached"] if name not in wanted["unreached"]]
        if lost:
            return [Remark("gradient_does_not_reach", facts={"names": together(lost[:4])})]
    return []
