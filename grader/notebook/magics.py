"""Turns an IPython cell into plain Python, line for line.

What Jupyter would run as Python stays (the body of ``%%time``, the statement of ``%time``); what
goes to a shell, a browser or IPython itself becomes ``pass`` or an empty line. Nothing is run, and
nothing else is repaired: a student's syntax error stays on its line.
"""

from __future__ import annotations

import re

from grader.notebook.scan import START, dedent, enter, is_code, leave
from grader.notebook.syntax import parses

_CELL_MAGIC = re.compile(r"\s*%%(!|\w*)")
_PYTHON_BODY = re.compile(r"capture|debug|[lm]?prun|memit|snakeviz|time|timeit")
_OTHER_BODY = re.compile(
    r"!|R|SVG|HTML|bash|bigquery|cmd|cython|file|html|javascript|js|julia|latex|markdown|mermaid"
    r"|perl|powershell|pypy|python[23]?|ruby|script|sh|shell|spark|sql|svg|sx|system|writefile"
)

# Shell lines and magics; "?x" asks for help; "/f x", ",f x" and ";f x" call f. None of them can
# start a Python statement. "% x" and "/ x" are no magics but the rest of a broken expression. A
# "%%time" below other code is none either: IPython stops there.
_LINE_MAGIC = re.compile(r"\s*(?:!(?!=)|%[^\W\d]|\?{1,2}\s*(?:[\w%*]|$)|[/,;][^\W\d])")
# IPython takes any statement that ends in "name?" for a question about that name.
_HELP = re.compile(r"(?:[^#'\"]*[\w*\]]|\s*[\w.*\[\]'\"]+)\?{1,2}\s*$")
_ASSIGNED = re.compile(r"([^=]+)=\s*(?:!(?!=)|%[^\W\d])")
_LONGEST_TARGET = 1000

# What begins the first line of a session, and what begins any; of Python and of IPython.
_PROMPTS = (
    (re.compile(r">>>(?: |$)"), re.compile(r"(?:>>>|\.\.\.)(?: |$)")),
    (re.compile(r"In \[\d+\]: "), re.compile(r"In \[\d+\]: |\s*\.{3,}: ?")),
)

# Magics that run the statement behind them; their options go, some with a value of their own.
_RUNS_STATEMENT = re.compile(
    r"\s*%(?:time(?:\s+--no-raise-error)?"
    r"|timeit(?:\s+-(?:[nprv]\s+\S+|\w+))*"
    r"|prun(?:\s+-(?:[DTls]\s+\S+|\w+))*"
    r"|(?:[lm]prun|memit)(?:\s+-(?:[fimrt]\s+\S+|\w+))*)(?!\S)\s*"
)
_RETURNS_VALUE = re.compile(r"\s*%time(?:\s+--no-raise-error)?\s+(?=\S)")


def to_python(source: str) -> str:
    """Return the cell as Python text with as many lines, each at its place.

    Text that parses is returned as it is. Otherwise:

    - A cell magic that wraps Python (``%%time``, ``%%capture``) leaves its body, one that does not
      (``%%bash``, ``%%html``, ``%%writefile``) leaves empty lines, and an unknown one leaves its
      body if that is Python.
      One that stands below other code stays, and is no Python. (A comment above it stops IPython,
      too, but no Colab.)
    - A line magic, shell line or question becomes ``pass``, indented as it was, and its backslash
      continuations become empty lines; ``x = !ls`` becomes ``x = None``; ``%time f()`` and
      ``x = %time f()`` lose the magic.
    - Prompts that IPython strips go: ``>>> `` and ``... ``, ``In [1]: `` and ``   ...: ``.
    - A cell that is indented as a whole is moved to the left margin, as IPython does. Columns
      change only then, and on the lines named above. A byte order mark goes.

    Raises nothing: text that is still not Python is returned, and parsing it shows the error.
    """
    if parses(source):
        return source
    lines = _without_prompts(dedent(source.removeprefix("\ufeff")).split("\n"))
    magics, first = _cell_magics(lines)
    if any(_OTHER_BODY.fullmatch(name) for name in magics):
        return "\n" * (len(lines) - 1)
    body = "\n".join(_line_magics(dedent("\n".join(lines[first:])).split("\n")))
    if not (all(_PYTHON_BODY.fullmatch(name) for name in magics) or parses(body)):
        return "\n" * (len(lines) - 1)
    above = ["" if _CELL_MAGIC.match(line) else line for line in lines[:first]]
    return "\n".join([*above, body] if first < len(lines) else above)


def _without_prompts(lines: list[str]) -> list[str]:
    """Return lines without the prompts that IPython strips, from text pasted from a session.

    It looks at the first two lines that are not empty (``PromptStripper`` in IPython 9.18).
    """
    filled = next((n for n, line in enumerate(lines) if line.strip()), 0)
    for first, prompt in _PROMPTS:
        begins = first.match(lines[filled]) or any(
            map(prompt.match, lines[filled + 1 : filled + 2])
        )
        if begins:
            lines = [prompt.sub("", line, count=1) for line in lines]
    return lines


def _cell_magics(lines: list[str]) -> tuple[set[str], int]:
    """Return the names of the magics that head the cell, and the index of the line below them."""
    names = set()
    below = 0
    for index, line in enumerate(lines):
        magic = _CELL_MAGIC.match(line)
        if magic:
            names.add(magic[1])
            below = index + 1
        elif is_code(line):
            break
    return names, below


def _line_magics(lines: list[str]) -> list[str]:
    done = []
    state = START
    dropping = False
    for line in lines:
        python = "" if dropping else line
        state = enter(state, python)
        if not dropping and state.starts_statement:
            python = _without_magic(line)
        # The part of a line that is kept may still end in the backslash that continues it.
        dropping = (dropping or python != line) and line.endswith("\\") and python[-1:] != "\\"
        done.append(python)
        state = leave(state, python)
    return done


def _without_magic(line: str) -> str:
    """Return the first line of a statement as Python; the same text if it holds no magic."""
    indentation = line[: len(line) - len(line.lstrip())]
    if _LINE_MAGIC.match(line):
        return indentation + (_statement_run_by(line) or "pass")
    if _HELP.match(line):
        return indentation + "pass"
    assigned = _ASSIGNED.match(line)
    target = assigned[1].rstrip() if assigned else ""
    if not assigned or "#" in target or len(target) > _LONGEST_TARGET:
        return line
    if not parses(f"{target.lstrip()} = None"):
        return line
    timed = _RETURNS_VALUE.match(line, assigned.end(1) + 1)
    return f"{target} = {line[timed.end() :] if timed else None}"


def _statement_run_by(line: str) -> str:
    """Return the statement that the magics at the start of ``line`` run; empty if none."""
    position = 0
    while found := _RUNS_STATEMENT.match(line, position):
        position = found.end()
    runs_python = position > 0 and not _LINE_MAGIC.match(line, position)
    return line[position:] if runs_python else ""
