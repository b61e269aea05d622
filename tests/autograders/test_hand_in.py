"""Which notebook of what was handed in counts."""

from __future__ import annotations

import os

import pytest

from grader.autograders.hand_in import find_hand_in
from grader.errors import NotebookError
from tests.autograders import hand_ins
from tests.notebooks import REFERENCE, code, solved, template, write
from tests.texts import FORMS


@pytest.mark.parametrize(
    ("others", "counts"),
    [
        ({}, "mlp.ipynb"),
        ({"old/mlp.ipynb": template()}, "mlp.ipynb"),
        ({"cnn.ipynb": solved("cnn")}, "mlp.ipynb"),
        ({"copy.ipynb": solved()}, "copy.ipynb"),  # the same file twice
        ({".ipynb_checkpoints/mlp-checkpoint.ipynb": solved()}, "mlp.ipynb"),
        ({"__MACOSX/._mlp.ipynb": template()}, "mlp.ipynb"),
    ],
)
def test_the_one_that_is_filled_in_counts(others, counts, tmp_path, mlp):
    write(solved(), tmp_path, "mlp.ipynb")
    for name, notebook in others.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        write(notebook, tmp_path, name)
    assert find_hand_in(tmp_path, mlp).path == counts


def test_what_else_is_there_is_named(tmp_path, mlp):
    write(solved(), tmp_path, "b.ipynb")
    write(template(), tmp_path, "a.ipynb")
    assert find_hand_in(tmp_path, mlp).left == "a.ipynb"


def test_a_notebook_that_was_saved_as_text(tmp_path, mlp):
    (tmp_path / "mlp.py").write_text(FORMS["percent.py"](solved()), encoding="utf-8")
    (tmp_path / "helper.py").write_text("x = 1\n", encoding="utf-8")
    found = find_hand_in(tmp_path, mlp)
    assert (found.path, found.left) == ("mlp.py", "")


def unrelated(folder):
    for number in range(2):
        write(code([f"x = {number}"]), folder, f"{number}.ipynb")


def many(folder):
    for number in range(31):
        write(template(), folder, f"{number}.ipynb")


@pytest.mark.parametrize(
    ("fill", "words"),
    [
        (hand_ins.nothing, "there is no notebook"),
        (hand_ins.several, "several notebooks may be meant (a.ipynb, b.ipynb)"),
        (hand_ins.cut_off, "mlp.ipynb"),
        (unrelated, "none of the"),
        (many, "31 notebooks"),
    ],
)
def test_what_cannot_count_is_said(fill, words, tmp_path, mlp):
    fill(tmp_path)
    with pytest.raises(NotebookError) as raised:
        find_hand_in(tmp_path, mlp)
    assert words in raised.value.message


@pytest.mark.parametrize("linked", ["file", "folder"])
def test_a_link_to_the_solved_notebook_gains_nothing(linked, tmp_path, mlp):
    folder = tmp_path / "submission"
    folder.mkdir()
    if linked == "file":
        (folder / "mlp.ipynb").symlink_to(REFERENCE)
    else:
        (folder / "work").symlink_to(REFERENCE.parent)
    with pytest.raises(NotebookError) as raised:
        find_hand_in(folder, mlp)
    assert ("is a link" in raised.value.message) == (linked == "file")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_a_pipe_is_never_opened(tmp_path, mlp):
    os.mkfifo(tmp_path / "mlp.ipynb")
    with pytest.raises(NotebookError):
        find_hand_in(tmp_path, mlp)
