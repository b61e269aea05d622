"""Builds the program that runs a part: its own statements and all that they refer to."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from grader.locate.names import dotted, is_setting
from grader.locate.needed import reopens
from grader.locate.remaking import remakes, remaking_methods
from grader.notebook.syntax import DEFINITIONS, FUNCTIONS

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from grader.locate.parts import LocatedPart
    from grader.locate.roles import Roles
    from grader.locate.statements import Code, Statement

_IMPORTS = (ast.Import, ast.ImportFrom)


@dataclass(frozen=True)
class ProgramStatement:
    """One statement to run, and whether it is the part's ``own``.

    The worker goes on when a statement that is not fails: it may never matter.
    """

    statement: Statement
    own: bool


@dataclass(frozen=True)
class Program:
    """What to run, in order; ``name`` is the part's own name, ``reads`` the roles it reads.

    ``renamed`` are the names that parts have here, by those in the solved notebook.

    What a worker is sent says nothing of cells, lines, layout or comments, so that submissions
    that run the same code are the same program. Instead of lines a worker counts the nodes of
    each statement, and ``location`` finds the line that a node stands on in this notebook.
    """

    entries: tuple[ProgramStatement, ...]
    name: str
    roles: dict[str, tuple[str, ...]]
    reads: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)

    def to_plain(self) -> dict[str, object]:
        """Return the program as the plain data that a worker is sent."""
        return {
            "entries": [[*entry.statement.canonical, entry.own] for entry in self.entries],
            "name": self.name,
            "roles": {role: list(names) for role, names in self.roles.items()},
            "reads": list(self.reads),
            **({"renamed": dict(self.renamed)} if self.renamed else {}),
        }

    def location(self, frame: list[int]) -> list[int] | None:
        """Return [cell, line] of a worker's frame: [entry from 0, node in it from 1].

        ``None`` for a frame that this program cannot have given.
        """
        entry, number = (*frame, 0, 0)[:2]
        if not 0 <= entry < len(self.entries):
            return None
        statement = self.entries[entry].statement
        lines = statement.node_lines
        return [statement.cell, lines[number - 1]] if 0 < number <= len(lines) else None


def build_program(
    code: Code,
    parts: Sequence[LocatedPart],
    roles: Roles,
    provided: Iterable[str],
    *,
    together: bool = False,
    beside: Sequence[Statement] = (),
    after: Sequence[Statement] = (),
) -> Program:
    """Return what runs the parts; the names of the ``provided`` roles are not looked up.

    What the parts refer to is followed through the notebook: imports, helpers, constants, and
    what these refer to in turn. Nothing else of the notebook runs: no download, no plot, no
    training that is not asked for. Definitions come in the notebook's order, a loop comes last.
    Where the parts run ``together``, the notebook's own settings of its libraries run too: a part
    that is judged alone is not to blame for what they break. The statements ``beside`` run too,
    though nothing refers to them, and those ``after`` run at the end.
    """
    own = [statement for part in parts for statement in part.statements]
    given = {name for role in provided for name in roles.names(role)}
    named = [part.name for part in parts if part.part.kind == "function"]
    support = _support(code, own, given, (*beside, *after), named, settings=together)
    support = [statement for statement in support if statement not in after]
    first = [ProgramStatement(s, own=False) for s in support]
    first += [ProgramStatement(s, own=True) for s in own if isinstance(s.node, DEFINITIONS)]
    # A function that an assignment makes is there before the loop, as any other definition.
    making = [s for part in parts if part.part.kind == "function" for s in part.statements]
    making = [s for s in making if not isinstance(s.node, DEFINITIONS)]
    first += [ProgramStatement(s, own=False) for s in making]
    loops = [s for s in own if not isinstance(s.node, DEFINITIONS) and s not in making]
    last = [ProgramStatement(s, own=True) for s in loops]
    last += [ProgramStatement(s, own=True) for s in after if s not in own]
    entries = [entry for group in (first, last) for entry in sorted(group, key=_order)]
    defined = [part for part in parts if part.part.kind != "loop"]
    renamed = {part.part.name: part.name for part in defined if part.name != part.part.name}
    reads = roles.read_by(own)
    return Program(tuple(entries), parts[0].name, dict(roles.by_role), reads, renamed)


def _order(entry: ProgramStatement) -> int:
    return entry.statement.order


def _support(
    code: Code,
    own: Sequence[Statement],
    given: set[str],
    beside: Sequence[Statement],
    named: Sequence[str],
    *,
    settings: bool,
) -> list[Statement]:
    """Return what binds the names that ``own`` needs, and ``named`` ones, in running order."""
    end = max(statement.order for statement in own)
    loop = min((s.order for s in own if not isinstance(s.node, DEFINITIONS)), default=None)
    start = min(statement.order for statement in own) if loop is None else loop
    mine = {(statement.cell, statement.order) for statement in own}
    chosen = {s.order: s for s in beside if (s.cell, s.order) not in mine}
    bound = {
        name
        for statement in own
        if isinstance(statement.node, DEFINITIONS)
        for name in statement.binds
    }
    if settings:
        chosen |= {s.order: s for s in code.statements if s.order < end and is_setting(s.node)}
        # A method that gives the model new parameters decides what the optimizer can change.
        methods = remaking_methods(s.node for s in own if isinstance(s.node, ast.ClassDef))
        again = [s for s in code.statements if s.order < end and remakes(s.node, methods)]
        chosen |= {s.order: s for s in again if (s.cell, s.order) not in mine}
    todo = [*named, *(name for s in [*own, *chosen.values()] for name in sorted(s.needs))]
    seen = set(given) | bound
    for statement in own:
        # A method patched onto the part's class afterwards belongs to the class.
        for patch in code.statements:
            if patch.order > statement.order and _patches(patch, statement.binds & bound):
                chosen[patch.order] = patch
                todo.extend(sorted(patch.needs))
    # Only running it would tell which names a star import binds.
    chosen |= {s.order: s for s in code.statements if _imports_all(s.node)}
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        binders = _binders(code, name, start, looped=loop is not None)
        for statement in [*binders, *_changers(code, name, end)]:
            if (statement.cell, statement.order) in mine or statement.order in chosen:
                continue
            known = bool(statement.binds) and statement.binds <= given
            if known and not isinstance(statement.node, DEFINITIONS):
                continue
            chosen[statement.order] = statement
            todo.extend(sorted(statement.needs))
    return [chosen[order] for order in sorted(chosen)]


def _imports_all(node: ast.stmt) -> bool:
    return isinstance(node, ast.ImportFrom) and node.names[0].name == "*"


def _changers(code: Code, name: str, end: int) -> list[Statement]:
    """Return the statements before the part's last that change the object named, in place.

    A frozen layer decides what can be learned, though no name is bound by it.
    """
    return [s for s in code.changers.get(name, ()) if s.order < end]


def _patches(statement: Statement, names: frozenset[str]) -> bool:
    """Say whether a statement changes the object behind one of these names, a class mostly."""
    node = statement.node
    if isinstance(node, ast.Assign):  # of the name itself, or of an attribute
        return bool(statement.binds & names)
    if isinstance(node, ast.ClassDef):
        return node.name in names and reopens(node)
    if isinstance(node, FUNCTIONS):  # @add_to_class(Model)
        return any(_first_argument(decorator) in names for decorator in node.decorator_list)
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        return dotted(node.value.func) == "setattr" and _first_argument(node.value) in names
    return False


def _first_argument(node: ast.expr) -> str:
    return dotted(node.args[0]) if isinstance(node, ast.Call) and node.args else ""


def _binders(code: Code, name: str, start: int, *, looped: bool) -> list[Statement]:
    """Return the statements that give ``name`` its value where the part uses it.

    A loop uses what is bound before it, or else, since cells are run in any order, what is bound
    anywhere. What a definition uses is looked up when it is called: so a definition or an import
    counts wherever it stands, and a variable has the value from before the part, or else the one
    from after it.
    """
    binders = [
        statement
        for statement in code.binders.get(name, ())
        if not isinstance(statement.node, (ast.For, ast.While))
    ]
    if looped:
        binders = [s for s in binders if s.order < start] or binders
    defined = [s for s in binders if isinstance(s.node, DEFINITIONS)]
    imported = [s for s in binders if isinstance(s.node, _IMPORTS)]
    plain = [s for s in binders if not isinstance(s.node, (*DEFINITIONS, *_IMPORTS))]
    if defined:
        # What changes a definition afterwards (a method patched on) belongs to it.
        return [defined[-1], *(s for s in plain if s.order > defined[-1].order)]
    before = [s for s in plain if s.order < start]
    return [*imported, *before] or plain
