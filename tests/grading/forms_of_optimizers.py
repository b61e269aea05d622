"""Notebooks that are right with an optimizer of a class of their own, or with collected gradients.

The updates stand in ``LOOPS`` by the class that they need: what a loop calls of it, no other
optimizer may have.
"""

from __future__ import annotations

from functools import partial
from typing import Any

from tests.notebooks import TRAINING, cell, changed, solved

MADE = "optm = optim.Adam(M.parameters(), lr=1e-3)"
UPDATE = "        # update\n"
SAM = """
class SAM(optim.Optimizer):
    def __init__(self, params, base, rho=0.05, **kwargs):
        super().__init__(params, dict(rho=rho, **kwargs))
        self.base = base(self.param_groups, **kwargs)
        self.param_groups = self.base.param_groups

    @torch.no_grad()
    def first_step(self):
        every = [p for group in self.param_groups for p in group['params']]
        norm = torch.norm(torch.stack([p.grad.norm() for p in every]))
        for p in every:
            self.state[p]['old'] = p.data.clone()
            p.add_(p.grad * 0.05 / (norm + 1e-12))
        self.zero_grad()

    @torch.no_grad()
    def second_step(self):
        for group in self.param_groups:
            for p in group['params']:
                p.data = self.state[p]['old']
        self.base.step()
        self.zero_grad()

    @torch.no_grad()
    def step(self, closure):
        self.first_step()
        torch.enable_grad()(closure)()
        self.second_step()

optm = SAM(M.parameters(), optim.SGD, lr=0.1, momentum=0.9)
"""
SCHEDULED = """
class Scheduled:
    def __init__(self, optimizer, rate, warm_up):
        self.optimizer, self.rate, self.warm_up, self.steps = optimizer, rate, warm_up, 0

    def zero_grad(self):
        self.optimizer.zero_grad()

    def step_and_update_lr(self):
        self.steps += 1
        for group in self.optimizer.param_groups:
            group['lr'] = self.rate * min(1.0, self.steps / self.warm_up)
        self.optimizer.step()

optm = Scheduled(optim.Adam(M.parameters(), lr=0), 1e-3, 5)
"""
UPDATING = """
class Updating(optim.Adam):
    def update(self, value):
        self.zero_grad()
        value.backward()
        self.step()

optm = Updating(M.parameters(), lr=1e-3)
"""
PLAIN = """
class Plain:
    def __init__(self, params, lr):
        self.params, self.lr = list(params), lr

    @torch.no_grad()
    def move(self):
        for p in self.params:
            p -= self.lr * p.grad
            p.grad = None

optm = Plain(M.parameters(), 0.1)
"""
SWITCHED = """
class Switched(optim.AdamW):
    def train(self): pass
    def eval(self): pass

optm = Switched(M.parameters(), lr=1e-3)
"""
GROUPS = """
optm = optim.Adam([
    {'params': M.lin_1.parameters()}, {'params': M.lin_2.parameters(), 'lr': 2e-3}
], lr=1e-3)
"""
TWICE = "loss_out.backward()\n{}loss(M(batch_in.view(-1, 28*28).to(device)), batch_out.to(device))"
CLOSURE = """loss_out.backward()
def again():
    value = loss(M(batch_in.view(-1, 28*28).to(device)), batch_out.to(device))
    value.backward()
    return value
optm.step(again)"""
THREE = "optm.zero_grad()\nloss_out.backward()\noptm.step()"
# What makes the optimizer, and the update of a batch.
LOOPS = {
    "an update in two steps": (
        SAM,
        TWICE.format("optm.first_step()\n") + ".backward()\noptm.second_step()",
    ),
    "an update in two steps of one call": (SAM, CLOSURE),
    "an optimizer that sets its rate": (
        SCHEDULED,
        "optm.zero_grad()\nloss_out.backward()\noptm.step_and_update_lr()",
    ),
    "the optimizer within another object": (
        SCHEDULED,
        "optm.optimizer.zero_grad()\nloss_out.backward()\noptm.step_and_update_lr()",
    ),
    "an optimizer with the whole update": (UPDATING, "optm.update(loss_out)"),
    "an optimizer by hand": (PLAIN, "loss_out.backward()\noptm.move()"),
    "an optimizer with modes": (SWITCHED, "optm.train()\n" + THREE),
    "an optimizer with groups": (GROUPS, THREE + "\noptm.param_groups[1]['lr'] *= 0.999"),
}
MICRO = """
M.train()
for epoch in range(2):
    batches = iter(train_iter)
    for _ in range(len(train_iter) // 2):
        optm.zero_grad()
        for part in range(2):
            x, y = next(batches)
            (loss(M(x.view(-1, 28*28).to(device)), y.to(device)) / 2).backward()
        optm.step()
"""
GROUPED = """
from itertools import islice
M.train()
for epoch in range(2):
    batches = iter(train_iter)
    while group := list(islice(batches, 2)):
        optm.zero_grad()
        for x, y in group:
            (loss(M(x.view(-1, 28*28).to(device)), y.to(device)) / len(group)).backward()
        optm.step()
"""
FETCHED = """
data = iter(train_iter)

def get_batch():
    global data
    try:
        x, y = next(data)
    except StopIteration:
        data = iter(train_iter)
        x, y = next(data)
    return x.view(x.size(0), -1).to(device), y.to(device)

M.train()
X, Y = get_batch()
for it in range(10 * (len(train_iter) // {parts} + 1)):
    for part in range({parts}):
        with torch.autocast(device_type=device.type, dtype=torch.bfloat16):
            loss_out = loss(M(X), Y) / {parts}
        X, Y = get_batch()
        loss_out.backward()
    torch.nn.utils.clip_grad_norm_(M.parameters(), 1.0)
    optm.step()
    optm.zero_grad(set_to_none=True)
"""
COLLECTED = """
M.train()
for epoch in range(2):
    for i, (x, y) in enumerate(train_iter):
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled={lower}):
            loss_out = loss(M(x.view(-1, 28*28).to(device)), y.to(device)){more}
        (loss_out / 2).backward()
        if (i + 1) % 2 == 0 or i + 1 == len(train_iter):
            optm.step()
            optm.zero_grad()
"""
WHOLE = {
    "gradients of an inner loop": MICRO,
    "gradients of groups": GROUPED,
    "batches that are fetched early": FETCHED.format(parts=1),
    "gradients of batches that are fetched early": FETCHED.format(parts=2),
    "collected gradients in a lower precision": COLLECTED.format(lower=True, more=""),
    "collected gradients with a penalty": COLLECTED.format(
        lower=False, more=" + 1e-4 * sum(p.pow(2).sum() for p in M.parameters())"
    ),
}


def with_optimizer(made: str, update: str) -> dict[str, Any]:
    """The solved notebook with another optimizer, and with another update of each batch."""
    notebook = changed(MADE, made)
    c = cell(notebook, TRAINING)
    head, rest = "".join(c["source"]).split(UPDATE)
    after = rest[rest.index("        loss_val_sum +=") :]
    lines = "".join(f"        {line}\n" for line in update.split("\n"))
    c["source"] = head + lines + after
    return notebook


def with_loop(source: str) -> dict[str, Any]:
    """The solved notebook with another loop."""
    notebook = solved()
    cell(notebook, TRAINING)["source"] = source
    return notebook


def _named(name: str, make: Any) -> Any:
    make.__name__ = name
    return make


FORMS = [
    *(_named(name, partial(with_optimizer, *how)) for name, how in LOOPS.items()),
    *(_named(name, partial(with_loop, source)) for name, source in WHOLE.items()),
]
