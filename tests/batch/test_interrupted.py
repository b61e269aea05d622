"""Ctrl-C: one word, nothing left, and the same command goes on."""

from __future__ import annotations

import signal
import sys
from typing import TYPE_CHECKING

import pytest

from tests.batch.child import left_behind, scratch_of, start, wait_for_results
from tests.batch.grading import all_timeless
from tests.batch.making import make_class

if TYPE_CHECKING:
    from pathlib import Path

    from tests.batch.conftest import GradedClass

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc")


@pytest.mark.slow
def test_ctrl_c_while_it_grades(own: GradedClass) -> None:
    before = all_timeless(own.out)
    for path in own.out.iterdir():
        if path.is_file():
            path.unlink()
    process = start(own.home)
    wait_for_results(process, own.home, 300_000)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    told = [line for line in err.splitlines() if " of 18: " not in line]
    assert told[1:] == ["interrupted; the same command goes on where it stopped"]
    assert told[0].startswith("assignment: ")
    assert left_behind(own.home) == []
    assert list(scratch_of(own.home).iterdir()) == []
    own.again()
    assert all_timeless(own.out) == before


@pytest.mark.parametrize("signal_", [signal.SIGINT, signal.SIGKILL])
def test_at_once(signal_: signal.Signals, tmp_path: Path) -> None:
    """Before PyTorch is there, and with nothing to go on with."""
    made = make_class(2, seed=2, programs=2, hostile=0, broken=0, missing=0)
    made.write(tmp_path / "submissions")
    process = start(tmp_path, command=("submissions", "-o", "graded"))
    wait_for_results(process, tmp_path, 1)
    process.send_signal(signal_)
    _, err = process.communicate(timeout=60)
    assert process.returncode in {130, -signal.SIGKILL}
    assert "Traceback" not in err
    assert left_behind(tmp_path) == []
