"""Of several notebooks of a student, the homework counts; of several attempts, the last."""

from __future__ import annotations

import os

import pytest

from tests.intake.making import folder, found, ids, reasons, zipped

CLASS = ("lee/mlp.ipynb", "choi/mlp.ipynb", "park/mlp.ipynb")


@pytest.mark.parametrize(
    ("names", "counts"),
    [
        (("mlp.ipynb", "zz.ipynb"), "mlp.ipynb"),
        (("aa.ipynb", "mlp.ipynb", "zz.ipynb"), "mlp.ipynb"),
        (("20231234_MLP_final.ipynb", "plots.ipynb"), "20231234_MLP_final.ipynb"),
        (("mlp.ipynb", "old/mlp.ipynb"), "mlp.ipynb"),
        (("mlp.ipynb", "mlp (1).ipynb"), "mlp (1).ipynb"),
        (("mlp (2).ipynb", "mlp (10).ipynb"), "mlp (10).ipynb"),
        (("Copy of mlp.ipynb", "lecture.ipynb"), "Copy of mlp.ipynb"),
        (("mlp.ipynb의 사본.ipynb", "mlp의 사본.ipynb", "xx.ipynb"), "mlp의 사본.ipynb"),
        (("mlp.ipynb", "mlp-Copy1.ipynb"), "mlp-Copy1.ipynb"),
    ],
)
def test_the_homework_is_called_like_most(tmp_path, names, counts):
    root = folder(tmp_path, *CLASS, *(f"kim/{name}" for name in names), time=1e9)
    handed_in = found(root)
    kim = handed_in.counted[1]
    assert kim.student.id == "kim"
    assert kim.origin == f"{root}/kim/{counts}"
    assert (kim.number, kim.total, handed_in.earlier) == (1, 1, ())
    told = {one.origin for one in handed_in.unclear}
    assert told == {f"{root}/kim/{name}" for name in names if name != counts}
    assert all(one.reason.endswith(f"kim/{counts} counts") for one in handed_in.unclear)


def test_else_the_newest_else_the_biggest(tmp_path):
    root = folder(tmp_path, *CLASS, "kim/a.ipynb", "kim/b.ipynb", "kim/c.ipynb", time=1e9)
    os.utime(root / "kim/b.ipynb", (2e9, 2e9))
    assert found(root).counted[1].origin.endswith("b.ipynb")
    os.utime(root / "kim/b.ipynb", (1e9, 1e9))
    (root / "kim/a.ipynb").write_bytes(b" " * 10_000)
    os.utime(root / "kim/a.ipynb", (1e9, 1e9))
    assert found(root).counted[1].origin.endswith("a.ipynb")


def test_a_student_with_a_thousand_notebooks_is_told_briefly(tmp_path):
    root = folder(tmp_path, *CLASS, *(f"kim/{n}.ipynb" for n in range(1000)))
    handed_in = found(root)
    assert ids(handed_in) == ["choi", "kim", "lee", "park"]
    assert len(handed_in.unclear) < 30
    assert "(and 978 more like it)" in " ".join(reasons(handed_in).values())


def test_the_same_file_in_two_downloads_is_ordered_by_time(tmp_path):
    name = "Kim_1_assignsubmission_file/mlp.ipynb"
    old = zipped(tmp_path / "b.zip", name, time=(2024, 5, 1, 0, 0, 0))
    new = zipped(tmp_path / "a.zip", name, time=(2024, 5, 2, 0, 0, 0))
    for paths in ([old, new], [new, old]):
        handed_in = found(*paths)
        assert handed_in.counted[0].path == new
        assert (handed_in.counted[0].number, handed_in.counted[0].total) == (2, 2)
        assert [a.path for a in handed_in.earlier] == [old]


def test_times_that_are_none(tmp_path):
    """A zip may name the 0th of month 0."""
    path = zipped(tmp_path / "a.zip", "Kim_1_assignsubmission_file/mlp.ipynb")
    data = path.read_bytes()
    path.write_bytes(data.replace(b"\xa1\x58", b"\x00\x00"))
    assert path.read_bytes() != data
    assert ids(found(path)) == ["1"]
