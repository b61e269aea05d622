#!/usr/bin/env bash
# testbook 0.4.2: what a function of a notebook returns, as a test of that notebook sees it.
#
# Guess: plain values come through JSON, so a tuple becomes a list and everything else stays.
# Seen: NaN comes as the text "nan" (so math.isnan raises TypeError, and a comparison with a
# threshold too), a dict with numbers as keys has texts as keys, a tuple is a list and equals no
# tuple, and a list that is handed in is not the one that the function changes.
# Why it matters here: an evaluation that returns NaN is a frequent mistake, and a test written
# for it fails with an error about types.
# Output seen: ['nan', {'1': 2}, [1, 2], [1]]
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet testbook==0.4.2 ipykernel==7.1.0 nbformat==5.11.1
cd "$work"
seen=$("$work/venv/bin/python" - << 'PYTHON' 2> /dev/null
import nbformat
from nbformat.v4 import new_code_cell, new_notebook
from testbook import testbook

notebook = new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
notebook.cells = [new_code_cell("""def accuracy():
    return float("nan")
def counts():
    return {1: 2}
def shape():
    return (1, 2)
def extend(values):
    values.append(9)""")]
nbformat.write(notebook, "homework.ipynb")
with testbook("homework.ipynb", execute=True) as book:
    mine = [1]
    book.get("extend")(mine)
    print([book.get("accuracy")(), dict(book.get("counts")()), book.get("shape")(), mine])
PYTHON
)
echo "$seen"
test "$seen" = "['nan', {'1': 2}, [1, 2], [1]]"
