#!/usr/bin/env bash
# nbformat 5.11.1: what reading a notebook does to cells without an id, and to what is invalid.
#
# Guess: reads() with NO_CONVERT gives what the file holds; it raises ValidationError for an invalid
# notebook, or for JSON that is none; new_code_cell() costs no more than the dict that it returns.
# Seen: a cell of format 4.5 without an id gets a random one, another at each reading. An invalid
# notebook is returned, and the error only logged. A list raises AttributeError, a cell that is a
# number TypeError. new_code_cell() validates: some hundred times as slow as from_dict().
# Why it matters here: a template read so is never the same twice; and files of strangers need more
# than ValidationError caught. We read with nbformat.reader, fill ids in by position, then validate.
# Output seen: False True AttributeError TypeError True
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet nbformat==5.11.1
seen=$("$work/venv/bin/python" -W ignore - << 'PYTHON' 2> /dev/null
import json
from timeit import timeit

import nbformat

whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}}


def read(*cells, text=None):
    return nbformat.reads(text or json.dumps({**whole, "cells": cells}), nbformat.NO_CONVERT)


def error(**kw):
    try:
        read(*kw.pop("cells", ()), **kw)
    except Exception as caught:
        return type(caught).__name__


plain = {"cell_type": "markdown", "metadata": {}, "source": ""}
same = read(plain).cells[0].id == read(plain).cells[0].id
invalid = {"cell_type": "code", "id": "a", "metadata": {}, "source": ""}  # no outputs
returned = read(invalid).cells == [invalid]
made = timeit(lambda: nbformat.v4.new_code_cell("x"), number=200)
plainly = timeit(lambda: nbformat.from_dict({**invalid, "outputs": []}), number=200)
print(same, returned, error(text="[]"), error(cells=[1]), made > 20 * plainly)
PYTHON
)
echo "$seen"
test "$seen" = "False True AttributeError TypeError True"
