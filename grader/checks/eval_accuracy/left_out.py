"""Finds the batches, or images, that were there to be evaluated and that the model never saw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from grader.checks.eval_accuracy.model_inputs import rows_of
from grader.checks.eval_accuracy.results import sizes_words
from grader.checks.remark import TOLERANCE, Facts, Remark, together

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.checks.eval_accuracy.challenge import Scene
    from grader.checks.eval_accuracy.observation import SeenScene

_HALF = 0.5


def left_out(scenes: Sequence[tuple[SeenScene, SeenScene, Scene]]) -> Remark | None:
    """Return the remark on batches that were all read, and of some of which nothing was shown.

    ``scenes`` are those without repeated images. Where it is always the last batch, whatever its
    size, there are better words for it.
    """
    found = []
    for got, wanted, scene in scenes:
        seen = _shown(got, wanted, scene["sizes"])
        if seen is not None and any(seen) and not all(seen):
            found.append((seen, scene["sizes"]))
    if not found:
        return next(filter(None, (_fewer(got, wanted) for got, wanted, _ in scenes)), None)
    short = True
    for seen, sizes in found:
        out, kept = _parted(seen, sizes)
        short &= max(out) < min(kept)
    if not short and all(seen[:-1] == [True] * (len(seen) - 1) for seen, _ in found):
        return None
    seen, sizes = found[0]
    facts: Facts = {"sizes": sizes_words(sizes)}
    if short:
        small = together([str(size) for size in sorted(set(_parted(seen, sizes)[0]))])
        return Remark("short_batches_left_out", facts={**facts, "out": small})
    numbers = [str(k) for k, there in enumerate(seen, start=1) if not there]
    which = ("batch " if len(numbers) == 1 else "batches ") + together(numbers)
    return Remark("batches_left_out", facts={**facts, "which": which})


def _fewer(got: SeenScene, wanted: SeenScene) -> Remark | None:
    """Return the remark on a function that makes batches of its own, and not of all the images."""
    shown = _numbers(got)
    if shown is None or got["drawn"] or not len(shown):
        return None
    rows = rows_of(wanted)
    near = np.abs(rows[:, None] - shown).min(axis=1) <= TOLERANCE
    if near.all() or np.abs(shown[:, None] - rows).min(axis=1).max() > TOLERANCE:
        return None
    return Remark("images_left_out", facts={"images": len(rows), "shown": int(near.sum())})


def _numbers(got: SeenScene) -> np.ndarray | None:
    """Return the rows that a model was shown where all went well, ``None`` if some are unknown."""
    rows = [call["rows"] for call in got["calls"] if call["rows"] is not None]
    if got["error"] is not None or got["called"] > len(rows) or not rows:
        return None
    return np.concatenate(rows)


def _parted(seen: Sequence[bool], sizes: Sequence[int]) -> tuple[list[int], list[int]]:
    """Return the sizes of the batches that were not shown, and of those that were."""
    pairs = list(zip(seen, sizes, strict=True))
    return [size for there, size in pairs if not there], [size for there, size in pairs if there]


def _shown(got: SeenScene, wanted: SeenScene, sizes: Sequence[int]) -> list[bool] | None:
    """Return for each batch whether it was shown, as a whole; ``None`` where that is not known."""
    shown = _numbers(got)
    if shown is None or got["drawn"] < len(sizes):
        return None
    batches = np.split(rows_of(wanted), np.cumsum(sizes)[:-1])
    # Among hundreds of images one number of another may be as near by chance, hardly half of them.
    near = [np.abs(own[:, None] - shown).min(axis=1) <= TOLERANCE for own in batches]
    seen = [bool(found.mean() > _HALF) for found in near]
    kept = sum(size for there, size in zip(seen, sizes, strict=True) if there)
    return seen if kept == len(shown) else None
