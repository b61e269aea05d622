"""Kill -9 at random moments, ten times: nothing finished is lost, nothing is counted twice."""

from __future__ import annotations

import signal
import sqlite3
import sys
import time
from contextlib import closing
from random import Random
from typing import TYPE_CHECKING

import pytest

from tests.batch.child import left_behind, start
from tests.batch.grading import by_student, table, timeless
from tests.batch.making import make_class

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [
    pytest.mark.weekly,
    pytest.mark.skipif(sys.platform != "linux", reason="looks for processes in /proc"),
]
KILLS = 10


def kept(home: Path) -> dict[str, bytes]:
    """Return what the database holds, by student."""
    path = home / "graded" / "grades.db"
    if not path.exists():
        return {}
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        if not database.execute("SELECT 1 FROM sqlite_master WHERE name = 'results'").fetchall():
            return {}
        return dict(database.execute("SELECT student, body FROM results"))


def test_ten_kills_and_one_clean_run_give_the_same(tmp_path: Path) -> None:
    made = make_class(40, seed=6, programs=20, hostile=3, broken=3)
    homes = [tmp_path / "clean", tmp_path / "killed"]
    for home in homes:
        made.write(home / "submissions")
        made.write_roster(home / "roster.csv")
    clean, killed = homes
    began = time.monotonic()
    process = start(clean)
    process.communicate()
    assert process.returncode == 1
    whole = time.monotonic() - began
    rng = Random()
    moments, finished = [], {}
    for _ in range(KILLS):
        process = start(killed)
        moments.append(round(rng.uniform(0.05, 0.9) * whole, 2))
        time.sleep(moments[-1])
        process.send_signal(signal.SIGKILL)
        process.communicate()
        assert left_behind(killed) == [], moments
        now = kept(killed)
        assert {id_: now.get(id_) for id_ in finished} == finished, moments
        finished = now
    process = start(killed)
    process.communicate()
    assert process.returncode == 1, moments
    now = kept(killed)
    assert {id_: now[id_] for id_ in finished} == finished, moments
    results, expected = by_student(killed / "graded"), by_student(clean / "graded")
    assert list(results) == list(expected)
    for id_, line in expected.items():
        assert timeless(results[id_]) == timeless(line), moments
    assert table(killed / "graded/grades.csv") == table(clean / "graded/grades.csv")
    drafts = [p.name for p in (killed / "graded").rglob(".*")]
    assert drafts == [], "what was half written is gone"
