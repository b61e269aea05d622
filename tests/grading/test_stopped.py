"""What stops the training is said once: where it belongs, or by the training itself."""

from __future__ import annotations

from typing import Any

import pytest

from tests.notebooks import changed

ONE_BATCH = (
    "for batch_in, batch_out in train_iter:",
    "batch_in, batch_out = next(iter(train_iter))\n    for _ in range(len(train_iter)):",
)


def found(report: Any, check: str) -> tuple[str, dict[str, str]]:
    one = next(c for c in report.checks if c.id == check)
    return one.status.value, {f.code: f.message for f in one.findings}


def test_a_wrong_loop_does_not_hide_what_happens_before_it(grade: Any) -> None:
    """The layers belong to the class, so a model has no parameters, and the optimizer says so."""
    notebook = changed(*ONE_BATCH)
    for layer in ("lin_1", "lin_2"):
        made = f"self.{layer} = nn.Linear("
        notebook = changed(made, f"MultiLayerPerceptronClass.{layer} = nn.Linear(", notebook)
    report = grade(notebook)
    assert found(report, "step_order")[0] == "failed"
    status, codes = found(report, "learns")
    assert (status, list(codes)) == ("error", ["raises"])
    assert "empty parameter list" in codes["raises"]


def test_a_loop_that_raises_is_shown_where_it_is_judged(grade: Any) -> None:
    report = grade(changed("optm.step()", "optm.stp()"))
    assert found(report, "step_order")[0] == "error"
    assert found(report, "learns") == ("failed", {"follows": "waits for update order"})


def test_a_loop_that_raises_after_a_while_is_shown_once(grade: Any) -> None:
    broken = "assert len(batch_in) < 0 or not hasattr(M, 'seen')\n        M.seen = True"
    report = grade(changed("optm.step()", f"optm.step()\n        {broken}"))
    shown = [f.code for c in report.checks for f in c.findings if f.code == "raises"]
    assert shown == ["raises"], [(c.id, found(report, c.id)) for c in report.checks]


AVERAGE = "loss_val_avg = loss_val_sum / len(train_iter)"
ITEM = "loss_val_sum += loss_out.item()"


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (AVERAGE, AVERAGE.replace(" = ", " = loss = ", 1), "on batch 1 of epoch 2 line 9"),
        ("optm.zero_grad()", "[optm, None][min(epoch, 1)].zero_grad()", "on batch 1 of epoch 2"),
    ],
)
def test_a_training_that_stops_in_a_later_epoch_keeps_a_part(
    grade: Any, old: str, new: str, words: str
) -> None:
    status, shown = found(grade(changed(old, new)), "step_order")
    assert (status, list(shown)) == ("partial", ["stops_later"])
    assert words in shown["stops_later"]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        # a print, a plot, a file and an evaluation that fail, after an epoch or in the second
        ("print(f'epoch {epoch}: loss", "print(history)\n        print(f'epoch {epoch}: loss"),
        (AVERAGE, AVERAGE + "\n        plt.plot([1], [1, 2], color=colour)"),
        (AVERAGE, AVERAGE + "\n        open('./no/such/folder/log.txt', 'w')"),
        (AVERAGE, AVERAGE + "\n        for batch_in, batch_out in train_iter: M(batch_in, tta=3)"),
        (ITEM, ITEM + "\n        if epoch > 0: print(history[-1])"),
    ],
)
def test_what_fails_after_an_epoch_costs_nothing(grade: Any, old: str, new: str) -> None:
    report = grade(changed(old, new))
    status, shown = found(report, "step_order")
    assert (status, list(shown)) == ("passed", ["raises"])
    assert "epoch" not in shown["raises"].split("\n", maxsplit=1)[0]
