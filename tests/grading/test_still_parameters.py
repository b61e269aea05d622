"""What keeps parameters from changing is pointed at where the code shows it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.notebooks import TRAINING, cell, changed, code, solved, sources

INIT = "nn.init.kaiming_normal_(self.lin_1.weight)"
UPPER = "nn.init.kaiming_normal_(self.lin_2.weight)"
HIDDEN = "return self.lin_2(hidden)"
NEW_LAYERS = (
    "self.lin_1, self.lin_2 = nn.Linear(self.xdim, self.hdim), nn.Linear(self.hdim, self.ydim)"
)
NEW_MODEL = "M = MultiLayerPerceptronClass().to(device)"
# What is put in place of which text, and the line that is pointed at.
IN_THE_CLASS = {
    "new layers": (INIT, NEW_LAYERS, NEW_LAYERS),
    "set by name": (
        INIT,
        "setattr(self, 'lin_1', nn.Linear(784, 256))",
        "setattr",
    ),
    "zeros": (INIT, "nn.init.zeros_(self.lin_1.weight)", "nn.init.zeros_(self.lin_1.weight)"),
    "cut off": (HIDDEN, "return self.lin_2(hidden.detach())", "detach"),
}
BEFORE_THE_LOOP = {
    "another model": (NEW_MODEL, NEW_MODEL),
    "frozen": (
        "for p in M.lin_1.parameters():\n    p.requires_grad = False",
        "requires_grad = False",
    ),
    "frozen by a call": ("M.lin_1.requires_grad_(False)", "requires_grad_"),
    "one layer": ("optm = optim.Adam(M.lin_2.parameters(), lr=1e-3)", "optm = "),
}


def learning(report: Any) -> Any:
    (finding,) = (f for check in report.checks for f in check.findings if check.id == "learns")
    return finding


def shown(finding: Any) -> str:
    return next(x.text for x in finding.excerpt if x.number == finding.line)


@pytest.mark.parametrize(("old", "new", "line"), IN_THE_CLASS.values(), ids=IN_THE_CLASS)
def test_a_line_of_the_class(old: str, new: str, line: str, grade: Any) -> None:
    report = grade(changed(old, new))
    assert line in shown(learning(report))
    assert report.score < 100


@pytest.mark.parametrize(("new", "line"), BEFORE_THE_LOOP.values(), ids=BEFORE_THE_LOOP)
def test_a_line_before_the_loop(new: str, line: str, grade: Any) -> None:
    cells = sources(solved())
    at = next(n for n, source in enumerate(cells) if TRAINING in source)
    assert line in shown(learning(grade(code([*cells[:at], new, *cells[at:]]))))


@pytest.mark.parametrize(
    "new",
    [
        "self.lin_1.weight.data = torch.randn(self.hdim, self.xdim) * 0.05",
        "self.lin_1.reset_parameters()",
        f"self.begun = True\n        {INIT}",
    ],
)
def test_parameters_that_stay_the_same_objects(new: str, grade: Any) -> None:
    assert grade(changed(INIT, new)).score == 100


def test_an_upper_layer_that_begins_at_zero(grade: Any) -> None:
    assert grade(changed(UPPER, "nn.init.zeros_(self.lin_2.weight)")).score == 100


def test_the_optimizer_may_be_made_afterwards(grade: Any) -> None:
    notebook = changed(INIT, NEW_LAYERS)
    loop = cell(notebook, TRAINING)
    text = "".join(loop["source"])
    made = "M.init_param()\noptm = optim.Adam(M.parameters(), lr=1e-3)"
    loop["source"] = text.replace("M.init_param()", made)
    assert grade(notebook).score == 100
