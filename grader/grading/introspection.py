"""Finds code that reaches into the interpreter, which it shares with the grader's probes.

Nothing can stop such code inside its own process. No homework needs it, so a note tells a person
where it is; it costs no points by itself. The names are read from the syntax tree, and from strings
that are nothing but such a name. A name that is hidden on purpose is not found.
"""

from __future__ import annotations

import ast
import re
import unicodedata
from typing import TYPE_CHECKING

from grader.notebook import syntax

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.grading.submission import Submission

_FRAMES = "_getframe _current_frames currentframe f_back f_locals f_globals tb_frame gi_frame"
_OBJECTS = "get_objects get_referrers get_referents __subclasses__ __globals__ __closure__ __code__"
_NAMES = frozenset(
    f"{_FRAMES} {_OBJECTS} cr_frame ag_frame cell_contents settrace setprofile _exit".split()
)
_MODULES = frozenset({"ctypes", "_ctypes", "cffi", "grader"})
# A module's key in ``sys.modules``, and Linux's files about this process.
_TEXTS = re.compile(r"grader(\.\w+)+|/proc/(self|thread-self|\d+)/(mem|maps|fd|environ|task)\b.*")
# Functions that take a module's name, or the beginning of one.
_IMPORTERS = frozenset({"__import__", "import_module", "find_spec", "startswith"})
_RUNNERS = frozenset({"exec", "eval", "compile"})
# Only cells that match are parsed and walked through.
_ANY = re.compile("|".join([*map(re.escape, sorted(_NAMES | _MODULES)), "/proc/"]))
_LONGEST = 60
_MOST = 1000
_LONGEST_PROGRAM = 20_000


def reaches_in(submission: Submission) -> list[tuple[str, int, int]]:
    """Return the names that no homework needs, each once, with its first cell and line."""
    suspects = {cell for cell, text in submission.code.cells.items() if _ANY.search(_folded(text))}
    found: dict[str, tuple[int, int]] = {}
    for statement in submission.code.statements:
        if statement.cell in suspects:
            for name, line in _reaching(statement.node):
                found.setdefault(name, (statement.cell, line))
    return [(name, *place) for name, place in found.items()]


def _folded(text: str) -> str:
    """Return a text with its letters normalised as Python normalises those of names."""
    return text if text.isascii() else unicodedata.normalize("NFKC", text)


def _reaching(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Yield the names in a tree that reach in, with their lines."""
    line = getattr(tree, "lineno", 1)
    for node in syntax.walk(tree):
        line = getattr(node, "lineno", line)
        for name in _named(node):
            yield name[:_LONGEST], line


def _named(node: ast.AST) -> Iterator[str]:
    """Yield the names that one node by itself reaches for."""
    if isinstance(node, ast.Attribute) and node.attr in _NAMES:
        owner = f"{node.value.id}." if isinstance(node.value, ast.Name) else ""
        yield f"{owner}{node.attr}"
    elif isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if _is_inside(alias.name))
    elif isinstance(node, ast.ImportFrom) and not node.level:
        if _is_inside(node.module or ""):
            yield node.module or ""
        else:
            yield from (f"{node.module}.{a.name}" for a in node.names if a.name in _NAMES)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        text = node.value
        if len(text) < _MOST and (text in _NAMES or _TEXTS.fullmatch(text)):
            yield text
    elif isinstance(node, ast.Call):
        yield from _called(node)


def _called(call: ast.Call) -> Iterator[str]:
    """Yield the names that a call imports, or runs as text."""
    function = getattr(call.func, "attr", getattr(call.func, "id", None))
    first = call.args[0] if call.args else None
    if not isinstance(first, ast.Constant) or not isinstance(first.value, str):
        return
    if function in _IMPORTERS and first.value.rstrip(".") in _MODULES:
        yield first.value
    elif function in _RUNNERS and (found := _ANY.search(_folded(first.value))):
        if len(first.value) > _LONGEST_PROGRAM:
            yield found[0]
            return
        try:
            yield from (name for name, _ in _reaching(syntax.parse(first.value)))
        except SyntaxError:
            return


def _is_inside(module: str) -> bool:
    return module.partition(".")[0] in _MODULES
