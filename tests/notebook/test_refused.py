"""What is no notebook, or cannot be graded, is refused in one clear sentence."""

from __future__ import annotations

import json

import pytest

from grader.errors import NotebookError
from grader.notebook.read import Notebook
from tests.notebook.raw import CODE, FORMAT_3, code_cell, notebook, parse, refused


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
        (notebook(metadata={"language_info": {"name": "julia\x1b[2J"}}), 'for "julia", not'),
        (
            notebook(
                metadata={"kernelspec": {"language": "x" * 999}, "language_info": {"name": "R"}}
            ),
            'xxx…", not for Python',
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
    for base in (whole, FORMAT_3):
        assert {outcome(content) for content in variants(base)} == {Notebook, NotebookError}
