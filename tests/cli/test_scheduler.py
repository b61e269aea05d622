"""``--scheduler``: a class graded on a cluster, to the same results."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time

import dask
import distributed
import pytest

from grader.cli import main
from tests.notebooks import BLANKS, filled, solved, template

PATIENT = {"distributed.deploy.lost-worker-timeout": "1 hour"}
CLASS = {
    "anna": solved(),
    "ben": filled({**BLANKS, 5: "pass"}),
    "cora": filled({**BLANKS, 4: "y_pred != y_trgt"}),
    "dan": filled({**BLANKS, 7: "optm.step"}),
    "eve": filled(
        {**BLANKS, 3: "batch_in.view(256, 28*28).to(device)", 6: "import os; os._exit(0)"}
    ),
    "finn": template(),
}


@pytest.fixture
def notebooks(tmp_path):
    folder = tmp_path / "class"
    folder.mkdir()
    for name, notebook in CLASS.items():
        (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return folder


def graded(notebooks, out, *options):
    asked = ["--seed", "5", "--device", "cpu", "--isolation", "auto", *options]
    assert main([str(notebooks), "-o", str(out), *asked]) == 0
    results = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    for result in results:
        for check in result["checks"]:
            check.pop("seconds")
    assert len(results) == len(CLASS)
    return results


@pytest.mark.weekly
@pytest.mark.skipif(sys.platform != "linux", reason="kills a process")
def test_a_class_on_a_cluster_that_loses_a_worker(notebooks, tmp_path):
    with (
        dask.config.set(PATIENT),
        distributed.LocalCluster(2, threads_per_worker=1, dashboard_address=":0") as cluster,
        distributed.Client(cluster, set_as_default=False) as client,
    ):
        victim = min(client.run(os.getpid).values())
        killed = threading.Event()

        def kill_at_work():
            """Once programs run on both workers, take one away."""
            while len(busy := client.processing()) < 2 or not all(busy.values()):
                time.sleep(0.05)
            os.kill(victim, signal.SIGKILL)
            killed.set()

        threading.Thread(target=kill_at_work, daemon=True).start()
        there = graded(notebooks, tmp_path / "there", "--scheduler", cluster.scheduler_address)
        assert killed.is_set()
        # The same command again finds all of it done.
        again = graded(notebooks, tmp_path / "there", "--scheduler", cluster.scheduler_address)
    here = graded(notebooks, tmp_path / "here")
    assert there == again == here


def test_without_dask_the_hint_says_what_to_install(notebooks, monkeypatch, capsys):
    for name in [name for name in sys.modules if name.startswith("grader.runners.dask.runner")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main([str(notebooks), "--scheduler", "tcp://127.0.0.1:1"]) == 2
    said = capsys.readouterr().err
    assert "error: --scheduler needs Dask" in said
    assert "hint: in the folder of the grader: pip install '.[cluster]'" in said
    assert "Traceback" not in said


def test_named_notebooks_are_not_run_here_instead(notebooks, capsys):
    assert main([str(notebooks / "anna.ipynb"), "--scheduler", "tcp://127.0.0.1:1"]) == 2
    assert "error: --scheduler is for a whole class" in capsys.readouterr().err


def test_a_scheduler_that_does_not_answer_is_a_wrong_usage(notebooks, monkeypatch, capsys):
    monkeypatch.setattr("grader.runners.dask.client._CONNECT_SECONDS", 0.5)
    assert main([str(notebooks), "--scheduler", "tcp://127.0.0.1:1"]) == 2
    said = capsys.readouterr().err
    assert "error: no Dask scheduler answers at tcp://127.0.0.1:1" in said
    assert "hint: " in said
    assert "Traceback" not in said
