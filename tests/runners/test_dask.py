"""The same answers from a Dask cluster as from this machine, whatever happens to its workers."""

from __future__ import annotations

import os
import signal
import socket
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import dask
import distributed
import numpy as np
import psutil
import pytest

from grader import fingerprint
from grader.errors import GraderError, InternalError
from grader.runners.dask import client as cluster_client
from grader.runners.dask import worker
from grader.runners.dask.runner import ClusterRunner
from grader.sandbox import Fate, Job, JobLostError, Limits, Workers, isolation

ENTRY = str(Path(__file__).with_name("cluster_entry.py"))
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at Linux processes")


@contextmanager
def local_cluster(**options):
    """Two worker processes with one thread each."""
    given = {"n_workers": 2, "threads_per_worker": 1, "dashboard_address": ":0"} | options
    # A LocalCluster gives a worker up that is being started again 15 seconds after it died.
    patient = {"distributed.deploy.lost-worker-timeout": "1 hour"}
    with dask.config.set(patient), distributed.LocalCluster(**given) as cluster:
        yield cluster


@pytest.fixture(scope="module")
def cluster():
    with local_cluster(scheduler_kwargs={"allowed_failures": 1}) as one:
        yield one


@pytest.fixture
def runner(cluster):
    cluster.wait_for_workers(2, timeout=60)
    one = ClusterRunner(cluster.scheduler_address, ENTRY, "none")
    yield one
    one.close()


def job(*tasks, seed=3, seconds=30.0, size=7):
    payload = {"seed": seed, "challenges": {"one": {"numbers": np.arange(float(size))}}}
    return Job(payload, tasks, Limits(dict.fromkeys(tasks, seconds)))


def plain(answers):
    """Everything but the times."""
    return {
        task: (
            answer.fate,
            answer.detail,
            answer.value and {**answer.value, "numbers": list(answer.value["numbers"])},
        )
        for task, answer in answers.items()
    }


def dask_workers(cluster):
    """The process ids of the Dask workers."""
    with distributed.Client(cluster, set_as_default=False) as client:
        return sorted(client.run(os.getpid).values())


def sandboxes(pids):
    """What the Dask workers have started."""
    alive = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    return [child for process in alive for child in process.children(recursive=True)]


@pytest.mark.slow
def test_answers_are_those_of_this_machine(runner):
    wanted = job("a", "crash", "b", "endless", seconds=3.0)
    with Workers(ENTRY, isolation="none") as workers:
        ready, here, layers = workers.ready(), workers.run(wanted), workers.applied
    assert runner.ready() == ready
    assert runner.threads == 2
    assert runner.environment() == fingerprint.observing_environment(ready, layers)
    there = runner.run(wanted)
    assert plain(there) == plain(here)
    assert there["endless"].fate is Fate.TIMEOUT
    assert set(runner.applied) == set(layers)
    assert "isolation none" not in runner.unprotected
    assert runner.unprotected


def test_a_challenge_is_sent_once(runner, cluster):
    size = 200_000
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(runner.run, [job("a", seed=seed, size=size) for seed in range(6)]))
    large = [task for task in cluster.scheduler.tasks.values() if task.nbytes > size]
    assert len(large) == 1


def test_closing_leaves_nothing_on_the_workers(cluster):
    pids = dask_workers(cluster)
    runner = ClusterRunner(cluster.scheduler_address, ENTRY, "none")
    before = {process.pid for process in sandboxes(pids)}
    runner.ready()
    mine = [process for process in sandboxes(pids) if process.pid not in before]
    assert mine
    with ThreadPoolExecutor(6) as pool:
        running = [pool.submit(runner.run, job("endless", seed=n)) for n in range(6)]
        time.sleep(1)
        runner.close()
        for one in running:
            with pytest.raises(InternalError, match="closed"):
                one.result(timeout=20)
    _, alive = psutil.wait_procs(mine, timeout=20)
    assert not alive
    assert not [key for key in cluster.scheduler.tasks if runner._run["run"] in str(key)]
    runner.close()


def test_a_worker_killed_midway_costs_only_time(runner, cluster):
    jobs = [job(f"slow {n}", seed=n) for n in range(8)]
    pids = dask_workers(cluster)
    with Workers(ENTRY, isolation="none") as workers, ThreadPoolExecutor(8) as pool:
        runner.ready()
        running = [pool.submit(runner.run, one) for one in jobs]
        here = [workers.run(jobs[0])]
        os.kill(pids[0], signal.SIGKILL)
        here += [workers.run(one) for one in jobs[1:]]
        there = [one.result(timeout=120) for one in running]
    assert [plain(one) for one in there] == [plain(one) for one in here]
    assert not psutil.pid_exists(pids[0]) or psutil.Process(pids[0]).status() == "zombie"


