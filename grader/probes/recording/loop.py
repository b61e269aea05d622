"""Runs a student's training loop on the judge's model and batches, and notes what happens."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from grader.probes.doubles.batches import Batches, datasets
from grader.probes.doubles.borrowing import standing_for
from grader.probes.doubles.loaders import watched_loaders
from grader.probes.doubles.stand_ins import StandInModel
from grader.probes.doubles.trained_on import trained_on
from grader.probes.environment.lines import student_stack
from grader.probes.environment.running import Enough, Namespace, StudentError
from grader.probes.recording.beside import Copies, anew
from grader.probes.recording.changes import ParameterChanges, traced
from grader.probes.recording.epoch_budget import EpochBudget
from grader.probes.recording.log import Log
from grader.probes.recording.making import noted_makers
from grader.probes.recording.reduction import reduction_of
from grader.probes.recording.rows import KnownRows
from grader.probes.recording.under_way import UnderWay
from grader.probes.recording.watching import watched
from grader.probes.recording.without_loader import WithoutLoader, in_order

if TYPE_CHECKING:
    from collections.abc import Mapping

    from grader.probes.doubles.trained_on import TrainedOn


@dataclass
class WatchedRun:
    """One run: its log, what ended it, and the notebook's own optimizers and numbers.

    ``reduction`` is what the notebook's own loss makes of a batch.
    """

    log: Log
    error: dict[str, Any] | None
    under_way: list[int]
    own_optimizers: list[Any]
    namespace: Mapping[str, Any]
    reduction: str = "mean"
    changes: ParameterChanges | None = None
    # The sizes of an epoch's batches, where the loop takes them out of a tensor itself.
    sizes: list[int] = field(default_factory=list)


def run_loop(
    task: dict[str, Any],
    challenge: dict[str, Any],
    optimizer: dict[str, Any],
    seed: int,
    *,
    trace_batches: int = 0,
    most_events: int = 400,
    inputs: bool = False,
    constants: Mapping[str, int] | None = None,
) -> WatchedRun:
    """Run the loop with one of the challenge's optimizers, on its batches.

    With ``inputs`` what the model is given is kept, too. The notebook's ``constants`` have these
    values.
    With ``trace_batches`` every line of so many batches is watched, and the run ends after them.
    """
    log = Log(challenge["per_step"], challenge["lit"], most_events)
    log.inputs = [] if inputs else None
    form = trained_on(challenge)
    data = form.data(challenge.get("order"))
    model = StandInModel(challenge, log.forward, lambda: log.add("reset"), form)
    in_hand, opened = UnderWay(log), 0
    budget = EpochBudget(log, challenge["epochs"], trace_batches)

    def on_batch(number: int) -> None:
        in_hand.draws(number)
        # An evaluation of the student's own reads the same iterator, without gradients.
        if torch.is_grad_enabled():
            budget.on_batch(number)
            log.states.append(log.see(copies.watch.model if copies.watch else model))
            log.add("batch")

    def on_start() -> None:
        in_hand.starts()
        if torch.is_grad_enabled():
            budget.on_start()
            lines = "|".join(f"{entry}:{line}" for entry, line in student_stack())
            log.add("epoch", *(["inside"] if train.open > opened else []), f"#{lines}"[:200])

    train = Batches(
        data,
        challenge["sizes"],
        on_batch=on_batch,
        on_start=on_start,
        on_stop=lambda: log.add("stopped"),
        on_again=lambda: log.add("again") if torch.is_grad_enabled() else None,
    )
    sets = datasets(train)
    # A loop that reads the notebook's model may have others made beside it, before it begins.
    state = {"beside": "model" in task["program"]["reads"]}
    optimizers = _optimizers(model, challenge, optimizer)
    given = {
        "model": model,
        "model_class": standing_for(StandInModel, lambda: anew(model, log, challenge, **state)),
        "loss": form.loss(),
        **optimizers,
        "train_batches": train,
        "test_batches": _test_batches(challenge, log),
        **sets,
        "batch_size": challenge["batch_size"],
        "device": torch.device("cpu"),
        "evaluate": lambda *_args, **_kwargs: 0.5,
    }
    copies = Copies(model, log, challenge)
    own = WithoutLoader(
        train, lambda: any(event[0] in ("batch", "test_batch") for event in log.events)
    )
    runner = Namespace(task["program"], seed, given)
    error: dict[str, Any] | None = None
    under_way: list[int] = []
    changes: ParameterChanges | None = None
    with (
        watched(model, log, form, _known(form)) as copies.watch,
        watched_loaders((sets["train_data"], train), (sets["test_data"], given["test_batches"])),
        in_order(len(data)) as order,
    ):
        try:
            runner.define()
            model.borrow_from(runner.own_class())
            state["beside"] = False
            # A pass that was begun before the loop, to look at a batch, may still be open.
            opened = train.open
            own.begin(model, order)
            runner.namespace.update(constants or {})
            slow = traced(model, [*optimizers.values()], log) if trace_batches else nullcontext()
            with noted_makers(log), slow as changes:
                runner.loop()
        except Enough:
            pass
        except StudentError as problem:
            error, under_way = problem.data, in_hand.when_stopped(train)
    log.states.append(log.see(copies.watch.model))
    return WatchedRun(
        log,
        error,
        under_way,
        runner.own("optimizer"),
        runner.namespace,
        # A function is tried on scores and labels of images.
        "mean" if challenge.get("form") else reduction_of(runner),
        changes,
        own.sizes,
    )


def _optimizers(
    model: StandInModel, challenge: dict[str, Any], optimizer: dict[str, Any]
) -> dict[str, Any]:
    """Return the judge's optimizer by its role, none where the notebook's own does the steps."""
    if challenge.get("own_optimizer"):
        return {}
    made = getattr(torch.optim, optimizer["name"])(model.parameters(), **optimizer["options"])
    return {"optimizer": made}


def _known(form: TrainedOn) -> KnownRows:
    """Return the rows as they are found again in what a loop gives to the model."""
    rows = form.known()
    factors = np.random.default_rng(0).random(rows[0].numel())
    return KnownRows(rows, factors)


def _test_batches(challenge: dict[str, Any], log: Log) -> Batches:
    few = challenge["sizes"][:1]
    order = np.arange(few[0]) % len(challenge["targets"])
    return Batches(
        trained_on(challenge).data(order),
        few,
        on_batch=lambda _number: log.add("test_batch") if torch.is_grad_enabled() else None,
    )
