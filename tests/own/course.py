"""A small assignment with a check of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.checks.plain_python import write_assignment

if TYPE_CHECKING:
    from pathlib import Path

CHECK = '''\
"""Twice a number, judged as a whole."""

from __future__ import annotations

from typing import TypedDict

import torch

from grader.checks.own import Array, Remark

WORDS = {"thrice": {"summary": "three times", "message": "{x} became {got}, not twice as much."}}
SECRET = "KEEP" + "SECRET"


class Options(TypedDict, total=False):
    """What assignment.toml may tell."""

    most: int


class Observation(TypedDict):
    """What the probe returns."""

    doubled: list[Array]


def draw(rng, options):
    return {"xs": [rng.normal(size=3) for _ in range(options.get("most", 3))]}


def _tensor(x):
    return torch.as_tensor(x)


def probe(student, challenge):
    return {"doubled": [student(_tensor(x)) for x in challenge["xs"]]}


def judge(observed, expected, challenge):
    assert SECRET
    pairs = zip(challenge["xs"], observed["doubled"], expected["doubled"])
    for x, got, want in pairs:
        if got.shape == want.shape and abs(got - 3 * x).max() < 1e-6:
            return [Remark("thrice", blank=1, facts={"x": x[0], "got": got[0]})]
        if got.shape != want.shape or abs(got - want).max() > 1e-6:
            return [Remark("observed_differs", blank=1)]
    return []
'''
DOUBLE = (
    """
    def double(x):
        answer1 = x + x  # ANSWER
        return answer1
    """,
    "most = 2",
)


def write_course(folder: Path, check: str = CHECK) -> Path:
    """Write an assignment ``double`` whose only check is of its own kind ``twice``."""
    write_assignment(folder, {"double": DOUBLE})
    rubric = folder / "assignment.toml"
    text = rubric.read_text(encoding="utf-8").replace('kind = "calls"', 'kind = "twice"')
    rubric.write_text(text, encoding="utf-8")
    (folder / "checks").mkdir(exist_ok=True)
    (folder / "checks" / "twice.py").write_text(check, encoding="utf-8")
    return folder