@pytest.mark.weekly
def test_a_program_that_kills_every_worker_is_lost_alone(runner):
    with ThreadPoolExecutor(2) as pool:
        deadly = pool.submit(runner.run, job("kill"))
        harmless = pool.submit(runner.run, job("a"))
        assert harmless.result(timeout=300)["a"].fate is Fate.ANSWERED
        with pytest.raises(JobLostError, match="died"):
            deadly.result(timeout=300)
    assert runner.run(job("b"))["b"].fate is Fate.ANSWERED


def _pretend(python):
    facts = {**fingerprint.installed(), "python": python}
    worker.installed = lambda: facts


@pytest.mark.slow
def test_a_worker_that_comes_to_differ_is_refused(cluster, runner):
    runner.ready()
    with distributed.Client(cluster, set_as_default=False) as client:
        addresses = sorted(client.scheduler_info()["workers"])
        try:
            client.run(_pretend, "9.9", workers=addresses[:1])
            with pytest.raises(GraderError, match=r"1 of .* differs from the others: .*9\.9"):
                ClusterRunner(cluster.scheduler_address, ENTRY, "none")
            client.run(_pretend, "9.9")
            with closing(ClusterRunner(cluster.scheduler_address, ENTRY, "none")) as other:
                assert other.machine["python"] == "9.9"
                assert other.environment() != runner.environment()
            with pytest.raises(GraderError, match=r"joined the cluster .*python 9\.9"):
                runner.run(job("a"))
        finally:
            client.run(_restore)


def _restore():
    worker.installed = fingerprint.installed


def _refuse(*layers):
    isolation.refused = frozenset(layers)


def test_strict_isolation_is_asked_of_every_worker(cluster):
    cluster.wait_for_workers(2, timeout=60)
    with distributed.Client(cluster, set_as_default=False) as client:
        one = min(client.scheduler_info()["workers"])
        runner = ClusterRunner(cluster.scheduler_address, ENTRY, "strict")
        try:
            client.run(_refuse, "landlock", "seccomp", "namespaces", workers=[one])
            with pytest.raises(GraderError, match=f"on the worker {one}: strict isolation"):
                runner.ready()
        finally:
            client.run(_refuse)
            runner.close()


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:1", "nonsense://x", "", "a b", "\x1b[2J"])
def test_no_scheduler(address, monkeypatch):
    monkeypatch.setattr(cluster_client, "_CONNECT_SECONDS", 0.5)
    with pytest.raises(GraderError, match="no Dask scheduler answers at") as caught:
        ClusterRunner(address, ENTRY, "none")
    assert "dask scheduler" in caught.value.hint
    assert "\x1b" not in caught.value.message


def test_something_else_listens_there(monkeypatch):
    monkeypatch.setattr(cluster_client, "_CONNECT_SECONDS", 1.0)
    with socket.create_server(("127.0.0.1", 0)) as server:

        def answer():
            connection, _ = server.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                connection.recv(1 << 16)

        threading.Thread(target=answer, daemon=True).start()
        with pytest.raises(GraderError, match="no Dask scheduler answers at"):
            ClusterRunner(f"tcp://127.0.0.1:{server.getsockname()[1]}", ENTRY, "none")


def test_no_worker(monkeypatch):
    monkeypatch.setattr(cluster_client, "EMPTY_SECONDS", 0.5)
    with (
        local_cluster(n_workers=0) as empty,
        pytest.raises(GraderError, match=r"no worker for 0\.5 seconds"),
    ):
        ClusterRunner(empty.scheduler_address, ENTRY, "none")


@pytest.mark.slow
def test_a_scheduler_that_goes_away():
    with local_cluster(n_workers=1) as one, ThreadPoolExecutor(1) as pool:
        runner = ClusterRunner(one.scheduler_address, ENTRY, "none")
        runner.ready()
        running = pool.submit(runner.run, job("endless"))
        time.sleep(0.5)
        one.close()
        with pytest.raises(
            GraderError, match="connection to the Dask scheduler was lost"
        ) as caught:
            running.result(timeout=60)
        assert "goes on where it stopped" in caught.value.hint
        runner.close()
