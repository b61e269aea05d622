"""A second model or optimizer is not the first, and test pictures are not training pictures."""

from __future__ import annotations

from typing import Any

import pytest

from tests.notebooks import TRAINING, cell, changed, solved, text

SECOND_MODEL = (
    "M2 = MultiLayerPerceptronClass().to(device)\noptm2 = optim.Adam(M2.parameters(), lr=1e-3)\n"
)
LAST_LAYER = "optm2 = optim.Adam(M.lin_2.parameters(), lr=1e-3)\n"


def beside(lines: str, old: str, new: str) -> dict[str, Any]:
    """The solved notebook with lines before the training loop, and one of its lines changed."""
    notebook = changed(old, new)
    c = cell(notebook, TRAINING)
    c["source"] = lines + text(c)
    return notebook


@pytest.mark.parametrize(
    ("lines", "old", "new"),
    [
        (SECOND_MODEL, "optm.zero_grad()", "optm2.zero_grad()"),
        (SECOND_MODEL, "optm.zero_grad()", "M2.zero_grad()"),
        (SECOND_MODEL, "optm.step()", "optm2.step()"),
        (LAST_LAYER, "optm.zero_grad()", "optm2.zero_grad()"),
    ],
)
def test_what_is_done_to_another_is_not_done(lines: str, old: str, new: str, grade: Any) -> None:
    report = grade(beside(lines, old, new))
    assert report.checks[3].id == "step_order"
    assert report.checks[3].score == 0


def test_a_second_model_that_is_only_there_takes_no_points(grade: Any) -> None:
    average = (
        "        with torch.no_grad():\n"
        "            for its, mine in zip(M2.parameters(), M.parameters()):\n"
        "                its.mul_(0.9).add_(0.1 * mine)\n"
    )
    line = "        loss_val_sum +="
    assert grade(beside(SECOND_MODEL, line, average + line)).score == 100


@pytest.mark.parametrize(
    "notebook",
    [
        changed("    mnist_train, batch_size=BATCH_SIZE", "    mnist_test, batch_size=BATCH_SIZE"),
        beside(
            "val_iter = torch.utils.data.DataLoader(mnist_test, batch_size=256)\n",
            "for batch_in, batch_out in train_iter:\n        # forward",
            "for batch_in, batch_out in val_iter:\n        # forward",
        ),
    ],
)
def test_training_on_test_pictures(notebook: Any, grade: Any) -> None:
    report = grade(notebook)
    assert [check.score for check in report.checks[3:]] == [0, 0]
    (finding, *_) = report.checks[3].findings
    assert "test iterator" in finding.message


def test_a_validation_loader_of_training_pictures(grade: Any) -> None:
    lines = "loader = torch.utils.data.DataLoader(mnist_train, batch_size=256, shuffle=True)\n"
    loop = "for batch_in, batch_out in {}:\n        # forward"
    assert grade(beside(lines, loop.format("train_iter"), loop.format("loader"))).score == 100
    assert grade(solved()).score == 100
