"""What runs in a Dask worker, without Dask: bytes in, bytes out, and nothing left behind."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import numpy as np
import pytest

from grader.errors import GraderError, InternalError
from grader.runners.answer_cache import answers_from_bytes
from grader.runners.dask import worker
from grader.runners.dask.client import read
from grader.runners.dask.facts import agreed, differs
from grader.sandbox import Fate, Job, Limits, wire

ENTRY = str(Path(__file__).with_name("cluster_entry.py"))


def run_named(name):
    return {"run": name, "entry": ENTRY, "isolation": "auto"}


def job(*tasks, seconds=20.0):
    payload = {"seed": 3, "challenges": {"one": {"numbers": np.arange(7.0)}}}
    return Job(payload, tasks, Limits(dict.fromkeys(tasks, seconds)))


def asked(run):
    return read(asyncio.run(worker.ready(wire.encode(run))), "here")["about"]


def performed(run, wanted, expected):
    challenges = {name: wire.encode(one) for name, one in wanted.payload["challenges"].items()}
    order = worker.order_of(wanted, run, expected)
    assert b"numbers" not in order  # challenges go their own way
    return worker.perform(order, challenges)


@pytest.fixture
def run(request):
    one = run_named(request.node.name)
    yield one
    asyncio.run(worker.stop(wire.encode(one)))


def test_a_job_comes_back_as_bytes(run):
    said = performed(run, job("a", "crash", "b"), worker.facts_digest(asked(run)))
    assert type(said) is bytes
    answers = answers_from_bytes(read(said, "here")["answers"].tobytes())
    assert [answer.fate for answer in answers.values()] == [
        Fate.ANSWERED,
        Fate.CRASHED,
        Fate.ANSWERED,
    ]
    assert answers["b"].value["numbers"].tolist() == [0.0, 3.0, 6.0, 9.0, 12.0]


@pytest.mark.parametrize("order", [b"", b"junk", wire.encode({}), wire.encode([1])])
def test_whatever_goes_wrong_is_bytes_too(order):
    for said in (worker.perform(order, {}), asyncio.run(worker.ready(order))):
        assert type(said) is bytes
        with pytest.raises(InternalError, match="on here: "):
            read(said, "here")


def test_a_worker_that_is_not_what_was_agreed_runs_nothing(run):
    told = read(performed(run, job("a"), "another sum"), "here")
    assert "answers" not in told
    assert told["about"] == asked(run)


def test_a_run_that_is_over_starts_nothing(run):
    expected = worker.facts_digest(asked(run))
    asyncio.run(worker.stop(wire.encode(run)))
    with pytest.raises(GraderError, match="the run is over"):
        read(performed(run, job("a"), expected), "here")


def test_workers_that_nobody_uses_rest_and_start_again(run, monkeypatch):
    monkeypatch.setattr(worker, "_IDLE_SECONDS", 0.05)
    expected = worker.facts_digest(asked(run))
    kept = worker._kept[run["run"]]
    for _ in range(200):
        if kept._workers is None:
            break
        time.sleep(0.05)
    assert kept._workers is None
    assert "answers" in read(performed(run, job("a"), expected), "here")


def test_isolation_that_a_worker_lacks_is_told_with_its_name(run, monkeypatch):
    monkeypatch.setattr("grader.sandbox.isolation.refused", frozenset({"seccomp", "landlock"}))
    strict = {**run, "isolation": "strict"}
    with pytest.raises(GraderError, match="on the worker tcp: strict isolation") as caught:
        read(asyncio.run(worker.ready(wire.encode(strict))), "the worker tcp")
    assert "--isolation auto" in caught.value.hint


def facts(**changed):
    machine = {"python": "3.11", "packages": {"torch": "2.9"}, "processor": ["avx2"]}
    machine |= changed.pop("machine", {})
    return {"about": {**worker.ours(), "machine": machine, **changed}}


def test_workers_of_one_kind_agree():
    assert agreed({"a": facts(), "b": facts()}) == facts()["about"]


@pytest.mark.parametrize(
    ("odd", "words"),
    [
        (facts(machine={"packages": {"torch": "2.8"}}), "torch 2.8, not 2.9"),
        (facts(machine={"processor": ["avx512"]}), "another processor"),
        (facts(layers=["landlock"]), "layers landlock, not none"),
        (facts(machine={"python": "\x1b[31m3.9"}), "python 3.9, not 3.11"),
    ],
)
def test_who_differs_from_the_others_is_named(odd, words):
    with pytest.raises(GraderError) as caught:
        agreed({"tcp://1": facts(), "tcp://2\x1b[2J": odd, "tcp://3": facts()})
    assert caught.value.message == (
        f"1 of the cluster's 3 workers differs from the others: tcp://2 ({words})"
    )


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"grader": "old"}, "another grader"), ({"distributed": "1.0"}, "distributed 1.0, not ")],
)
def test_all_may_differ_from_this_machine(changed, words):
    with pytest.raises(
        GraderError, match="2 of the cluster's 2 workers differ from this mach"
    ) as e:
        agreed({"tcp://1": facts(**changed), "tcp://2": facts(**changed)})
    assert words in e.value.message


def test_a_late_comer_that_differs_is_an_error():
    late = facts(machine={"python": "3.9"})["about"]
    assert "python 3.9, not 3.11" in differs(late, facts()["about"]).message
