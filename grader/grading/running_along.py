"""Finds what else of a notebook has to run for a check whose program does not refer to it."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from grader.locate.names import dotted
from grader.notebook.syntax import DEFINITIONS, walk

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from grader.assignment import Assignment, Check
    from grader.locate.parts import LocatedPart
    from grader.locate.program import Program
    from grader.locate.roles import Roles
    from grader.locate.statements import Code, Statement

# The options of a check that name what the judge's own model has.
_OF_THE_MODEL = ("interface", "layers", "no_ops", "resets")
_HOOKS = frozenset(
    {"register_forward_hook", "register_forward_pre_hook", "register_post_accumulate_grad_hook"}
)
# Methods of a model that change nothing in it.
_READING = frozenset({"eval", "train", "state_dict", "forward", "named_parameters", "modules"})
# By these a class may lay images out as rows in its ``forward``.
_LAYING_OUT = frozenset({"flatten", "Flatten", "ravel", "rearrange", "reshape", "squeeze", "view"})
# What says how a loss is reduced; PyTorch's older ways among it.
_REDUCTIONS = frozenset({"reduce", "reduction", "size_average"})
# What hands each item out once.
_ONCE = frozenset({"enumerate", "filter", "iter", "map", "zip"})
_LOADERS = ("train_batches", "test_batches")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def names_read(program: Program, names: Iterable[str]) -> set[str]:
    """Return which of some names a program reads."""
    return {name for entry in program.entries for name in entry.statement.needs} & set(names)


def makers_of_unused(
    code: Code, roles: Roles, program: Program, single: frozenset[str]
) -> tuple[Statement, ...]:
    """Return what makes an object that the program makes no step with, to see which one it is."""
    used = {
        node.attr
        for entry in program.entries
        for node in walk(entry.statement.node)
        if isinstance(node, ast.Attribute)
    }
    if "step" in used:
        return ()
    names = [name for role in sorted(single) for name in roles.names(role)]
    return tuple(s for name in names for s in code.binders.get(name, ())[-1:])


def lenders(
    parts: Mapping[str, LocatedPart], check: Check, program: Program, assignment: Assignment
) -> tuple[Statement, ...]:
    """Return the classes that have an attribute which a program uses and the judge's model lacks.

    A loop is observed on the judge's model, which does not have the ``M.predict(x)`` or
    ``M.device`` that a student may have added to the class. The class then runs along, and the
    judge's model borrows the attribute from it. A class that may lay images out by itself runs
    along as well.
    """
    classes = [
        statement
        for role in assignment.roles
        if role.part in parts and role.part not in check.parts
        for statement in parts[role.part].statements
    ]
    used = {
        node.attr
        for entry in program.entries
        for node in walk(entry.statement.node)
        if isinstance(node, ast.Attribute)
    }
    named = (name for option in _OF_THE_MODEL for name in check.options.get(option, ()))
    known = {"forward", *named}
    shown = "input_blank" in check.options  # what the model is given is judged
    return tuple(
        s for s in classes if (_attributes(s.node) & used) - known or (shown and _lays_out(s.node))
    )


def reduced(code: Code, roles: Roles, program: Program) -> tuple[Statement, ...]:
    """Return what makes the notebook's own loss, where it says whether that is a mean."""
    names = set(roles.names("loss"))
    end = max((entry.statement.order for entry in program.entries if entry.own), default=0)
    return tuple(
        statement
        for statement in code.statements
        if statement.order < end
        and (statement.binds | statement.changes) & names
        and any(
            (isinstance(node, ast.keyword) and node.arg in _REDUCTIONS)
            or (isinstance(node, ast.Attribute) and node.attr in _REDUCTIONS)
            for node in walk(statement.node)
        )
    )


def hooked(code: Code, roles: Roles, program: Program) -> tuple[Statement, ...]:
    """Return what hangs hooks on the notebook's model, or saves it, before a program's loop.

    What hooks keep of a forward pass may be a part of the loss; what is saved may be loaded.
    """
    names = set(roles.names("model"))
    used = (walk(entry.statement.node) for entry in program.entries if entry.own)
    loads = any(getattr(node, "attr", "") == "load" for nodes in used for node in nodes)
    wanted = _HOOKS | ({"save"} if loads else set())
    end = max((entry.statement.order for entry in program.entries if entry.own), default=0)
    return tuple(
        statement
        for statement in code.statements
        if statement.order < end
        and statement.needs & names
        and not isinstance(statement.node, DEFINITIONS)
        and any(
            isinstance(node, ast.Attribute) and node.attr in wanted for node in walk(statement.node)
        )
    )


