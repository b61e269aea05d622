"""What becomes of a trained model: what is judged, and whether anything is left in it."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import torch
from torch import nn

from grader.probes.recording.trained_models import TrainedModels, chosen, weights_of


def models() -> tuple[TrainedModels, type]:
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.lin_1 = nn.Linear(3, 2)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            return self.lin_1(x)  # type: ignore[no-any-return]

    return TrainedModels(Model, ["lin_1"]), Model


def train(known: TrainedModels, model: Any, rate: float = 0.01) -> None:
    optimizer = torch.optim.SGD(model.parameters(), lr=rate)
    with known.stepping():
        model(torch.ones(2, 3)).square().sum().backward()
        optimizer.step()
    known.end_pass()


def load_first(known: TrainedModels, model: Any) -> Any:
    found = known.of(model)
    assert found is not None
    assert found.begun is not None
    with torch.no_grad():
        for name, value in found.begun.items():
            model.state_dict()[name].copy_(value)
    return model


def average(known: TrainedModels, model: Any, share: float) -> Any:
    found = known.of(model)
    assert found is not None
    assert found.begun is not None
    with torch.no_grad():
        for name, value in found.begun.items():
            model.state_dict()[name].lerp_(value, share)
    return model


def other(kind: type, model: Any, *, loaded: bool) -> Any:
    made = kind()
    if loaded:
        made.load_state_dict(model.state_dict())
    return made


@pytest.mark.parametrize(
    ("after", "thrown"),
    [
        (lambda _kind, _known, model: model, ""),
        (lambda _kind, known, model: load_first(known, model), "away"),
        (lambda _kind, known, model: average(known, model, 0.9), ""),
        (lambda _kind, known, model: average(known, model, 0.97), ""),
        (lambda _kind, known, model: average(known, model, 0.99), "away"),
        (lambda _kind, known, model: average(known, model, 0.999), "away"),
        (lambda kind, _known, model: other(kind, model, loaded=False), "away"),
        (lambda kind, _known, model: other(kind, model, loaded=True), ""),
    ],
)
def test_what_is_thrown_away_after_the_training_is_seen(after: Any, thrown: str) -> None:
    known, kind = models()
    model = kind()
    main = known.of(model)
    assert main is not None
    train(known, model)
    final = after(kind, known, model)
    assert chosen(known, main, final, {"M": final})[1] == thrown


@pytest.mark.parametrize("held", [True, False])
def test_a_copy_that_learns_counts_only_where_something_holds_it(held: bool) -> None:
    known, kind = models()
    model = kind()
    main = known.of(model)
    assert main is not None
    copied = copy.deepcopy(model)
    train(known, copied)
    judged, thrown = chosen(known, main, model, {"M": model, **({"best": copied} if held else {})})
    assert (judged.model is copied, thrown) == (held, "" if held else "copy")


def test_the_state_after_its_batches_is_judged_and_not_a_later_one() -> None:
    known, kind = models()
    model = kind()
    main = known.of(model)
    assert main is not None
    train(known, model)
    wanted = weights_of(model, ["lin_1"])
    train(known, model, 0.001)
    judged, _ = chosen(known, main, model, {"M": model})
    assert all(torch.equal(wanted[k], v) for k, v in weights_of(judged.model, ["lin_1"]).items())


def set_anew(model: Any) -> None:
    with torch.no_grad():
        for p in model.parameters():
            p.fill_(5.0)


@pytest.mark.parametrize(
    ("before", "between", "thrown"),
    [
        ((), (), ""),
        ((0,), (), ""),
        ((0, 1, 2), (), "anew"),
        ((2,), (), "anew"),
        ((), (1,), ""),
        ((), (2,), "away"),
    ],
)
def test_what_is_set_anew_in_further_passes_is_told_by_the_last_of_them(
    before: tuple[int, ...], between: tuple[int, ...], thrown: str
) -> None:
    known, kind = models()
    model = kind()
    main = known.of(model)
    assert main is not None
    train(known, model)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.01)
    for number in range(3):
        with known.stepping():
            for place in (before, between):
                if number in place:
                    set_anew(model)
                model(torch.ones(2, 3)).square().sum().backward()
                optimizer.step()
        known.end_pass()
    assert chosen(known, main, model, {"M": model})[1] == thrown
