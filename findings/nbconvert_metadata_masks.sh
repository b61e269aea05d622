#!/usr/bin/env bash
# nbconvert 7.17.2: what ClearMetadataPreprocessor keeps of nested metadata, and where it looks.
#
# Guess: a mask of tuples keeps each of these paths, here two values of language_info; a tuple of
# three names keeps one value; and "cell metadata" are those of all cells.
# Seen: of two tuples with the same first name one is kept, and which one depends on PYTHONHASHSEED.
# A tuple of three keeps the whole table below its second name. Markdown cells keep all they have.
# The notebook that was given is changed.
# Why it matters here: a template built so would differ from run to run, and keep what an editor
# left in its texts. We keep whole names only, write language_info ourselves, and clear text cells.
# Output seen: file_extension name {'a': {'b': {'c': 1, 'd': 2}}} {'secret': 1} {}
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet nbconvert==7.17.2 nbformat==5.11.1
cat > "$work/masks.py" << 'PYTHON'
import sys

from nbconvert.preprocessors import ClearMetadataPreprocessor
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

info = {"name": "python", "file_extension": ".py", "version": "3"}


def cleared(mask):
    cells = [new(source="", metadata={"secret": 1}) for new in (new_markdown_cell, new_code_cell)]
    given = new_notebook(
        cells=cells, metadata={"language_info": dict(info), "a": {"b": {"c": 1, "d": 2}}}
    )
    notebook, _ = ClearMetadataPreprocessor(preserve_nb_metadata_mask=mask).preprocess(given, {})
    assert notebook is given
    return notebook


if sys.argv[1] == "two":
    two = cleared({("language_info", "name"), ("language_info", "file_extension")})
    print(*two.metadata.language_info)
else:
    text, code = cleared({"a"}).cells
    three = cleared({("a", "b", "c")})
    print(dict(three.metadata), dict(text.metadata), dict(code.metadata))
PYTHON
seen=$(for seed in 1 2 3 4 5 6 7 8; do
  PYTHONHASHSEED=$seed "$work/venv/bin/python" "$work/masks.py" two
done | sort -u | tr '\n' ' ')
seen="$seen$("$work/venv/bin/python" "$work/masks.py" rest)"
echo "$seen"
test "$seen" = "file_extension name {'a': {'b': {'c': 1, 'd': 2}}} {'secret': 1} {}"
