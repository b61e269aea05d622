"""How far from the thresholds of ``learns`` right and wrong trainings end, seed by seed.

    python -m tests.benchmarks.learning --seeds 5000 --longer 500 [-o accuracies.json]

Each seed draws its pictures as a grading does; each case trains on them, and on as many seeds as
``--longer`` says for as long as a further training does. Printed are the tails of the accuracies,
and how often each verdict is given: by one training, and as the judge does it, who looks at the
middle of three where the first leaves a doubt. That takes some 15 minutes of a processor.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import nn

from grader.assignment import load_assignment
from grader.checks import generator
from grader.checks.kinds import KINDS
from grader.data import find_data

if TYPE_CHECKING:
    from collections.abc import Callable

_QUANTILES = (0, 0.001, 0.01, 0.5, 0.99, 0.999, 1)
_KEEP_EVERY = 100


@dataclass(frozen=True)
class Case:
    """A training: its hidden units, whether gradients are cleared, whether the update is right."""

    hidden: int = 256
    clears: bool = True
    trains: bool = True
    right: bool = True
    scores: Callable[[torch.Tensor], torch.Tensor] = lambda scores: scores


CASES = {
    "right": Case(),
    "right, 32 hidden units": Case(hidden=32),
    "never clears": Case(clears=False, right=False),
    "does not train": Case(trains=False, right=False),
    "softmax before the loss": Case(scores=lambda scores: scores.softmax(dim=1), right=False),
}


def accuracy(case: Case, challenge: Any, seed: int) -> float:
    """Train as the solved notebook does and return the share of right answers on held-back ones."""
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Linear(784, case.hidden), nn.ReLU(), nn.Linear(case.hidden, 10))
    for layer in (model[0], model[2]):
        nn.init.kaiming_normal_(layer.weight)
        nn.init.zeros_(layer.bias)
    if case.trains:
        optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
        images, labels = _tensors(challenge["train_inputs"], challenge["train_targets"])
        for rows in torch.from_numpy(challenge["order"]):
            lost = nn.functional.cross_entropy(case.scores(model(images[rows])), labels[rows])
            if case.clears:
                optimizer.zero_grad()
            lost.backward()
            optimizer.step()
    images, labels = _tensors(challenge["held_back"], challenge["kept"])
    with torch.no_grad():
        return float((model(images).argmax(dim=1) == labels).float().mean())


def _tensors(images: np.ndarray, labels: np.ndarray) -> tuple[torch.Tensor, torch.Tensor]:
    flat = torch.from_numpy(images.reshape(len(images), -1).copy()).float().div_(255)
    return flat, torch.from_numpy(labels.copy())


def shares(
    case: Case, first: np.ndarray, longer: np.ndarray, limits: dict[str, float]
) -> dict[str, tuple[float, float]]:
    """Return the share of seeds per verdict: by one training, and as the judge does it."""
    near = limits["sure"] - limits["passed"]
    doubt = first < limits["sure"]
    if not case.right:
        above = first - limits["passed"]
        doubt = ((-2 * near < above) & (above < near)) | (abs(first - limits["partial"]) < near)
    reached = {}
    for name in ("passed", "partial"):
        one, further = first >= limits[name], (longer >= limits[name]).mean()
        # Of the two further ones it then takes one above the threshold, or both.
        middle = np.where(one, 1 - (1 - further) ** 2, further**2)
        reached[name] = (one.mean(), np.where(doubt, middle, one).mean())
    passed, partial = (np.array(reached[name]) for name in ("passed", "partial"))
    every = {"passed": passed, "partial": partial - passed, "failed": 1 - partial}
    return {name: (float(pair[0]), float(pair[1])) for name, pair in every.items()}


def main() -> None:
    """Train every case on every seed and print the table."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.learning")
    parser.add_argument("--seeds", type=int, default=5000)
    parser.add_argument("--longer", type=int, default=500, help="seeds to train on for longer")
    parser.add_argument("--cases", nargs="+", default=list(CASES), choices=CASES)
    parser.add_argument("-o", "--output", type=Path, help="write every accuracy as JSON")
    wanted = parser.parse_args()
    torch.set_num_threads(1)
    assignment = load_assignment("mlp")
    check = next(check for check in assignment.checks if check.kind == "learns")
    data, kind = find_data(None, assignment.data), KINDS["learns"]
    assert data is not None
    assert kind.redraw is not None
    found: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in wanted.cases}
    for seed in range(wanted.seeds):
        context = (check, assignment, data, "cpu")
        first = kind.draw(generator(seed, check.id), *context)
        for name in wanted.cases:
            case, (short, long) = CASES[name], found[name]
            short.append(round(accuracy(case, first, seed), 4))
            if seed < wanted.longer:
                again = kind.redraw(generator(seed, "again"), *context, right=case.right)
                long.append(round(accuracy(case, again, seed), 4))
        if wanted.output and (seed == wanted.seeds - 1 or seed % _KEEP_EVERY == 0):
            wanted.output.write_text(json.dumps(found), encoding="utf-8")
    limits = check.on_data("training", data.name)
    print(f"{'':32}{'seeds':>6}" + "".join(f"{100 * q:>7g}%" for q in _QUANTILES))
    for name, values in found.items():
        for how, ended in zip(("", ", longer"), values, strict=True):
            tails = "".join(f"{value:8.3f}" for value in np.quantile(ended, _QUANTILES))
            print(f"{name + how:32}{len(ended):6}{tails}")
        first, longer = (np.array(ended) for ended in values)
        for verdict, (one, judged) in shares(CASES[name], first, longer, limits).items():
            print(f"{'':8}{verdict}: {one:.2%} by one training, {judged:.4%} as judged")


if __name__ == "__main__":
    main()
