#!/usr/bin/env bash
# marimo 0.25.2 moves comments to other lines where it renames a name that two cells bind.
#
# Guess: `marimo convert` keeps each cell's text, or numbers the second of two equal names.
# Seen: a top-level name that two cells bind becomes private in both (`answer` → `_answer`). Such a cell
# is written anew from its tree, and the comments are put back by counting, not by what they stand
# beside: a comment that had a line of its own goes to the end of the line before, and those at the
# ends of lines slide to later lines. A cell whose names are its own keeps its text. Where comments
# mark what students have to fill in, the marks then stand at given lines.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet marimo==0.25.2

cd "$folder"
cat > make.py <<'PY'
import json
import sys

LOOP = """for k in range(3):
    # double it
    answer = k * 2
    total = answer
    # tell
    print(total)  # MARK 1
    print(answer)  # MARK 2
    print(k)"""
other = sys.argv[1]
cells = [
    {"cell_type": "code", "id": f"c{n}", "metadata": {}, "outputs": [], "execution_count": None,
     "source": source}
    for n, source in enumerate([LOOP, f"{other} = 5\nprint({other})"])
]
json.dump({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}, sys.stdout)
PY
for other in answer result; do
  "$folder/venv/bin/python" make.py "$other" > "$other.ipynb"
  "$folder/venv/bin/marimo" convert "$other.ipynb" > "$other.py"
  echo "== the second cell binds $other"
  grep -E '^    .*(answer|MARK|tell|double|print)' "$other.py"
done

# Nothing is bound twice: each mark stands where it stood.
grep -q 'print(total)  # MARK 1$' result.py
grep -q 'print(answer)  # MARK 2$' result.py
# The name is private now, and no mark stands where it stood.
grep -q '_answer = k \* 2' answer.py
if grep -qE 'print\(total\)  # MARK 1|print\(_answer\)  # MARK 2' answer.py; then
  echo "the marks stand where they stood: this has changed" >&2
  exit 1
fi
grep -q '# MARK 1' answer.py
echo "as described"
