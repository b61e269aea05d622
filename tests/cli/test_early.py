"""Workers start before all else where a class is sure to need them, and nowhere else."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from grader.cli import early
from grader.cli.arguments import parse
from grader.errors import GraderError
from grader.runners import local

if TYPE_CHECKING:
    from pathlib import Path


class Started:
    """Stands for workers; knows how they were started and whether they were ended."""

    made: list[Started]

    def __init__(self, isolation: str) -> None:
        self.isolation, self.closed = isolation, False
        self.made.append(self)

    def start(self) -> None:
        pass

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[Started]:
    Started.made = []
    monkeypatch.setattr(local, "LocalRunner", Started)
    return Started.made


def test_a_new_class_has_its_workers_at_once(made: list[Started], tmp_path: Path) -> None:
    new = str(tmp_path / "new")
    for options, isolation in (((), "strict"), (("--isolation", "basic"), "basic")):
        with early.started_ahead(parse([str(tmp_path), "-o", new, *options])) as runner:
            assert runner is made[-1]
            assert (made[-1].isolation, made[-1].closed) == (isolation, False)
        assert made[-1].closed


def test_a_class_without_a_folder_too(made: list[Started], tmp_path: Path) -> None:
    with early.started_ahead(parse([str(tmp_path)])) as runner:
        assert runner is made[0]


@pytest.mark.parametrize(
    "options",
    [
        ("-o", "{}"),
        ("-o", "{}/" + "x" * 300),
        ("-o", "a\0b"),
        ("-o", "{}/new", "--scheduler", "tcp://127.0.0.1:1"),
        ("{}/none", "-o", "{}/new"),
    ],
    ids=["results may be there", "too long", "no name", "a cluster", "nothing to grade"],
)
def test_others_wait_until_they_are_asked_for(
    options: tuple[str, ...], made: list[Started], tmp_path: Path
) -> None:
    arguments = parse([str(tmp_path), *(option.format(tmp_path) for option in options)])
    with early.started_ahead(arguments) as runner:
        assert runner is None
    assert not made


def test_they_end_with_whatever_ends_the_command(made: list[Started], tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), early.started_ahead(parse([str(tmp_path)])):
        raise KeyboardInterrupt
    assert made[0].closed


def test_what_cannot_be_had_is_told_when_it_is_asked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def refuse(_isolation: str) -> Any:
        raise GraderError("no such isolation here")

    monkeypatch.setattr(local, "LocalRunner", refuse)
    with early.started_ahead(parse([str(tmp_path)])) as runner:
        assert runner is None
