"""Reading a notebook: lenient where the grade does not look, one clear error everywhere else."""

from __future__ import annotations

import hashlib
import json

import pytest

from grader.errors import NotebookError
from grader.notebook.read import Cell, Notebook, parse_notebook, read_notebook

CODE = {"cell_type": "code", "source": "x = 1", "metadata": {}, "outputs": []}


def notebook(*cells, **changes):
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": list(cells) or [CODE]}
    return {k: v for k, v in (whole | changes).items() if v is not ...}


def parse(content) -> Notebook:
    data = content if isinstance(content, bytes) else json.dumps(content).encode()
    return parse_notebook(data, "a.ipynb")


def refused(content) -> str:
    """Return what the user reads, which no terminal may obey."""
    with pytest.raises(NotebookError) as caught:
        parse(content)
    text = f"{caught.value.message}\n{caught.value.hint}"
    assert caught.value.hint
    assert text.replace("\n", "").isprintable()
    assert len(text) < 400
    assert caught.value.__cause__ is None
    return text


def code_cell(source, **changes):
    return CODE | {"source": source} | changes


# What is read


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


# Format 3

OLD = {
    "nbformat": 3,
    "nbformat_minor": 0,
    "metadata": {"name": "old"},
    "worksheets": [
        {
            "cells": [
                {"cell_type": "heading", "level": 1, "source": "Hi", "metadata": {}},
                {
                    "cell_type": "code",
                    "language": "python",
                    "input": ["a = 1\n", "b = 2\n"],
                    "outputs": [],
                    "metadata": {},
                    "collapsed": False,
                },
            ]
        },
        {"cells": [{"cell_type": "code", "input": "c = 3"}]},
    ],
}


def test_format_3():
    got = parse(OLD)
    assert got.nbformat == (3, 0)
    assert [(c.number, c.kind, c.source) for c in got.cells] == [
        (1, "markdown", "Hi"),
        (2, "code", "a = 1\nb = 2"),
        (3, "code", "c = 3"),
    ]


def test_format_3_code_is_what_nbformat_converts_it_to():
    nbformat = pytest.importorskip("nbformat")
    old = OLD | {"worksheets": OLD["worksheets"][:1]}
    new = nbformat.reads(json.dumps(old), as_version=4)
    theirs = [cell.source.rstrip("\n") for cell in new.cells if cell.cell_type == "code"]
    assert [cell.source for cell in parse(old).cells if cell.kind == "code"] == theirs


@pytest.mark.parametrize("sheets", [..., None, {}, "x", [None], [{}], [{"cells": 1}], []])
def test_broken_format_3(sheets):
    content = {k: v for k, v in (OLD | {"worksheets": sheets}).items() if v is not ...}
    assert "cells" in refused(content)


# What is no notebook


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b" \n\t ", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
        (b"\0" * 4096, "is empty"),
        (b"\n\n<!DOCTYPE html><html><body>Sign in", "web page"),
        (b"\xef\xbb\xbf<html lang=ko>\xb7\xce\xb1\xd7\xc0\xce", "web page"),
        (b"<!-- saved from url -->", "web page"),
        (b"PK\x03\x04\x14\0", "ZIP"),
        (b"%PDF-1.7", "PDF"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"import torch\nx = {1: 2}\n", "Python script"),
        (b"# -*- comment\n# %%\nx = 1", "Python script"),
        (b"just some words", "no JSON"),
        (b"[1, 2]", "its JSON is a list"),
        (b"17", "its JSON is a number"),
        (b"1.5", "its JSON is a number"),
        (b'"text"', "its JSON is a text"),
        (b"true", "its JSON is true or false"),
        (b"null", "nothing but null"),
        (b"{}", "JSON, but not a notebook"),
        (b'{"name": "left-pad"}', "JSON, but not a notebook"),
        ('{"cells": [], "x": "é"}'.encode("latin-1"), "not UTF-8 text (byte 21 "),
        ('{"cells": []}'.encode("utf-16"), "Save it again as UTF-8"),
        ('{"cells": []}'.encode("utf-16-le"), "Save it again as UTF-8"),
        ('{"cells": []}'.encode("utf-16-be"), "Save it again as UTF-8"),
        ('{"cells": []}'.encode("utf-32"), "Save it again as UTF-8"),
        (b'{"cells": [], "a": tru}', "line 1 is not valid JSON"),
        (b'{\n"cells": [],\n}', "line 3 is not valid JSON"),
        (b"{'cells': []}", "line 1 is not valid JSON"),
        (b'{"cells": []} {}', "not valid JSON"),
        (b'{"a": "tab\there"}', "not valid JSON"),
        (b'{\n<<<<<<< HEAD\n"cells": [],\n=======\n"cells": []\n>>>>>>> x\n}', "conflict (line 2)"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"cells":' + b'{"a":' * 100_000, "nested too deeply"),
        (b'{"nbformat": ' + b"9" * 10_000 + b"}", "10,000 digits"),
        (b'{"nbformat": -' + b"9" * 10_000 + b"}", "digits"),
        (b'{"cells": [], "cells": []}', 'the key "cells" twice'),
        (b'{"a": {"\\u001b[31mx\\u202e": 1, "\\u001b[31mx\\u202e": 2}}', 'key "x\ufffd" twice'),
        (b'{"%s": 1, "%s": 2}' % (b"k" * 9999, b"k" * 9999), "kkk…"),
        (b'{"a": [' + b"[]," * 3_000_001 + b"[]]}", "millions of values"),
        (b'{"a": [' + b"1," * 10_000_001 + b"1]}", "Clear all outputs"),
    ],
    ids=lambda value: repr(value[:24]),
)
def test_files_that_are_no_notebooks(data, says):
    assert says in refused(data)


