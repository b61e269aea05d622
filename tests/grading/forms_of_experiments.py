"""Notebooks that are right and hold more: experiments, other names, second thoughts."""

from __future__ import annotations

import re
from typing import Any

from tests.notebooks import (
    EVALUATION,
    MODEL,
    TRAINING,
    cell,
    changed,
    code,
    solved,
    sources,
    text,
)

ANOTHER_MODEL = """
class CNN(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.out = nn.Conv2d(1, 4, 3), nn.Linear(4 * 26 * 26, 10)
    def forward(self, x):
        return self.out(F.relu(self.conv(x)).flatten(1))

C = CNN().to(device)
oC = optim.Adam(C.parameters(), lr=1e-3)
for batch_in, batch_out in train_iter:
    l = loss(C(batch_in.to(device)), batch_out.to(device))
    oC.zero_grad()
    l.backward()
    oC.step()
"""
LEARNING_RATES = """
for lr in [1e-2, 1e-4]:
    model = MultiLayerPerceptronClass().to(device)
    optimizer = optim.SGD(model.parameters(), lr=lr)
    for batch_in, batch_out in train_iter:
        y = model(batch_in.view(-1, 28*28).to(device))
        l = loss(y, batch_out.to(device))
        optimizer.zero_grad()
        l.backward()
        optimizer.step()
    print(lr, func_eval(model, test_iter, device))
"""


def with_cell(source: str, after: str | None = None, start: Any = None) -> dict[str, Any]:
    """The solved notebook with one more cell, at the end or after the one with some text."""
    cells = sources(start if start is not None else solved())
    place = len(cells)
    if after is not None:
        (place,) = [number for number, cell in enumerate(cells, 1) if after in cell]
    return code([*cells[:place], source, *cells[place:]])


def another_model_trained_afterwards() -> dict[str, Any]:
    return with_cell(ANOTHER_MODEL)


def another_model_trained_in_a_function() -> dict[str, Any]:
    body = "\n".join("    " + line for line in ANOTHER_MODEL.strip().split("\n"))
    return with_cell(f"def experiment():\n{body}\n\nexperiment()")


def learning_rates_compared_afterwards() -> dict[str, Any]:
    return with_cell(LEARNING_RATES)


def second_stage_with_another_optimizer() -> dict[str, Any]:
    return with_cell(
        "optm2 = optim.SGD(M.parameters(), lr=1e-3)\n"
        "for batch_in, batch_out in train_iter:\n"
        "    loss_out = loss(M(batch_in.view(-1, 28*28).to(device)), batch_out.to(device))\n"
        "    optm2.zero_grad()\n    loss_out.backward()\n    optm2.step()"
    )


def pictures_dreamt_up_afterwards() -> dict[str, Any]:
    return with_cell(
        "x = torch.rand(1, 784, requires_grad=True)\ndream = optim.Adam([x], lr=0.1)\n"
        "for step in range(100):\n    dream.zero_grad()\n    l = -M(x.to(device))[0, 3]\n"
        "    l.backward()\n    dream.step()"
    )


def the_loss_name_used_again() -> dict[str, Any]:
    return with_cell("loss = [0.3, 0.2, 0.1]\nplt.plot(loss)")


def names_used_again_between_class_and_loop() -> dict[str, Any]:
    return with_cell("optm = None\nM = MultiLayerPerceptronClass(hdim=64).to(device)")


def everything_used_again() -> dict[str, Any]:
    return with_cell(
        "optm, loss, train_iter, device = None, 0.5, [], 'done'\n"
        "def func_eval2(): pass\nnn = F = None"
    )


def class_reopened_for_a_method() -> dict[str, Any]:
    return with_cell(
        "class MultiLayerPerceptronClass(MultiLayerPerceptronClass):\n"
        "    def count(self):\n        return sum(p.numel() for p in self.parameters())",
        MODEL,
    )


def forward_added_by_a_decorator() -> dict[str, Any]:
    """As the book "Dive into Deep Learning" writes its classes."""
    notebook = changed("    def forward(self, x):", "    def forward_of_another(self, x):")
    return with_cell(
        "def add_to_class(Class):\n    def wrapper(obj):\n"
        "        setattr(Class, obj.__name__, obj)\n    return wrapper\n\n"
        "@add_to_class(MultiLayerPerceptronClass)\ndef forward(self, x):\n"
        "    return self.lin_2(F.relu(self.lin_1(x)))",
        MODEL,
        notebook,
    )


def forward_set_afterwards() -> dict[str, Any]:
    notebook = changed("    def forward(self, x):", "    def forward_of_another(self, x):")
    return with_cell(
        "def forward(self, x):\n    return self.lin_2(F.relu(self.lin_1(x)))\n"
        "setattr(MultiLayerPerceptronClass, 'forward', forward)",
        MODEL,
        notebook,
    )


def broken_scratch_of_the_class() -> dict[str, Any]:
    return with_cell(
        "class MultiLayerPerceptronClass(nn.Module):\n    def __init__(self\n        self.lin_1 =",
        MODEL,
    )


