"""What a worker process inherits, and what is left of it afterwards."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from conftest import job

from grader.sandbox import Fate, Workers, bootstrap

_PREPARE = """
import importlib.util, sys
sys.path.insert(0, "")
sys.path.append({checkout!r})
spec = importlib.util.spec_from_file_location("bootstrap", {script!r})
module = importlib.util.module_from_spec(spec)
spec.loader.exec_module(module)
module.prepare_imports([])
import grader.sandbox.wire
print({checkout!r} in sys.path, "grader.sandbox.wire" in sys.modules)
"""


def entries(folder):
    return len(list(Path(folder).iterdir()))


def test_the_environment_is_not_inherited(new_bench, monkeypatch):
    monkeypatch.setenv("COURSE_SECRET", "the answer key")
    monkeypatch.setenv("NVIDIA_API_KEY", "the answer key")
    monkeypatch.setenv("NVIDIA_TF32_OVERRIDE", "0")
    monkeypatch.setenv("PYTHONPATH", "/somewhere")
    for start in ("fork", "spawn"):
        bench = new_bench(start)
        found = bench.run("environment")["environment"].value
        assert "COURSE_SECRET" not in found
        assert "PYTHONPATH" not in found
        assert found["OMP_NUM_THREADS"] == "1"
        assert "NVIDIA_API_KEY" not in found
        assert found["NVIDIA_TF32_OVERRIDE"] == "0"
        assert found["PATH"] == os.environ["PATH"]


def test_nothing_is_imported_from_where_the_user_happens_to_be(new_bench, tmp_path, monkeypatch):
    (tmp_path / "planted_in_cwd.py").write_text("")
    (tmp_path / "numpy.py").write_text("raise SystemExit('a planted numpy')")
    monkeypatch.chdir(tmp_path)
    for start in ("fork", "spawn"):
        seen = new_bench(start).run("imports")["imports"].value
        assert seen["found"] == {
            "grader.sandbox.wire": True,
            "planted_in_cwd": False,
            "reference": False,
            "conftest": False,
            "wire": False,
        }
        assert "grader.sandbox.workers" not in seen["loaded"]
        assert seen["argv"] == ["ipykernel_launcher.py", "-f", "kernel.json"]
        assert str(tmp_path) not in seen["path"]


def test_a_checkout_on_the_path_is_taken_off_it():
    """As an editable install puts it there; beside the package lie the answers."""
    checkout = Path(bootstrap.__file__).parents[2]
    said = subprocess.run(
        [sys.executable, "-c", _PREPARE.format(checkout=str(checkout), script=bootstrap.__file__)],
        check=True,
        capture_output=True,
        text=True,
    )
    assert said.stdout.split() == ["False", "True"]


def test_hashes_are_the_same_in_every_run(forked, spawned):
    values = {bench.run("string_hash")["string_hash"].value for bench in (forked, spawned)}
    assert len(values) == 1


def test_no_descriptor_but_the_answers_is_open(bench, tmp_path):
    with (tmp_path / "ours").open("w"):
        found = bench.run("descriptors")["descriptors"].value
    assert [found.pop(name) for name in "012"] == ["/dev/null"] * 3
    allowed = 1 if bench.workers._start == "fork" else 2  # spawned: the lifeline too
    assert len(found) == allowed
    assert all(target.startswith("pipe:") for target in found.values())


def test_a_process_leads_its_own_session(bench):
    assert bench.run("session")["session"].value is True


def test_a_job_finds_nothing_of_the_jobs_before_it(forked):
    for mark in ("first", "second"):
        assert forked.run("remembered", payload={"mark": [mark]})["remembered"].value == [mark]


def test_limits_are_hard(forked):
    found = forked.run("limits", memory_bytes=1 << 30, file_bytes=1 << 20)["limits"].value
    assert found["FSIZE"] == 1 << 20
    assert found["CORE"] == 0
    assert found["NOFILE"] == 256
    assert 1 << 30 <= found["DATA"] < 4 << 30
    assert found["CPU"] == 10 + 2 * 20 + 2


def test_no_new_privileges(forked):
    assert forked.run("status")["status"].value["NoNewPrivs"] == "1"


def test_scratch_is_the_workers_own_and_gone_afterwards(bench):
    first, second = (bench.run("where")["where"].value for _ in range(2))
    assert first["cwd"] == first["home"] == first["tmp"]
    assert first["listing"] == []
    assert first["cwd"] != second["cwd"]
    assert not Path(first["cwd"]).exists()


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_junk_in_scratch_is_removed(new_bench, start):
    answers = new_bench(start, isolation="basic").run("environment", "junk")
    folder = answers["environment"].value["HOME"]
    # So deep a folder is more than is allowed: on a slow machine it is stopped for that.
    assert answers["junk"].value in (folder, None)
    assert not Path(folder).exists()


@pytest.mark.parametrize("tasks", [("sleepers",), ("sleepers_then_exit",), ("sleepers", "loop")])
def test_what_a_submission_leaves_running_is_gone(basic, tasks):
    before = basic.processes()
    answers = basic.run(*tasks, seconds={**dict.fromkeys(tasks, 20.0), "loop": 0.3})
    assert Fate.INTERNAL_ERROR not in {answer.fate for answer in answers.values()}
    assert basic.processes() == before == {basic.server.pid}


def test_two_hundred_jobs_leave_nothing(forked):
    forked.run("hello")
    pid = forked.inner

    def ours():
        return entries("/proc/self/fd"), threading.active_count()

    def theirs():  # how large its table of descriptors is: the table itself is not for us
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
        return next(line for line in lines if line.startswith("FDSize"))

    before = ours(), theirs()
    for number in range(200):
        answers = forked.run("echo", payload={"number": number})
        assert answers["echo"].value == {"number": number}
    assert (ours(), theirs()) == before
    assert forked.processes() == forked.idle()
    assert entries(forked.server._root) == 0


def test_failing_jobs_leave_nothing_either(bench):
    bench.run("hello")
    before = entries("/proc/self/fd"), threading.active_count(), bench.processes()
    for _ in range(3):
        bench.run("segfault", "stray_writer", "loop", seconds=0.3)
    after = entries("/proc/self/fd"), threading.active_count(), bench.processes()
    assert after == before
    assert entries(bench.server._root) == 0


def test_closing_leaves_nothing(new_bench):
    for start in ("fork", "spawn"):
        bench = new_bench(start)
        bench.run("hello")
        root = Path(bench.server._root)
        bench.workers.close()
        bench.workers.close()
        assert bench.processes() == set()
        assert not root.exists()


def test_closing_at_once_leaves_nothing(new_bench):
    bench = new_bench()
    root = Path(bench.server._root)
    bench.workers.close()
    assert bench.processes() == set()
    assert not root.exists()


def test_many_jobs_at_once_are_answered_as_one_by_one(new_bench):
    bench = new_bench()
    jobs = [
        job("echo", "exit_quietly", "hello", payload={"number": number}) for number in range(40)
    ]
    answers = bench.run_all(jobs)
    assert [answer["echo"].value["number"] for answer in answers] == list(range(40))
    assert {answer["exit_quietly"].fate for answer in answers} == {Fate.CRASHED}
    assert {answer["hello"].value for answer in answers} == {"hello"}
    assert bench.processes() == bench.idle()


def test_workers_start_in_the_background(tmp_path):
    slow = tmp_path / "slow.py"
    slow.write_text("import time\ndef warm_up():\n    time.sleep(1)\n    return {'slow': True}\n")
    with Workers(str(slow)) as workers:
        assert not workers._warming.locked()
        assert workers._warm is None
        assert workers.ready() == {"slow": True}
