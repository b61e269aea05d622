#!/usr/bin/env bash
# nbconvert 7.16.4 with mistune 3.1.0, which it asks for as "mistune<4,>=2.0.3".
#
# Guess: versions that pip puts together work together.
# Seen: with mistune 3.1 every Markdown cell raises AttributeError, up to nbconvert 7.16.4. 7.16.5
# is the first that works.
# Why it matters here: pip never upgrades an nbconvert that is there already if that fulfils the
# requirement. So ours is nbconvert>=7.16.5.
# Output seen: 7.16.4 AttributeError 7.16.5 <h1>a</h1>
set -euo pipefail
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
seen=$(for version in 7.16.4 7.16.5; do
  "$work/venv/bin/pip" install --quiet "nbconvert==$version" mistune==3.1.0 >&2
  "$work/venv/bin/python" - << 'PYTHON'
from nbconvert import __version__
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

renderer = IPythonRenderer(exclude_anchor_links=True)
try:
    print(__version__, MarkdownWithMath(renderer=renderer).render("# a").strip())
except AttributeError as error:
    print(__version__, type(error).__name__)
PYTHON
done | tr '\n' ' ')
echo "$seen"
test "$seen" = '7.16.4 AttributeError 7.16.5 <h1>a</h1> '
