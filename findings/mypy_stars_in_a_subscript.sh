#!/usr/bin/env bash
# mypy 2.4.1 takes a tuple with a star, in brackets of its own, for syntax of Python 3.11.
#
# Guess: with python_version = "3.10" mypy reports what Python 3.10 cannot read. `places[(*above, name)]`
# is read by every Python 3; only `places[*above, name]` is new in 3.11.
# Seen: "Star unpack syntax: requires Python 3.11 or newer (current target: Python 3.10)" for both, as
# the same error at a line that Python 3.10.13 runs. Both lines have one and the same tree, so a checker
# that looks at the tree alone cannot tell them apart. A name for the tuple, on a line of its own, is
# accepted.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet mypy==2.4.1

cd "$folder"
cat > old.py <<'PY'
above = ("hw", "kim")
places = {("hw", "kim", "a.ipynb"): 1}
print(places[(*above, "a.ipynb")])
PY
cat > named.py <<'PY'
above = ("hw", "kim")
places = {("hw", "kim", "a.ipynb"): 1}
place = (*above, "a.ipynb")
print(places[place])
PY
test "$("$folder/venv/bin/python" old.py)" = 1
"$folder/venv/bin/python" -c 'import ast; ast.parse(open("old.py").read(), feature_version=(3, 10))'
"$folder/venv/bin/python" - <<'PY'
import ast
import sys

if sys.version_info >= (3, 11):
    assert ast.dump(ast.parse("p[(*a, 1)]")) == ast.dump(ast.parse("p[*a, 1]"))
PY
said=$("$folder/venv/bin/mypy" --python-version 3.10 old.py || true)
echo "$said"
grep -q 'old.py:3: error: Star unpack syntax: requires Python 3.11 or newer' <<< "$said"
"$folder/venv/bin/mypy" --python-version 3.10 named.py
echo "as described"
