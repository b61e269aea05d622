"""Everything that a class gets is there, and says the same in every file."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from grader.classroom import file_name
from tests.batch.grading import agrees, by_student, grade, results, statuses, table
from tests.batch.making import CHECKS, make_class

if TYPE_CHECKING:
    from pathlib import Path

    from tests.batch.conftest import GradedClass, SharedWorkers

KEYS = {
    *("schema", "assignment", "submission", "environment", "score", "max_score", "checks", "notes"),
    *("group", "late", "override"),
}


def test_it_ends_with_1_since_some_could_not_be_read(graded: GradedClass) -> None:
    assert graded.ran.status == 1


def test_everyone_has_one_line_with_all_keys(graded: GradedClass) -> None:
    lines = results(graded.out)
    assert {line["submission"]["student"] for line in lines} == {
        member.student.id for member in graded.made.members
    }
    assert len(lines) == len(graded.made.members)
    for line in lines:
        assert set(line) >= KEYS
        assert [check["id"] for check in line["checks"]] == list(CHECKS)
        assert line["max_score"] == 100
        assert line["schema"] == "grader-report/1"


def test_every_honest_notebook_has_the_verdict_of_what_it_is(graded: GradedClass) -> None:
    lines = by_student(graded.out)
    for member in graded.made.members:
        if member.handed.verdict is not None:
            line = lines[member.student.id]
            assert agrees(line, member.handed.verdict), (member.handed.label, statuses(line))
            assert line["group"]


def test_same_program_same_group_whatever_its_layout(graded: GradedClass) -> None:
    groups: dict[str, set[str]] = {}
    for id_, line in by_student(graded.out).items():
        groups.setdefault(graded.made.member(id_).handed.label, set()).add(line["group"])
    honest = {label: found for label, found in groups.items() if not label.startswith("broken")}
    assert all(len(found) == 1 for found in honest.values())


def test_hostile_notebooks_gain_nothing_and_harm_nobody(graded: GradedClass) -> None:
    lines = by_student(graded.out)
    hostile = [m for m in graded.made.members if m.handed.label.startswith("hostile")]
    assert hostile
    for member in hostile:
        assert lines[member.student.id]["score"] < 100
        assert "internal_error" not in statuses(lines[member.student.id]).values()


def test_what_cannot_be_read_says_why(graded: GradedClass) -> None:
    lines = by_student(graded.out)
    broken = [m for m in graded.made.members if m.handed.label.startswith("broken")]
    assert broken
    for member in broken:
        line = lines[member.student.id]
        assert statuses(line) == dict.fromkeys(CHECKS, "error")
        assert line["score"] == 0
        assert [note["code"] for note in line["notes"]] == ["unreadable"]
        assert line["notes"][0]["message"]
        assert line["group"] is None


def test_the_table_agrees_with_the_results(graded: GradedClass) -> None:
    lines = by_student(graded.out)
    rows = {row["id"]: row for row in table(graded.out / "grades.csv")}
    missing = {student.id for student in graded.made.missing}
    assert set(rows) == set(lines) | missing
    for id_, line in lines.items():
        unread = rows[id_]["status"] == "unreadable"
        assert rows[id_]["score"] == "" if unread else float(rows[id_]["score"]) == line["score"]
        assert (rows[id_]["late"] == "yes") is line["late"] is graded.made.member(id_).late
        assert rows[id_]["group"] == (line["group"] or "")
        for check in line["checks"]:
            points = rows[id_][check["id"]]
            assert points == "" if unread else float(points) == check["score"]
    for id_ in missing:
        assert (rows[id_]["score"], rows[id_]["status"]) == ("", "missing")


def test_everyone_has_a_page_and_nobody_else(graded: GradedClass) -> None:
    pages = {path.name for path in (graded.out / "feedback").iterdir()}
    assert pages == {f"{file_name(m.student.id)}.html" for m in graded.made.members}
    others = {student.id for student in graded.made.students}
    for member in graded.made.members:
        page = graded.out / "feedback" / f"{file_name(member.student.id)}.html"
        text = page.read_text(encoding="utf-8")
        # By itself: the sum that a page is made from has digits, too.
        alone = r"(?<![\w.+/]){}(?![\w+/])"
        assert not [i for i in others - {member.student.id} if re.search(alone.format(i), text)]
        assert "<script" not in text.lower()


def test_a_start_for_decisions_and_a_page_for_the_ta(graded: GradedClass) -> None:
    assert "[[student]]" in (graded.out / "overrides.toml").read_text(encoding="utf-8")
    page = (graded.out / "report.html").read_text(encoding="utf-8")
    assert "<img src=x" not in page
    assert all(str(member.student.id) in page for member in graded.made.members)


def test_the_summary_names_counts_and_files(graded: GradedClass) -> None:
    said = graded.ran.out
    assert f"{len(graded.made.members)} handed in" in said
    assert f"{len(graded.made.missing)} missing" in said
    for name in ("results.jsonl", "grades.csv", "feedback", "report.html"):
        assert name in said
    assert "\x1b" not in said


def test_nothing_is_left_of_the_work(graded: GradedClass) -> None:
    assert {path.name for path in graded.out.iterdir()} == {
        *("results.jsonl", "grades.csv", "grades.db", "feedback", "report.html"),
        "overrides.toml",
        "policy.toml",
    }


def test_hostile_names_are_inert_everywhere(graded: GradedClass) -> None:
    for row in table(graded.out / "grades.csv"):
        assert not [cell for cell in row.values() if cell.startswith(("=", "+", "@", "\t"))]
    for name in ("grades.csv", "report.html", "results.jsonl"):
        text = (graded.out / name).read_text(encoding="utf-8-sig")
        assert not set(text) & {"\x1b", "\x07", "\u202e"}, name
    assert not [path for path in graded.out.rglob("*") if path.name == "passwd"]


def test_twins_and_attempts_are_told(tmp_path: Path, workers: SharedWorkers) -> None:
    del workers
    made = make_class(12, seed=8, programs=2, hostile=0, broken=0, missing=0)
    runs = [m for m in made.members if b"train_accr 0." in m.attempts[-1][1]]
    one, other = runs[0].student.id, runs[1].student.id
    from tests.batch.making import twins  # noqa: PLC0415

    made = twins(made, one, other)
    ran = grade(made.write(tmp_path / "in"), "-o", tmp_path / "out")
    assert ran.status == 0
    assert "identical saved outputs" in ran.out
    several = [m for m in made.members if len(m.attempts) > 1]
    assert several
    for line in results(tmp_path / "out"):
        member = made.member(line["submission"]["student"])
        assert line["submission"]["path"].endswith(member.attempts[-1][0])


@pytest.mark.parametrize("more", [(), ("--jobs", "1")])
def test_json_on_stdout_is_all_there_is(own: GradedClass, more: tuple[str, ...]) -> None:
    ran = own.again("--json", "-", *more)
    assert [json.loads(line) for line in ran.out.splitlines()] == results(own.out)


def test_a_gradebook_is_filled_in(own: GradedClass) -> None:
    book = own.made.write_gradebook(own.home / "Export, 2024.csv")
    before = book.read_bytes()
    own.again("--gradebook", book)
    assert book.read_bytes() == before
    rows = {row["ID"]: row for row in table(own.out / "gradebook" / book.name)}
    for id_, line in by_student(own.out).items():
        if own.made.member(id_).handed.cells:
            assert float(rows[id_]["MLP (4711)"]) == line["score"]
    for student in own.made.missing:
        assert rows[student.id]["MLP (4711)"] == ""


@pytest.mark.slow
def test_without_a_folder_there_is_a_summary_and_json(own: GradedClass) -> None:
    for path in own.download.iterdir():
        if path.name not in {m.attempts[-1][0] for m in own.made.members[:3]}:
            path.unlink()
    ran = grade("submissions", "--json", "results.json", home=own.home)
    assert "3 handed in" in ran.out
    assert "written" not in ran.out
    lines = (own.home / "results.json").read_text().splitlines()
    assert [json.loads(line)["schema"] for line in lines] == ["grader-report/1"] * 3


@pytest.mark.slow
def test_a_page_is_written_as_soon_as_there_is_a_result(
    own: GradedClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who interrupts a run has the pages of those who were graded."""
    import grader.cli.finish as end  # noqa: PLC0415

    shutil.rmtree(own.out / "feedback")
    (own.out / "grades.db").unlink()
    before: list[str] = []

    def stop(*_arguments: object) -> None:
        before.extend(path.name for path in (own.out / "feedback").iterdir())
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(end, "write_outputs", stop)
        assert own.again().status == 130
    readable = [line for line in results(own.out) if not line["notes"] or _read(line)]
    assert len(before) == len(readable) > 5
    assert own.again().status == own.ran.status


def _read(line: dict[str, Any]) -> bool:
    return all(note["code"] != "unreadable" for note in line["notes"])
