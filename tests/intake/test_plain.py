"""Where no program named the files, names are all there is."""

from __future__ import annotations

import os

import pytest

from grader.intake import find_submissions, read_attempt
from tests.intake.making import folder, found, ids, zipped

CASES = [
    # a flat folder: the notebooks' names, in the order of their numbers
    (("hw10.ipynb", "hw9.ipynb", "kim.ipynb", "notes.txt"), ["hw9", "hw10", "kim"]),
    # a folder a student, also when most hold one notebook
    (("kim/mlp.ipynb", "lee/mlp.ipynb"), ["kim", "lee"]),
    (("kim/a.ipynb",), ["kim"]),
    (("kim/a.ipynb", "lee/b.ipynb", "choi/a.ipynb", "choi/c.ipynb"), ["choi", "kim", "lee"]),
    (("kim/a.ipynb", "kim/b.ipynb", "lee/a.ipynb", "lee/b.ipynb"), ["kim", "lee"]),
    (("kim/hw/mlp.ipynb", "lee/hw/mlp.ipynb"), ["kim", "lee"]),
    (("class/kim/mlp.ipynb", "class/lee/old/mlp.ipynb"), ["kim", "lee"]),
    (("s1/kim/hw/x.ipynb", "s1/lee/hw/x.ipynb", "s2/choi/hw/x.ipynb"), ["choi", "kim", "lee"]),
    (("kim/mlp.ipynb", "kim/old/mlp.ipynb", "lee/mlp.ipynb"), ["kim", "lee"]),
    (("s1/kim/x.ipynb", "s2/kim/x.ipynb", "s2/lee/x.ipynb"), ["lee", "s1/kim", "s2/kim"]),
    # sections: a notebook a student, under its path
    (
        ("s1/kim.ipynb", "s1/lee.ipynb", "s2/kim.ipynb", "s2/choi.ipynb"),
        ["s1/kim", "s1/lee", "s2/choi", "s2/kim"],
    ),
    (("class/kim.ipynb", "class/lee.ipynb"), ["kim", "lee"]),
    (("a.ipynb", "kim/b.ipynb"), ["a", "kim/b"]),
    # what is no submission
    (("kim.ipynb", ".ipynb_checkpoints/kim-checkpoint.ipynb", "lee-checkpoint.ipynb"), ["kim"]),
    (("kim.ipynb", "__MACOSX/._kim.ipynb", "._kim.ipynb", ".hidden/x.ipynb"), ["kim"]),
    # what browsers and other systems make of a name
    (("kim.ipynb.txt", "LEE.IPYNB", "choi.ipynb.json"), ["choi", "kim", "LEE"]),
]


@pytest.mark.parametrize("make", [folder, zipped])
@pytest.mark.parametrize(("names", "expected"), CASES)
def test_ids(tmp_path, make, names, expected):
    assert ids(found(make(tmp_path / "x.zip", *names))) == expected


def test_files_named_one_by_one(tmp_path):
    folder(tmp_path, "a/kim.ipynb", "b/kim.ipynb", "b/lee.ipynb")
    handed_in = found(*sorted(tmp_path.rglob("*.ipynb")))
    assert ids(handed_in) == ["a/kim", "b/kim", "lee"]
    assert handed_in.layout == "notebooks"
    assert {a.number for a in handed_in.counted} == {1}


def test_folders_side_by_side(tmp_path):
    folder(tmp_path, "s1/kim.ipynb", "s1/lee.ipynb", "s2/kim.ipynb")
    assert ids(found(tmp_path / "s1", tmp_path / "s2")) == ["lee", "s1/kim", "s2/kim"]


def test_a_path_given_twice_counts_once(tmp_path):
    folder(tmp_path, "kim.ipynb", "lee.ipynb")
    handed_in = found(tmp_path / "kim.ipynb", tmp_path, tmp_path / "lee.ipynb")
    assert ids(handed_in) == ["kim", "lee"]
    assert handed_in.earlier == ()
    assert {a.total for a in handed_in.counted} == {1}


def test_an_id_is_nobody_elses(tmp_path):
    """A path that was lengthened may meet one that was long already."""
    names = ("t/a/kim.ipynb", "t/a/x.ipynb", "t/b/lee.ipynb", "t/b/y.ipynb")
    folder(tmp_path, *names, "a/kim.ipynb", "b/kim.ipynb")
    handed_in = found(tmp_path / "t", tmp_path / "a" / "kim.ipynb", tmp_path / "b" / "kim.ipynb")
    assert len(set(ids(handed_in))) == 6


def test_letters_taken_apart_by_macos(tmp_path):
    folder(tmp_path, "\u1100\u1175\u11b7.ipynb")
    assert ids(found(tmp_path)) == ["김"]


def test_names_that_are_no_text(tmp_path):
    try:
        for name in (b"\xff.ipynb", b"\xfe.ipynb"):
            (tmp_path / os.fsdecode(name)).write_bytes(name)
    except OSError:
        pytest.skip("this file system takes text alone")
    handed_in = found(tmp_path)
    assert ids(handed_in) == ["\\udcfe", "\\udcff"]
    assert [read_attempt(a) for a in handed_in.counted] == [b"\xfe.ipynb", b"\xff.ipynb"]
    assert "".join(a.origin for a in handed_in.counted).encode()


def test_the_same_every_time(tmp_path):
    names = [f"{n % 7}/{n}.ipynb" for n in range(100)]
    handed_in = found(folder(tmp_path, *names))
    assert handed_in == found(tmp_path)
    assert ids(handed_in)[:3] == ["0/0", "0/7", "0/14"]


def test_origins_are_the_paths_as_given(tmp_path, monkeypatch):
    monkeypatch.chdir(folder(tmp_path, "class/kim.ipynb"))
    assert find_submissions(["."]).counted[0].origin == "class/kim.ipynb"
    assert find_submissions(["class/"]).counted[0].origin == "class/kim.ipynb"
    assert find_submissions(["class/kim.ipynb"]).counted[0].origin == "class/kim.ipynb"
