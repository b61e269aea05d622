"""Whatever is done in whatever order, and killed in between: one state, as of a clean run."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING
from unittest import mock

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from grader import files as saving
from grader.batch.store import Store
from tests.batch.grading import by_student
from tests.batch.one_class import FIRST, POINTS, OneClass, changes_of, files, said

if TYPE_CHECKING:
    from collections.abc import Iterator

ANYBODY = st.sampled_from(sorted(POINTS))
SCORE = st.integers(0, 20).map(lambda n: 5 * n)


class Killed(BaseException):
    """The process ends here: nothing of it runs on."""


@contextlib.contextmanager
def killed_at(step: int) -> Iterator[None]:
    """End the run before its ``step``-th statement of the database or file that is replaced."""
    left, lock, real_rows, real_open = [step], threading.Lock(), Store._rows, saving.replacing

    def count() -> None:
        with lock:
            left[0] -= 1
            if left[0] <= 0:
                raise Killed

    def rows(store: Store, statement: str, *values: object) -> object:
        count()
        return real_rows(store, statement, *values)

    def replacing(path: Path) -> object:
        count()
        return real_open(path)

    with (
        mock.patch.object(Store, "_rows", rows),
        mock.patch("grader.batch.outputs.replacing", replacing),
        mock.patch.object(saving, "replacing", replacing),
        contextlib.suppress(Killed),
    ):
        yield


class AnyOrder(RuleBasedStateMachine):
    """A class, and what its outputs have to say: ``shown``, and ``handed`` after the next run."""

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.one = OneClass(Path(self.folder.name))
        self.handed, self.pinned = dict(POINTS), dict[str, int]()
        self.graded, self.decided = dict(POINTS), dict[str, int]()
        self.files, self.paths = 0, dict[str, str]()
        self.one.first()
        self.shown = dict(POINTS)

    @rule(who=ANYBODY, points=SCORE)
    def hand_in(self, who: str, points: int) -> None:
        self.one.hand_in(who, points)
        self.handed[who] = points

    @rule(section=st.sampled_from("AB"))
    def change_the_roster(self, section: str) -> None:
        self.one.write_roster(section)

    @rule(who=ANYBODY, points=SCORE, kill=st.none() | st.integers(1, 40))
    def override(self, who: str, points: int, kill: int | None) -> None:
        self.decided[who] = points
        self.one.decide(**self.decided)
        self.run("rescore", "g", kill=kill)

    @rule(kill=st.none() | st.integers(1, 60), paths=st.sampled_from([(), ("in",)]))
    def grade(self, kill: int | None, paths: tuple[str, ...]) -> None:
        self.graded = {**self.handed, **self.pinned}
        self.run(*paths, "-o", "g", kill=kill)

    @rule(who=ANYBODY, kill=st.none() | st.integers(1, 40))
    def only(self, who: str, kill: int | None) -> None:
        # The notebook that was found last, which may have changed since.
        self.graded[who] = self.pinned.get(who, self.handed[who])
        self.run("-o", "g", "--only", who, kill=kill)

    @rule(who=ANYBODY, points=SCORE, kill=st.none() | st.integers(1, 40))
    def only_from_elsewhere(self, who: str, points: int, kill: int | None) -> None:
        path = self.elsewhere(who, points)
        self.take(who, path, points)
        self.run(path, "-o", "g", "--only", who, kill=kill)

    @rule(who=ANYBODY, other=ANYBODY, points=SCORE, kill=st.integers(8, 40))
    def killed_for_one_then_only_another(
        self, who: str, other: str, points: int, kill: int
    ) -> None:
        path = self.elsewhere(who, points)
        with killed_at(kill):
            self.one.grade(path, "-o", "g", "--only", who)
        assert self.one.grade("-o", "g", "--only", other).status == 0
        self.graded[other] = self.pinned.get(other, self.handed[other])
        file = by_student(self.one.out)[who]["submission"]["path"]
        if file == path:
            self.take(who, path, points)
        self.shown = {**self.graded, **self.decided}

    def elsewhere(self, who: str, points: int) -> str:
        """Write a notebook whose file never changes again."""
        self.files += 1
        self.one.hand_in(f"{who}-{self.files}", points, "one")
        return f"one/{who}-{self.files}.ipynb"

    def take(self, who: str, path: str, points: int) -> None:
        self.graded[who] = self.pinned[who] = points
        self.paths[who] = path

    @rule(who=ANYBODY)
    def too_few(self, who: str) -> None:
        before = files(self.one.out)
        assert self.one.grade(f"in/{who}.ipynb", "-o", "g").status == 2
        assert files(self.one.out) == before

    def run(self, *command: str, kill: int | None) -> None:
        """Run a command, killed before that and then repeated with ``kill``."""
        if kill is not None:
            with killed_at(kill):
                self.one.grade(*command)
        ran = self.one.grade(*command)
        assert ran.status == 0, ran
        now = {**self.graded, **self.decided}
        told = changes_of(ran)
        if kill is None:
            changed = sum(now[id_] != self.shown[id_] for id_ in now)
            # Points of single checks may change below an override.
            assert int(told[0].partition(",")[0]) >= changed
        self.shown = now

    @invariant()
    def every_output_says_the_same(self) -> None:
        for where, points in said(self.one.out).items():
            assert points == self.shown, where

    def teardown(self) -> None:
        """Compare with a clean run over what there is in the end."""
        self.graded = {**self.handed, **self.pinned}
        self.run("-o", "g", kill=len(self.paths) * 7 or None)
        self.every_output_says_the_same()
        seen = files(self.one.out)
        shutil.rmtree(self.one.out)
        self.one.out.mkdir()
        if self.decided:
            self.one.decide(**self.decided)
        self.one.grade(*FIRST)
        for who, path in self.paths.items():
            self.one.grade(path, "-o", "g", "--only", who)
        assert files(self.one.out) == seen
        self.folder.cleanup()


class ManyOrders(AnyOrder):
    """The same with more runs, at random."""


_USUAL = settings(
    stateful_step_count=7, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)
TestAnyOrder = pytest.mark.slow(AnyOrder.TestCase)
TestAnyOrder.settings = settings(_USUAL, max_examples=3, derandomize=True)
TestManyOrders = pytest.mark.weekly(ManyOrders.TestCase)
TestManyOrders.settings = settings(_USUAL, max_examples=60)
