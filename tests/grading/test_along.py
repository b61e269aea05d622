"""The training of a notebook that is sure to come to it runs along with its other checks."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from grader.grading.grader import Grader
from grader.notebook.read import read_notebook
from grader.report import Status
from grader.runners.local import LocalRunner
from tests.notebooks import changed, filled, write

if TYPE_CHECKING:
    from pathlib import Path

    from grader.sandbox import Answer, Job
    from tests.workers import SharedWorkers

CHECKS = ("layer_shapes", "forward_output", "eval_accuracy", "step_order")
TRAINING = ("learns",)


class Noting(LocalRunner):
    """Notes the tasks of every job that comes."""

    def __init__(self) -> None:
        super().__init__("auto")
        self.jobs: list[tuple[str, ...]] = []

    def run(self, job: Job) -> dict[str, Answer]:
        self.jobs.append(job.tasks)
        return super().run(job)

    def taken(self) -> list[tuple[str, ...]]:
        """Return the jobs since the last time, the listed mistakes' aside."""
        jobs, self.jobs = self.jobs, []
        return [tasks for tasks in jobs if not tasks[0].isdigit()]


@pytest.fixture(scope="module")
def runner(shared_workers: SharedWorkers) -> Noting:
    one = Noting()
    with shared_workers.in_place():
        one.start()
    return one


@pytest.fixture
def grader(runner: Noting, tmp_path: Path) -> Grader:
    """A grader of its own that has seen the reference already."""
    runner.ready()
    one = Grader(assignment="mlp", device="cpu", runner=runner, seed=3)
    one.grade(write(changed("y_pred == y_trgt", "y_pred != y_trgt"), tmp_path, "first.ipynb"))
    runner.taken()
    return one


def statuses(grader: Grader, notebook: dict[str, Any], folder: Path) -> dict[str, Status]:
    return {c.id: c.status for c in grader.grade(write(notebook, folder)).checks}


PASSED = dict.fromkeys([*CHECKS, *TRAINING], Status.PASSED)


def right(evaluation: int, training: int) -> dict[str, Any]:
    """A right notebook that evaluates, or trains, as no other does but for its blanks."""
    text = json.dumps(changed("_, y_pred =", f"unused = {evaluation}\n            _, y_pred ="))
    loop = "loss_val_sum += loss_out.item()"
    own: dict[str, Any] = json.loads(text.replace(loop, f"unused = {training}; {loop}"))
    return own


def test_a_right_notebook_takes_one_child(grader: Grader, runner: Noting, tmp_path: Path) -> None:
    assert statuses(grader, right(1, 1), tmp_path) == PASSED
    assert runner.taken() == [CHECKS + TRAINING]


def test_what_ran_along_is_run_once(grader: Grader, runner: Noting, tmp_path: Path) -> None:
    """The second differs in its evaluation alone, and trains as the first does."""
    for evaluation in (1, 2, 1):
        assert statuses(grader, right(evaluation, 2), tmp_path) == PASSED
    assert runner.taken() == [CHECKS + TRAINING, CHECKS]


def test_a_wrong_one_takes_its_turn(grader: Grader, runner: Noting, tmp_path: Path) -> None:
    wrong = filled({5: "pass", 4: "(y_pred != y_trgt).sum().item()"})
    assert statuses(grader, wrong, tmp_path)["step_order"] is Status.FAILED
    assert runner.taken()[0] == CHECKS


def test_where_a_check_does_not_come_back_nothing_is_trained(
    grader: Grader, runner: Noting, tmp_path: Path
) -> None:
    """The answers are right word for word; what ends the process stands before them."""
    notebook = changed("optm.zero_grad()", "__import__('os')._exit(0)\n        optm.zero_grad()")
    seen = statuses(grader, notebook, tmp_path)
    assert seen == PASSED | {"step_order": Status.CRASHED, "learns": Status.FAILED}
    assert runner.taken() == [CHECKS + TRAINING]


def test_who_asks_for_some_checks_has_no_more_run(
    grader: Grader, runner: Noting, tmp_path: Path
) -> None:
    results = grader.results(read_notebook(write(right(1, 3), tmp_path)))
    assert [next(results).status for _ in CHECKS] == [Status.PASSED] * len(CHECKS)
    assert runner.taken() == [CHECKS]
    assert next(results).status is Status.PASSED
    assert runner.taken() == [TRAINING]
