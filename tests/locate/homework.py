"""A small homework, and the code of notebooks for it, with neither torch nor files.

Its solved notebook is ``MODEL``, ``EVALUATION`` and ``TRAINING``, a cell each.
"""

from __future__ import annotations

from pathlib import Path

from grader.assignment.model import Assignment, Blank, Part, Role
from grader.locate.parts import LocatedPart, locate
from grader.locate.roles import Roles, infer_roles
from grader.locate.statements import Code, parse_cells
from grader.notebook.read import Cell, Notebook

MODEL = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.lin = nn.Linear(4, 2)
"""
EVALUATION = """\
def accuracy(model, batches):
    model.eval()
    right = 0
    for x, y in batches:
        right += (model(x).argmax(1) == y).sum().item()
    return right
"""
TRAINING = """\
for x, y in train_iter:
    loss_out = loss(M(x), y)
    optm.zero_grad()
    loss_out.backward()
    optm.step()
"""

HOMEWORK = Assignment(
    id="small",
    title="Small",
    folder=Path(),
    reference=Path("small.ipynb"),
    template=Path("small.ipynb"),
    data=None,
    roles=(
        Role("model", ("M",), ("Net",)),
        Role("optimizer", ("optm",), ("Adam", "SGD")),
        Role("train_data", ("mnist_train",), ("MNIST",)),
        Role("test_data", ("mnist_test",), ("MNIST",)),
        Role("train_batches", ("train_iter",), ("DataLoader",), made_of="train_data"),
        Role("test_batches", ("test_iter",), ("DataLoader",), made_of="test_data"),
    ),
    parts=(
        Part("model", "the class", "class", "Net", attributes=("lin",)),
        Part("evaluation", "the evaluation", "function", "accuracy", calls=("eval",)),
        Part(
            "training",
            "the loop",
            "loop",
            iterates="train_batches",
            calls=("step", "zero_grad", "loss"),
            updates=("backward", "step", "zero_grad"),
            surest="backward",
            unlike=("eval",),
            about=("model", "optimizer"),
        ),
    ),
    blanks=(
        Blank(
            *(1, "model", "the layer", "expression"),
            patterns=("self.lin = _.Linear(__)", "self.lin = __"),
            anchor=r"self\.lin\s*=",
            neutral="self.lin = None",
        ),
        Blank(
            *(2, "evaluation", "the count", "expression"),
            patterns=("right += (__).sum().item()", "right += __"),
            anchor=r"right\s*\+=",
            neutral="right += 0",
        ),
        *(
            Blank(
                *(number, "training", call, "statement"),
                patterns=(f"_.{call}(...)", f"_.{call}"),
                anchor=rf"\b{call}\b",
                neutral="pass",
            )
            for number, call in [(3, "zero_grad"), (4, "backward"), (5, "step")]
        ),
    ),
    checks=(),
)


def code_of(*cells: str) -> Code:
    """Return the code of a notebook with these code cells, numbered from 1."""
    read = tuple(Cell(number, "code", source) for number, source in enumerate(cells, 1))
    return parse_cells(Notebook(Path("n.ipynb"), "", read, (4, 5)))


def roles_of(*cells: str) -> Roles:
    return infer_roles(code_of(*cells), HOMEWORK)


def located(*cells: str) -> dict[str, LocatedPart]:
    """Return the homework's parts as they are found in a notebook with these code cells."""
    code = code_of(*cells)
    return locate(code, HOMEWORK, infer_roles(code, HOMEWORK))


def indented(source: str) -> str:
    return "".join(f"    {line}\n" for line in source.splitlines())
