"""Reading a notebook: lenient where the grade does not look."""

from __future__ import annotations

import hashlib
import json

import pytest

from grader.notebook.read import Cell, Notebook, parse_notebook, read_notebook
from tests.notebook.raw import CODE, code_cell, notebook, parse


def test_everything_that_flows(tmp_path):
    text = {"cell_type": "markdown", "id": "intro", "source": ["# Hi\n", "there"]}
    code = code_cell("y = 2\n", id="fill-1", metadata={"tags": ["blank", "b"]})
    path = tmp_path / "mlp.ipynb"
    data = json.dumps(notebook(text, code)).encode()
    path.write_bytes(data)
    got = read_notebook(path)
    assert got == Notebook(
        path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        cells=(
            Cell(1, "markdown", "# Hi\nthere", "intro", ()),
            Cell(2, "code", "y = 2", "fill-1", ("blank", "b")),
        ),
        nbformat=(4, 5),
    )
    assert read_notebook(str(path)) == got == parse_notebook(data, path)


@pytest.mark.parametrize(
    ("written", "read_as"),
    [
        ("a\r\nb\rc\n", "a\nb\nc"),
        (["a\r", "\nb\n", "\n"], "a\nb"),
        (["a", "b"], "ab"),
        ("\ufeffa", "a"),
        ("", ""),
        ([], ""),
        ("    a\n\tb\x0c\u2028", "    a\n\tb\x0c\u2028"),
        ("'\ud800'\ud83d\ude00", "'\ufffd'\U0001f600"),
    ],
)
def test_source(written, read_as):
    assert parse(notebook(CODE, code_cell(written))).cells[1].source == read_as


def test_no_source_can_break_later_printing():
    got = parse(notebook(code_cell("x\ud800", metadata={"tags": ["\udfff"]})))
    assert got.cells[0].source.encode()
    assert got.cells[0].tags == ("\ufffd",)


@pytest.mark.parametrize(("minor", "read_as"), [(0, 0), (4, 4), (99, 99), (..., 0), ("x", 0)])
def test_minor_versions(minor, read_as):
    assert parse(notebook(nbformat_minor=minor)).nbformat == (4, read_as)


@pytest.mark.parametrize(
    ("changes", "read_as"),
    [
        ({"id": "a-1_B"}, "a-1_B"),
        ({}, None),
        ({"id": 7}, None),
        ({"id": "../x"}, None),
        ({"id": "a" * 65}, None),
        ({"metadata": {"id": "from-colab"}}, "from-colab"),
        ({"id": "own", "metadata": {"id": "from-colab"}}, "own"),
    ],
)
def test_ids(changes, read_as):
    assert parse(notebook(code_cell("x", **changes))).cells[0].id == read_as


@pytest.mark.parametrize(
    ("metadata", "tags"),
    [
        (None, ()),
        ([], ()),
        ({"tags": None}, ()),
        ({"tags": "one"}, ()),
        ({"tags": ["a", 1, None, "b"]}, ("a", "b")),
        ({"colab": {"base_uri": "https://x"}, "outputId": "f00"}, ()),
        ({"vscode": {"languageId": "python"}}, ()),
    ],
)
def test_metadata_may_be_anything(metadata, tags):
    assert parse(notebook(code_cell("x", metadata=metadata))).cells[0].tags == tags


@pytest.mark.parametrize("metadata", [..., None, [], "x", {"kernelspec": None}, {"colab": 3}])
def test_notebook_metadata_may_be_anything(metadata):
    assert parse(notebook(metadata=metadata)).cells


def test_cell_types():
    kinds = ["code", "markdown", "raw", "sql", "heading"]
    got = parse(notebook(*({"cell_type": kind, "source": "x"} for kind in kinds)))
    assert [cell.kind for cell in got.cells] == ["code", "markdown", "raw", "raw", "markdown"]
    assert [cell.number for cell in got.cells] == [1, 2, 3, 4, 5]


def test_a_text_cell_need_not_have_text():
    got = parse(notebook({"cell_type": "markdown", "source": None}, {"cell_type": "sql"}, CODE))
    assert [cell.source for cell in got.cells] == ["", "", "x = 1"]


def test_outputs_may_be_anything():
    data = json.dumps(notebook(code_cell("x", outputs=[float("nan"), {"data": 1e999}, "\ud800"])))
    assert "NaN" in data
    assert parse(data.encode()).cells[0].source == "x"


def test_byte_order_mark():
    assert parse(b"\xef\xbb\xbf" + json.dumps(notebook()).encode()).cells


def test_nul_in_a_text_cell_is_replaced():
    got = parse(notebook({"cell_type": "markdown", "source": "a\0b"}, CODE))
    assert got.cells[0].source == "a\ufffdb"


@pytest.mark.parametrize(
    "metadata",
    [
        {"kernelspec": {"language": "python"}},
        {"kernelspec": {"language": "R"}, "language_info": {"name": "ipython"}},
        {"kernelspec": {"name": "ir"}},
        {"kernelspec": {"language": ""}, "language_info": {"name": 3}},
    ],
)
def test_python_notebooks(metadata):
    assert parse(notebook(metadata=metadata)).cells


def test_a_nul_costs_its_cell_alone():
    read = parse_notebook(json.dumps(notebook(CODE, code_cell("a\0b"))).encode(), "x.ipynb")
    assert read.cells[1].source == "a\ufffdb"
