"""What is in a notebook, as choosing among several asks: nothing runs, and nothing is raised."""

from __future__ import annotations

import json

import pytest

from grader.assignment import all_assignments
from grader.batch.looking import Looker
from grader.intake import Archives, Content
from grader.intake.model import Item
from tests.notebooks import BLANKS, code, filled, solved

MLP, LINEAR = "mlp", "linear_regression"
ALL = {one.id: one for one in all_assignments()}


def item(path, data):
    path.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return Item(path, None, path.name, (), (path.name,), path.stat().st_size, None)


def looked(path, data, assignment=None, named=None):
    with Archives() as archives:
        content = Looker(archives, named)(item(path, data), assignment)
    return content.readable, content.assignment, content.filled


@pytest.mark.parametrize("assignment", [None, MLP])
@pytest.mark.parametrize("numbers", [(), (1,), (5, 6, 7), tuple(BLANKS)])
def test_filled_blanks_are_counted(tmp_path, numbers, assignment):
    notebook = filled({number: "# FILL IN HERE" for number in BLANKS if number not in numbers})
    notebook["metadata"] = {}
    got = looked(tmp_path / "a.ipynb", notebook, assignment)
    assert got == (True, MLP, len(numbers))


@pytest.mark.parametrize("id_", ALL)
def test_nothing_is_filled_in_in_a_template_and_everything_in_the_solution(tmp_path, id_):
    assignment = ALL[id_]
    for path, count in ((assignment.template, 0), (assignment.reference, len(assignment.blanks))):
        assert looked(tmp_path / "a.ipynb", path.read_bytes(), id_) == (True, id_, count)


def test_another_assignment_is_told(tmp_path):
    other = ALL[LINEAR].reference.read_bytes()
    assert looked(tmp_path / "a.ipynb", other) == (True, LINEAR, len(ALL[LINEAR].blanks))
    assert looked(tmp_path / "a.ipynb", other, MLP)[1] not in {MLP, None}
    assert looked(tmp_path / "a.ipynb", other, LINEAR)[1] == LINEAR


@pytest.mark.parametrize("assignment", [None, MLP])
def test_a_scratch_pad_holds_no_part(tmp_path, assignment):
    got = looked(tmp_path / "a.ipynb", code(["print(1)", "x = 2"]), assignment)
    assert got == (True, None, 0)


def test_an_assignment_of_ones_own_is_named_by_its_folder(tmp_path):
    folder = str(ALL[MLP].folder)
    with Archives() as archives:
        assert Looker(archives, folder).assignment == MLP
    assert looked(tmp_path / "a.ipynb", solved(), MLP, named=folder) == (True, MLP, 7)


@pytest.mark.parametrize(
    "data",
    [b"", b"PK\x03\x04", b"[" * 100_000, b'{"nbformat": 4, "cells": []}', b"\xff\xfe" + b"\0" * 99],
)
@pytest.mark.parametrize("assignment", [None, MLP])
def test_whatever_it_is_nothing_is_raised(tmp_path, data, assignment):
    assert looked(tmp_path / "a.ipynb", data, assignment) == (False, None, 0)


def test_a_file_that_is_gone(tmp_path):
    gone = item(tmp_path / "a.ipynb", b"")
    gone.path.unlink()
    with Archives() as archives:
        assert Looker(archives, None)(gone, MLP) == Content(readable=False)
