"""Notebooks as JSON, and what reading them gives or says."""

from __future__ import annotations

import json

import pytest

from grader.errors import NotebookError
from grader.notebook.read import Notebook, parse_notebook

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


FORMAT_3 = {
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
