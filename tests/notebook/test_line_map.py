"""Every line of every cell is found at its line of the file, or nowhere."""

from __future__ import annotations

import json

import pytest

from grader.notebook.line_map import file_lines
from grader.notebook.read import parse_notebook
from tests.notebooks import REFERENCE, TEMPLATE, code, solved

ODD = [
    'print("a")\nprint("\\"source\\": [")\n',
    "",
    "# ünïcode 한국어 \u2028 \U0001f600\n\n\nx = 1",
    "one\r\ntwo\rthree\n",
    "\n",
]


def notebook(*sources, **more) -> dict:
    made = code([""] * len(sources))
    for cell, source in zip(made["cells"], sources, strict=True):
        cell["source"] = source
    return {**made, **more}


def as_list(source: str) -> list[str]:
    """As Jupyter saves it: pieces that end in LF."""
    return [piece + "\n" for piece in source.split("\n")[:-1]] + [source.rpartition("\n")[2]]


def assert_right(text: str) -> None:
    """Each line's JSON, as the file's line has it, must be in the line that was found."""
    found = file_lines(text)
    read = parse_notebook(text.encode(), "x.ipynb")
    rows = text.split("\n")
    assert len(found) == len(read.cells)
    for cell, numbers in zip(read.cells, found, strict=True):
        lines = cell.source.split("\n") if cell.source else []
        assert len(numbers) >= len(lines)
        for line, number in zip(lines, numbers, strict=False):
            written = [json.dumps(line, ensure_ascii=way)[1:-1] for way in (True, False)]
            assert any(form in rows[number - 1] for form in written), (line, rows[number - 1])


@pytest.mark.parametrize("path", [REFERENCE, TEMPLATE], ids=["solved", "template"])
def test_every_line_of_a_real_notebook_is_where_it_says(path):
    assert_right(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("indent", [None, 0, 1, 4, "\t"])
@pytest.mark.parametrize("ascii_only", [True, False])
def test_whatever_the_layout_of_the_file(indent, ascii_only):
    for made in (solved(), notebook(*ODD), notebook(*map(as_list, ODD))):
        assert_right(json.dumps(made, indent=indent, ensure_ascii=ascii_only))


def test_the_exact_lines_of_a_list_of_lines():
    text = json.dumps(notebook(["a\n", "b\n", "c"], "one\nstring"), indent=1)
    rows = text.split("\n")
    first, second = file_lines(text)
    assert [rows[number - 1].strip() for number in first] == ['"a\\n",', '"b\\n",', '"c"']
    assert [rows[number - 1].strip() for number in second] == ['"source": "one\\nstring",'] * 2


def test_pieces_that_are_not_lines():
    text = json.dumps(notebook(["a\nb", "", "c\r", "\nd\n", "", "e"]), indent=1)
    rows = text.split("\n")
    (found,) = file_lines(text)
    assert [rows[n - 1].strip(" ,") for n in found] == [
        '"a\\nb"',
        '"a\\nb"',  # b begins there, and goes on two pieces later
        '"\\nd\\n"',
        '"e"',
    ]


def test_dos_line_ends_and_a_byte_order_mark():
    text = json.dumps(notebook(["a\n", "b"]), indent=1)
    assert file_lines(text.replace("\n", "\r\n")) == file_lines(text) != ()
    assert file_lines("\n\n" + text) == tuple(tuple(n + 2 for n in c) for c in file_lines(text))


def test_a_notebook_of_format_3():
    cells = [
        {"cell_type": "markdown", "source": ["text"], "metadata": {}},
        {"cell_type": "code", "input": ["x = 1\n", "y = 2"], "language": "python"},
    ]
    sheets = [{"cells": cells[:1]}, {"cells": cells[1:]}]
    text = json.dumps({"nbformat": 3, "nbformat_minor": 0, "worksheets": sheets}, indent=1)
    assert_right(text)
    rows = text.split("\n")
    assert [rows[number - 1].strip(" ,") for number in file_lines(text)[1]] == [
        '"x = 1\\n"',
        '"y = 2"',
    ]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "{}",
        '{"nbformat": 4',
        '{"nbformat": 4, "cells": 7}',
        '{"nbformat": 4, "cells": [7]}',
        '{"nbformat": 4, "cells": [{"source": 7}]}',
        '{"nbformat": 4, "cells": [{"source": [7]}]}',
        '{"nbformat": 4, "cells": ' + "[" * 100_000,
        json.dumps(notebook("x"), indent=1).replace("\n", "\r"),
    ],
)
def test_nothing_is_said_where_nothing_is_certain(text):
    assert file_lines(text) == ()


def test_a_cell_without_source_has_no_lines():
    assert file_lines('{"nbformat": 4, "cells": [{"cell_type": "markdown"}]}') == ((),)
