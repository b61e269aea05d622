"""What a model was shown is compared with the images, in whatever portions they came."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from grader.checks.eval_accuracy.model_inputs import other_inputs, unseen_images

CHECK = SimpleNamespace(options={"input_blank": 3})
CHALLENGE = {"image": [1, 2, 2]}
ROWS = np.array([4.0, -1.0, 2.5, 7.0, 0.5])
SIZES = [2, 2, 1]


def call(rows: Any, batch: int = 0, **more: Any) -> dict[str, Any]:
    shape = [len(rows), 4]
    seen = {"type": "Tensor", "shape": shape, "rows": np.array(rows), "rough": False}
    return {**seen, "batch": batch, **more}


def scene(*calls: dict[str, Any]) -> dict[str, Any]:
    return {"calls": list(calls), "called": len(calls), "error": None}


WANTED = scene(call(ROWS[:2]), call(ROWS[2:4], 1), call(ROWS[4:], 2))


def unseen(got: dict[str, Any]) -> int | None:
    remark = unseen_images(got, WANTED, {"sizes": SIZES}, CHECK, CHALLENGE)
    return None if remark is None else remark.facts["batch"]


def other(got: dict[str, Any]) -> tuple[str, int] | None:
    remark = other_inputs(got, WANTED, {"sizes": SIZES}, CHECK, CHALLENGE)
    return None if remark is None else (remark.code, remark.facts["batch"])


@pytest.mark.parametrize(
    "got",
    [
        WANTED,
        scene(call(ROWS)),
        scene(call(ROWS[::-1])),
        scene(*(call([row]) for row in ROWS)),
        scene(call([9.0, 9.0]), call(ROWS)),
        scene(call(ROWS + 1e-5)),
        scene(),
        scene(call(ROWS[:1])) | {"called": 5},
    ],
)
def test_every_image_was_shown_or_that_is_not_known(got: dict[str, Any]) -> None:
    assert unseen(got) is None


def test_the_first_batch_with_an_image_that_was_not_shown_is_named() -> None:
    assert unseen(scene(call(ROWS + 0.1))) == 1
    assert unseen(scene(call(ROWS[:2]), call(ROWS[2:4]))) == 3
    assert unseen(scene(call(ROWS[:3]), call([float("nan")]), call(ROWS[4:]))) == 2


def test_an_order_counts_where_the_accuracy_is_wrong() -> None:
    assert other(scene(*(call([row]) for row in ROWS))) is None
    assert other(scene(call(ROWS))) is None
    assert other(scene(call(ROWS[1::-1]), *WANTED["calls"][1:])) == ("wrong_input_values", 1)
    assert other(scene(*WANTED["calls"][:2])) is None
    assert other(scene(WANTED["calls"][0], call(ROWS[2:3], 1))) == ("wrong_input_shape", 2)


def test_rounding_to_two_bytes_a_number_is_no_other_image() -> None:
    rounded = ROWS + 0.01
    assert other(scene(call(rounded[:2], rough=True))) is None
    assert unseen(scene(call(rounded, rough=True))) is None
    assert other(scene(call(rounded[:2]))) == ("wrong_input_values", 1)
    assert unseen(scene(call(rounded))) == 1
