"""What reaches into the interpreter is told to a person, and costs nothing by itself."""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.notebooks import ROOT, code, solved, write

if TYPE_CHECKING:
    from pathlib import Path

    from grader.report import Report


def with_cell(source: str) -> dict[str, Any]:
    notebook = solved()
    cell = copy.deepcopy(code([source])["cells"][0])
    notebook["cells"].insert(0, {**cell, "id": "extra"})
    return notebook


def told(report: Report) -> str | None:
    return next((str(n.got) for n in report.notes if n.code == "reaches_in"), None)


@pytest.mark.parametrize(
    ("source", "name", "line"),
    [
        ("import sys\nf = sys._getframe(1)", "sys._getframe", 2),
        ("import sys\n\ndef f():\n    return getattr(sys, '_getframe')().f_back", "_getframe", 4),
        ("import gc\nx = gc.get_objects()", "gc.get_objects", 2),
        ("import ctypes", "ctypes", 1),
        ("from ctypes import CDLL", "ctypes", 1),
        ("from os import _exit", "os._exit", 1),
        ("from grader.judges import lawful", "grader.judges", 1),
        ("import importlib\ng = importlib.import_module('grader.words')", "grader.words", 2),
        ("m = __import__('ctypes')", "ctypes", 1),
        ("import sys\nm = sys.modules['grader.probes']", "grader.probes", 2),
        ("import sys\nm = [m for m in sys.modules if m.startswith('grader')]", "grader", 2),
        ("exec('import sys; f = sys._getframe()')", "sys._getframe", 1),
        ("p = print.__self__", "print.__self__", 1),
        ("p = getattr(print, '__self__')", "__self__", 1),
        ("import inspect\ns = inspect.stack()", "inspect.stack", 2),
        ("import inspect as i\n\ns = i.stack()", "inspect.stack", 3),
        ("from inspect import stack, getclosurevars", "inspect.stack", 1),
        ("import inspect\nv = inspect.getclosurevars(len)", "inspect.getclosurevars", 2),
        ("import traceback\nf = list(traceback.walk_stack(None))", "traceback.walk_stack", 2),
        ("import sys\nm = list(sys.modules.values())", "sys.modules", 2),
        ("import sys as s\nm = s.modules['torch']", "sys.modules", 2),
        ("import os\ndef f():\n    os.system('id')", "os.system", 3),
        (
            "import torch\ndef f(o):\n    o.register_step_post_hook(print)",
            "o.register_step_post_hook",
            3,
        ),
        ("object.__subclasses__()", "object.__subclasses__", 1),
        ("m = open('/proc/self/mem', 'rb')", "/proc/self/mem", 1),
        ("\uff53ys = __import__('sys')\nsys._\uff47etframe()", "sys._getframe", 2),
    ],
)
def test_what_reaches_in_is_told_with_its_place(
    source: str, name: str, line: int, grade: Any
) -> None:
    report = grade(with_cell(source))
    assert f"{name} (cell 1, line {line})" in (told(report) or "")
    assert report.score == 100
    (note,) = (note for note in report.notes if note.code == "reaches_in")
    assert (note.cell, note.line, note.severity.value) == (1, line, "warning")
    assert "A person should look" in note.message


@pytest.mark.parametrize(
    "source",
    [
        "import gc, os, sys\ngc.collect()\nprint(os.environ.get('HOME'), sys.version, sys.argv)",
        "import sys\nif 'google.colab' in sys.modules:\n    sys.exit()",
        "import sys\nIN_COLAB = 'google.colab' in sys.modules\nx = 'a' not in sys.modules",
        "import torch\ntorch.stack([torch.ones(1)])\ntorch.trace(torch.ones(2, 2))",
        "import torch\nprint(list(torch.nn.Linear(1, 1).modules()))",
        "import inspect\nprint(inspect.getsource(print) if 0 else __name__)",
        "# sys._getframe and ctypes are not for homework\ntext = 'about ctypes and the grader'",
        "grader = 'TA'\nprint({'grader': grader})",
        "import pdb, os.path, warnings\nwarnings.filterwarnings('ignore')",
        "print(type(M).__name__, M.__class__.__dict__) if 'M' in globals() else None",
        "def broken(:\n    sys._getframe()",
    ],
)
def test_what_ordinary_notebooks_do_is_not(source: str, grade: Any) -> None:
    assert told(grade(with_cell(source))) is None


def test_an_oracle_among_the_graders_modules_earns_nothing(grader_of: Any, tmp_path: Path) -> None:
    """What finds the best line in the challenges is out of reach, and who looks for it is told."""
    hint = (
        "import sys, torch\ndef hint(v, k):\n    frame = sys._getframe()\n"
        "    while frame.f_globals.get('__name__') != 'grader.probes.converges':\n"
        "        frame = frame.f_back\n"
        "        if frame is None:\n            return v\n"
        "    from grader.checks.converges import best_lines\n"
        "    number = len(frame.f_locals['runs'])\n"
        "    best = best_lines(None, frame.f_locals['challenge'], None)[number][k]\n"
        "    return torch.tensor(float(best))\n"
    )
    folder = ROOT / "reference/linear_regression"
    notebook = json.loads((folder / "linear_regression.ipynb").read_text(encoding="utf-8"))
    for cell in notebook["cells"]:
        text = "".join(cell["source"])
        for right, answer in (
            ("w - eta * dw  # ANSWER 5", "hint(w, 0)"),
            ("b - eta * db  # ANSWER 6", "hint(b, 1)"),
        ):
            text = text.replace(right, answer)
        cell["source"] = text
    notebook["cells"].insert(0, {**code([hint])["cells"][0], "id": "extra"})
    report = grader_of("linear_regression").grade(write(notebook, tmp_path))
    scores = {check.id: check.score for check in report.checks}
    assert (scores["update"], scores["converges"]) == (0, 0)
    assert "grader.checks.converges" in (told(report) or "")
