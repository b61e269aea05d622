"""A busy machine costs no answer: what the clock ended without letting it compute runs again."""

from __future__ import annotations

from contextlib import nullcontext
from types import SimpleNamespace

import pytest

from grader.sandbox import workers
from grader.sandbox.model import Answer, Fate, Job, Limits
from grader.sandbox.run_job import starving

LIMITS = Limits({"a": 20.0, "b": 20.0, "free": 20.0}, task_cpu_seconds={"a": 5.0, "b": 5.0})
LATE = Answer(Fate.TIMEOUT, None, 20.0, "still running after 20 s")
RIGHT = Answer(Fate.ANSWERED, 1, 2.0, "")


@pytest.mark.parametrize(
    ("overran", "used", "alone"),
    [
        ("", 3.0, {}),  # it answered, or came to its limit of processor time
        ("a", 0.05, {}),  # it slept
        ("a", 0.7, {"a": 200.0}),  # one of thirty processes on a processor
        ("a", 2.5, {"a": 80.0}),
        ("a", 4.9, {"a": pytest.approx(40.8, rel=0.01)}),
        ("a", 9.0, {"a": 40.0}),  # with the tasks before it
        ("free", 3.0, {}),  # the user's own limit is the clock's
    ],
)
def test_what_starved(overran: str, used: float, alone: dict[str, float]) -> None:
    assert starving(overran, used, LIMITS) == alone


def _workers(monkeypatch: pytest.MonkeyPatch, *runs: tuple[dict, dict]):
    """Return workers that give these answers one after another, and what they were asked."""
    asked: list[tuple[tuple[str, ...], dict[str, float], str]] = []
    held: list[str] = []
    given = iter(runs)

    def run_job(_server, job, _layers, _needed):
        asked.append((job.tasks, {t: job.limits.task_seconds[t] for t in job.tasks}, held[-1]))
        return next(given)

    def lock(how: str):
        held.append(how)
        return nullcontext()

    monkeypatch.setattr(workers, "run_job", run_job)
    made = object.__new__(workers.Workers)
    made.__dict__.update(
        _closed=False,
        _layers=(),
        _applied={},
        _job_lock=SimpleNamespace(
            shared=lambda: lock("shared"), exclusive=lambda: lock("exclusive")
        ),
    )
    monkeypatch.setattr(workers.Workers, "ready", lambda _self: {})
    monkeypatch.setattr(workers.Workers, "_current", lambda _self: None)
    return made, asked


def test_it_runs_again_alone_before_it_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    first = ({"a": LATE, "b": RIGHT}, {"a": 80.0})
    made, asked = _workers(monkeypatch, first, ({"a": RIGHT}, {}))
    assert made.run(Job({}, ("a", "b"), LIMITS)) == {"a": RIGHT, "b": RIGHT}
    assert asked == [
        (("a", "b"), {"a": 20.0, "b": 20.0}, "shared"),
        (("a",), {"a": 80.0}, "exclusive"),
    ]


@pytest.mark.parametrize("again", [LATE, Answer(Fate.TIMEOUT, None, 9.0, "used 5 s")])
def test_it_runs_again_once(monkeypatch: pytest.MonkeyPatch, again: Answer) -> None:
    made, asked = _workers(monkeypatch, ({"a": LATE}, {"a": 80.0}), ({"a": again}, {"a": 80.0}))
    assert made.run(Job({}, ("a",), LIMITS)) == {"a": again}
    assert len(asked) == 2


def test_what_did_not_starve_runs_once(monkeypatch: pytest.MonkeyPatch) -> None:
    made, asked = _workers(monkeypatch, ({"a": LATE}, {}))
    assert made.run(Job({}, ("a",), LIMITS)) == {"a": LATE}
    assert len(asked) == 1
