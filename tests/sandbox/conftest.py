import os
import shutil
import signal
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from grader.sandbox import Job, JobLostError, Limits, Workers

ENTRY = Path(__file__).with_name("entry.py")


class Bench:
    """Workers on an entry file of their own, so that their processes can be told from others'."""

    def __init__(self, folder, start, **options):
        self.entry = folder / "entry.py"
        shutil.copy(ENTRY, self.entry)
        self.workers = Workers(str(self.entry), start=start, **options)

    def run(self, *tasks, payload=None, seconds=20.0, **limits):
        return self.workers.run(job(*tasks, payload=payload, seconds=seconds, **limits))

    def run_all(self, jobs, at_a_time=4):
        """Return each job's answers, or what was said when the workers were lost twice."""

        def run(one):
            try:
                return self.workers.run(one)
            except JobLostError as error:
                return str(error)

        with ThreadPoolExecutor(at_a_time) as pool:
            return list(pool.map(run, jobs))

    def processes(self):
        return processes_of(self.entry)

    def idle(self):
        """The processes of a server without work: in namespaces there are two."""
        return {self.server.pid, *([self.inner] if "namespaces" in self.workers.applied else [])}

    @property
    def inner(self):
        """The process that forks: the one that was started, or its only child."""
        pid = self.server.pid
        if "namespaces" not in self.workers.applied:
            return pid
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text())

    @property
    def server(self):
        return self.workers._server


def job(*tasks, payload=None, seconds=20.0, **limits):
    times = seconds if isinstance(seconds, dict) else dict.fromkeys(tasks, seconds)
    return Job(payload or {}, tasks, Limits(times, **limits))


def processes_of(entry):
    """The processes that have this entry on their command line, but for the dead."""
    found = set()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            state = (folder / "stat").read_text().rpartition(")")[2].split()[0]
            words = (folder / "cmdline").read_text().split("\0")
        except OSError:
            continue
        if str(entry) in words and state != "Z":
            found.add(int(folder.name))
    return found


def eventually(condition, seconds=20.0):
    """Whether the condition comes true in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.02)
    return False


@pytest.fixture(scope="module")
def forked(tmp_path_factory):
    bench = Bench(tmp_path_factory.mktemp("forked"), "fork")
    with bench.workers:
        yield bench


@pytest.fixture(scope="module")
def spawned(tmp_path_factory):
    bench = Bench(tmp_path_factory.mktemp("spawned"), "spawn")
    with bench.workers:
        yield bench
    for pid in bench.processes():  # what hides in other sessions outlives a spawned worker
        os.kill(pid, signal.SIGKILL)


@pytest.fixture(scope="module")
def basic(tmp_path_factory):
    """Without the layers that forbid processes, so that what becomes of them can be seen."""
    bench = Bench(tmp_path_factory.mktemp("basic"), "fork", isolation="basic")
    with bench.workers:
        yield bench


@pytest.fixture(params=["forked", "spawned"])
def bench(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def new_bench(tmp_path):
    """Make a bench for one test alone."""
    made = []

    def make(start="fork", **options):
        bench = Bench(tmp_path, start, **options)
        made.append(bench)
        return bench

    yield make
    for bench in made:
        bench.workers.close()
