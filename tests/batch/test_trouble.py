"""What may be wrong with the places that a class is read from and written to."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.batch.store import Store
from tests.batch.grading import Ran, by_student, grade, results
from tests.batch.making import make_class
from tests.cli.test_bad_input import FILES
from tests.notebooks import solved, write

if TYPE_CHECKING:
    from tests.batch.conftest import GradedClass, SharedWorkers


def refused(ran: Ran, *words: str) -> None:
    """It ended with one error and one hint, and nothing on stdout."""
    assert ran.status == 2
    assert ran.out == ""
    assert ran.err.count("error: ") == 1
    assert ran.err.count("hint: ") == 1
    for word in words:
        assert word in ran.err


def test_the_output_is_a_file(own: GradedClass, workers: SharedWorkers) -> None:
    (own.home / "file").write_text("mine")
    refused(grade(own.download, "-o", own.home / "file"), "is a file")
    assert (own.home / "file").read_text() == "mine"
    assert workers.started == 0


@pytest.mark.parametrize("name", ["a\0b", "x" * 300])
def test_the_output_cannot_be_made(name: str, own: GradedClass, workers: SharedWorkers) -> None:
    refused(grade(own.download, "-o", f"{own.home}/{name}"), "cannot make the folder")
    assert workers.started == 0


def test_nothing_is_there_to_be_graded(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    refused(grade(tmp_path / "in", "-o", tmp_path / "out"), "no notebooks")
    assert not (tmp_path / "out").exists()


def test_another_run_is_at_work(own: GradedClass) -> None:
    before = (own.out / "results.jsonl").read_bytes()
    code = (
        "import sys, pathlib\nfrom grader.batch.store import Store\n"
        "with Store(pathlib.Path(sys.argv[1])):\n"
        "    print('open', flush=True)\n    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(own.out / "grades.db")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "open\n"
        refused(own.again(), "another run is at work")
        other.kill()
    assert (own.out / "results.jsonl").read_bytes() == before
    assert own.again().status == own.ran.status, "a lock dies with whoever holds it"


def test_two_in_one_process_do_not_share_a_folder(own: GradedClass) -> None:
    with Store(own.out / "grades.db"):
        refused(own.again(), "another run is at work")


def test_the_database_is_another_programs(own: GradedClass) -> None:
    path = own.out / "grades.db"
    path.unlink()
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE results (mine TEXT)")
        database.execute("INSERT INTO results VALUES ('kept')")
        database.commit()
    refused(own.again(), "another program")
    with closing(sqlite3.connect(path)) as database:
        assert database.execute("SELECT * FROM results").fetchall() == [("kept",)]


@pytest.mark.parametrize(
    "content",
    [b"not a database, but a text of some length" * 20, b"SQLite format 3\0" + b"x" * 4080],
)
def test_the_database_is_none(content: bytes, own: GradedClass) -> None:
    (own.out / "grades.db").write_bytes(content)
    refused(own.again(), "grades.db", "delete the file")


def test_the_database_is_spoiled_in_the_middle(own: GradedClass) -> None:
    path = own.out / "grades.db"
    data = bytearray(path.read_bytes())
    data[4096 * 2 :] = bytes(len(data) - 4096 * 2)
    path.write_bytes(data)
    ran = own.again()
    assert ran.status in {1, 2}
    assert "Traceback" not in ran.err
    if ran.status == 2:
        refused(ran, "grades.db")


def test_an_older_database_is_begun_anew(own: GradedClass) -> None:
    with closing(sqlite3.connect(own.out / "grades.db")) as database:
        database.execute("PRAGMA user_version = 0")
    for path in sorted(own.download.iterdir())[:-2]:
        path.unlink()
    own.again()
    left = {path.name.split("_")[-3] for path in own.download.iterdir()}
    assert set(by_student(own.out)) == left


@pytest.mark.parametrize("name", ["results.jsonl", "grades.csv", "report.html", "feedback"])
def test_something_is_in_the_way(name: str, own: GradedClass) -> None:
    """A folder where a file goes and a file where the folder goes: said, and nothing lost."""
    target = own.out / name
    if name == "feedback":
        for page in target.iterdir():
            page.unlink()
        target.rmdir()
        target.write_text("mine")
    else:
        target.unlink()
        target.mkdir()
    refused(own.again(), name)
    assert target.is_dir() is (name != "feedback")


def test_the_disk_is_full(own: GradedClass, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that may grow no more says so as a full disk does."""
    (own.out / "grades.db").unlink()
    prepare = Store._prepare

    def small(store: Store) -> None:
        prepare(store)
        store._db.execute("PRAGMA max_page_count = 12")

    monkeypatch.setattr(Store, "_prepare", small)
    refused(own.again(), "grades.db", "is the disk full?")


