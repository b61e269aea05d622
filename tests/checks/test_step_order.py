"""The judge of the update lines, on loops that were made up: each departure has its code."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from grader.checks.schema import has_form
from grader.checks.step_order import KIND, judge
from tests.checks.loops import CHECK, both, codes, judged, reference

ZERO, BACKWARD, STEP = (CHECK.options[f"{name}_blank"] for name in ("zero", "backward", "step"))


def test_what_is_made_up_has_the_form_of_an_observation() -> None:
    assert has_form(KIND.form, reference())
    assert KIND.same_size(both("fzbs", epochs=1), reference())


@pytest.mark.parametrize("order", ["fzbs", "zfbs", "fbsz"])
def test_lawful_orders_pass(order: str) -> None:
    assert judged(both(order)) == []


def test_whole_epochs_on_the_right_path_pass() -> None:
    assert judged(both("fzbs", epochs=1)) == []


@pytest.mark.parametrize(
    ("order", "code", "blank"),
    [
        ("fbs", "missing_zero_grad", ZERO),
        ("fzs", "missing_backward", BACKWARD),
        ("fzb", "missing_step", STEP),
        ("fbzs", "cleared_before_step", ZERO),
        ("fzsb", "step_before_backward", STEP),
        ("fzbss", "doubled_step", STEP),
        ("fzbbs", "doubled_backward", BACKWARD),
        ("fzbsfzbs", "batch_repeated", None),
        (lambda _epoch, k: "fzbs" if k == 0 else "fbs", "zero_grad_once_per_epoch", ZERO),
        (lambda _epoch, k: "fzbs" if k == 4 else "fzb", "step_once_per_epoch", STEP),
        (lambda _epoch, k: "fzbs" if k % 2 else "fzb", "step_left_out", STEP),
        (lambda _epoch, k: "fzbs" if k % 2 else "fzs", "backward_left_out", BACKWARD),
        (lambda _epoch, k: "fzbs" if k % 2 else "fbs", "zero_grad_left_out", ZERO),
    ],
)
def test_a_wrong_order_is_named_and_has_its_blank(order: Any, code: str, blank: int | None) -> None:
    (remark, *_) = judged(both(order))
    assert (remark.code, remark.blank) == (code, blank)


def test_the_first_batches_are_on_the_path_where_gradients_pile_up() -> None:
    (remark,) = judged(both("fbs"))
    assert "From the second on they drift" in str(remark.facts["drift"])


@pytest.mark.parametrize(
    ("how", "code", "severity"),
    [
        ({"loss": -1.0}, "maximises", "error"),
        ({"loss": 0.5}, "scaled_gradient", "error"),
        ({"used": lambda g: 2 * g}, "gradient_changed", "error"),
        ({"rate": lambda _step: -1.0}, "optimizer_climbs", "error"),
        ({"rate": lambda _step: 0.0}, "learning_rate_zero", "error"),
        ({"frozen": "lin_1"}, "layers_stand_still", "error"),
        ({"rate": lambda step: 0.9**step}, "lawful_extra", "info"),
        ({"used": lambda g: np.clip(g, -0.01, 0.01)}, "lawful_extra", "info"),
    ],
)
def test_right_orders_with_another_step(how: dict[str, Any], code: str, severity: str) -> None:
    assert codes(both("fzbs", **how)) == [(code, severity)]


def test_a_short_batch_may_be_left_out_with_a_warning() -> None:
    skipping = both(lambda _epoch, k: "" if k == 4 else "fzbs")
    assert codes(skipping) == [("short_batch_left_out", "warning")]


def test_a_loop_that_draws_nothing() -> None:
    assert codes(both("fzbs", epochs=0)) == [("no_batches", "error")]


@pytest.mark.parametrize(
    ("event", "code"), [(["reset"], "starts_anew"), (["epoch", "inside"], "pass_inside_pass")]
)
def test_events_that_do_not_belong_there(event: list[str], code: str) -> None:
    observed = both("fbs" if code == "starts_anew" else "fzbss")
    for run in observed["runs"]:
        run["events"] = [*run["events"], event]
    assert codes(observed)[0][0] == code


def test_an_optimizer_made_for_every_epoch() -> None:
    observed = both("fzbs", used=lambda gradient: gradient + 1e-2)
    for run in observed["runs"]:
        run["fresh"] = None
        run["makers"] = [0] * 5 + [1] * 5
    (remark,) = judged(observed)
    assert (remark.code, remark.facts["often"]) == ("optimizer_made_anew", "for every epoch")


def test_observations_are_alike_that_go_the_same_way() -> None:
    assert judge.alike(both("zfbs"), both("zfbs"))
    assert not judge.alike(both("zfbs"), both("fzbs"))
    assert not judge.alike(both("fbs"), both("fzbs"))
