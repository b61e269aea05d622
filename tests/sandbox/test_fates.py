"""What a submission may do to its own process, and what its tasks come to then."""

import errno
from dataclasses import replace

import numpy as np
import pytest
from conftest import job

from grader.sandbox import Fate

MIB = 1 << 20


def fates(answers):
    return {task: answer.fate for task, answer in answers.items()}


def test_answers_come_in_the_tasks_order_with_the_request(bench):
    array = np.arange(12, dtype=np.float32).reshape(3, 4)
    answers = bench.run("hello", "echo", payload={"x": array, "y": [1, None, "é"]})
    assert list(answers) == ["hello", "echo"]
    assert answers["hello"].value == "hello"
    assert answers["hello"].seconds >= 0
    assert answers["hello"].detail == ""
    np.testing.assert_array_equal(answers["echo"].value["x"], array)
    assert answers["echo"].value["y"] == [1, None, "é"]


def test_ready_returns_what_warm_up_returned(bench):
    assert bench.workers.ready() == {"hello": "world", "numbers": [1, 2.5]}


@pytest.mark.parametrize(
    ("task", "fate", "detail"),
    [
        ("exit_quietly", Fate.CRASHED, "exited with status 0 before answering"),
        ("exit_loudly", Fate.CRASHED, "exited with status 3 before answering"),
        ("segfault", Fate.CRASHED, "signal SIGSEGV"),
        ("kill_itself", Fate.CRASHED, "signal SIGKILL"),
        ("kill_its_group", Fate.CRASHED, "signal SIGKILL"),
        ("close_everything", Fate.CRASHED, "exited with status 70 before answering"),
        ("stray_writer", Fate.GARBLED, "something else was written where the answer goes"),
        ("endless_writer", Fate.GARBLED, "something else was written where the answer goes"),
        ("huge", Fate.GARBLED, "more than 1048576"),
        ("long_text", Fate.GARBLED, "1048"),
        ("raises", Fate.INTERNAL_ERROR, "ValueError: perform is broken"),
        ("not_plain", Fate.INTERNAL_ERROR, "cannot send a object"),
    ],
)
def test_a_task_that_fails_costs_itself_and_no_other(bench, task, fate, detail):
    answers = bench.run("hello", task, "echo", payload={"x": 1}, answer_bytes=MIB)
    assert fates(answers) == {"hello": Fate.ANSWERED, task: fate, "echo": Fate.ANSWERED}
    assert answers[task].value is None
    assert detail in answers[task].detail
    assert answers["echo"].value == {"x": 1}


@pytest.mark.parametrize(
    ("tasks", "optional", "answered"),
    [
        (("hello", "echo"), 1, ("hello", "echo")),
        (("exit_quietly", "hello", "echo"), 1, ("exit_quietly", "hello")),
        (("hello", "exit_quietly", "echo"), 2, ("hello", "exit_quietly")),
        (("exit_quietly",), 1, ("exit_quietly",)),
    ],
)
def test_optional_tasks_get_no_process_of_their_own(bench, tasks, optional, answered):
    one = replace(job(*tasks), optional=optional)
    assert tuple(bench.workers.run(one)) == answered


def test_a_task_that_leaves_processes_behind_costs_no_other(basic):
    answers = basic.run("hello", "sleepers_then_exit", "echo")
    assert fates(answers) == {
        "hello": Fate.ANSWERED,
        "sleepers_then_exit": Fate.CRASHED,
        "echo": Fate.ANSWERED,
    }


@pytest.mark.parametrize("task", ["loop", "stop_itself"])
def test_what_never_ends_is_ended(bench, task):
    seconds = {"hello": 20.0, task: 0.5, "echo": 20.0}
    answers = bench.run("hello", task, "echo", seconds=seconds)
    assert fates(answers) == {"hello": Fate.ANSWERED, task: Fate.TIMEOUT, "echo": Fate.ANSWERED}
    assert answers[task].detail == "still running after 0.5 s"
    assert 0.5 <= answers[task].seconds < 10


def test_a_memory_bomb_meets_its_limit(bench):
    answers = bench.run("memory_bomb", "hello", memory_bytes=256 * MIB)
    assert fates(answers) == {"memory_bomb": Fate.OUT_OF_MEMORY, "hello": Fate.ANSWERED}


def test_a_disk_bomb_meets_its_limit(bench):
    assert bench.run("disk_bomb", file_bytes=4 * MIB)["disk_bomb"].value == errno.EFBIG


def test_processor_time_ends_too(forked):
    answers = forked.run("burn", "hello", cpu_seconds=1, seconds=60.0)
    assert fates(answers) == {"burn": Fate.TIMEOUT, "hello": Fate.ANSWERED}
    assert answers["burn"].detail == "used 1 s of processor time"


def test_each_task_has_processor_time_of_its_own(forked):
    limits = {"spin": 1, "processor_limit": 3}
    answers = forked.run("hello", *limits, seconds=60.0, task_cpu_seconds=limits)
    assert answers["spin"].fate is Fate.TIMEOUT
    assert answers["spin"].detail == "used 1 s of processor time"
    soft, hard, used = answers["processor_limit"].value
    assert used < 2  # the process that spun is another one
    assert soft == 4
    assert hard == 10 + 3 + 2


def test_printing_is_no_answer(bench):
    assert bench.run("prints")["prints"].value == "fine"


def test_a_process_that_ends_between_tasks_costs_none(forked):
    """The thread of the first task ends the process at some moment of the second's."""
    for _ in range(3):
        answers = forked.run("exit_later", "hello", "where")
        assert fates(answers)["exit_later"] is Fate.ANSWERED
        assert list(answers) == ["exit_later", "hello", "where"]


def test_every_task_may_fail(forked):
    answers = forked.run("segfault", "exit_quietly", "raises")
    assert fates(answers) == {
        "segfault": Fate.CRASHED,
        "exit_quietly": Fate.CRASHED,
        "raises": Fate.INTERNAL_ERROR,
    }


def test_a_large_honest_answer_arrives(bench):
    answers = bench.run("huge", answer_bytes=80 * MIB)
    assert answers["huge"].value.shape == (64 * MIB,)


def test_a_large_request_arrives(bench):
    array = np.random.default_rng(0).normal(size=1 << 20)
    answers = bench.run("echo", payload={"x": array})
    np.testing.assert_array_equal(answers["echo"].value["x"], array)
