"""Nothing is compiled, so the compiler is not imported; whoever asks for it finds the real one."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.notebooks import ROOT

_BEGIN = """
import sys
import torch
from grader.probes import warm_up
warm_up()
stand_in = sys.modules["torch._dynamo"]
"""
_REAL = "torch/_dynamo/__init__.py"

OPTIMIZERS = """
import inspect
for name in ("Adam", "AdamW", "SGD", "RMSprop", "Adagrad", "NAdam", "RAdam", "Adadelta", "LBFGS"):
    model = torch.nn.Linear(3, 2)
    optimizer = getattr(torch.optim, name)(model.parameters(), lr=0.1)
    before = [parameter.detach().clone() for parameter in model.parameters()]
    for _ in range(2):
        def closure():
            optimizer.zero_grad()
            loss = model(torch.ones(4, 3)).square().sum()
            loss.backward()
            return loss
        optimizer.step(closure)
    assert all(not torch.equal(a, b) for a, b in zip(before, model.parameters())), name
    optimizer.add_param_group({"params": [torch.zeros(2, requires_grad=True)]})
    optimizer.load_state_dict(optimizer.state_dict())
    torch.optim.lr_scheduler.StepLR(optimizer, 1).step()
assert torch.compiler.disable(abs)(-1) == 1 and not torch.compiler.is_compiling()
inspect.stack()  # looks through all modules
assert sys.modules["torch._dynamo"] is stand_in and "torch._inductor" not in sys.modules
"""


def _python(code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _BEGIN + code],
        capture_output=True,
        text=True,
        cwd=ROOT,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_no_optimizer_needs_the_compiler() -> None:
    _python(OPTIMIZERS)


@pytest.mark.parametrize(
    "asking",
    [
        "import torch._dynamo as found",
        pytest.param("import torch._dynamo.config\nfound = torch._dynamo", marks=pytest.mark.slow),
        pytest.param(
            "from torch._dynamo import eval_frame\nfound = torch._dynamo", marks=pytest.mark.slow
        ),
        pytest.param(
            "import torch._dynamo.utils\nfound = sys.modules['torch._dynamo']",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_who_asks_for_the_compiler_finds_it(asking: str) -> None:
    _python(
        f"{asking}\n"
        "found.config.suppress_errors = True\n"
        "import torch._dynamo\n"
        "import torch._dynamo.config as config\n"
        "assert config is torch._dynamo.config and config.suppress_errors\n"
        f"assert torch._dynamo.__file__.endswith({_REAL!r})\n"
        "assert sys.modules['torch._dynamo'] is torch._dynamo is not stand_in\n"
        "twice = torch.compile(lambda x: x * 2, backend='eager')\n"
        "assert twice(torch.ones(1)).item() == 2\n"
        "torch._dynamo.reset()\n"
    )


@pytest.mark.slow
def test_what_of_pytorch_needs_the_compiler_finds_it() -> None:
    _python("assert torch.func.grad(torch.sin)(torch.zeros(())).item() == 1")


@pytest.mark.slow
def test_a_compiler_that_was_imported_before_stays() -> None:
    code = (
        "del sys.modules['torch._dynamo'], torch._dynamo\nsys.meta_path.pop(0)\n"
        "import torch._dynamo\nwarm_up()\n"
        f"assert sys.modules['torch._dynamo'].__file__.endswith({_REAL!r})\n"
    )
    _python(code)