def test_every_truncation_says_so():
    data = json.dumps(notebook(code_cell("x = {'a': [1]}")), indent=1).encode()
    assert parse(data).cells
    for end in range(1, len(data)):
        assert "is cut off" in refused(data[:end]), data[:end]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (notebook(cells=...), "has no cells"),
        (notebook(cells=None), "has no cells"),
        (notebook(cells={"0": CODE}), "no list"),
        (notebook(cells=[]), "no code cells"),
        (notebook(CODE, "x"), "cell 2 is not a cell"),
        (notebook(CODE, None), "cell 2 is not a cell"),
        (notebook(CODE, {"source": "x"}), "cell 2 does not say whether"),
        (notebook(CODE, code_cell("x", cell_type=3)), "cell 2 does not say whether"),
        (notebook(CODE, code_cell(None)), "cell 2 has no text"),
        (notebook(CODE, code_cell(5)), "cell 2 has no text"),
        (notebook(CODE, code_cell({})), "cell 2 has no text"),
        (notebook(CODE, code_cell(["a", 1])), "cell 2 has no text"),
        (notebook({"cell_type": "code"}), "cell 1 has no text"),
        (notebook({"cell_type": "markdown", "source": "x"}), "it has no code cells"),
        (notebook(code_cell(" \n\t"), code_cell([])), "its code cells are empty"),
        (notebook(*[CODE] * 10_001), "more than 10,000 cells"),
        (notebook(*[code_cell("#" * 1_100_000)] * 2), "more than 500 kB of code"),
        (notebook(code_cell("가" * 700_000)), "more than 500 kB of code"),
        (notebook(nbformat=99), "notebook format 99"),
        (notebook(nbformat=5), "Formats 3 and 4 can"),
        (notebook(nbformat=2), "notebook format 2"),
        (notebook(nbformat=0), "notebook format 0"),
        (notebook(nbformat=-4), "notebook format -4"),
        (notebook(nbformat=10**3999), "notebook format 1000000000000000000…"),
        (notebook(nbformat="4"), "no number"),
        (notebook(nbformat=4.0), "no number"),
        (notebook(nbformat=True), "no number"),
        (notebook(nbformat=None), "no number"),
        (notebook(nbformat=...), 'no format ("nbformat")'),
        (notebook(metadata={"kernelspec": {"language": "R"}}), "a notebook for R, not for Python"),
        (notebook(metadata={"language_info": {"name": "julia\x1b[2J"}}), "for julia, not"),
        (
            notebook(
                metadata={"kernelspec": {"language": "x" * 999}, "language_info": {"name": "R"}}
            ),
            "xxx…, not for Python",
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_notebooks_that_cannot_be_graded(content, says):
    assert says in refused(content)


def variants(value):
    """Yield JSON values that differ from this one in a single place."""
    yield from (None, True, 0, -1.5, "x", "", [], {}, [[]], {"a": {}})
    if isinstance(value, dict):
        for key, old in value.items():
            yield {k: v for k, v in value.items() if k != key}
            yield from (value | {key: new} for new in variants(old))
    if isinstance(value, list):
        for index, old in enumerate(value):
            yield from ([*value[:index], new, *value[index + 1 :]] for new in variants(old))


def outcome(content):
    try:
        return type(parse(content))
    except NotebookError as error:
        return type(error)


def test_whatever_stands_anywhere_there_is_no_other_error():
    whole = notebook(code_cell(["a\n", "b"], id="i", metadata={"tags": ["t"], "id": "m"}))
    whole["metadata"] = {"kernelspec": {"language": "python"}, "language_info": {"name": "python"}}
    for base in (whole, OLD):
        assert {outcome(content) for content in variants(base)} == {Notebook, NotebookError}


def test_a_nul_costs_its_cell_alone():
    read = parse_notebook(json.dumps(notebook(CODE, code_cell("a\0b"))).encode(), "x.ipynb")
    assert read.cells[1].source == "a\ufffdb"
