import math
import signal

import pytest

from grader.sandbox import wire
from grader.sandbox.frames import Frame, FrameKind
from grader.sandbox.model import Ended, Fate, Job, Limits
from grader.sandbox.progress import JobProgress

LIMITS = Limits({"a": 5.0, "b": 7.0}, memory_bytes=1000, cpu_seconds=10)
STARTED = Frame(FrameKind.STARTED, 0, wire.encode({"warm": {}, "missing": {}}))


def after(*frames, now=100.0):
    progress = JobProgress(("a", "b"), LIMITS, now)
    for frame in frames:
        progress.frame(frame, now)
    return progress


def begin(task):
    return Frame(FrameKind.BEGIN, task, b"")


def answer(task, value=None):
    return Frame(FrameKind.ANSWER, task, wire.encode(value))


def test_answers_are_timed_from_their_own_begin():
    progress = after(STARTED)
    progress.frame(begin(0), 101.0)
    assert progress.deadline == 106.0
    progress.frame(answer(0, "x"), 103.5)
    progress.frame(begin(1), 104.0)
    assert progress.deadline == 111.0
    progress.frame(answer(1, "y"), 104.25)
    assert progress.done
    assert [(a.value, a.seconds) for a in progress.answers.values()] == [("x", 2.5), ("y", 0.25)]


def test_without_tasks_starting_is_all():
    progress = JobProgress((), Limits({}), 0.0)
    progress.frame(STARTED, 1.0)
    assert progress.done
    assert progress.started == {"warm": {}, "missing": {}}


@pytest.mark.parametrize(
    "frames",
    [
        (STARTED, begin(0), begin(0)),
        (STARTED, begin(0), begin(1)),
        (STARTED, begin(0), answer(1)),
        (STARTED, begin(0), STARTED),
        (STARTED, begin(0), Frame(FrameKind.ANSWER, 0, b"not on the wire")),
    ],
)
def test_a_frame_out_of_turn_costs_the_task_in_progress(frames):
    progress = after(*frames)
    assert progress.done
    assert {task: a.fate for task, a in progress.answers.items()} == {"a": Fate.GARBLED}


@pytest.mark.parametrize("frame", [begin(0), begin(2), answer(0), answer(1), STARTED])
def test_between_tasks_nobody_is_to_blame(frame):
    progress = after(STARTED, begin(0), answer(0))
    progress.frame(frame, 100.0)
    assert progress.done
    assert {task: a.fate for task, a in progress.answers.items()} == {"a": Fate.ANSWERED}


@pytest.mark.parametrize("frames", [(), (STARTED,)])
def test_before_the_first_task_the_fault_is_ours(frames):
    for happen in (
        lambda p: p.overrun(101.0),
        lambda p: p.garbled("stray", 101.0),
        lambda p: p.ended(Ended(code=1), 101.0),
        lambda p: p.frame(answer(0), 101.0),
    ):
        progress = after(*frames)
        happen(progress)
        assert progress.done
        assert progress.answers["a"].fate is Fate.INTERNAL_ERROR
        assert progress.answers["a"].seconds is None
        assert progress.answers["a"].detail


@pytest.mark.parametrize(
    ("ended", "fate", "detail"),
    [
        (Ended(code=0), Fate.CRASHED, "exited with status 0 before answering"),
        (Ended(code=3), Fate.CRASHED, "exited with status 3 before answering"),
        (Ended(signal=signal.SIGSEGV), Fate.CRASHED, "signal SIGSEGV"),
        (Ended(signal=signal.SIGKILL), Fate.CRASHED, "signal SIGKILL"),
        (Ended(signal=63), Fate.CRASHED, "signal 63"),
        (Ended(signal=signal.SIGXCPU), Fate.TIMEOUT, "used 10 s of processor time"),
        (Ended(signal=signal.SIGKILL, cpu_seconds=12), Fate.TIMEOUT, "used 10 s of processor time"),
        (
            Ended(signal=signal.SIGKILL, max_rss_bytes=900),
            Fate.OUT_OF_MEMORY,
            "killed by the system while memory was short",
        ),
        (Ended(note="no process"), Fate.INTERNAL_ERROR, "no process"),
    ],
)
def test_how_a_process_ends_tells_the_fate(ended, fate, detail):
    progress = after(STARTED, begin(0))
    progress.ended(ended, 103.0)
    assert progress.done
    got = progress.answers["a"]
    assert (got.fate, got.value, got.seconds, got.detail) == (fate, None, 3.0, detail)


def test_an_overrun_is_a_timeout():
    progress = after(STARTED, begin(0), answer(0), begin(1))
    progress.overrun(108.0)
    assert progress.answers["b"].fate is Fate.TIMEOUT
    assert progress.answers["b"].detail == "still running after 7 s"


def test_a_stall_between_tasks_is_no_longer_than_a_task_may_be():
    progress = after(STARTED, begin(0), answer(0))
    assert progress.deadline == 102.0
    progress.overrun(progress.deadline)
    assert progress.done
    assert list(progress.answers) == ["a"]
    progress = JobProgress(("a", "b"), Limits({"a": 0.5, "b": 5.0}), 100.0)
    for frame in (STARTED, begin(0), answer(0)):
        progress.frame(frame, 100.0)
    assert progress.deadline == 100.5


def test_our_own_code_has_longer_to_begin():
    assert after(STARTED).deadline == 130.0


def test_a_job_must_be_answerable():
    with pytest.raises(ValueError, match="twice"):
        Job({}, ("a", "a"), LIMITS)
    with pytest.raises(ValueError, match="no seconds"):
        Job({}, ("a", "c"), LIMITS)


def test_processor_time_follows_from_the_tasks_seconds():
    caps = Limits({"a": 5.0, "b": 7.2}).caps(("a", "b"))
    assert caps.cpu_seconds == math.ceil(10 + 2 * 12.2)
