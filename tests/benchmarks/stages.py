"""Where a notebook's time goes, stage by stage, and what a child costs beside its work."""

from __future__ import annotations

import threading
import time
from collections import Counter, defaultdict
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import mean
from typing import TYPE_CHECKING, Any
from unittest import mock

from grader.cli.console import report_console
from grader.grading import grader as grading
from grader.grading import judge
from grader.grading.catalogue import Catalogue
from grader.grading.examine import Examiner
from grader.grading.grader import Grader
from grader.reports.terminal import print_report
from grader.runners.local import LocalRunner
from grader.sandbox import Fate
from grader.sandbox.forked import ForkedProcess
from tests.benchmarks.figures import Section, figure
from tests.notebooks import changed, solved, write

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from grader.sandbox import Answer, Job
    from grader.sandbox.model import Ended

_ENTRY = str(Path(__file__).with_name("clocked.py"))
_MEGABYTE = 1 << 20
_FIRST = 6


class Clocked(LocalRunner):
    """Workers whose probes carry a clock; takes the clock's part out of each answer again."""

    def __init__(self, isolation: str) -> None:
        super().__init__(isolation, _ENTRY)
        self.overhead: list[float] = []
        self.private: list[float] = []
        self.processor: list[float] = []
        self.server: list[float] = []
        self.looking = 0.0
        self.stages: defaultdict[str, float] = defaultdict(float)

    def run(self, job: Job) -> dict[str, Answer]:
        asked, computed = time.monotonic(), time.thread_time()
        answers = self.workers.run(job)
        ended, computed = time.monotonic(), time.thread_time() - computed
        clocks = [a.value for a in answers.values() if a.fate is Fate.ANSWERED]
        # Where a task failed, a second process did the rest: no one child to speak of.
        if len(clocks) == len(answers):
            self._note(asked, ended, dict(zip(answers, clocks, strict=True)), job)
            beside = _ends.cpu_seconds - sum(clock["processor"] for clock in clocks)
            self.processor.append(computed + beside)
            self.server.append(clocks[0]["moments"]["server's processor"])
        return {
            task: replace(answer, value=answer.value["answer"])
            if answer.fate is Fate.ANSWERED
            else answer
            for task, answer in answers.items()
        }

    def _note(self, asked: float, ended: float, clocks: dict[str, Any], job: Job) -> None:
        moments = next(iter(clocks.values()))["moments"]
        performing = looking = 0.0
        for task, clock in clocks.items():
            spent = clock["moments"]["ended"] - clock["moments"]["begun"]
            performing += spent
            looking += clock["moments"]["looked"] - clock["moments"]["ended"]
            kind = job.payload["tasks"][task]["check"]
            self.stages["training" if kind == "learns" else f"check: {kind}"] += spent
        before = {
            "send the order": moments["asked"] - asked,
            "fork, read the order": moments["order read"] - moments["asked"],
            "lock down": moments["locked"] - moments["order read"],
        }
        for name, spent in before.items():
            self.stages[name] += spent
        self.stages["bring back answers, end"] += ended - moments["locked"] - performing - looking
        self.overhead.append(ended - asked - performing - looking)
        # Looking at the memory takes time that nobody else spends.
        self.looking += looking
        self.private.append(max(clock["private"] for clock in clocks.values()) / _MEGABYTE)


class _Ends(threading.local):
    """What the last child of a thread took of the processor in all, as its parent was told."""

    cpu_seconds = 0.0


_ends = _Ends()
_report = ForkedProcess._report


def _noted_report(process: ForkedProcess) -> Ended:
    ended = _report(process)
    _ends.cpu_seconds = ended.cpu_seconds
    return ended


class _Stopwatch:
    """Seconds by stage on the trusted side; what a stage calls of another is the other's."""

    def __init__(self, stages: defaultdict[str, float]) -> None:
        self._stages = stages
        self._here = threading.local()

    def wrap(self, stage: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def timed(*args: Any, **kwargs: Any) -> Any:
            outer, self._here.inner = getattr(self._here, "inner", 0.0), 0.0
            started = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                spent = time.perf_counter() - started
                self._stages[stage] += spent - self._here.inner
                self._here.inner = outer + spent

        return timed

    @contextmanager
    def watching(self) -> Iterator[None]:
        places = [
            (grading, "read_notebook", "read"),
            (grading, "open_submission", "locate"),
            (judge, "program_for", "locate"),
            (grading.Observer, "observe", ""),
            (Examiner, "examine", "judge"),
            (judge, "judge_together", "judge"),
            (Catalogue, "name", "name"),
            (grading, "finding", "report"),
            (grading, "notes", "report"),
        ]
        with ExitStack() as stack:
            for place, name, stage in places:
                timed = self.wrap(stage, getattr(place, name))
                stack.enter_context(mock.patch.object(place, name, timed))
            yield


def measure(notebooks: int, folder: Path) -> Section:
    """Grade so many notebooks, half of them with a mistake, one at a time."""
    kinds = solved(), changed("y_pred == y_trgt", "y_pred != y_trgt")
    # Grouping off makes one run a file; the same file twice would still be run once.
    paths = [write(kinds[n % 2], folder, f"{n}.ipynb") for n in range(notebooks + _FIRST)]
    runner = Clocked("auto")
    stages: defaultdict[str, float] = runner.stages
    watch = _Stopwatch(stages)
    started = time.perf_counter()
    with Grader(assignment="mlp", device="cpu", grouping=False, runner=runner) as grader:
        grader.start()
        grader.prepare()
        waited = time.perf_counter() - started
        # The reference and the listed mistakes run once a command, and only a server that has
        # forked some children already makes forking cheap.
        for path in paths[:_FIRST]:
            grader.grade(path)
        stages.clear()
        runner.overhead.clear()
        runner.private.clear()
        runner.processor.clear()
        runner.server.clear()
        runner.looking = 0.0
        console = report_console()
        with watch.watching(), mock.patch.object(ForkedProcess, "_report", _noted_report):
            began = time.perf_counter()
            for path in paths[_FIRST:]:
                report = grader.grade(path)
                with console.capture():
                    watch.wrap("report", print_report)(report, console)
            whole = time.perf_counter() - began - runner.looking
    del stages[""]
    stages["other"] = whole - sum(stages.values())
    order = Counter({name: spent / notebooks for name, spent in stages.items()})
    shares = {name: spent * 1000 for name, spent in order.most_common()}
    # The fork server's own part: forking, and waiting for the dead.
    forking = (runner.server[-1] - runner.server[0]) / (len(runner.server) - 1)
    figures = [
        figure("a notebook", "ms", [whole / notebooks * 1000]),
        figure("wait for the worker, once a command", "ms", [waited * 1000]),
        *(figure(name, "ms", [spent]) for name, spent in shares.items()),
        figure(
            "a child beside its checks and training, mean",
            "ms",
            [mean(runner.overhead) * 1000],
        ),
        figure(
            "a child beside its checks and training",
            "ms",
            [spent * 1000 for spent in runner.overhead],
            "≤25",
            "order, fork, lock-down, transfer, end",
        ),
        figure(
            "the same in processor time",
            "ms",
            [(spent + forking) * 1000 for spent in runner.processor],
            "≤25",
            "of all three processes, which a busy machine does not lengthen as much",
        ),
        figure("a child's private memory", "MB", runner.private, "≤60"),
    ]
    return Section(
        "stages",
        "Each stage's share of a notebook",
        f"{notebooks} notebooks one at a time through one Grader, half right, half with a mistake; "
        "the means of their stages. A right one takes one child, another a second for the training",
        tuple(figures),
        shares,
    )
