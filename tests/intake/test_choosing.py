"""Of several notebooks of a student, the one that was meant counts; of several attempts, the last.

The rows are in ``choosing_table``.
"""

from __future__ import annotations

import hashlib
import os

import pytest

from grader.classroom import Student
from grader.intake import Content, find_submissions
from grader.intake.caps import LOOKED_AT
from grader.intake.choosing import Chooser
from grader.intake.contents import Contents
from grader.intake.model import Claim, Item, Owner
from tests.intake.choosing_table import BROKEN, IN_ORDER, NO_PART, OTHER, SIDE_BY_SIDE
from tests.intake.making import folder, found, ids, zipped

CLASS = ("lee/mlp.ipynb", "choi/mlp.ipynb", "park/mlp.ipynb")
_DAY = 86_400.0


def look(item, _assignment):
    """Read a content from the file, as ``write`` wrote it."""
    said = item.path.read_text().partition("#")[0]
    sha256 = hashlib.sha256(item.path.read_bytes()).hexdigest()
    known = {
        BROKEN: Content(readable=False),
        NO_PART: Content(readable=True),
        OTHER: Content(True, "linear_regression", 5, 5),
    }
    return known.get(said) or Content(True, "mlp", int(said), 7, sha256)


def write(root, student, notebooks):
    for name, content in notebooks.items():
        said, _, day = str(content).partition("@")
        path = root / student / f"{name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"{said}#{student}/{name}")
        os.utime(path, (1e9 + _DAY * int(day or 1),) * 2)


def write_class(root):
    for other in ("choi", "lee", "park"):
        write(root, other, {"mlp": 7})


def chosen(root, student="kim", **options):
    handed_in = find_submissions([str(root)], look=look, **options)
    (attempt,) = (a for a in handed_in.counted if a.student.id == student)
    return attempt, [choice for choice in handed_in.choices if choice.student.id == student]


@pytest.mark.parametrize(("notebooks", "counts", "why"), SIDE_BY_SIDE.values(), ids=SIDE_BY_SIDE)
def test_of_notebooks_side_by_side_the_one_that_was_meant_counts(tmp_path, notebooks, counts, why):
    write_class(tmp_path)
    write(tmp_path, "kim", notebooks)
    attempt, (choice,) = chosen(tmp_path)
    place = f"{tmp_path}/kim/"
    assert attempt.origin == choice.counts == f"{place}{counts}.ipynb"
    assert set(choice.left) == {f"{place}{n}.ipynb" for n in notebooks} - {choice.counts}
    assert why in choice.why.replace(".ipynb", "")
    assert not choice.ordinary


@pytest.mark.parametrize(("notebooks", "counts", "why"), IN_ORDER.values(), ids=IN_ORDER)
def test_of_dated_attempts_the_last_counts_that_says_something(tmp_path, notebooks, counts, why):
    write(tmp_path, "kim", notebooks)
    claims = [claim_at(tmp_path, name) for name in notebooks]
    chooser = Chooser([claims, [claim_at(tmp_path, "1/mlp")]], Contents(look, "mlp"))
    result = chooser.choose(Student("kim"), claims)
    assert result.attempts[-1].origin == f"{counts}.ipynb"
    assert result.attempts[-1].number == result.attempts[-1].total == len(result.attempts)
    (choice,) = result.choices
    assert choice.counts == f"{counts}.ipynb"
    assert why in choice.why.replace(".ipynb", "")
    assert set(choice.left) == {f"{name}.ipynb" for name in notebooks} - {choice.counts}
    assert choice.ordinary == choice.why.startswith("the last of")


def claim_at(root, name):
    day, _, own = name.partition("/")
    path = root / "kim" / f"{name}.ipynb"
    parts = (day, f"{own}.ipynb")
    about = path.stat()
    item = Item(path, None, f"{name}.ipynb", (), parts, about.st_size, about.st_mtime)
    return Claim(item, Owner("kim", own=own, attempt=(2025, 3, int(day), 0, 0, 0)), 0)


def test_what_most_hand_in_is_the_assignment(tmp_path):
    """The one notebook of the class's assignment counts, though it is blank and oddly named."""
    write_class(tmp_path)
    write(tmp_path, "kim", {"intro": f"{OTHER}@9", "mine": 0})
    assert chosen(tmp_path)[0].origin.endswith("mine.ipynb")
    assert chosen(tmp_path, assignment="linear_regression")[0].origin.endswith("intro.ipynb")


