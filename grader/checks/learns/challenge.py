"""What the check ``learns`` trains on: pictures, or rows, that no notebook has seen before."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

import numpy as np

from grader.checks import row_forms
from grader.checks.kind import AdviceOptions, ModelInput
from grader.checks.learns.drawn_rows import draw_rows
from grader.checks.row_forms import RowForm, RowsOptions, has_rows
from grader.decode import DecodingError, MissingKeyError
from grader.errors import AssignmentError
from grader.requirements import Count, Share

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from grader.assignment import Assignment, Check
    from grader.data import DigitsData

# More than this many images tell nothing more in so few steps, and cost time to send.
_MOST_TRAIN = 8000
_MOST_HELD_BACK = 2000
# The pixels change places one by one. To a network of linear layers that makes no difference. Code
# that looks at neighbours, such as a rotation within the loop, learns nothing then: further draws
# move blocks of so many pixels a side, as do all where the model looks at neighbours itself.
_PIXEL, _BLOCK = 1, 7
# So many times as long do further draws train, where the update is wrong or right: a network that
# is small, or that begins with old weights, needs longer.
_LONGER, _MUCH_LONGER = 3, 6
# By how much each pixel that is held back may change, of 0 to 255: too little to see, and no
# picture is known by its numbers. A power of two.
_NOISE = 4


class TrainingBudget(TypedDict):
    """How long to train on a data set, and the shares of right answers that are needed.

    Where targets are floats these are shares of the loss of the best constant that have to be gone.
    So many ``steps`` are made on batches of ``batch_size``. From ``passed`` on the check passes,
    from ``partial`` on it keeps a part of its points. Below ``sure`` a right update has two more
    trainings to show it; a wrong one only where it is as near to ``passed`` or ``partial`` as
    ``sure`` is to ``passed``.
    """

    steps: Count
    batch_size: Count
    sure: Share
    passed: Share
    partial: Share


class TrainedLayers(TypedDict, total=False):
    """What the judge watches.

    ``layers`` are the layers whose parameters have to change. ``full_batch`` is the size of the
    notebook's own batches: a condition may be on it.
    """

    layers: tuple[str, ...]
    full_batch: Count


class LearnsOptions(AdviceOptions, TrainedLayers, ModelInput, RowsOptions):
    """The student's own model is trained by the student's own loop, and judged by what it knows.

    ``training`` maps a data set's name to its budget: ``custom`` is for any that is not named, and
    for rows, which are drawn: their targets follow a rule that is drawn, too.
    """

    training: dict[str, TrainingBudget]


class LearnsChallenge(TypedDict):
    """Images (N, H, W) uint8 and labels (N,) to train on, ``order`` (steps, batch) of indices.

    ``held_back`` are other images (M, H·W), or (M, 1, H, W) where the model takes images, ``data``
    the name of the data set, ``image`` the shape of one image in the notebook, and ``layers`` the
    names of those whose parameters are watched. Rows, their targets, and the rows that are held
    back have the shapes of the ``form`` that is there. ``gradients`` says whether any are computed.
    ``kept`` are the labels (M,), or the targets, of what is held back; they stay with the judge.
    """

    device: str
    data: str
    image: list[int]
    form: RowForm | None
    train_inputs: np.ndarray
    train_targets: np.ndarray
    order: np.ndarray
    layers: list[str]
    steps: int
    batch_size: int
    full_batch: int
    held_back: np.ndarray
    gradients: bool
    kept: np.ndarray


def draw(
    rng: np.random.Generator,
    check: Check,
    _assignment: object,
    given: DigitsData | None,
    device: str,
) -> LearnsChallenge:
    """Draw the images to train on and those to hold back, their order and that of their pixels."""
    return _drawn(rng, check, given, device, _BLOCK if _takes_images(check) else _PIXEL)


def draw_again(
    rng: np.random.Generator,
    check: Check,
    _assignment: object,
    given: DigitsData | None,
    device: str,
    *,
    right: bool,
) -> LearnsChallenge:
    """Draw a longer training, in which neighbours are side by side."""
    return _drawn(rng, check, given, device, _BLOCK, _MUCH_LONGER if right else _LONGER)


def _drawn(
    rng: np.random.Generator,
    check: Check,
    given: DigitsData | None,
    device: str,
    block: int,
    times: int = 1,
) -> LearnsChallenge:
    if has_rows(check.options):
        return _drawn_rows(rng, check, device, times)
    if given is None:
        raise AssignmentError(
            "a check of kind learns trains on pictures, and the assignment has none",
            'name their folder in assignment.toml: data = "data"',
        )
    budget = check.on_data("training", given.name)
    steps, size = times * int(budget["steps"]), int(budget["batch_size"])
    chosen = rng.permutation(len(given.train_images))[:_MOST_TRAIN]
    held_back = rng.permutation(len(given.test_images))[:_MOST_HELD_BACK]
    # Passes through all images, each in an order of its own, as a shuffling loader gives them.
    passes = -(-steps * size // len(chosen))
    order = np.concatenate([rng.permutation(len(chosen)) for _ in range(passes)])
    places = _places(rng, given.train_images.shape[1:], block)
    test = _noisy(_moved(given.test_images[held_back], places), rng)
    return {
        "device": device,
        "data": given.name,
        "image": [1, *given.train_images.shape[1:]],
        "form": None,
        "train_inputs": _moved(given.train_images[chosen], places),
        "train_targets": given.train_labels[chosen].astype(np.int64),
        "order": order[: steps * size].reshape(steps, size).astype(np.int64),
        "layers": list(check.options.get("layers", ())),
        "steps": steps,
        "batch_size": size,
        "full_batch": check.options.get("full_batch", size),
        "held_back": test[:, None] if _takes_images(check) else test.reshape(len(test), -1),
        "gradients": True,
        "kept": given.test_labels[held_back],
    }


def _drawn_rows(rng: np.random.Generator, check: Check, device: str, times: int) -> LearnsChallenge:
    budget = check.on_data("training", "custom")
    steps, size = times * int(budget["steps"]), int(budget["batch_size"])
    drawn = draw_rows(rng, check.options, min(steps * size, _MOST_TRAIN))
    count = len(drawn["inputs"])
    order = np.concatenate([rng.permutation(count) for _ in range(-(-steps * size // count))])
    return {
        "device": device,
        "data": "custom",
        "image": [],
        "form": drawn["form"],
        "train_inputs": drawn["inputs"],
        "train_targets": drawn["targets"],
        "order": order[: steps * size].reshape(steps, size).astype(np.int64),
        "layers": list(check.options.get("layers", ())),
        "steps": steps,
        "batch_size": size,
        "full_batch": check.options.get("full_batch", size),
        "held_back": drawn["held_back"],
        "gradients": True,
        "kept": drawn["kept"],
    }


def _takes_images(check: Check) -> bool:
    return check.options.get("model_input") == "images"


def _places(rng: np.random.Generator, shape: tuple[int, ...], block: int) -> np.ndarray:
    """Return for each pixel (H·W,) the one that takes its place, whole blocks at a time."""
    if any(side % block for side in shape):
        block = _PIXEL
    rows, columns = (side // block for side in shape)
    pixels = np.arange(rows * columns * block**2).reshape(rows, block, columns, block)
    blocks = pixels.swapaxes(1, 2).reshape(rows * columns, block, block)
    moved = rng.permutation(blocks).reshape(rows, columns, block, block)
    places: np.ndarray = moved.swapaxes(1, 2).reshape(-1)
    return places


def _moved(images: np.ndarray, places: np.ndarray) -> np.ndarray:
    """Return images (N, H, W) with their pixels moved."""
    return images.reshape(len(images), -1).take(places, axis=1).reshape(images.shape)


def _noisy(images: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Add a little noise to images in place, within 0 to 255, and return them."""
    np.maximum(images, _NOISE, out=images)
    images -= _NOISE
    np.minimum(images, 255 - 2 * _NOISE, out=images)
    noise = np.frombuffer(rng.bytes(images.size), np.uint8).reshape(images.shape)
    images += noise & (2 * _NOISE - 1)
    return images


def held_back_labels(_check: object, challenge: LearnsChallenge, _data: object) -> np.ndarray:
    """Return the labels of the challenge's held-back images, which stay with the judge."""
    return challenge["kept"]


def contradictions(options: LearnsOptions, _assignment: Assignment) -> Iterator[DecodingError]:
    """Yield an error where there is no budget for a data set that has no name."""
    yield from row_forms.contradictions(options, ("classes",))
    if "custom" not in options["training"]:
        yield MissingKeyError("custom", TrainingBudget).below("training")


# What may be left out of a training, by what it is called: nothing is learned without it.
CONTROLS: Mapping[str, Mapping[str, Any]] = {"gradients": {"gradients": False}}
