"""Notebooks that are right with another kind of training loop."""

from __future__ import annotations

import re
from typing import Any

from tests.notebooks import (
    EVALUATION,
    TRAINING,
    cell,
    changed,
    code,
    solved,
    sources,
    text,
)


def loop_in_function() -> dict[str, Any]:
    notebook = solved()
    c = cell(notebook, TRAINING)
    head, loop = text(c).split("for epoch", 1)
    body = "\n".join("    " + line for line in ("for epoch" + loop).split("\n"))
    c["source"] = f"{head}def train():\n{body}\n\ntrain()"
    return notebook


def loop_in_function_with_arguments() -> dict[str, Any]:
    notebook = solved()
    c = cell(notebook, TRAINING)
    head, loop = text(c).split("for epoch", 1)
    body = "\n".join("    " + line for line in ("for epoch" + loop).split("\n"))
    for old, new in (
        ("train_iter", "loader"),
        ("optm", "optimizer"),
        (r"\bM\b", "net"),
        ("loss\\(", "criterion("),
    ):
        body = re.sub(old, new, body)
    c["source"] = (
        f"{head}def train(net, criterion, optimizer, loader, epochs=3):\n{body}\n"
        "    return loss_val_avg\n\n"
        "history = train(M, loss, optm, loader=train_iter)"
    )
    return notebook


def tqdm_loop() -> dict[str, Any]:
    return changed(
        "for batch_in, batch_out in train_iter:\n        # forward",
        "bar = tqdm(train_iter, desc=f'epoch {epoch}')\n"
        "    for i, (batch_in, batch_out) in enumerate(bar):\n        # forward",
        changed("import numpy as np", "import numpy as np\nfrom tqdm.notebook import tqdm"),
    )


def scheduler_and_clipping() -> dict[str, Any]:
    notebook = changed(
        "optm.step()",
        "nn.utils.clip_grad_norm_(M.parameters(), 0.05)\n        optm.step()",
        solved(),
    )
    notebook = changed(
        "print(M)",
        "print(M)\nscheduler = optim.lr_scheduler.StepLR(optm, step_size=1, gamma=0.5)",
        notebook,
    )
    return changed(
        "    if epoch % print_every == 0",
        "    scheduler.step()\n    if epoch % print_every == 0",
        notebook,
    )


def own_evaluation_in_loop() -> dict[str, Any]:
    notebook = solved()
    c = cell(notebook, TRAINING)
    c["source"] = text(c).replace("func_eval(", "accuracy_of(")
    c = cell(notebook, EVALUATION)
    c["source"] = text(c) + "\n\n" + text(c).replace("def func_eval", "def accuracy_of")
    return notebook


def with_loop(change: Any) -> dict[str, Any]:
    """The solved notebook with another training cell: ``change(head, loop)`` gives it."""
    notebook = solved()
    c = cell(notebook, TRAINING)
    head, loop = text(c).split("for epoch", 1)
    c["source"] = change(head, "for epoch" + loop)
    return notebook


def indented(block: str, by: int) -> str:
    return "\n".join(" " * by + line for line in block.split("\n"))


def trainer_class() -> dict[str, Any]:
    def change(head: str, loop: str) -> str:
        body = indented(loop.replace("optm", "self.optm").replace("train_iter", "self.batches"), 8)
        return (
            f"{head}class Trainer:\n    def __init__(self, optm, batches):\n"
            f"        self.optm, self.batches = optm, batches\n    def fit(self):\n{body}\n\n"
            "trainer = Trainer(optm, train_iter)\ntrainer.fit()"
        )

    return with_loop(change)


def main_guard() -> dict[str, Any]:
    return with_loop(lambda head, loop: f"{head}if __name__ == '__main__':\n{indented(loop, 4)}")


def loop_in_try() -> dict[str, Any]:
    return with_loop(
        lambda head, loop: (
            f"{head}try:\n{indented(loop, 4)}\nexcept KeyboardInterrupt:\n    print('stopped')"
        )
    )


def batches_by_next() -> dict[str, Any]:
    return changed(
        "    for batch_in, batch_out in train_iter:\n        # forward",
        "    batches = iter(train_iter)\n    for _ in range(len(train_iter)):\n"
        "        batch_in, batch_out = next(batches)\n        # forward",
    )


def a_look_at_a_batch() -> dict[str, Any]:
    """In a cell of its own, before the loop that uses what was seen."""
    return with_cell_before_training(
        "x0, y0 = next(iter(train_iter))\nn_in = x0[0].numel()",
        changed("M(batch_in.view(-1, 28*28)", "M(batch_in.view(-1, n_in)"),
    )


def a_look_that_is_kept() -> dict[str, Any]:
    return with_cell_before_training(
        "look = iter(train_iter)\nx0, y0 = next(look)\nn_in = x0[0].numel()",
        changed("M(batch_in.view(-1, 28*28)", "M(batch_in.view(-1, n_in)"),
    )


