"""Workers that can't start, are killed, or lose the process that asked for them."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from conftest import eventually, job, processes_of

import grader
from grader.errors import InternalError
from grader.sandbox import Fate, JobLostError, Workers

PARENT = """
import sys
sys.path[:0] = {path!r}
from grader.sandbox import Job, Limits, Workers
workers = Workers({entry!r}, start={start!r}, isolation="basic")
workers.ready()
print(workers._server._root, flush=True)
workers.run(Job({{}}, ("sleepers", "loop"), Limits({{"sleepers": 60, "loop": 60}})))
"""


def test_a_killed_server_is_replaced_and_the_job_repeated(forked):
    forked.run("hello")
    old = forked.server.pid
    os.kill(old, signal.SIGKILL)
    assert forked.run("hello")["hello"].value == "hello"
    assert forked.server.pid != old
    assert eventually(lambda: forked.processes() == forked.idle())


def test_a_server_that_nobody_asked_leaves_nothing_however_long_it_warms_up(tmp_path):
    entry = tmp_path / "entry.py"
    entry.write_text("import time\n\n\ndef warm_up():\n    time.sleep(600)\n")
    workers = Workers(str(entry), start="fork")
    root = Path(workers._server._root)
    assert eventually(lambda: processes_of(entry))
    workers.close()
    assert eventually(lambda: not processes_of(entry))
    assert not root.exists()


def test_a_server_killed_at_work_is_replaced_too(new_bench):
    bench = new_bench()
    bench.run("hello")
    old, idle = bench.server.pid, len(bench.idle())
    answers = {}
    seconds = {"loop": 2.0, "hello": 20.0}
    thread = threading.Thread(
        target=lambda: answers.update(bench.run("loop", "hello", seconds=seconds))
    )
    thread.start()
    assert eventually(lambda: len(bench.processes()) == idle + 1)
    os.kill(old, signal.SIGKILL)
    thread.join(60)
    assert {task: answer.fate for task, answer in answers.items()} == {
        "loop": Fate.TIMEOUT,
        "hello": Fate.ANSWERED,
    }
    assert eventually(lambda: bench.processes() == bench.idle())


def test_a_server_that_is_lost_every_time_is_an_internal_error(new_bench, monkeypatch):
    bench = new_bench()
    bench.workers.ready()
    current = bench.workers._current

    def kill_first():
        server = current()
        os.kill(server.pid, signal.SIGKILL)
        return server

    monkeypatch.setattr(bench.workers, "_current", kill_first)
    with pytest.raises(InternalError, match="lost twice"):
        bench.run("hello")


def test_a_job_that_brings_the_server_down_costs_no_other_job(new_bench):
    bench = new_bench(isolation="basic")
    tasks = ("echo", "hello")
    jobs = [
        job(
            "echo",
            *(("kill_its_parent",) if number % 5 == 2 else ()),
            "hello",
            payload={"n": number},
        )
        for number in range(15)
    ]
    answers = bench.run_all(jobs)
    for number, found in enumerate(answers):
        if number % 5 == 2:
            assert "lost twice" in found
        else:
            assert found["echo"].value == {"n": number}
            assert [found[task].fate for task in tasks] == [Fate.ANSWERED] * 2
    with pytest.raises(JobLostError):
        bench.run("kill_its_parent")
    assert bench.run("hello")["hello"].value == "hello"
    assert bench.processes() == {bench.server.pid}


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_the_death_of_who_asked_leaves_nothing(tmp_path, start):
    entry = tmp_path / "entry.py"
    entry.write_bytes(Path(__file__).with_name("entry.py").read_bytes())
    path = [str(Path(next(iter(grader.__path__))).parent)]
    script = PARENT.format(path=path, entry=str(entry), start=start)
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        root = Path(parent.stdout.readline().strip())
        assert root.is_dir()
        expected = 8 if start == "fork" else 7  # with the server; without the orphans' makers
        assert eventually(lambda: len(processes_of(entry)) >= expected)
        parent.kill()
    if start == "fork":
        assert eventually(lambda: not processes_of(entry))
        assert eventually(lambda: not root.exists())
    else:
        # Nobody is left to look for what hides in other sessions; the worker itself goes.
        sessions = {os.getsid(pid) for pid in processes_of(entry)}
        assert eventually(lambda: worker_of(entry) is None)
        assert len(sessions) > 1
        for pid in processes_of(entry):
            os.kill(pid, signal.SIGKILL)


def test_in_namespaces_too_nothing_is_left(tmp_path):
    entry = tmp_path / "entry.py"
    entry.write_bytes(Path(__file__).with_name("entry.py").read_bytes())
    path = [str(Path(next(iter(grader.__path__))).parent)]
    script = PARENT.format(path=path, entry=str(entry), start="fork")
    script = script.replace('"basic"', '"auto"').replace('("sleepers", "loop")', '("loop",)')
    environment = {**os.environ, "TMPDIR": str(tmp_path)}
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment
    ) as parent:
        root = Path(parent.stdout.readline().strip())
        assert eventually(lambda: len(processes_of(entry)) >= 2)
        parent.kill()
    assert eventually(lambda: not processes_of(entry))
    assert eventually(lambda: not root.exists())


@pytest.mark.parametrize("which", ["outer", "inner"])
def test_either_process_of_a_server_takes_the_other_along(new_bench, which):
    bench = new_bench()
    bench.run("hello")
    if "namespaces" not in bench.workers.applied:
        pytest.skip("this machine has no namespaces for us")
    old = bench.idle()
    os.kill(bench.server.pid if which == "outer" else bench.inner, signal.SIGKILL)
    assert eventually(lambda: not bench.processes() & old)
    assert bench.run("hello")["hello"].value == "hello"
    assert not bench.idle() & old


def worker_of(entry):
    """The one that burns processor time, if it is still there."""
    for pid in processes_of(entry):
        try:
            fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[0] == "R":
            return pid
    return None


@pytest.mark.parametrize("start", ["fork", "spawn"])
@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("import no_such_module_here", "No module named 'no_such_module_here'"),
        ("def warm_up(): raise OSError('libtorch is broken')", "libtorch is broken"),
        ("def warm_up(): return {'version': object()}", "cannot send a object"),
        ("import os\ndef warm_up(): os._exit(9)", ""),
    ],
)
def test_a_worker_that_can_not_start_says_why(tmp_path, start, source, said):
    entry = tmp_path / "broken.py"
    entry.write_text(source)
    with Workers(str(entry), start=start) as workers:
        for _ in range(2):
            with pytest.raises(InternalError) as caught:
                workers.ready()
            assert said in str(caught.value)
    assert processes_of(entry) == set()


def test_a_thread_left_by_warm_up_is_refused(tmp_path):
    entry = tmp_path / "threads.py"
    entry.write_text(
        "import threading, time\n"
        "def warm_up():\n"
        "    threading.Thread(target=time.sleep, args=(60,), daemon=True).start()\n"
        "    return {}\n"
    )
    with Workers(str(entry), start="fork") as workers, pytest.raises(InternalError, match="thread"):
        workers.ready()


@pytest.mark.parametrize("start", ["fork", "spawn"])
def test_closing_ends_a_job_at_work(new_bench, start):
    bench = new_bench(start)
    bench.run("hello")
    idle = len(bench.processes())
    raised = []

    def work():
        try:
            bench.run("loop", seconds=120.0)
        except InternalError as error:
            raised.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    assert eventually(lambda: len(bench.processes()) > idle)
    bench.workers.close()
    thread.join(60)
    assert len(raised) == 1
    assert bench.processes() == set()
    with pytest.raises(InternalError, match="closed"):
        bench.run("hello")
