#!/usr/bin/env bash
# IPython 9.18.1 runs nothing of a cell whose %%time stands below a comment.
#
# Guess: a comment above a cell magic is skipped, as an empty line is.
# Seen: below empty lines %%time is the cell's magic and the cell runs. Below a comment it is taken for
# a line magic that does not exist: "UsageError: Line magic function `%%time` not found.", and no
# statement below it runs, so the name that the cell was to bind is missing in the next one. The error
# is printed, and none is raised that a caller of run_cell would see as an exception of the code.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet ipython==9.18.1

cd "$folder"
IPYTHONDIR="$folder" "$folder/venv/bin/python" - <<'PY'
import contextlib
import io

from IPython.core.interactiveshell import InteractiveShell

shell = InteractiveShell.instance()


def run(cell):
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        shell.run_cell(cell)
    return said.getvalue()


above_nothing = run("\n\n%%time\nfirst = 1")
below_a_comment = run("# the training\n%%time\nsecond = 2")
print(below_a_comment)
assert "UsageError" not in above_nothing, above_nothing
assert shell.user_ns.get("first") == 1
assert "Line magic function `%%time` not found" in below_a_comment
assert "second" not in shell.user_ns
print("as described")
PY
