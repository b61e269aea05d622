"""The words that the file of an own check brings for its remarks, and the facts that they name."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from grader.assignment.listed import Words
from grader.decode import DecodingError, decode, suggestion

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from grader.assignment.source_file import SourceFile

# Facts that every remark has.
_ALWAYS = frozenset({"When", "advice", "title", "explanation"})
_BEFORE_FACTS = 3


def words_of(file: SourceFile) -> dict[str, Words]:
    """Return what ``WORDS = {…}`` holds; it is read, not run."""
    for statement, names in file.binds:
        if "WORDS" in names and isinstance(statement, (ast.Assign, ast.AnnAssign)):
            try:
                plain = ast.literal_eval(statement.value) if statement.value else {}
                return decode(dict[str, Words], plain)
            except ValueError:
                hint = "write {'code': {'summary': '…', 'message': '…', 'hint': '…'}}"
                raise file.error(statement.lineno, "WORDS holds more than texts", hint) from None
            except DecodingError as error:
                where = ", ".join(map(str, error.path))
                raise file.error(
                    statement.lineno, f"WORDS: {where}: {error.problem}", error.hint
                ) from None
    return {}


def codes_of(statements: Iterable[ast.stmt]) -> Iterator[tuple[str, int]]:
    """Yield each remark's code with its line."""
    for node, code in _remarks(statements):
        yield code, node.lineno


def _remarks(statements: Iterable[ast.stmt]) -> Iterator[tuple[ast.Call, str]]:
    """Yield each ``Remark("code", …)`` with its code."""
    for node in (node for statement in statements for node in ast.walk(statement)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.args:
            code = node.args[0]
            if node.func.id == "Remark" and isinstance(code, ast.Constant):
                yield node, str(code.value)


def require_facts(
    file: SourceFile, words: Mapping[str, Words], statements: Sequence[ast.stmt]
) -> None:
    """Refuse words that speak of a fact which no remark of their code has: it would read empty."""
    facts: dict[str, set[str] | None] = {}
    for node, code in _remarks(statements):
        here, before = _facts(node), facts.get(code, set())
        facts[code] = None if here is None or before is None else before | here
    for code, said in words.items():
        known = facts.get(code)
        texts = [text for text in (said.summary, said.message, said.why, said.hint) if text]
        for name in [n for text in texts for n in re.findall(r"(?<!{){(\w+)", text)]:
            if known is not None and name not in known | _ALWAYS:
                lines = file.text.split("\n")
                line = next(n for n, text in enumerate(lines, start=1) if f"{{{name}" in text)
                problem = f'no Remark("{code}", facts={{…}}) has the {{{name}}} that its words name'
                raise file.error(line, problem, suggestion(name, known, "its facts are"))


def _facts(remark: ast.Call) -> set[str] | None:
    """Return the names of a remark's facts, ``None`` where its code does not show them."""
    given = next((one.value for one in remark.keywords if one.arg == "facts"), None)
    if given is None:
        hidden = any(one.arg is None for one in remark.keywords) or len(remark.args) > _BEFORE_FACTS
        return None if hidden else set()
    if not isinstance(given, ast.Dict):
        return None
    names = [one.value for one in given.keys if isinstance(one, ast.Constant)]
    return {*map(str, names)} if len(names) == len(given.keys) else None