def test_times_of_unpacking_tell_nothing(tmp_path):
    write_class(tmp_path)
    write(tmp_path, "kim", {"bb": 7, "aa": 7})
    os.utime(tmp_path / "kim/aa.ipynb", (1e9 + _DAY + 30,) * 2)
    attempt, (choice,) = chosen(tmp_path)
    assert attempt.origin.endswith("bb.ipynb")
    assert "nothing tells which one was meant" in choice.why


def test_the_same_file_twice_is_said_to_be_the_same(tmp_path):
    write_class(tmp_path)
    write(tmp_path, "kim", {"mlp": 7, "x": 7})
    (tmp_path / "kim/x.ipynb").write_bytes((tmp_path / "kim/mlp.ipynb").read_bytes())
    assert "the same file once more: x" in chosen(tmp_path)[1][0].why


def test_of_a_thousand_notebooks_the_most_likely_are_opened(tmp_path):
    opened = []

    def counting(item, assignment):
        opened.append(item.name)
        return look(item, assignment)

    write_class(tmp_path)
    write(tmp_path, "kim", {f"{number}": 7 for number in range(1000)} | {"mlp": 3, "mlp (1)": 0})
    handed_in = find_submissions([str(tmp_path)], look=counting, assignment="mlp")
    assert ids(handed_in) == ["choi", "kim", "lee", "park"]
    assert {"mlp.ipynb", "mlp (1).ipynb"} < set(opened)
    assert len(opened) == LOOKED_AT
    (choice,) = handed_in.choices
    assert len(choice.left) == 1001
    assert "too many to open them all" in choice.why
    assert "and 980 more" in choice.why or "and 979 more" in choice.why
    assert len(choice.why) < 500


@pytest.mark.parametrize(
    ("names", "counts"),
    [
        (("mlp.ipynb", "zz.ipynb"), "mlp.ipynb"),
        (("mlp.ipynb", "mlp (1).ipynb"), "mlp.ipynb"),
        (("mlp.ipynb", "mlp-Copy1.ipynb"), "mlp.ipynb"),
        (("Copy of mlp.ipynb", "lecture.ipynb"), "Copy of mlp.ipynb"),
        (("mlp.ipynb의 사본.ipynb", "mlp의 사본.ipynb", "xx.ipynb"), "mlp의 사본.ipynb"),
    ],
)
def test_without_a_look_names_decide(tmp_path, names, counts):
    root = folder(tmp_path, *CLASS, *(f"kim/{name}" for name in names), time=1e9)
    handed_in = found(root)
    kim = handed_in.counted[1]
    assert kim.student.id == "kim"
    assert kim.origin == f"{root}/kim/{counts}"
    assert (kim.number, kim.total, handed_in.earlier) == (1, 1, ())
    (choice,) = handed_in.choices
    assert set(choice.left) == {f"{root}/kim/{name}" for name in names if name != counts}


def test_the_same_file_in_two_downloads_is_ordered_by_time(tmp_path):
    name = "Kim_1_assignsubmission_file/mlp.ipynb"
    old = zipped(tmp_path / "b.zip", name, time=(2024, 5, 1, 0, 0, 0))
    new = zipped(tmp_path / "a.zip", name, time=(2024, 5, 2, 0, 0, 0))
    for paths in ([old, new], [new, old]):
        handed_in = found(*paths)
        assert handed_in.counted[0].path == new
        assert (handed_in.counted[0].number, handed_in.counted[0].total) == (2, 2)
        assert [a.path for a in handed_in.earlier] == [old]
        assert handed_in.choices[0].why == "the last of 2 attempts, by the times of the files"


def test_two_unpacked_downloads_are_ordered_as_they_are_named(tmp_path):
    names = [f"{who}_{n}_assignsubmission_file/mlp.ipynb" for n, who in enumerate(("Kim", "Lee"))]
    monday = folder(tmp_path / "monday", *names, time=2e9)  # unpacked last
    friday = folder(tmp_path / "friday", *names, time=1e9)
    handed_in = found(monday, friday)
    assert all("friday" in attempt.origin for attempt in handed_in.counted)
    assert "at the PATH that was named last" in handed_in.choices[0].why


def test_times_that_are_none(tmp_path):
    """A zip may name the 0th of month 0."""
    path = zipped(tmp_path / "a.zip", "Kim_1_assignsubmission_file/mlp.ipynb")
    data = path.read_bytes()
    path.write_bytes(data.replace(b"\xa1\x58", b"\x00\x00"))
    assert path.read_bytes() != data
    assert ids(found(path)) == ["1"]
