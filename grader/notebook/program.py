"""Puts together what has to run for a part: its own statements and all that they refer to."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.notebook.locate import LocatedPart
    from grader.notebook.roles import Roles
    from grader.notebook.statements import Code, Statement

_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


@dataclass(frozen=True)
class Entry:
    """One statement to run: ``tree.body[pick]`` of a source, and the cell it stands in.

    The failure of a statement that is not the part's ``own`` is forgiven: it may never matter.
    """

    source: str
    cell: int
    pick: int
    own: bool


@dataclass(frozen=True)
class Program:
    """What to run, in order; ``sources`` holds each text once, ``name`` is the part's own name."""

    sources: dict[str, str]
    entries: tuple[Entry, ...]
    name: str
    roles: dict[str, tuple[str, ...]]

    def to_plain(self) -> dict[str, object]:
        """Return the program as the plain data that a worker is sent."""
        return {
            "sources": self.sources,
            "entries": [[e.source, e.cell, e.pick, e.own] for e in self.entries],
            "name": self.name,
            "roles": {role: list(names) for role, names in self.roles.items()},
        }


def build_program(
    code: Code, parts: Sequence[LocatedPart], roles: Roles, provided: Iterable[str]
) -> Program:
    """Return what runs the parts; the names of the ``provided`` roles are not looked up.

    What the parts refer to is followed through the notebook: imports, helpers, constants, and
    what these refer to in turn. Nothing else of the notebook runs: no download, no plot, no
    training that is not asked for. Definitions come in the notebook's order, a loop comes last.
    """
    own = [statement for part in parts for statement in part.statements]
    given = {name for role in provided for name in roles.names(role)}
    support = _support(code, own, given)
    first = [(statement.order, statement, False) for statement in support]
    first += [(s.order, s, True) for s in own if isinstance(s.node, _DEFINITIONS)]
    last = [(s.order, s, True) for s in own if not isinstance(s.node, _DEFINITIONS)]
    sources: dict[str, str] = {}
    keys: dict[tuple[int, str], str] = {}
    entries = []
    for _, statement, mine in sorted(first, key=_order) + sorted(last, key=_order):
        key = keys.setdefault((statement.cell, statement.source), f"{statement.cell}.{len(keys)}")
        sources[key] = statement.source
        entries.append(Entry(key, statement.cell, statement.pick, mine))
    return Program(sources, tuple(entries), parts[0].name, dict(roles.by_role))


def _order(entry: tuple[int, Statement, bool]) -> int:
    return entry[0]


def _support(code: Code, own: Sequence[Statement], given: set[str]) -> list[Statement]:
    """Return the statements that bind what ``own`` needs, in the order they must run in."""
    start = min(statement.order for statement in own)
    mine = {(statement.cell, statement.order) for statement in own}
    chosen: dict[int, Statement] = {}
    bound = {
        name
        for statement in own
        if isinstance(statement.node, _DEFINITIONS)
        for name in statement.binds
    }
    todo = [name for statement in own for name in sorted(statement.needs)]
    seen = set(given) | bound
    for statement in own:
        # A method patched onto the part's class afterwards belongs to the class.
        for patch in code.statements:
            patches = isinstance(patch.node, ast.Assign) and patch.order > statement.order
            if patches and patch.binds & statement.binds & bound and patch.order not in chosen:
                chosen[patch.order] = patch
                todo.extend(sorted(patch.needs))
    # What a star brings along can't be known without running it.
    chosen |= {s.order: s for s in code.statements if _imports_all(s.node)}
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        for statement in _binders(code, name, start):
            if (statement.cell, statement.order) in mine or statement.order in chosen:
                continue
            if statement.binds <= given and not isinstance(statement.node, _DEFINITIONS):
                continue
            chosen[statement.order] = statement
            todo.extend(sorted(statement.needs))
    return [chosen[order] for order in sorted(chosen)]


def _imports_all(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.names[0].name == "*"


def _binders(code: Code, name: str, start: int) -> list[Statement]:
    """Return the statements that give ``name`` its value where the part uses it.

    A definition or an import counts wherever it stands, since a notebook's cells are run in any
    order; a variable has the value from before the part, or else the one from after it.
    """
    binders = [
        statement
        for statement in code.statements
        if name in statement.binds and not isinstance(statement.node, (ast.For, ast.While))
    ]
    plain = [
        s for s in binders if not isinstance(s.node, (*_DEFINITIONS, ast.Import, ast.ImportFrom))
    ]
    fixed = [s for s in binders if isinstance(s.node, (*_DEFINITIONS, ast.Import, ast.ImportFrom))]
    if any(isinstance(s.node, _DEFINITIONS) for s in fixed):
        last = [s for s in fixed if isinstance(s.node, _DEFINITIONS)][-1]
        # What changes a definition afterwards (a method patched on) belongs to it.
        return [last, *(s for s in plain if s.order > last.order)]
    before = [s for s in plain if s.order < start]
    return fixed + (before or plain)
