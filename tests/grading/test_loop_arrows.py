"""The arrow of a finding on the training loop: at the line that does it, or at none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from tests.notebooks import changed, sources

if TYPE_CHECKING:
    from collections.abc import Mapping

Z, B, S = "        optm.zero_grad()", "        loss_out.backward()", "        optm.step()"
UPDATE = f"{Z}\n{B}\n{S}"
SUM = "        loss_val_sum += loss_out.item()"
EPOCH = "    loss_val_sum = 0"
FORWARD = "        y_pred = M(batch_in.view(-1, 28*28).to(device))"
LOOP = "for batch_in, batch_out in train_iter:"
COUNTED = "for i, (batch_in, batch_out) in enumerate(train_iter):"

# What is changed, the code of the finding, and the line that it points at.
CASES = {
    "optimizer made in the loop": (
        {FORWARD: "        optm = optim.Adam(M.parameters(), lr=1e-3)\n" + FORWARD},
        "new_optimizer_every_batch",
        "optm = optim.Adam(M.parameters(), lr=1e-3)",
    ),
    "parameters set anew": (
        {EPOCH: "    M.init_param()\n" + EPOCH},
        "starts_anew",
        "M.init_param()",
    ),
    "gradients by hand": (
        {S: "        for p in M.parameters():\n            p.grad = p.grad.sign()\n" + S},
        "gradient_changed",
        "p.grad = p.grad.sign()",
    ),
    "gradients through data": (
        {S: "        for p in M.parameters():\n            p.grad.data /= batch_in.size(0)\n" + S},
        "gradient_changed",
        "p.grad.data /= batch_in.size(0)",
    ),
    "a break": ({SUM: SUM + "\n        break"}, "stops_after_first_batch", "break"),
    "a rate of zero": (
        {EPOCH: "    optm.param_groups[0]['lr'] = 0\n" + EPOCH},
        "learning_rate_zero",
        "optm.param_groups[0]['lr'] = 0",
    ),
    "parameters by hand": (
        {SUM: SUM + "\n        M.lin_1.weight.data *= 0.5"},
        "parameters_changed",
        "M.lin_1.weight.data *= 0.5",
    ),
    "another model": (
        {
            "M.train()": "M.train()\nM2 = MultiLayerPerceptronClass()",
            FORWARD: FORWARD.replace("M(", "M2("),
        },
        "other_model_trained",
        "y_pred = M2(batch_in.view(-1, 28*28).to(device))",
    ),
    "a condition on the epoch": (
        {UPDATE: "        if epoch > 0:\n    " + UPDATE.replace("\n", "\n    ")},
        "epochs_left_out",
        "if epoch > 0:",
    ),
    "a condition on the batch": (
        {LOOP: COUNTED, S: "        if i % 10 == 0:\n    " + S},
        "step_left_out",
        "if i % 10 == 0:",
    ),
    "a second step": ({SUM: SUM + "\n" + S}, "doubled_step", "optm.step()"),
    "an endless loop": ({Z: "        while True:\n            pass"}, "timeout", "while True:"),
    "a line in quotes": ({S: '        "optm.step()"'}, "in_quotes", '"optm.step()"'),
    "a scaled loss": (
        {"loss(y_pred, batch_out.to(device))": "5 * loss(y_pred, batch_out.to(device))"},
        "scaled_gradient",
        "loss_out = 5 * loss(y_pred, batch_out.to(device))",
    ),
    "a detached output": (
        {"loss(y_pred, batch": "loss(y_pred.detach(), batch"},
        "scores_cut_off",
        "loss_out = loss(y_pred.detach(), batch_out.to(device))",
    ),
    "recording is switched off by a flag": (
        {
            FORWARD: "        torch.set_grad_enabled(True)\n"
            "        with torch.set_grad_enabled(epoch < 0):\n    " + FORWARD
        },
        "scores_cut_off",
        "with torch.set_grad_enabled(epoch < 0):",
    ),
    "recording is switched off later": (
        {SUM: SUM + "\n    torch.set_grad_enabled(False)"},
        "stops_later",
        "torch.set_grad_enabled(False)",
    ),
    "the optimizer is overwritten": (
        {Z: "        optm = optm.zero_grad()"},
        "overwrites_optimizer",
        "optm = optm.zero_grad()",
    ),
    "nothing cleared": ({Z: "        pass"}, "missing_zero_grad", None),
}


def edited(edits: Mapping[str, str]) -> Any:
    notebook = None
    for find, replace in edits.items():
        notebook = changed(find, replace, notebook)
    return notebook


@pytest.mark.parametrize(("edits", "code", "line"), CASES.values(), ids=CASES)
def test_arrow(edits: Mapping[str, str], code: str, line: str | None, grade: Any) -> None:
    notebook = edited(edits)
    report = grade(notebook)
    (found,) = (f for c in report.checks if c.id == "step_order" for f in c.findings)
    shown = [text.text.strip() for text in found.excerpt if text.number == found.line]
    assert found.code == code
    assert (shown[0] if shown else None) == line
    assert line is None or any(line in source for source in sources(notebook))


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ({Z: "        optm = optm.zero_grad()"}, "line 13 raises"),
        ({SUM: SUM + "\n    torch.set_grad_enabled(False)"}, "line 12 raises"),
        ({"loss(y_pred, batch": "loss(y_pred.detach(), batch"}, "line 12 raises"),
        ({S: "        optm.step(loss_out)"}, "this line raises"),
    ],
)
def test_the_line_that_raised_is_named_where_another_is_shown(
    edits: Mapping[str, str], words: str, grade: Any
) -> None:
    report = grade(edited(edits))
    (found,) = (f for c in report.checks if c.id == "step_order" for f in c.findings)
    assert words in found.message


def test_each_mistake_stands_at_its_own_line(grade: Any) -> None:
    report = grade(edited({Z: "        optm.zerograd()", B: "        loss.backward()"}))
    found = {
        f.blank: next(text.text.strip() for text in f.excerpt if text.number == f.line)
        for c in report.checks
        if c.id == "step_order"
        for f in c.findings
    }
    assert found == {5: "optm.zerograd()", 6: "loss.backward()"}


@pytest.mark.parametrize(
    "made",
    [
        "params = M.parameters()\nprint(len(list(params)))\noptm = optim.Adam(params, lr=1e-3)",
        "params = M.parameters()\nn = sum(p.numel() for p in params)\noptm = optim.Adam(params)",
    ],
)
def test_an_optimizer_of_a_used_up_generator_cannot_be_made(made: str, grade: Any) -> None:
    report = grade(changed("optm = optim.Adam(M.parameters(), lr=1e-3)", made))
    assert {c.id: c.status.value for c in report.checks}["learns"] == "error"


def test_a_class_and_its_model_may_both_have_other_names(grade: Any) -> None:
    notebook = changed("class MultiLayerPerceptronClass", "class MLP")
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        if cell["cell_type"] == "code":
            text = text.replace("M = MultiLayerPerceptronClass", "model = MLP")
            cell["source"] = re.sub(r"\bM\b", "model", text.replace("optm", "optimizer"))
    assert grade(notebook).score == 100
