"""Answers that a submission writes itself: it finds the order and the pipe in the frames above it.

One interpreter can't hide its own frames, so these arrive. What they may say is bounded, and what
is right is not in that process: it would have to be worked out by the submission.
"""

import ast

from tests.notebooks import ROOT

_FIND = """
import os, sys
import numpy as np
def attack():
    from grader.sandbox import frames, wire
    frame = sys._getframe()
    while "order" not in frame.f_locals or "answers" not in frame.f_locals:
        frame = frame.f_back
    order, pipe = frame.f_locals["order"], frame.f_locals["answers"]
    current = frame.f_locals.get("number", 0)
"""


def _saying(said: str, kind: str = "ANSWER", first: str = "") -> str:
    return (
        _FIND
        + first
        + f"""
    data = frames.pack(order.token, frames.FrameKind.{kind}, current, wire.encode({said}))
    while data:
        data = data[os.write(pipe, data):]
    os._exit(0)
"""
    )


_IMPORTS = (ast.Import, ast.ImportFrom, ast.If)
# The update's whole path, from the numbers of its challenge, as the reference would have taken it.
_WORK_OUT = """
    task = order.tasks[current]
    if task != "step_order":
        return
    challenge = order.request["challenges"][task]
    layers = watched_layers(challenge)
    inputs = challenge["inputs"][:, challenge["lit"]] / 255.0
    shapes = [weight.shape for weight, _ in layers.values()]
    flat = [p.reshape(-1) for pair in layers.values() for p in pair]
    runs = []
    for kind in challenge["optimizers"]:
        settings = {"beta_1": 0.9, "beta_2": 0.999, "eps": 1e-8, **kind["options"]}
        states, grads, events = [np.concatenate(flat).astype(np.float64)], [], []
        for _ in range(challenge["epochs"]):
            events.append(["epoch"])
            at = 0
            for size in challenge["sizes"]:
                rows = slice(at, at + size)
                at += size
                labels = challenge["targets"][rows]
                grads.append(true_gradient(states[-1], shapes, inputs[rows], labels))
                steps = updates(kind["name"], np.stack(grads), np.stack(states),
                                [settings] * len(grads))
                states.append(states[-1] + steps[-1])
                events += [["batch"], ["forward", True, True], ["zero_grad", True, True],
                           ["backward", True], ["step"]]
        runs.append({"error": None, "under_way": [], "events": events, "rules": [],
                     "states": np.stack(states).astype(np.float32), "fresh": None, "used": None,
                     "settings": [], "makers": []})
"""
_IMPORTED = """
    from grader.checks.step_order.gradients import true_gradient
    from grader.checks.step_order.watched import watched_layers
    from grader.checks.step_order.optimizers import updates
"""


def _copied() -> str:
    """Return the judges' own mathematics as a cell's text, as somebody could write it down."""
    found = "from typing import Any\nimport numpy as np\n"
    for name in ("gradients", "watched", "optimizers"):
        text = (ROOT / f"grader/checks/step_order/{name}.py").read_text(encoding="utf-8")
        tree = ast.parse(text)
        tree.body = [node for node in tree.body if not isinstance(node, _IMPORTS)]
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                node.returns = None
            if isinstance(node, ast.arg):
                node.annotation = None
            if isinstance(node, ast.AnnAssign):
                node.annotation = ast.Name("Any")
        found += ast.unparse(tree) + "\n"
    return found


_LONG = r'"\x1b[31m<script>alert(1)</script>\u202e\n::error::stolen\n=cmd|x" + "y" * 60000'
_ERROR = "{'type': LONG, 'message': LONG, 'frames': [], 'cause': LONG, 'missing': [LONG]}"

# On four wrong blanks, as those of ``sabotage``; none may earn a point by it.
FORGERIES = {
    **{
        f"forged frames that say {said}": _saying(said)
        for said in ("None", "{'status': 'passed', 'score': 20}", "[[1.0] * 100]")
    },
    "forged with the judges' mathematics": _saying("{'runs': runs}", first=_IMPORTED + _WORK_OUT),
    "forged words without end": _saying(
        "{'error': None, 'outputs': [], 'unfit': LONG}"
        " if order.tasks[current] == 'forward_output' else"
        f" {{'error': {_ERROR}, 'builds': [], 'beyond': [], 'shared': []}}"
    ).replace("LONG", _LONG),
    "an answer ahead of time, then a stall": _saying("None").replace(
        "os._exit(0)", "import time; time.sleep(1000)"
    ),
    "a forged failure without end": _saying("LONG", "FAILED").replace("LONG", _LONG),
}

# Solving the blank in another way than by filling it in can't be told from solving it: it may earn
# what the blank does, but a person is told.
OWN_MATHEMATICS = _copied() + _saying("{'runs': runs}", first=_WORK_OUT)
