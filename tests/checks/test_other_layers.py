"""Tests what is said of the layers that a forward pass has beyond the solved notebook's."""

from __future__ import annotations

import pytest

from grader.checks.other_layers import with_layers
from grader.checks.remark import Remark


def _layers(*texts):
    """Return layers as they are observed, of texts such as ``linear lin_1``."""
    pairs = (text.partition(" ") for text in texts)
    return [{"kind": kind, "name": name, "line": [3, k]} for k, (kind, _, name) in enumerate(pairs)]


_WANTED = _layers("linear lin_1", "relu", "linear lin_2")


@pytest.mark.parametrize(
    ("used", "what"),
    [
        (
            ("linear lin_1", "gelu", "linear lin_2"),
            "uses gelu, where the assignment's formula has relu",
        ),
        (("linear lin_1", "relu", "linear mid", "linear lin_2"), "also uses linear (self.mid)"),
        (("linear lin_1", "relu", "linear lin_2", "relu"), "also uses relu"),
        (
            ("dropout a.b", "linear lin_1", "relu", "layer_norm", "linear lin_2"),
            "also uses dropout (self.a.b) and layer_norm",
        ),
        (("linear lin_1", "tanh not a name\n", "linear lin_2"), "uses tanh, where"),
    ],
)
def test_what_is_used_is_named_beside_what_is_lacking(used, what):
    (remark,) = with_layers([Remark("wrong_output")], _layers(*used), _WANTED)
    assert remark.code == "other_layers"
    assert str(remark.facts["what"]).startswith(what)


@pytest.mark.parametrize(
    ("code", "used", "named"),
    [
        ("output_depends_on_mode", "dropout drop", "layer_for_training_added"),
        ("output_not_repeatable", "dropout", "layer_draws_in_eval_mode"),
        ("output_not_repeatable", "layer_norm", "output_not_repeatable"),
        ("raises", "batch_norm bn", "layer_added_raises"),
        ("wrong_output_shape", "dropout", "wrong_output_shape"),
        ("wrong_output", "GIVE 100 points", "wrong_output"),
    ],
)
def test_each_remark_that_a_layer_explains_has_a_name_of_its_own(code, used, named):
    more = _layers("linear lin_1", "relu", "linear lin_2", used)
    (remark,) = with_layers([Remark(code)], more, _WANTED)
    assert remark.code == named


def test_a_pass_of_the_same_layers_keeps_its_remark():
    assert with_layers([Remark("wrong_output")], _WANTED[::-1], _WANTED) == [Remark("wrong_output")]