def with_cell_before_training(source: str, notebook: dict[str, Any]) -> dict[str, Any]:
    found = sources(notebook)
    place = next(k for k, one in enumerate(found) if TRAINING in one)
    return code([*found[:place], source, *found[place:]])


def while_loop() -> dict[str, Any]:
    notebook = changed("for epoch in range(EPOCHS):", "epoch = 0\nwhile epoch < EPOCHS:")
    return changed(
        "        print(f'epoch {epoch}",
        "        epoch += 1\n        print(f'epoch {epoch}",
        notebook,
    )


def one_epoch_only() -> dict[str, Any]:
    return changed("EPOCHS, print_every = 10, 1", "EPOCHS, print_every = 1, 1")


def left_in_eval_mode() -> dict[str, Any]:
    """Nothing in this model behaves differently in eval mode, so training in it is right."""
    return changed("    loss_val_sum = 0\n", "    loss_val_sum = 0\n    M.eval()\n")


def update_in_a_helper() -> dict[str, Any]:
    notebook = changed(
        "        optm.zero_grad()\n        loss_out.backward()\n        optm.step()\n",
        "        update(loss_out)\n",
    )
    helper = "def update(value):\n    optm.zero_grad()\n    value.backward()\n    optm.step()"
    return code([helper, *sources(notebook)])


def batches_in_a_list() -> dict[str, Any]:
    notebook = changed(
        "EPOCHS, print_every = 10, 1", "EPOCHS, print_every = 10, 1\nbatches = list(train_iter)"
    )
    return changed(
        "    for batch_in, batch_out in train_iter:\n        # forward",
        "    for batch_in, batch_out in batches:\n        # forward",
        notebook,
    )


def model_made_in_the_function() -> dict[str, Any]:
    def change(_head: str, loop: str) -> str:
        setup = (
            "M = MultiLayerPerceptronClass().to(device)\noptm = optim.Adam(M.parameters(), lr=1e-3)"
        )
        body = indented(f"EPOCHS, print_every = 2, 1\n{setup}\n{loop}\nreturn M", 4)
        return f"def train():\n{body}\n\nM = train()"

    return with_loop(change)


def renamed_class_made_in_the_function() -> dict[str, Any]:
    notebook = model_made_in_the_function()
    for c in notebook["cells"]:
        c["source"] = text(c).replace("MultiLayerPerceptronClass", "Net")
    return notebook


LOADER = "torch.utils.data.DataLoader({}, batch_size=BATCH_SIZE, shuffle=True, num_workers=1)"


def loader_made_in_the_function() -> dict[str, Any]:
    def change(head: str, loop: str) -> str:
        made = LOADER.format("mnist_train")
        body = indented(f"train_iter = {made}\n{loop}", 4)
        return f"{head}def main():\n{body}\n\nmain()"

    return with_loop(change)


def loader_made_of_an_argument() -> dict[str, Any]:
    def change(head: str, loop: str) -> str:
        made = "DataLoader(dataset=data, shuffle=True, batch_size=BATCH_SIZE)"
        body = indented(f"loader = {made}\n{loop.replace('train_iter', 'loader')}", 4)
        imported = "from torch.utils.data import DataLoader"
        return f"{head}{imported}\ndef fit(data):\n{body}\n\nfit(mnist_train)"

    return with_loop(change)


def loaders_by_name() -> dict[str, Any]:
    both = "{'train': mnist_train, 'test': mnist_test}.items()"
    made = f"loaders = {{k: {LOADER.format('d')} for k, d in {both}}}"
    return with_loop(lambda head, loop: f"{head}{made}\n{by_name(loop)}")


def by_name(loop: str) -> str:
    return loop.replace("train_iter", "loaders['train']").replace("test_iter", "loaders['test']")


def loaders_in_a_list() -> dict[str, Any]:
    def change(head: str, loop: str) -> str:
        made = LOADER.format("d")
        return (
            f"{head}def get_loaders():\n    return [{made} for d in (mnist_train, mnist_test)]\n"
            f"train_loader, test_loader = get_loaders()\n{loop.replace('_iter', '_loader')}"
        )

    return with_loop(change)


FORMS = [
    loop_in_function,
    loop_in_function_with_arguments,
    tqdm_loop,
    scheduler_and_clipping,
    own_evaluation_in_loop,
    trainer_class,
    main_guard,
    loop_in_try,
    batches_by_next,
    a_look_at_a_batch,
    a_look_that_is_kept,
    while_loop,
    one_epoch_only,
    left_in_eval_mode,
    update_in_a_helper,
    batches_in_a_list,
    model_made_in_the_function,
    renamed_class_made_in_the_function,
    loader_made_in_the_function,
    loader_made_of_an_argument,
    loaders_by_name,
    loaders_in_a_list,
]