def wrappers(code: Code, roles: Roles, program: Program) -> tuple[Statement, ...]:
    """Return what puts a class of the notebook around the loaders, under the names that they had.

    It may move each batch to the device, or lay its images out as rows. So may a loader of tensors
    into which all images were read. What hands each batch out once leaves none for a second epoch.
    """
    names = {name for role in _LOADERS for name in roles.names(role)}
    classes = {s.node.name for s in code.statements if isinstance(s.node, ast.ClassDef)}
    end = max((entry.statement.order for entry in program.entries if entry.own), default=0)
    return tuple(
        statement
        for statement in code.statements
        if isinstance(statement.node, ast.Assign)
        and statement.order < end
        and statement.binds & names
        and (called := _called(statement.node.value))
        and (
            (statement.needs & statement.binds and called & (classes | _ONCE))
            or _of_tensors(statement, code)
        )
    )


def _called(value: ast.expr) -> set[str]:
    """Return the names of what is called for a value, or for each of several."""
    values = value.elts if isinstance(value, ast.Tuple) else [value]
    made = {"iter"} if any(isinstance(one, ast.GeneratorExp) for one in values) else set()
    return made | {dotted(one.func) for one in values if isinstance(one, ast.Call)}


def _of_tensors(statement: Statement, code: Code) -> bool:
    """Whether a statement constructs something of a data set of tensors."""
    made = [statement, *(s for name in statement.needs for s in code.binders.get(name, ()))]
    return any(
        isinstance(node, ast.Call) and dotted(node.func).endswith("TensorDataset")
        for one in made
        if not isinstance(one.node, DEFINITIONS)
        for node in walk(one.node)
    )


def followers(code: Code, parts: Sequence[LocatedPart], roles: Roles) -> tuple[Statement, ...]:
    """Return what the loop's cell does to the notebook's model after the loop.

    A model that is set anew, or loaded from before, has lost what it learned.
    """
    loops = [part for part in parts if part.part.kind == "loop"]
    own = [s for part in loops for s in part.statements if not isinstance(s.node, DEFINITIONS)]
    if not own:
        return ()
    last, names = max(own, key=lambda s: s.order), set(roles.names("model"))
    tail = [s for s in code.statements if s.cell == last.cell and s.order > last.order]
    found: list[Statement] = []
    for statement in reversed(tail):
        needed = {name for one in found for name in one.needs}
        sets = statement.binds & (names | needed) or _sets(statement.node, names)
        sets = sets or _has_set(statement.node, names, code)
        saves = found and any(getattr(node, "attr", "") == "save" for node in walk(statement.node))
        if (sets or saves) and not isinstance(statement.node, DEFINITIONS):
            found.append(statement)
    return tuple(reversed(found))


def _sets(node: ast.stmt, names: set[str]) -> bool:
    """Whether a statement may change the object behind a name: by a method, or in place."""
    for part in walk(node):
        target = part.func if isinstance(part, ast.Call) else part
        stores = isinstance(getattr(part, "ctx", None), ast.Store)
        if isinstance(target, ast.Attribute) and (isinstance(part, ast.Call) or stores):
            root = dotted(target).partition(".")[0]
            if root in names and target.attr not in _READING:
                return True
    return False


def _lays_out(node: ast.stmt) -> bool:
    names = {getattr(part, "attr", getattr(part, "id", "")) for part in walk(node)}
    return bool(names & _LAYING_OUT)


def _has_set(node: ast.stmt, names: set[str], code: Code) -> bool:
    """Whether a statement calls a function of the notebook's that may change such an object."""
    for call in (part for part in walk(node) if isinstance(part, ast.Call)):
        for function in (s.node for s in code.binders.get(dotted(call.func), ())):
            if isinstance(function, _FUNCTIONS):
                parameters = [argument.arg for argument in function.args.args]
                pairs = dict(zip(parameters, call.args, strict=False))
                pairs |= {k.arg: k.value for k in call.keywords if k.arg}
                given = {name for name, value in pairs.items() if dotted(value) in names}
                if _sets(function, given | (names - set(parameters))):
                    return True
    return False


def _attributes(node: ast.stmt) -> set[str]:
    """Return the names of a class's methods and attributes, special methods aside."""
    if not isinstance(node, ast.ClassDef):
        return set()
    names = {part.name for part in node.body if isinstance(part, _FUNCTIONS)}
    for statement in node.body:
        if isinstance(statement, ast.Assign):
            names |= {target.id for target in statement.targets if isinstance(target, ast.Name)}
    for part in walk(node):
        if isinstance(part, ast.Attribute) and isinstance(part.ctx, ast.Store):
            names.add(part.attr)
    return {name for name in names if not name.startswith("__")}
