"""Makes what an evaluation is given: pictures, models of known accuracy, and decoys."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import torch

from grader.probes.doubles.batches import Batches, datasets
from grader.probes.doubles.borrowing import Borrower, standing_for
from grader.probes.doubles.model_input import as_rows
from grader.probes.doubles.pictures import Pictures
from grader.probes.doubles.stand_ins import KnownClassifier, ScriptedClassifier
from grader.probes.recording.evaluating import CallRecord
from grader.probes.recording.rows import KnownRows

_FEW = 3
_WORD = re.compile(r"\w+")
# Small batches are read together, up to so many images.
_AHEAD = 256


def pictures(
    scene: dict[str, Any], challenge: dict[str, Any], count: int | None = None
) -> Pictures:
    """Return a scene's images, or the first few of them."""
    order = np.arange(len(scene["labels"])) if scene["order"] is None else scene["order"]
    return pictures_in(order[:count], scene, challenge)


def pictures_in(order: np.ndarray, scene: dict[str, Any], challenge: dict[str, Any]) -> Pictures:
    """Return images of a scene in an order: the number of each."""
    classes = len(challenge["bias"])
    return Pictures(scene["images"], challenge["image"], scene["labels"], order, classes=classes)


def batches_of(
    scene: dict[str, Any],
    data: Pictures,
    notes: CallRecord | None = None,
    *,
    reshuffles: bool = False,
) -> Batches:
    """Return a scene's batches of its pictures, in the order of a loader that shuffles.

    The order is the same for each pass, unless it ``reshuffles``.
    """
    told = {} if notes is None else {"on_batch": notes.on_batch, "on_start": notes.on_pass}
    how: dict[str, Any] = {"passes": scene["passes"], "order": scene["loaded"], **told}
    return Batches(data, scene["sizes"], ahead=_AHEAD, reshuffles=reshuffles, **how)


def known(
    challenge: dict[str, Any], weight: np.ndarray, on_call: Any = lambda *_seen: None
) -> KnownClassifier:
    """Return a classifier of known accuracy."""
    model = KnownClassifier(weight, challenge["bias"], *_made_like(challenge), on_call)
    model.takes = challenge["takes"]
    return model


def scripted(
    scene: dict[str, Any], data: Pictures, challenge: dict[str, Any], notes: CallRecord
) -> ScriptedClassifier:
    """Return a model that is told its scores: for the batch at hand, or for every row it knows."""
    script = torch.from_numpy(scene["scripted"].copy())
    batches = torch.arange(len(script)).split(scene["sizes"])
    known_rows = KnownRows(data[:][0], challenge["projection"])

    def told(inputs: Any) -> torch.Tensor:
        inputs = as_rows(inputs, challenge["takes"])
        batch, places = batches[notes.current(inputs)], known_rows.places(inputs)
        notes.as_batches &= places is not None and torch.equal(places, batch)
        return script[places if scene["told"] == "row" and places is not None else batch]

    return ScriptedClassifier(*_made_like(challenge), told)


def decoys(
    task: dict[str, Any], scene: dict[str, Any], notes: CallRecord | None = None
) -> dict[str, Any]:
    """Return globals of the notebook's names: using them instead of the arguments is noted.

    There is a model among them where the program names one: making it takes longer than a call.
    """
    challenge = task["challenge"]
    notes = notes or CallRecord([], challenge["projection"])
    few = pictures(scene, challenge, _FEW)
    others = Batches(few, [len(few)], on_start=notes.on_decoy_batches)
    named = _named("model", task["program"])

    def made() -> Borrower:
        if scene["told"]:  # a copy of a model that is told its scores is told them, too
            return scripted(scene, pictures(scene, challenge), challenge, notes)
        return known(challenge, challenge["decoy"], notes.on_made)

    return {
        **({"model": known(challenge, challenge["decoy"], notes.on_decoy_model)} if named else {}),
        "model_class": standing_for(Borrower, made),
        "train_batches": others,
        "test_batches": others,
        **datasets(others),
        "device": torch.device("cpu"),
    }


def _named(role: str, program: dict[str, Any]) -> bool:
    """Whether a name of a role stands in a program, or one that can look any name up."""
    names = {*program["roles"].get(role, ()), "globals", "exec", "__main__", "sys"}
    return any(names & set(_WORD.findall(text)) for text, *_ in program["entries"])


def _made_like(challenge: dict[str, Any]) -> tuple[Any, Any, Any]:
    """Return what a stand-in has in common with the notebook's own model."""
    return challenge["layers"], challenge["resets"], challenge["interface"]
