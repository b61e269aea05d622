#!/usr/bin/env bash
# otter-grader 7.0.0: what `otter assign` leaves of a line that is marked "# SOLUTION".
#
# Guess: the value behind the "=" becomes "...", whatever is assigned to, and a marked line that opens a
# block either goes with its block or is refused; a student's notebook is Python either way.
# Seen: `a = b = 7` keeps only `a = ...`, so `b` is gone; `n: int = 5` becomes a bare `...`, so `n` is
# gone; `if x == y:` becomes `...` while its indented block stays, and the student's notebook does not
# parse. The command says nothing of it and ends with 0.
# Why it matters here: a template must be parsed before it is handed out, whoever builds it.
# Output seen: status 0, then `a = ...`, `...`, `c = ...`, `...`, `    d = 1`, then IndentationError
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet otter-grader==7.0.0
cd "$work"
"$work/venv/bin/python" - << 'PYTHON'
import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_raw_cell

solved = """a = b = 7  # SOLUTION
n: int = 5  # SOLUTION
c = 3  # SOLUTION
if a == b:  # SOLUTION
    d = 1"""
notebook = new_notebook(metadata={
    "kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"},
})
notebook.cells = [
    new_raw_cell("# ASSIGNMENT CONFIG\ninit_cell: false\nexport_cell: false"),
    new_raw_cell("# BEGIN QUESTION\nname: q1"),
    new_markdown_cell("Fill in the blanks."),
    new_raw_cell("# BEGIN SOLUTION"),
    new_code_cell(solved),
    new_raw_cell("# END SOLUTION"),
    new_raw_cell("# BEGIN TESTS"),
    new_code_cell("assert True"),
    new_raw_cell("# END TESTS"),
    new_raw_cell("# END QUESTION"),
]
nbformat.write(notebook, "homework.ipynb")
PYTHON
status=0
PATH="$work/venv/bin:$PATH" otter assign --no-run-tests homework.ipynb out > assign.log 2>&1 || status=$?
seen=$("$work/venv/bin/python" - "$status" << 'PYTHON'
import ast
import sys

import nbformat

student = nbformat.read("out/student/homework.ipynb", 4)
text = next(cell.source for cell in student.cells if cell.source.startswith("a ="))
print("status", sys.argv[1], text.rstrip().split("\n"), end=" ")
try:
    ast.parse(text)
except SyntaxError as error:
    print(type(error).__name__)
PYTHON
)
echo "$seen"
test "$seen" = "status 0 ['a = ...', '...', 'c = ...', '...', '    d = 1'] IndentationError"
