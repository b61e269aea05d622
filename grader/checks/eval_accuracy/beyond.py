"""Judges what an evaluation does for more batches and images than any number in its code."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.checks.eval_accuracy.results import wrong_value
from grader.checks.remark import Facts, Remark, raised

if TYPE_CHECKING:
    from grader.assignment import Check
    from grader.checks.eval_accuracy.challenge import EvalAccuracyChallenge
    from grader.checks.eval_accuracy.observation import SeenBeyond


def beyond_its_numbers(
    seen: SeenBeyond | None, challenge: EvalAccuracyChallenge, check: Check
) -> list[Remark]:
    """Return the remark on a function that is right for fewer batches, smaller ones, fewer images.

    The images are those of the scene that has few distinct ones, one after another and again from
    the first, so what is right about each of them is known here.
    """
    if seen is None:
        return []
    images = seen["images"]
    what = f"{seen['batches']} batches with {images} images in all"
    if seen["error"] is not None:
        return [raised(seen["error"], when=f"for {what}", worked=1)]
    if seen["returned"] is None or images <= 0:
        return []
    scene = next(scene for scene in challenge["scenes"] if scene["order"] is not None)
    scores = (scene["images"] / 255.0) @ challenge["weight"].T + challenge["bias"]
    right = scores.argmax(axis=1) == scene["labels"]
    whole, rest = divmod(images, len(right))
    count = whole * int(right.sum()) + int(np.count_nonzero(right[:rest]))
    about: Facts = {
        "images": images,
        "sizes": f"1 to {seen['largest']}",
        "right": count,
        "drawn": seen["drawn"],
        "batches": seen["batches"],
    }
    blank = check.options["count_blank"]
    remark = wrong_value(seen["returned"], count / images, blank, about, seen["left_at"])
    return [] if remark is None else [remark]
