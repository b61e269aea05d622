"""Notebooks of format 3 are read as nbformat upgrades them."""

from __future__ import annotations

import json

import nbformat
import pytest

from tests.notebook.raw import FORMAT_3, code_cell, parse, refused


def test_format_3():
    got = parse(FORMAT_3)
    assert got.nbformat == (3, 0)
    assert [(c.number, c.kind, c.source) for c in got.cells] == [
        (1, "markdown", "# Hi"),
        (2, "code", "a = 1\nb = 2"),
        (3, "code", "c = 3"),
    ]


def old(*cells):
    return FORMAT_3 | {"worksheets": [{"cells": [FORMAT_3["worksheets"][1]["cells"][0], *cells]}]}


def test_format_3_is_read_as_nbformat_reads_it():
    first = FORMAT_3 | {"worksheets": FORMAT_3["worksheets"][:1]}
    new = nbformat.reads(json.dumps(first), as_version=4)
    theirs = [(cell.cell_type, cell.source.rstrip("\n")) for cell in new.cells]
    assert [(cell.kind, cell.source) for cell in parse(first).cells] == theirs


@pytest.mark.parametrize(
    ("changes", "source"),
    [
        ({"level": 2}, "## a b"),
        ({"level": 7}, "# a b"),
        ({"level": "x"}, "# a b"),
        ({}, "# a b"),
        ({"source": None}, "# "),
    ],
)
def test_format_3_headings(changes, source):
    heading = {"cell_type": "heading", "source": ["a\n", "b"]} | changes
    assert parse(old(heading)).cells[1].source == source


def test_format_3_cells_keep_their_ids_and_are_given_none():
    cells = parse(old(code_cell("x", id="own"), code_cell("y", metadata={"id": "colab"}))).cells
    assert [(c.number, c.id, c.source) for c in cells] == [
        (1, None, "c = 3"),
        (2, "own", "x"),
        (3, "colab", "y"),
    ]


def test_what_format_3_does_not_have_is_raw():
    assert [c.kind for c in parse(old({"cell_type": "sql", "source": "x"})).cells] == [
        "code",
        "raw",
    ]


def test_what_nbformat_raises_is_said_in_words(monkeypatch):
    def convert(_notebook, _version):
        raise KeyError("\x1b[31m")

    monkeypatch.setattr(nbformat, "convert", convert)
    assert "a.ipynb has notebook format 3 and cannot be upgraded (KeyError)" in refused(FORMAT_3)


@pytest.mark.parametrize("sheets", [..., None, {}, "x", [None], [{}], [{"cells": 1}], []])
def test_broken_format_3(sheets):
    content = {k: v for k, v in (FORMAT_3 | {"worksheets": sheets}).items() if v is not ...}
    assert "cells" in refused(content)
