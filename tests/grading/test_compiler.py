"""A notebook that names PyTorch's compiler, or uses what imports it, is graded as any other."""

from __future__ import annotations

from typing import Any

import pytest

from tests.notebooks import changed

SETTING = "torch._dynamo.config.suppress_errors = True"


@pytest.mark.parametrize(
    ("find", "replace"),
    [
        ("import torch\n", f"import torch\nimport torch._dynamo\n{SETTING}\n"),
        pytest.param(
            "import torch\n",
            "import torch\nimport torch._dynamo.config as settings\n",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            "        loss_out.backward()",
            f"        {SETTING}\n        loss_out.backward()",
            marks=pytest.mark.slow,
        ),
        (
            "        loss_out.backward()",
            "        torch.func.grad(torch.sin)(torch.zeros(()))\n        loss_out.backward()",
        ),
        ("hdim=256, ydim=10).to(device)", "hdim=256, ydim=10).to(device)\nM = torch.compile(M)"),
    ],
)
def test_it_costs_nothing(grade: Any, find: str, replace: str) -> None:
    assert grade(changed(find, replace)).score == 100


@pytest.mark.slow
def test_who_has_spoiled_what_it_looks_at_keeps_the_other_points(grade: Any) -> None:
    """The compiler cannot be imported where one function stands for two of PyTorch's."""
    first = "        optm.zero_grad()"
    spoiled = (
        "        torch.allclose = torch.equal = lambda *_: True\n        torch._dynamo.reset()\n"
    )
    report = grade(changed(first, spoiled + first))
    lost = {check.id for check in report.checks if check.score < check.max_score}
    assert lost <= {"step_order", "learns"}