def test_a_file_that_goes_away_meanwhile(own: GradedClass, monkeypatch: pytest.MonkeyPatch) -> None:
    from grader.batch import run  # noqa: PLC0415

    read = run.read_attempt
    gone = own.made.members[0].student.id

    def reading(attempt, archives):
        if attempt.student.id == gone:
            Path(attempt.path).unlink(missing_ok=True)
        return read(attempt, archives)

    monkeypatch.setattr(run, "read_attempt", reading)
    ran = own.again()
    assert ran.status == 1
    assert [note["code"] for note in by_student(own.out)[gone]["notes"]] == ["unreadable"]


def test_nothing_but_broken_files(tmp_path: Path, workers: SharedWorkers) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("empty", "html", "truncated"):
        (folder / f"{name}.ipynb").write_bytes(FILES[name])
    ran = grade(folder, "-o", tmp_path / "out")
    assert ran.status == 2, "nothing shows which assignment it is"
    ran = grade(folder, "-o", tmp_path / "out", "--assignment", "mlp")
    assert ran.status == 1
    assert len(results(tmp_path / "out")) == 3
    assert workers.ran == 0, "what can't be read runs nothing"


def test_a_zip_is_a_class(tmp_path: Path, workers: SharedWorkers) -> None:
    del workers
    made = make_class(3, seed=2, programs=2, hostile=0, broken=0, missing=0)
    ran = grade(made.write_zip(tmp_path / "download.zip"), "-o", tmp_path / "out")
    assert ran.status == 0
    assert set(by_student(tmp_path / "out")) == {m.student.id for m in made.members}


def test_a_notebook_that_is_too_large_stops_nobody(tmp_path: Path, workers: SharedWorkers) -> None:
    del workers
    marked = solved()
    marked["metadata"] = {"grader": {"assignment": "mlp"}}
    last = next(cell for cell in reversed(marked["cells"]) if cell["cell_type"] == "code")
    last["source"] = "x = 1\n" * 6000
    folder = tmp_path / "in"
    folder.mkdir()
    write(marked, folder, "large.ipynb")
    write(solved(), folder, "right.ipynb")
    ran = grade(folder, "-o", tmp_path / "out")
    assert ran.status == 1
    found = by_student(tmp_path / "out")
    assert found["right"]["score"] == 100
    assert "more than 5,000 statements" in found["large"]["notes"][0]["message"]


@pytest.mark.slow
def test_a_fault_in_reading_is_that_notebooks_alone(
    own: GradedClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    from grader.batch import run  # noqa: PLC0415

    parse, calls = run.parse_notebook, []

    def failing(data, path):
        calls.append(1)
        if len(calls) == 2:
            raise ZeroDivisionError
        return parse(data, path)

    (own.out / "grades.db").unlink()
    monkeypatch.setattr(run, "parse_notebook", failing)
    assert own.again("--jobs", "1").status == 3
    ended = [{check["status"] for check in line["checks"]} for line in results(own.out)]
    assert len(ended) > 2
    assert ended.count({"internal_error"}) == 1


def test_the_graders_own_fault_costs_nobody_points(
    own: GradedClass, monkeypatch: pytest.MonkeyPatch
) -> None:
    from grader.batch import run  # noqa: PLC0415

    group_of = run.group_of
    calls = []

    def failing(submission, assignment):
        calls.append(1)
        if len(calls) == 2:
            raise ZeroDivisionError("division \x1b[31mby zero")
        return group_of(submission, assignment)

    (own.out / "grades.db").unlink()
    monkeypatch.setattr(run, "group_of", failing)
    ran = own.again("--jobs", "1")
    assert ran.status == 3
    assert ran.err.count("the grader itself failed") == 1
    assert "\x1b" not in ran.err
    failed = [
        line
        for line in results(own.out)
        if {c["status"] for c in line["checks"]} == {"internal_error"}
    ]
    assert len(failed) == 1
    monkeypatch.setattr(run, "group_of", group_of)
    assert own.again().status == own.ran.status, "it is graded again, and all is well"
