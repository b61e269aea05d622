"""A class's annotated notebooks: written on request, and kept up to date from then on."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from grader.classroom import file_name
from grader.cli import main
from tests.batch.grading import by_student
from tests.pages.parsed import Page

if TYPE_CHECKING:
    from pathlib import Path

    from tests.batch.conftest import GradedClass


def test_nobody_gets_one_unasked(graded: GradedClass) -> None:
    assert not (graded.out / "annotated").exists()


def test_everyone_who_could_be_read_gets_one(own: GradedClass) -> None:
    ran = own.again("--annotated")
    pages = own.out / "annotated"
    readable = {s for s, line in by_student(own.out).items() if not unread(line)}
    assert {path.stem for path in pages.iterdir()} == {file_name(student) for student in readable}
    assert {path.suffix for path in pages.iterdir()} == {".html", ".ipynb"}
    assert "not in annotated, since they could not be read: " in ran.err
    assert "graded/annotated" in ran.out
    for path in pages.glob("*.html"):
        page = Page(path.read_text(encoding="utf-8"))
        feedback = Page((own.out / "feedback" / path.name).read_text(encoding="utf-8"))
        for what in ({"class_": "score"}, {"class_": "titles"}, {"class_": "place"}):
            assert page.texts(**what) == feedback.texts(**what)


@pytest.mark.slow
def test_nobody_elses_file_is_replaced_or_removed(own: GradedClass) -> None:
    own.again("--annotated")
    student = next(s for s, line in by_student(own.out).items() if not unread(line))
    mine = own.out / "annotated" / f"{file_name(student)}.ipynb"
    mine.write_text("mine", encoding="utf-8")
    decide(own.out, student)
    for _ in range(2):
        ran = own.again()
        assert "somebody else's file has that name there" in ran.err
        assert mine.read_text(encoding="utf-8") == "mine"


def test_they_are_kept_up_to_date_from_then_on(own: GradedClass) -> None:
    own.again("--annotated")
    pages = own.out / "annotated"
    before = times(pages)
    # Nothing has changed, nothing is written; asked for or not.
    own.again()
    assert times(pages) == before
    student = next(s for s, line in by_student(own.out).items() if not unread(line))
    decide(own.out, student)
    own.again()
    changed = {path for path, time in times(pages).items() if time != before.get(path)}
    assert {path.stem for path in changed} == {file_name(student)}
    # Who is in the class no longer has no page in it either.
    attempts = (member.attempts for member in own.made.members if len(member.attempts) == 1)
    (own.download / next(name for ((name, _, _),) in attempts)).unlink()
    own.again("--replace")
    assert len(times(pages)) < len(before)


@pytest.mark.slow
def test_rescoring_writes_them_anew_without_the_notebooks(own: GradedClass, monkeypatch) -> None:
    own.again("--annotated")
    pages = own.out / "annotated"
    student = next(s for s, line in by_student(own.out).items() if not unread(line))
    page = pages / f"{file_name(student)}.html"
    before = times(pages)
    shutil.rmtree(own.download)
    decide(own.out, student)
    monkeypatch.chdir(own.home)
    main(["rescore", "graded"])
    text = page.read_text(encoding="utf-8")
    assert "a look at it" in text
    assert "Outputs are not shown" in text
    # The others' pages are as good as before, and better than without outputs.
    assert {path for path, time in times(pages).items() if time != before[path]} == {
        page,
        page.with_suffix(".ipynb"),
    }


def unread(line: dict) -> bool:
    return any(note["code"] == "unreadable" for note in line["notes"])


def decide(out: Path, student: str) -> None:
    text = f'[[student]]\nid = "{student}"\nscore = 1\nreason = "a look at it"\n'
    (out / "overrides.toml").write_text(text, encoding="utf-8")


def times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.iterdir()}
