"""Cuts Python text that may not parse into blocks, by the strings and brackets open at each line.

``tokenize`` stops at the first error, and a broken cell has one. Two rules keep one mistake from
swallowing the rest of a cell:

- A single-quoted string ends with its line, closed or not. A triple-quoted one does not: without
  its end the rest of the cell is string, as it is for Python.
- An open bracket counts as closed at a line that cannot stand inside brackets: one that starts
  with a statement's keyword, assigns to an attribute, or puts a name right behind a value.

Lines are what LF separates (``Cell.source`` has no other line ends), numbered from 1.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_MARK = re.compile(r"'''|\"\"\"|['\"#()\[\]{}]")
_STRING_END = {quote: re.compile(rf"\\(?:.|$)|{quote}") for quote in ("'''", '"""', "'", '"')}
_INDENT = re.compile(r"[ \t\f]*")

_STATEMENT = re.compile(
    r"(?:async\s+)?(?:def|class|while|with)\b"
    r"|(?:import|return|raise|assert|del|global|nonlocal|pass|break|continue)\b"
    r"|(?:try|finally|else)\s*:|(?:except|elif)\b|from\s+[\w.]+\s+import\b"
)
_HEADER = re.compile(r"(?:async\s+)?(?:for|if)\b")
_DECORATOR = re.compile(r"@[^\W\d]")
_OPERATION = r"(?:[-+*/%@&|^]|//|\*\*|<<|>>)"
_ASSIGNMENT = re.compile(
    rf"[^\W\d]\w*(?:(?:\.\w+|\[[^\]]*\])+\s*{_OPERATION}?|\s*{_OPERATION})=(?!=)"
)
_WORD = re.compile(r"([^\W\d]\w*)(?!\w)(?!['\"])")
_LAST_WORD = re.compile(r"\w+\Z")
# Words that join two values: inside brackets a line may end before or after one of them.
_JOINER = re.compile(r"and|as(?:ync)?|await|else|for|from|if|i[ns]|lambda|not|or|yield")


@dataclass(frozen=True)
class LineState:
    """What is open where a line begins."""

    depth: int = 0  # brackets
    quote: str = ""  # the quote of the string the line begins in
    continued: bool = False  # by a backslash
    after_value: bool = False  # the code before ended with a name, a number, a string or ")"

    @property
    def starts_statement(self) -> bool:
        """Whether nothing is open, so that the line's text is a statement's first."""
        return not (self.depth or self.quote or self.continued)


START = LineState()


def line_states(source: str) -> list[LineState]:
    """Return one state a physical line, in time linear in the text's length."""
    states = []
    state = START
    for line in source.split("\n"):
        state = enter(state, line)
        states.append(state)
        state = leave(state, line)
    return states


def enter(state: LineState, line: str) -> LineState:
    """Return the state at the start of ``line``, where open brackets may turn out to be closed."""
    if state.depth and not state.quote and _cannot_be_inside_brackets(state, line):
        return START
    return state


def leave(state: LineState, line: str) -> LineState:
    """Return the state behind ``line``, given the state that ``enter`` returned for it."""
    depth, quote, value = state.depth, state.quote, state.after_value
    position = 0
    while True:
        if quote:
            found = _STRING_END[quote].search(line, position)
            if found is None or found[0] == "\\":
                # Only a backslash continues a single-quoted string on the next line.
                goes_on = len(quote) > 1 or found is not None
                return LineState(depth, quote if goes_on else "", after_value=not goes_on)
            position = found.end()
            if found[0] == quote:
                quote, value = "", True
            continue
        found = _MARK.search(line, position)
        code = line[position : found.start() if found else len(line)].strip()
        value = _ends_value(code) if code else value
        if found is None or found[0] == "#":
            return LineState(depth, "", found is None and line.endswith("\\"), value)
        position = found.end()
        if found[0] in "([{":
            depth, value = depth + 1, False
        elif found[0] in ")]}":
            depth, value = max(depth - 1, 0), True
        else:
            quote = found[0]


def indent(line: str) -> str:
    """Return the white space that indents ``line``; Python counts from the last form feed."""
    return _leading(line).rpartition("\f")[2]


def is_code(line: str) -> bool:
    """Say whether a line that begins outside strings holds more than white space and a comment."""
    text = line.strip()
    return bool(text) and not text.startswith("#")


def dedent(source: str) -> str:
    """Return the text without the indentation of its first line of code, line for line.

    As in IPython, every line that starts with that white space loses it, also inside strings;
    other lines stay. Line numbers stay the same.
    """
    lines = source.split("\n")
    margin = next((_leading(line) for line in lines if is_code(line)), "")
    if not margin:
        return source
    return "\n".join(line.removeprefix(margin) for line in lines)


def _leading(line: str) -> str:
    found = _INDENT.match(line)
    return found[0] if found else ""


def _cannot_be_inside_brackets(state: LineState, line: str) -> bool:
    text = line[len(_leading(line)) :]
    if _STATEMENT.match(text) or _ASSIGNMENT.match(text):
        return True
    if _HEADER.match(text):
        # A comprehension's "for" ends in a colon only behind a bracket that it closes.
        code = text.partition("#")[0].rstrip()
        closed = sum(map(code.count, ")]}")) - sum(map(code.count, "([{"))
        return code.endswith(":") and closed <= 0
    if not indent(line) and _DECORATOR.match(text):
        return True
    word = _WORD.match(text)
    return state.after_value and word is not None and not _JOINER.fullmatch(word[1])


def _ends_value(code: str) -> bool:
    # No keyword is longer than six letters, so eight characters tell one from a longer name.
    word = _LAST_WORD.search(code[-8:])
    return word is not None and not _JOINER.fullmatch(word[0])


_CLAUSE = re.compile(r"(?:else|elif|except|finally)\b")
_TAKES_CLAUSES = re.compile(r"(?:async\s+)?(?:if|for|while|try)\b")
# Blanks that come with copied text, and that Python does not take for any.
_BLANKS = frozenset("\u00a0\u2002\u2003\u2009\u200b\u202f\u3000\ufeff")
_DECORATED = re.compile(r"@|(?:async\s+)?def\b|class\b")


def top_level_blocks(source: str) -> list[tuple[int, int]]:
    """Cut a cell into its top-level statements: first and last line of each, both counted.

    Every line of code lies in exactly one block, so that each block can be parsed alone and one
    mistake costs one block. Decorators and clauses (``else``, ``except``) belong to their
    statement, a stray closing bracket to the one before; comments belong to a block only when they
    are indented or lie inside it. The text must be Python (see ``to_python``): shell lines would
    be misread. A cell that is indented as a whole is cut as ``dedent`` leaves it.
    """
    source = dedent(source.removeprefix("\ufeff"))
    blocks: list[tuple[int, int]] = []
    head = ""
    decorator = False
    for number, (line, state) in enumerate(
        zip(source.split("\n"), line_states(source), strict=True), 1
    ):
        indented = bool(indent(line)) or line[:1] in _BLANKS
        if not state.quote and not is_code(line) and not (indented and line.strip()):
            continue
        text = line.strip()
        top = state.starts_statement and is_code(line) and not indented
        joins = (
            text[:1] in ")]}"
            or (_CLAUSE.match(text) and _TAKES_CLAUSES.match(head))
            or (decorator and _DECORATED.match(text))
        )
        if top and not (blocks and joins):
            blocks.append((number, number))
            head = text
        elif blocks:
            blocks[-1] = (blocks[-1][0], number)
        elif is_code(line):
            blocks.append((number, number))
        if top:
            decorator = text.startswith("@")
    return blocks
