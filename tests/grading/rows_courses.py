"""Small assignments that train on other data than images, each written into a folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.checks.plain_python import notebook

if TYPE_CHECKING:
    from pathlib import Path

_RUBRIC = """\
id = "{name}"
title = "{name}"
notebook = "{name}.ipynb"

[[roles]]
id = "model"
names = ["net"]
made_by = ["Net"]

[[roles]]
id = "model_class"
names = ["Net"]
part = "model"

[[roles]]
id = "train_data"
names = ["train_set"]
made_by = ["TensorDataset"]

[[roles]]
id = "loss"
names = ["criterion"]
made_by = ["{loss}"]

[[roles]]
id = "optimizer"
names = ["optimizer"]
made_by = ["SGD", "Adam", "AdamW"]

[[roles]]
id = "train_batches"
names = ["loader"]
made_by = ["DataLoader"]

[[parts]]
id = "model"
title = "the model class"
kind = "class"
name = "Net"

[[parts]]
id = "training"
title = "the training loop"
kind = "loop"
iterates = "train_batches"
calls = ["backward", "step", "zero_grad"]
updates = ["backward", "step", "zero_grad"]
surest = "backward"
about = ["model", "optimizer"]

[[blanks]]
number = 1
part = "training"
title = "reset gradient"
kind = "statement"
patterns = ["_.zero_grad(...)", "_.zero_grad"]
anchor = 'zero_grad'
neutral = "pass"

[[blanks]]
number = 2
part = "training"
title = "backpropagate"
kind = "statement"
patterns = ["_.backward(...)", "_.backward"]
anchor = 'backward'
neutral = "pass"

[[blanks]]
number = 3
part = "training"
title = "optimizer update"
kind = "statement"
patterns = ["_.step(...)", "_.step"]
anchor = '\\bstep\\b'
neutral = "pass"

[[checks]]
id = "step_order"
title = "update order"
points = 10
parts = ["training"]
blanks = [1, 2, 3]
seconds = 20
processor_seconds = 5
zero_blank = 1
backward_blank = 2
step_blank = 3
layers = {layers}
{data}

[[checks]]
id = "learns"
title = "learns"
points = 10
parts = ["model", "training"]
blanks = [1, 2, 3]
needs = ["step_order"]
seconds = 60
processor_seconds = 30
partial = {{ learns_too_little = 0.5, parameters_stand_still = 0.5 }}
advice = "compare the code around the blanks with the notebook's"
layers = {layers}
{data}
training.custom = {budget}
"""
_HEAD = (
    "import torch\nimport torch.nn as nn\nfrom torch.utils.data import DataLoader, TensorDataset"
)
_LOOP = """\
for epoch in range(3):
    total = 0
    for x, y in loader:
        loss = {loss}
        optimizer.zero_grad()  # ANSWER 1
        loss.backward()  # ANSWER 2
        optimizer.step()  # ANSWER 3
        total += loss.item()
    print(epoch, total / len(loader))
"""


_BUDGET = "{ steps = 60, batch_size = 32, sure = 0.9, passed = 0.8, partial = 0.4 }"


@dataclass(frozen=True)
class RowsCourse:
    """An assignment: its data, its class ``Net``, how the loop computes its loss, its rubric."""

    name: str
    data: str
    model: str
    loss: str
    rubric: str
    layers: tuple[str, ...]
    made_by: str = "MSELoss"
    budget: str = _BUDGET

    def write(self, folder: Path) -> Path:
        """Write the assignment into a folder, and return that."""
        folder.mkdir(parents=True)
        made = {
            "loss": self.made_by,
            "layers": json.dumps(self.layers),
            "data": self.rubric,
            "budget": self.budget,
        }
        rubric = _RUBRIC.format(name=self.name, **made)
        (folder / "assignment.toml").write_text(rubric, encoding="utf-8")
        loader = "train_set = TensorDataset(x, y)\n"
        loader += "loader = DataLoader(train_set, batch_size=64, shuffle=True)"
        making = "net = Net()\noptimizer = torch.optim.Adam(net.parameters(), lr=0.01)\n"
        making += f"criterion = nn.{self.made_by}()"
        cells = [_HEAD, self.data, loader, self.model, making, _LOOP.format(loss=self.loss)]
        made_of = notebook(cells)
        table = "| check | points |\n| --- | --- |\n| update order | 10 |\n"
        table += "| learns | 10 |\n"
        made_of["cells"][:0] = [{"cell_type": "markdown", "metadata": {}, "source": table}]
        text = json.dumps(made_of)
        (folder / f"{self.name}.ipynb").write_text(text, encoding="utf-8")
        return folder


PRICES = RowsCourse(
    name="prices",
    data="x = torch.randn(512, 6)\ny = (x @ torch.randn(6)).unsqueeze(1) + torch.sin(x[:, :1])",
    model="""
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.first = nn.Linear(6, 32)
                self.last = nn.Linear(32, 1)

            def forward(self, x):
                return self.last(torch.tanh(self.first(x)))
        """,
    loss="criterion(net(x), y)",
    rubric='input = [6]\ntarget = [1]\nloss = "MSELoss"',
    layers=("first", "last"),
)
TAGS = RowsCourse(
    name="tags",
    data="x = torch.randint(0, 30, (512, 12))\ny = (7 * x + x % 4) % 5",
    model="""
        class Net(nn.Module):
            def __init__(self):
                super().__init__()
                self.embed = nn.Embedding(30, 16)
                self.tag = nn.Linear(16, 5)

            def forward(self, ids):
                return self.tag(torch.tanh(self.embed(ids)))
        """,
    loss="criterion(net(x).view(-1, 5), y.view(-1))",
    rubric="input = [12]\nids = 30\ntarget = [12]\noutput = [12, 5]\n"
    'classes = 5\nloss = "CrossEntropyLoss"',
    layers=("embed", "tag"),
    made_by="CrossEntropyLoss",
)
