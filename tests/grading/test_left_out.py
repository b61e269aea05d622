"""Modules that are left out, or not installed, cost nobody the points of a right answer."""

from __future__ import annotations

from typing import Any

from tests.notebooks import TRAINING, cell, changed, text

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
