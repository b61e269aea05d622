"""Code that does not come back, or takes more than it may, costs itself alone."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING, Any

import pytest

from grader.assignment import load_assignment
from grader.grading.grader import Grader
from tests.notebooks import changed, code, filled, solved, sources, write

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.workers import SharedWorkers


@pytest.fixture(scope="module")
def impatient(shared_workers: SharedWorkers) -> Iterator[Grader]:
    with (
        shared_workers.in_place(),
        Grader(assignment="mlp", seed=5, device="cpu", timeout=6) as one,
    ):
        yield one


def outcome(
    grader: Grader, notebook: dict[str, Any], folder: Path
) -> dict[str, tuple[str, list[str]]]:
    report = grader.grade(write(notebook, folder))
    return {c.id: (c.status.value, [f.code for f in c.findings]) for c in report.checks}


STEP, EVAL, SHAPES = "step_order", "eval_accuracy", "layer_shapes"


@pytest.mark.parametrize(
    ("blank", "answer", "check", "status"),
    [
        (5, "while True: pass", STEP, "timeout"),
        (5, "import os; os._exit(0)", STEP, "crashed"),
        (7, "import ctypes; ctypes.string_at(0)", STEP, "crashed"),
        (6, "import signal, os; os.kill(os.getpid(), signal.SIGKILL)", STEP, "crashed"),
        (5, "raise SystemExit(0)", STEP, "error"),
        (5, "raise KeyboardInterrupt", STEP, "error"),
        (3, "(torch.ones(50 * 2**30 // 4), batch_in)[1]", EVAL, "out_of_memory"),
        (3, "(bytearray(50 * 2**30), batch_in)[1]", EVAL, "out_of_memory"),
        (4, "(_ for _ in ()).throw(ValueError('x' * 50_000_000))", EVAL, "error"),
        (1, "*(lambda f: f(f))(lambda f: f(f))", SHAPES, "error"),
    ],
)
def test_the_right_status_and_nothing_else_lost(
    blank: int, answer: str, check: str, status: str, impatient: Grader, tmp_path: Path
) -> None:
    seen = outcome(impatient, filled({blank: answer}), tmp_path)
    assert seen[check][0] == status
    untouched = {SHAPES, "forward_output", EVAL, STEP} - {check}
    if blank == 1:
        untouched -= {"forward_output"}
    assert {seen[name][0] for name in untouched} == {"passed"}


@pytest.mark.slow
def test_an_endless_loop_that_swallows_everything(impatient: Grader, tmp_path: Path) -> None:
    swallow = "while True:\n    try:\n        while True: pass\n    except BaseException: pass"
    started = time.monotonic()
    seen = outcome(impatient, filled({5: swallow}), tmp_path)
    assert seen[STEP] == ("timeout", ["timeout"])
    assert seen["learns"] == ("failed", ["follows"])
    # Stopped once, not once a check: far below what two limits would take.
    assert time.monotonic() - started < 5 * 6


@pytest.mark.usefixtures("workers")
def test_an_endless_loop_meets_the_processors_limit_first(tmp_path: Path) -> None:
    copy = tmp_path / "mlp"
    shutil.copytree(load_assignment("mlp").folder, copy)
    rubric = copy / "assignment.toml"
    text = rubric.read_text(encoding="utf-8")
    text = text.replace("\nseconds = 20\n", "\nseconds = 600\n")
    rubric.write_text(text.replace("_seconds = 5\n", "_seconds = 3\n"), encoding="utf-8")
    with Grader(assignment=str(copy), seed=5, device="cpu") as grader:
        report = grader.grade(write(filled({5: "while True: pass"}), tmp_path))
    (loop,) = (check for check in report.checks if check.id == STEP)
    assert loop.status.value == "timeout"
    assert loop.findings[0].message.startswith(
        "This check was stopped after 3 seconds of computing;"
    )


def test_printing_without_end_harms_nothing(impatient: Grader, tmp_path: Path) -> None:
    flood = "print('x' * 10_000_000)\noptm.step()"
    assert {s for s, _ in outcome(impatient, filled({7: flood}), tmp_path).values()} == {"passed"}


def test_stray_cells_are_not_run(impatient: Grader, tmp_path: Path) -> None:
    stray = (
        "import os, pathlib\npathlib.Path('/tmp/grader-stray').write_text('x')\nwhile True: pass"
    )
    seen = outcome(impatient, code([stray, *sources(solved())]), tmp_path)
    assert {status for status, _ in seen.values()} == {"passed"}
    assert not (tmp_path.parent / "grader-stray").exists()


def test_a_long_message_is_cut(impatient: Grader, tmp_path: Path) -> None:
    notebook = filled({4: "(_ for _ in ()).throw(ValueError('x' * 50_000_000))"})
    report = impatient.grade(write(notebook, tmp_path))
    assert all(len(f.message) < 1000 for c in report.checks for f in c.findings)


def test_one_submission_does_not_change_the_next(impatient: Grader, tmp_path: Path) -> None:
    hostile = changed(
        "import numpy as np",
        "import numpy as np\nimport torch.nn as nn\nnn.Linear.forward = lambda self, x: 0 / 0",
    )
    impatient.grade(write(hostile, tmp_path, "hostile.ipynb"))
    assert impatient.grade(write(solved(), tmp_path)).score == 100
