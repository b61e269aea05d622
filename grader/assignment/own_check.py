"""A check of an assignment's own: ``checks/KIND.py``, taken apart into what runs where.

The file's ``probe`` and what it uses run in the student's process; everything else, with the
expected values, stays here. Nothing of the file is run to take it apart.
"""

from __future__ import annotations

import ast
import builtins
import symtable
from importlib.util import find_spec
from typing import TYPE_CHECKING

from grader.assignment.model import OwnCheck
from grader.assignment.own_words import codes_of, require_facts, words_of
from grader.assignment.source_file import (
    SourceFile,
    bound,
    first,
    module,
    modules,
)
from grader.assignment.toml_file import shown
from grader.decode import suggestion
from grader.errors import AssignmentError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from grader.assignment.listed import Words
    from grader.assignment.model import Check

# What each function of the file may ask for, by the names of its parameters.
HOOKS = {
    "draw": ("rng", "options"),
    "probe": ("student", "challenge"),
    "judge": ("observed", "expected", "options", "challenge"),
}
# Names of the half that judges: a student's process must know nothing of them.
_TRUSTED = ("draw", "judge", "Options", "WORDS")
_DEFINITIONS = (ast.FunctionDef, ast.ClassDef, ast.Import, ast.ImportFrom, ast.Assign)
_ALLOWED = (*_DEFINITIONS, ast.AnnAssign, ast.Expr)
_TORCH = ("torch", "torchvision")


def own_checks(folder: Path) -> dict[str, OwnCheck]:
    """Return the checks in an assignment's folder ``checks``, by their kind.

    Raises ``AssignmentError``, with file and line, for one that could not work.
    """
    found = {}
    for path in sorted((folder / "checks").glob("*.py")):
        if not path.stem.isidentifier() or path.stem.startswith("_"):
            hint = "a kind's file is called as the kind: checks/my_kind.py"
            raise AssignmentError(f"{shown(path)} cannot be the name of a kind", hint)
        found[path.stem] = _read(path)
    return found


def require_in_use(own: Mapping[str, OwnCheck], checks: Iterable[Check]) -> None:
    """Raise ``AssignmentError`` for a file of a kind that no check is of: its name is misspelt."""
    used = {check.kind for check in checks}
    for kind, one in own.items():
        if kind not in used:
            near = suggestion(kind, used - own.keys())
            hint = (
                near or f'write kind = "{kind}" in a check of assignment.toml, or remove the file'
            )
            raise AssignmentError(f"{one.path} is not used: no check is of the kind {kind}", hint)


def words_in(own: Mapping[str, OwnCheck]) -> dict[str, Words]:
    """Return the words of all of an assignment's own checks, by code."""
    return {code: words for one in own.values() for code, words in one.words.items()}


def _read(path: Path) -> OwnCheck:
    file = SourceFile(path)
    functions = {s.name: s for s in file.tree.body if isinstance(s, ast.FunctionDef)}
    _require_form(file)
    for name in ("draw", "probe"):
        if name not in functions:
            hint = f"write def {name}({', '.join(HOOKS[name])}): …"
            raise file.error(1, f"there is no function {name}", hint)
    hooks = {name: _parameters(file, functions[name]) for name in HOOKS if name in functions}
    inside = file.closure(["probe"])
    for statement in inside:
        for name in bound(statement) & {*_TRUSTED}:
            hint = "the probe runs in the student's process, and sends what it sees to the judge"
            raise file.error(functions["probe"].lineno, f"the probe uses {name}", hint)
    # What neither half uses goes nowhere.
    outside = file.closure([*_TRUSTED, "Observation"])
    future = [s for s in file.tree.body if module(s) == "__future__"]
    halves = {
        "probe": file.half([*future, *inside]),
        "judge": file.half([*future, *outside]),
    }
    for half, text in halves.items():
        _require_names(file, half, text)
    _require_imports(file, inside, outside)
    words = words_of(file)
    require_facts(file, words, outside)
    return OwnCheck(
        name=path.stem,
        # The same from every working folder, as it goes into the digests of answers.
        path="/".join(path.parts[-4:]),
        probe=halves["probe"],
        judge=halves["judge"],
        hooks=hooks,
        words=words,
        codes=dict(codes_of(outside)),
    )


def _require_form(file: SourceFile) -> None:
    """Refuse what is no definition, and two statements that share a line."""
    end = 0
    for number, statement in enumerate(file.tree.body):
        text = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
        if not isinstance(statement, _ALLOWED) or (isinstance(statement, ast.Expr) and not text):
            hint = "imports, constants, functions and classes stand at the left margin"
            raise file.error(statement.lineno, "this would run when the file is read", hint)
        if first(statement) <= end and number:
            raise file.error(
                statement.lineno, "two statements stand on a line", "give each its own"
            )
        end = statement.end_lineno or 0


def _parameters(file: SourceFile, function: ast.FunctionDef) -> tuple[str, ...]:
    known, arguments = HOOKS[function.name], function.args
    names = [one.arg for one in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)]
    names += [f"*{one.arg}" for one in (arguments.vararg, arguments.kwarg) if one is not None]
    for name in names:
        if name not in known:
            hint = suggestion(name, known, f"{function.name} may ask for")
            raise file.error(function.lineno, f'{function.name} gets nothing called "{name}"', hint)
    return tuple(names)


def _require_names(file: SourceFile, half: str, text: str) -> None:
    """Refuse a name that nothing binds: it would fail for the first student."""
    table = symtable.symtable(text, file.path, "exec")
    known = {*vars(builtins), *(one.get_name() for one in table.get_symbols() if one.is_assigned()
             or one.is_imported() or one.is_namespace())}  # fmt: skip
    for scope in _scopes(table):
        for symbol in scope.get_symbols():
            name = symbol.get_name()
            free = symbol.is_global() or scope is table
            if free and symbol.is_referenced() and name not in {*known, "__file__", "__name__"}:
                lines = [
                    node.lineno
                    for node in ast.walk(ast.parse(text))
                    if isinstance(node, ast.Name) and node.id == name
                ]
                here = [one.get_name() for one in scope.get_symbols() if one.is_local()]
                hint = suggestion(name, [*here, *known]) or "import or define it"
                problem = f"the {half} uses {name}, which nothing here defines"
                raise file.error(min(lines, default=scope.get_lineno()), problem, hint)


def _scopes(table: symtable.SymbolTable) -> Iterator[symtable.SymbolTable]:
    yield table
    for child in table.get_children():
        yield from _scopes(child)


def _require_imports(
    file: SourceFile, inside: Iterable[ast.stmt], outside: Iterable[ast.stmt]
) -> None:
    for half, statements in (("probe", inside), ("judge", outside)):
        for node in (node for statement in statements for node in ast.walk(statement)):
            for imported in modules(node):
                root, line = imported.partition(".")[0], getattr(node, "lineno", 1)
                if not root:
                    raise file.error(line, "a check imports no file beside it", "one file a kind")
                if half == "probe" and root == "grader":
                    hint = "it gets all it needs as arguments; what it imports has no answers"
                    raise file.error(line, "the probe imports the grader", hint)
                if half == "judge" and root in _TORCH:
                    hint = "only the probe may: tensors arrive at the judge as NumPy arrays"
                    raise file.error(line, f"the judge imports {root}", hint)
                if find_spec(root) is None:
                    raise file.error(line, f"there is no module {root}", f"pip install {root}?")
