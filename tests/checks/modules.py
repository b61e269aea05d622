"""Classes of layers of many kinds, and the checks of modules tried on them without a worker."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import torch

from grader.assignment.model import Check
from grader.checks import generator
from grader.checks.kinds import KINDS
from grader.checks.schema import has_form
from grader.probes import PROBES

_NEEDED = "import math\nimport torch\nfrom torch import nn\nfrom torch.nn import functional as F"


def program(text: str, call: str) -> dict[str, Any]:
    """Return the program of a notebook that defines ``Net`` and makes one object of it."""
    entries: list[list[Any]] = [[_NEEDED, pick, False] for pick in range(4)]
    entries += [[text, 0, True], [f"net = {call}", 0, False]]
    return {"entries": entries, "name": "Net", "roles": {"model": ["net"]}, "reads": []}


def net(made: str, forward: str = "return x", init: str = "d=4, c=6", takes: str = "x") -> str:
    """Return a class with the statements of its ``__init__`` and its ``forward``."""
    lines = "".join(f"        {line}\n" for line in made.split("; "))
    body = "".join(f"        {line}\n" for line in forward.split("; "))
    return (
        f"class Net(nn.Module):\n    def __init__(self, {init}):\n        super().__init__()\n"
        f"        self.d, self.c = d, c\n{lines}    def forward(self, {takes}):\n{body}"
    )


def remarks(
    kind: str, reference: str, tried: str, options: dict[str, Any], seed: int, call: str = "Net()"
) -> list[Any]:
    """Return what a check remarks on a class, given the reference's."""
    torch.set_num_threads(1)  # as a worker does
    check = Check(kind, kind, kind, 1, (), (), 1, options=options)
    challenge = KINDS[kind].draw(generator(seed, kind), check, SimpleNamespace(checks=()))
    seen = []
    for text in (reference, tried):
        task = {"program": program(text, call), "challenge": challenge}
        seen.append(PROBES[kind](task, seed))
        assert has_form(KINDS[kind].form, seen[-1]), seen[-1]
        assert KINDS[kind].same_size(seen[-1], seen[0])
    found = KINDS[kind].judge(seen[1], seen[0], check, challenge)
    alike = KINDS[kind].alike
    assert alike is not None
    if kind == "module_output":
        assert alike(seen[1], seen[1], None)
    return found
