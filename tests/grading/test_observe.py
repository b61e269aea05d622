"""What an observer asks of its runner, and what it makes of the answers; nothing is run."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from grader.assignment import load_assignment
from grader.errors import GraderError
from grader.grading.observe import Observer, choose_device, draw_challenges, on_device
from grader.grading.solved import SolvedNotebook
from grader.grading.submission import program_for
from grader.runners.answer_cache import AnswerCache
from grader.sandbox import Answer, Fate

if TYPE_CHECKING:
    from grader.sandbox import Job

LINE = load_assignment("linear_regression")
CHECK, OTHER = LINE.checks[0], LINE.checks[1]
SOLVED = SolvedNotebook(LINE).submission
PROGRAM, OTHERS = program_for(SOLVED, CHECK, LINE), program_for(SOLVED, OTHER, LINE)
ANSWER = Answer(Fate.ANSWERED, {"x": 1}, 0.5, "")


class Runner:
    """Gives each task the same answer, and notes the jobs."""

    def __init__(self, answer: Answer = ANSWER) -> None:
        self.answer = answer
        self.jobs: list[Job] = []

    def environment(self) -> str:
        return "here"

    def run(self, job: Job) -> dict[str, Answer]:
        self.jobs.append(job)
        return dict.fromkeys(job.tasks, self.answer)


def observer(runner: Any, timeout: float | None = None) -> Observer:
    challenges = draw_challenges(LINE, None, 1)
    return Observer(runner, challenges, seed=1, timeout=timeout, cache=AnswerCache(None))


def test_the_same_program_is_run_once_unless_it_shall_run_alone() -> None:
    assert PROGRAM is not None
    runner = Runner()
    one = observer(runner)
    for alone in ("", "", "ann", "ann", "ben"):
        seen = one.observe({"a": (CHECK, PROGRAM)}, alone)["a"]
        assert (seen.program, seen.value, seen.seconds) == (PROGRAM, {"x": 1}, 0.5)
    assert [job.tasks for job in runner.jobs] == [("a",)] * 3
    assert one.observe({}) == {}


def test_what_ran_along_is_there_when_it_is_asked_for() -> None:
    assert PROGRAM is not None
    assert OTHERS is not None
    runner = Runner()
    one = observer(runner)
    later = {"b": (OTHER, OTHERS)}
    assert set(one.observe({"a": (CHECK, PROGRAM)}, along=later)) == {"a"}
    assert set(one.observe(later)) == {"b"}
    assert [(job.tasks, job.optional) for job in runner.jobs] == [(("a", "b"), 1)]


def test_missing_modules_are_told_beside_the_value() -> None:
    assert PROGRAM is not None
    runner = Runner(replace(ANSWER, value={"x": 1, "missing": ["pandas"]}))
    seen = observer(runner).observe({"a": (CHECK, PROGRAM)})["a"]
    assert (seen.value, seen.missing) == ({"x": 1}, ("pandas",))


@pytest.mark.parametrize(
    ("fate", "detail", "code", "took"),
    [
        (Fate.TIMEOUT, "did not end", "timeout", "20 seconds"),
        (Fate.TIMEOUT, "used 5 s of processor time", "timeout", "5 seconds of computing"),
        (Fate.CRASHED, "why", "crashed", "20 seconds"),
        (Fate.OUT_OF_MEMORY, "why", "killed_memory", "20 seconds"),
        (Fate.GARBLED, "why", "garbled", "20 seconds"),
        (Fate.INTERNAL_ERROR, "why", "internal", "20 seconds"),
    ],
)
def test_no_answer_is_a_remark(fate: Fate, detail: str, code: str, took: str) -> None:
    assert PROGRAM is not None
    check = replace(CHECK, seconds=20, processor_seconds=5)
    runner = Runner(Answer(fate, None, 7.0, detail))
    trouble = observer(runner).observe({"a": (check, PROGRAM)})["a"].trouble
    assert trouble is not None
    assert (trouble.code, trouble.facts) == (code, {"took": took, "detail": detail})


def test_a_timeout_of_the_users_replaces_both_limits() -> None:
    assert PROGRAM is not None
    runner = Runner()
    check = replace(CHECK, seconds=20, processor_seconds=5)
    observer(runner, timeout=3).observe({"a": (check, PROGRAM)})
    observer(runner).observe({"a": (check, PROGRAM)})
    limits = [(job.limits.task_seconds, job.limits.task_cpu_seconds) for job in runner.jobs]
    assert limits == [({"a": 3}, {}), ({"a": 20}, {"a": 5})]


def test_only_what_trains_is_told_the_device() -> None:
    challenges = {"trains": {"device": "cpu", "n": 1}, "other": {"n": 2}}
    assert on_device(challenges, "cuda") == {
        "trains": {"device": "cuda", "n": 1},
        "other": {"n": 2},
    }
    assert challenges["trains"]["device"] == "cpu"


def test_the_device_is_one_that_is_there() -> None:
    assert [choose_device("auto", n) for n in (0, 1)] == ["cpu", "cuda"]
    assert choose_device("cpu", 2) == "cpu"
    assert [choose_device(name, 2) for name in ("cuda", "cuda:1")] == ["cuda", "cuda:1"]
    with pytest.raises(GraderError, match="no device cuda:2 here"):
        choose_device("cuda:2", 2)