def broken_scratch_of_the_evaluation() -> dict[str, Any]:
    return with_cell("def func_eval(model, data_iter, device)\n    n_correct +=", EVALUATION)


def broken_scratch_of_the_loop() -> dict[str, Any]:
    return with_cell(
        "for batch_in, batch_out in train_iter\n    loss_out.backward(\n    optm.step()", TRAINING
    )


def model_by_a_function() -> dict[str, Any]:
    return with_other_names(
        "def build_model():\n    net = MultiLayerPerceptronClass(xdim=784, hdim=256, ydim=10)\n"
        "    return net.to(device)\n\nmodel = build_model()"
    )


def model_and_optimizer_by_a_function() -> dict[str, Any]:
    return with_other_names(
        "def setup(lr=1e-3):\n    net = MultiLayerPerceptronClass().to(device)\n"
        "    opt = optim.Adam(net.parameters(), lr=lr)\n    return net, opt\n\n"
        "model, optm = setup()",
        keep_optimizer=False,
    )


def model_of_an_alias() -> dict[str, Any]:
    return with_other_names("MLP = MultiLayerPerceptronClass\nmodel = MLP().to(device)")


def with_other_names(making: str, *, keep_optimizer: bool = True) -> dict[str, Any]:
    """The solved notebook with its model called ``model`` and made by other lines."""
    cells = [re.sub(r"\bM\b", "model", source) for source in sources(solved())]
    (place,) = [k for k, source in enumerate(cells) if "\nmodel = Multi" in f"\n{source}"]
    lines = [line for line in cells[place].split("\n") if not line.startswith("model = Multi")]
    if not keep_optimizer:
        lines = [line for line in lines if not line.startswith("optm = ")]
    cells[place] = "\n".join([making, *lines])
    return code(cells)


def method_of_the_class_used_in_the_loop() -> dict[str, Any]:
    return using("def rows(self, x):\n        return x.view(-1, self.xdim)", "M.rows(batch_in)")


def property_of_the_class_used_in_the_loop() -> dict[str, Any]:
    return using(
        "@property\n    def device(self):\n        return next(self.parameters()).device",
        "batch_in.view(-1, 28*28).to(M.device)",
    )


def own_attribute_used_in_the_loop() -> dict[str, Any]:
    notebook = changed("self.name = name", "self.name, self.side = name, 28")
    return using("", "batch_in.view(-1, M.side * M.side)", notebook)


def prediction_as_a_method() -> dict[str, Any]:
    notebook = changed(
        "    def forward(self, x):",
        "    def predict(self, x):\n        return self(x).argmax(dim=1)\n\n"
        "    def forward(self, x):",
    )
    c = cell(notebook, EVALUATION)
    c["source"] = (
        "def func_eval(model, data_iter, device):\n    model.eval()\n    right = total = 0\n"
        "    with torch.no_grad():\n        for batch_in, batch_out in data_iter:\n"
        "            assert isinstance(model, MultiLayerPerceptronClass)\n"
        "            model_pred = model.predict(batch_in.view(-1, 28*28).to(device))\n"
        "            right += (model_pred == batch_out.to(device)).sum().item()\n"
        "            total += len(batch_in)\n    model.train()\n    return right / total"
    )
    return notebook


def kind_of_model_asserted_in_the_loop() -> dict[str, Any]:
    return changed(
        "        # forward pass", "        assert isinstance(M, MultiLayerPerceptronClass)"
    )


def using(method: str, rows: str, start: dict[str, Any] | None = None) -> dict[str, Any]:
    """The solved notebook with a method more in the class, and another line in the loop."""
    notebook = start if start is not None else solved()
    notebook = changed(
        "    def forward(self, x):", f"    {method}\n\n    def forward(self, x):", notebook
    )
    c = cell(notebook, TRAINING)
    source = text(c)
    assert source.count("batch_in.view(-1, 28*28)") == 1
    c["source"] = source.replace("batch_in.view(-1, 28*28)", rows)
    return notebook


def settings_from_a_tracker() -> dict[str, Any]:
    notebook = changed("lr=1e-3", "lr=wandb.config.lr")
    return with_cell(
        "import wandb\nwandb.init(project='mlp', config=dict(lr=1e-3))", MODEL, notebook
    )


FORMS = [
    another_model_trained_afterwards,
    another_model_trained_in_a_function,
    learning_rates_compared_afterwards,
    second_stage_with_another_optimizer,
    pictures_dreamt_up_afterwards,
    the_loss_name_used_again,
    names_used_again_between_class_and_loop,
    everything_used_again,
    class_reopened_for_a_method,
    forward_added_by_a_decorator,
    forward_set_afterwards,
    broken_scratch_of_the_class,
    broken_scratch_of_the_evaluation,
    broken_scratch_of_the_loop,
    model_by_a_function,
    model_and_optimizer_by_a_function,
    model_of_an_alias,
    method_of_the_class_used_in_the_loop,
    property_of_the_class_used_in_the_loop,
    own_attribute_used_in_the_loop,
    prediction_as_a_method,
    kind_of_model_asserted_in_the_loop,
    settings_from_a_tracker,
]
