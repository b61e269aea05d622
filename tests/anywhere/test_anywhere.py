"""A right notebook gets full points wherever it is graded, or nothing is graded there."""

from __future__ import annotations

import os
import sys

import pytest

if sys.platform != "linux":
    pytest.skip("these are Linux's limits and processes", allow_module_level=True)

from tests.anywhere.machines import MACHINES
from tests.anywhere.trial import Outcome, tried
from tests.attacks.settings import SETTINGS


@pytest.mark.parametrize(
    ("outcome", "right"),
    [
        (Outcome(0, 100, ""), True),
        (Outcome(0, 95, ""), False),
        (Outcome(1, 80, ""), False),
        (Outcome(2, None, "error: no room\n\nhint: make some"), True),
        (Outcome(2, None, "Traceback (most recent call last)\nerror: no room"), False),
        (Outcome(3, None, "error: the grader itself failed"), False),
        (Outcome(-9, None, ""), False),
    ],
)
def test_what_is_right(outcome: Outcome, right: bool) -> None:
    assert outcome.right is right


@pytest.mark.weekly
@pytest.mark.parametrize("machine", MACHINES)
@pytest.mark.parametrize("setting", SETTINGS)
def test_a_right_notebook(setting: str, machine: str) -> None:
    if setting != "here" and os.getuid() != 0:
        pytest.skip("only root can become somebody else")
    outcome = tried(machine, setting)
    assert outcome.right, outcome.words
