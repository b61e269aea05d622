"""The judge of an update: the first step's sign and scale, then the later ones."""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.checks.schema import has_form
from grader.checks.update_step import KIND
from grader.checks.update_step.challenge import draw
from grader.checks.update_step.judge import alike, judge, place, same_size

if TYPE_CHECKING:
    from collections.abc import Callable

OPTIONS = {
    "arguments": [
        {"name": "w", "shape": ["n"]},
        {"name": "b"},
        {"name": "dw", "shape": ["n"]},
        {"name": "db"},
        {"name": "eta", "range": [0.1, 0.5]},
    ],
    "sizes": {"n": [2, 5]},
    "updates": [
        {"parameter": "w", "gradient": "dw", "blank": 5},
        {"parameter": "b", "gradient": "db", "blank": 6},
    ],
    "rate": "eta",
}
CHECK: Any = SimpleNamespace(options=OPTIONS)
CHALLENGE = draw(np.random.default_rng(3), CHECK)
ERROR = {"type": "ValueError", "message": "boom", "frames": []}


def right(value: Any, gradient: Any, rate: float, **_case: Any) -> Any:
    return value - rate * gradient


def value(number: Any, dtype: str = "float32") -> dict[str, Any]:
    return {"array": np.asarray(number, dtype=float), "dtype": dtype}


def observed(w: Callable[..., Any] = right, b: Callable[..., Any] = right) -> Any:
    """The steps of a function that updates each parameter by a rule of its own."""
    cases = []
    for case in CHALLENGE["cases"]:
        now, steps = list(case["parameters"]), []
        for number, gradients in enumerate(case["gradients"]):
            more = {"step": number, "others": gradients[::-1]}
            now = [
                rule(*pair, case["rate"], other=other, **more)
                for rule, pair, other in zip(
                    (w, b), zip(now, gradients, strict=True), gradients[::-1], strict=True
                )
            ]
            steps.append({"returned": True, "values": [value(one) for one in now]})
        cases.append({"error": None, "steps": steps})
    return {"error": None, "cases": cases}


def codes(seen: Any) -> list[tuple[str, int | None]]:
    found = judge(seen, observed(), CHECK, CHALLENGE)
    return [(remark.code, remark.blank) for remark in found]


def test_the_solved_update_passes() -> None:
    assert has_form(KIND.form, observed())
    assert same_size(observed(), observed())
    assert codes(observed()) == []


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (lambda v, g, rate, **_: v + rate * g, "climbs"),
        (lambda v, g, _rate, **_more: v + g, "climbs"),
        (lambda v, g, _rate, **_more: v - g, "ignores_rate"),
        (lambda v, _g, _rate, **_more: v, "stands_still"),
        (lambda v, g, rate, **_: v - 2 * rate * g, "scaled_step"),
        (lambda _v, g, rate, **_: -rate * g, "wrong_step"),
        (lambda v, g, rate, step, **_: v - rate * g / (step + 1), "later_step_wrong"),
        (lambda _v, _g, _rate, **_more: np.zeros(9), "value_of_other_shape"),
        (lambda v, g, rate, **_: v - rate * g + np.nan, "value_not_finite"),
    ],
)
def test_a_wrong_update_is_named_with_its_blank(rule: Any, code: str) -> None:
    assert codes(observed(w=rule)) == [(code, 5)]
    assert codes(observed(b=rule)) == [(code, 6)]


def test_a_parameter_that_takes_the_other_gradient() -> None:
    seen = observed(w=lambda v, _g, rate, other, **_: v - rate * other)
    (remark,) = judge(seen, observed(), CHECK, CHALLENGE)
    assert (remark.code, remark.blank) == ("follows_other_gradient", 5)
    assert (remark.facts["other"], remark.facts["output"]) == ("db", "the new w")


def test_a_scale_is_told() -> None:
    (remark,) = judge(
        observed(b=lambda v, g, rate, **_: v - 0.5 * rate * g), observed(), CHECK, CHALLENGE
    )
    assert (remark.facts["scale"], remark.facts["parameter"]) == ("0.5", "b")


def test_something_else_that_is_returned() -> None:
    seen = observed()
    for case in seen["cases"]:
        case["steps"] = [{"returned": True, "values": [{"type": "str"}]}]
    assert same_size(seen, observed())
    assert codes(seen) == [("value_of_other_type", 5), ("value_of_other_type", 6)]


def test_steps_that_stop_early_are_wrong_from_there_on() -> None:
    seen = observed()
    seen["cases"][1]["steps"].pop()
    assert codes(seen) == [("later_step_wrong", 5), ("later_step_wrong", 6)]


def test_an_exception_is_told_with_its_step() -> None:
    seen = observed()
    seen["cases"][0] |= {"error": ERROR, "steps": seen["cases"][0]["steps"][:1]}
    (remark,) = judge(seen, observed(), CHECK, CHALLENGE)
    assert (remark.code, remark.facts["when"]) == ("raises", "at step 2")
    assert codes({"error": ERROR, "cases": []}) == [("raises", None)]


def test_observations_are_alike_for_the_parameter_that_is_asked_for() -> None:
    other = observed(w=lambda v, g, rate, **_: v + rate * g)
    assert not alike(other, observed())
    assert not alike(other, observed(), place(CHECK, 5))
    assert alike(other, observed(), place(CHECK, 6))


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (lambda v, g, rate, **_: v - rate * rate * g, "has the direction"),
        (lambda v, g, rate, **_: v + rate * rate * g, "goes against the direction"),
        (lambda v, g, rate, **_: v - rate * g**2 - 1, "is neither"),
    ],
)
def test_a_wrong_step_is_described_as_it_goes(rule: Any, said: str) -> None:
    found = judge(observed(w=rule), observed(), CHECK, CHALLENGE)
    assert [one.code for one in found] == ["wrong_step"]
    assert said in str(found[0].facts["way"])
