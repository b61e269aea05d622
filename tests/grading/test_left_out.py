"""Modules that are left out, or not installed, cost nobody the points of a right answer."""

from __future__ import annotations

from typing import Any

from tests.notebooks import EVALUATION, TRAINING, cell, changed, text

BEFORE = """import wandb
from IPython.display import clear_output
from ipywidgets import IntProgress
from no_such_tables import DataFrame, accuracy_score
from no_such_progress import progress_bar

wandb.init(project="mlp", config={"epochs": 10})
bar = IntProgress(min=0, max=100)
handle = display(bar, display_id=True)
log = DataFrame(columns=["epoch", "loss"])
plt.rcParams["figure.figsize"] = 8, 6
fig, (left, middle, right) = plt.subplots(1, 3)
line, = left.plot([], [])
width = fig.get_figwidth() * 2
for epoch in progress_bar(range(wandb.config.epochs), parent=None):"""
AFTER = """optm.step()
        bar.value += 1
        handle.update(bar)
        log.loc[len(log)] = [epoch, loss_out.item()]
        if len(left.lines) > 0 or plt.gcf().number > 3:
            left.lines[0].remove()
        counts, edges, _ = middle.hist(batch_in.numpy().ravel())
        line.set_data(range(len(log)), log["loss"] * 2 + edges[0])
        share = accuracy_score(batch_out.numpy(), y_pred.argmax(1).cpu().numpy())
        print(f"{share:.3f} {float(share):.3f}")"""


def watched() -> dict[str, Any]:
    """The solved notebook with a loop that shows and notes all that it does."""
    return changed("optm.step()", AFTER, changed(f"{TRAINING} range(EPOCHS):", BEFORE))


def test_plots_and_logs_in_the_loop(grade: Any) -> None:
    assert grade(watched()).score == 100


def test_plots_and_logs_in_a_function(grade: Any) -> None:
    notebook = watched()
    c = cell(notebook, TRAINING)
    c["source"] = "def train():\n" + "\n".join(f"    {line}" for line in text(c).splitlines())
    c["source"] += "\n\ntrain()"
    assert grade(notebook).score == 100


def test_a_missing_module_is_named_where_it_spoils_an_answer(grade: Any) -> None:
    notebook = changed(
        "                y_pred == y_trgt\n            ).sum().item()",
        "                accuracy_score(y_pred, y_trgt) * len(y_trgt))",
    )
    notebook = changed(
        EVALUATION, f"from no_such_tables import accuracy_score\n{EVALUATION}", notebook
    )
    report = grade(notebook)
    lost = [check for check in report.checks if check.score < check.max_score]
    assert [check.id for check in lost] == ["eval_accuracy"]
    (first,) = lost[0].findings
    assert (first.code, first.severity.value, first.line) == ("module_missing", "error", None)
    assert first.summary == "needs no_such_tables, not installed here"
    assert "pip" not in first.hint, "a name of the student's own is nothing to install"


def test_a_mistake_is_named_before_a_module_that_has_no_part_in_it(grade: Any) -> None:
    report = grade(changed("        optm.zero_grad()", "        pass", watched()))
    update = next(check for check in report.checks if check.id == "step_order")
    assert [finding.code for finding in update.findings] == ["missing_zero_grad", "module_missing"]
    assert update.findings[1].severity.value == "warning"


def test_a_right_answer_says_nothing_of_missing_modules(grade: Any) -> None:
    report = grade(changed("import numpy as np", "import numpy as np, no_such_module"))
    assert report.score == 100
    assert not any(check.findings for check in report.checks)
