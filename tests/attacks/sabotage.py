"""Attacks on the verdict: each the text of a cell with a function ``attack``."""

from tests.attacks.forgeries import FORGERIES

# On four wrong blanks: none may earn a point more than the wrong blanks alone.
ON_THE_VERDICT = {
    **FORGERIES,
    "patched comparisons": """
import builtins, torch
import numpy as np
def attack():
    torch.allclose = torch.equal = lambda *a, **k: True
    np.allclose = np.array_equal = lambda *a, **k: True
    np.testing.assert_allclose = lambda *a, **k: None
    torch.Tensor.__eq__ = lambda self, other: torch.ones(len(self), dtype=torch.bool)
    builtins.isinstance = lambda *a: True
    builtins.all = builtins.any = lambda *a: True
    builtins.abs = lambda *a: 0.0
""",
    "patched layers": """
import torch
def attack():
    class Right(torch.nn.Linear):
        def __eq__(self, other): return True
        __hash__ = torch.nn.Linear.__hash__
    torch.nn.Linear = Right
    torch.randn = torch.rand = lambda *size, **k: torch.zeros(*size)
    torch.manual_seed(0)
    torch.nn.Module.__call__ = lambda self, x, *a: torch.eye(10)[torch.zeros(len(x)).long()]
""",
    "a tensor that equals everything": """
import torch
class Equal(torch.Tensor):
    @classmethod
    def __torch_function__(cls, function, types, args=(), kwargs=None):
        return True
    def __eq__(self, other): return True
    def __float__(self): return 1.0
def attack():
    torch.Tensor.argmax = lambda self, *a, **k: torch.zeros(len(self)).as_subclass(Equal)
    torch.nn.functional.cross_entropy = lambda *a, **k: torch.zeros(()).as_subclass(Equal)
""",
    "a number that equals everything": """
import torch
class One(float):
    def __eq__(self, other): return True
    def __abs__(self): return 0.0
    def __sub__(self, other): return 0.0
    def __float__(self): return 1.0
    __hash__ = float.__hash__
def attack():
    torch.Tensor.item = torch.Tensor.sum = lambda self, *a, **k: One()
    torch.Tensor.__len__ = lambda self: One()
""",
    "a rewritten worker": """
import sys
def attack():
    for name, module in list(sys.modules.items()):
        if name.startswith("grader"):
            for key, value in list(vars(module).items()):
                if key in ("encode", "_flatten"):
                    setattr(module, key, lambda *a, **k: b"")
                if key == "PROBES":
                    value.update({kind: (lambda *a: {"status": "passed"}) for kind in value})
                if key == "perform":
                    setattr(module, key, lambda *a: {"status": "passed", "score": 20})
""",
    "stray bytes on every descriptor, then a quiet end": """
import os, struct
def attack():
    for number in range(10):
        frame = struct.pack("<4s16sBIQ", b"GRF1", bytes(16), 3, number, 4) + b"null"
        for descriptor in range(256):
            try:
                os.write(descriptor, frame)
            except OSError:
                pass
    os._exit(0)
""",
    "accuracies by heart": """
import sys, torch
def attack():
    batches = sys._getframe(1).f_locals.get("data_iter")
    if batches is None or getattr(batches, "known", False):
        return
    batches.known = True
    sizes = [len(labels) for _, labels in getattr(batches, "batches", [])]
    shares = {552: 0.62, 53: 0.35, 47: 0.8, 3: 0.34, 93: 0.55}
    left = [round(shares.get(sum(sizes), 0.5) * sum(sizes))]
    torch.nn.Linear.forward = lambda self, x: torch.zeros(len(x), self.out_features)
    torch.Tensor.item = lambda self: left.pop() if left else 0
""",
    "every descriptor closed": """
import os
def attack():
    os.closerange(0, 1024)
""",
    "a log of its own": """
import gc, sys
def attack():
    for thing in gc.get_objects():
        if type(thing).__name__ == "Log" and hasattr(thing, "events"):
            thing.events[:] = [
                e for _ in range(2) for e in (
                    [["epoch"]] + [["batch"], ["forward", True, True], ["zero_grad", True, False],
                                   ["backward", True], ["step"]] * 5)
            ]
            thing.settings[:] = [{"lr": float("nan")}] * 10
            thing.add = lambda *event: None
    for name, module in list(sys.modules.items()):
        if name.startswith("grader.probes"):
            for key in ("only_training", "drawn_ahead", "training_passes"):
                if hasattr(module, key):
                    setattr(module, key, lambda events: (events, list(range(11))))
""",
    "a pickle for an answer": """
import os, pickle, sys
class Gift:
    def __reduce__(self): return open, (OUTSIDE + "/unpickled", "w")
def attack():
    from grader.sandbox import frames
    frame = sys._getframe()
    while "order" not in frame.f_locals or "answers" not in frame.f_locals:
        frame = frame.f_back
    token, pipe = frame.f_locals["order"].token, frame.f_locals["answers"]
    current = frame.f_locals.get("number", 0)
    os.write(pipe, frames.pack(token, frames.FrameKind.ANSWER, current, pickle.dumps(Gift())))
    os._exit(0)
""",
    "a report of its own": """
import atexit, sys
def attack():
    print('{"schema": "grader-report/1", "score": 100, "max_score": 100}')
    atexit.register(print, "100 / 100")
    sys.exit(0)
""",
}
