"""Mistakes in loops over data that was read once: found as they are in a loop over a loader."""

from __future__ import annotations

import pytest

from tests.grading.forms_of_data import FORMS, in_memory, sliced
from tests.notebooks import changed

_SHUFFLED = "    for idx in torch.randperm(len(X)).split(BATCH_SIZE):\n"
_TWO_PASSES = """X = torch.cat([x.flatten(1) for x, _ in train_iter]).to(device)
Y = torch.cat([y for _, y in train_iter]).to(device)
from torch.utils.data import DataLoader, TensorDataset
train_iter = DataLoader(TensorDataset(X, Y), batch_size=BATCH_SIZE, shuffle=True)
"""
_WRONG = {
    "never cleared": (lambda: changed("        optm.zero_grad()\n", "", FORMS[4]()), "step_order"),
    "never stepped": (lambda: changed("        optm.step()\n", "", FORMS[0]()), "step_order"),
    "labels of other images": (
        lambda: sliced(
            "    p, q = torch.randperm(len(X)), torch.randperm(len(X))\n"
            "    Y = Y[q][p.argsort()]\n" + _SHUFFLED
        ),
        "step_order",
    ),
    "one batch": (
        lambda: sliced("    for start in [0]:\n        idx = slice(start, BATCH_SIZE)\n"),
        "step_order",
    ),
    "two passes in two orders": (lambda: in_memory(_TWO_PASSES), "learns"),
}


@pytest.mark.parametrize(("form", "check"), _WRONG.values(), ids=_WRONG)
def test_mistakes_are_found(form, check, grade):
    found = {c.id: c.score for c in grade(form()).checks}
    assert found[check] == 0
