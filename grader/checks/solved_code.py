"""What a check's options say of the solved notebook's code, compared with that code.

Each function yields an error, with its path below the check, for what the code contradicts. What
only a run would show, such as a function that takes any arguments, is not looked at.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from grader.assignment.entries import unknown
from grader.decode import DecodingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.assignment import Check


_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)


def call_misfits(check: Check, code: Mapping[str, ast.AST]) -> Iterator[DecodingError]:
    """Compare ``arguments`` and ``outputs`` with the function of the check's first part."""
    function = code.get(check.parts[0]) if check.parts else None
    if not isinstance(function, _FUNCTIONS):
        return
    if "arguments" in check.options:
        names = [str(argument.get("name", "")) for argument in check.options["arguments"]]
        yield from takes(function, names, ("arguments",))
    outputs = len(check.options.get("outputs", ()))
    for node in ast.walk(function):
        given = node.value if isinstance(node, ast.Return) else None
        if isinstance(given, ast.Tuple) and len(given.elts) != outputs > 0:
            problem = f"{function.name} returns {len(given.elts)} values, and {outputs} are listed"
            yield DecodingError(problem, "list each, in its order", ("outputs",))
            return


def takes(
    function: ast.FunctionDef | ast.AsyncFunctionDef, names: Sequence[str], path: tuple[str, ...]
) -> Iterator[DecodingError]:
    """Compare arguments, which are passed by their place, with those of a function."""
    given = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
    least = len(given) - len(function.args.defaults)
    signature = f"{function.name}({', '.join(given)})"
    if len(names) < least or (len(names) > len(given) and function.args.vararg is None):
        problem = f"{len(names)} are listed, and the solved notebook has {signature}"
        yield DecodingError(problem, "list each argument, in the function's order", path)
    elif sorted(names) == sorted(given[: len(names)]) and names != given[: len(names)]:
        problem = f"they are in another order than in the solved notebook's {signature}"
        yield DecodingError(problem, "list them in the function's order", path)


def named_function(
    check: Check, option: str, code: Mapping[str, ast.AST]
) -> Iterator[DecodingError]:
    """Compare an option with a ``name`` and ``arguments`` with the functions of all parts."""
    named: Mapping[str, Any] = check.options[option]
    functions = {one.name: one for one in code.values() if isinstance(one, _FUNCTIONS)}
    function = functions.get(named["name"])
    if function is None:
        yield unknown("function", named["name"], functions, (option, "name"))
    else:
        yield from takes(function, named["arguments"], (option, "arguments"))


def layer_misfits(check: Check, code: Mapping[str, ast.AST]) -> Iterator[DecodingError]:
    """Compare ``layers``, names or tables with a ``name``, with what the class keeps on self."""
    part = check.parts[0] if check.parts else ""
    if not isinstance(code.get(part), ast.ClassDef):
        return
    kept = kept_on_self(code[part])
    for place, layer in enumerate(check.options.get("layers", ())):
        name = layer if isinstance(layer, str) else layer["name"]
        if name.split(".")[0] not in kept:
            path = ("layers", place) if isinstance(layer, str) else ("layers", place, "name")
            yield unknown("layer", name, kept, path)


def kept_on_self(node: ast.AST) -> list[str]:
    """Return the attributes that a class's methods set, in their order."""
    stored = (n for n in ast.walk(node) if isinstance(n, ast.Attribute))
    return list(
        dict.fromkeys(
            n.attr
            for n in stored
            if isinstance(n.ctx, ast.Store) and isinstance(n.value, ast.Name)
            if n.value.id == "self"
        )
    )


def method_of(node: ast.AST | None, name: str) -> ast.FunctionDef | None:
    """Return a method that a class defines itself."""
    body = node.body if isinstance(node, ast.ClassDef) else []
    return next((n for n in body if isinstance(n, ast.FunctionDef) and n.name == name), None)


def dims_misfits(check: Check, code: Mapping[str, ast.AST]) -> Iterator[DecodingError]:
    """Compare ``dims`` with the arguments of the class's ``__init__``."""
    init = method_of(code.get(check.parts[0]) if check.parts else None, "__init__")
    if init is None or init.args.kwarg is not None:
        return
    given = [one.arg for one in (*init.args.args[1:], *init.args.kwonlyargs)]
    for name in check.options["dims"]:
        if name not in given:
            yield unknown("argument", name, given, ("dims", name))


def method_misfits(check: Check, code: Mapping[str, ast.AST]) -> Iterator[DecodingError]:
    """Compare ``method`` with the methods of the class, where the class names no other base."""
    node = code.get(check.parts[0]) if check.parts else None
    name = check.options.get("method")
    if not isinstance(node, ast.ClassDef) or name is None or method_of(node, name) is not None:
        return
    yield unknown(
        "method", name, [n.name for n in node.body if isinstance(n, _FUNCTIONS)], ("method",)
    )


def stand_in_misfits(check: Check, code: Mapping[str, ast.AST]) -> Iterator[DecodingError]:
    """Compare what the judge's model offers with the classes among the assignment's parts."""
    classes = [node for node in code.values() if isinstance(node, ast.ClassDef)]
    if not classes:
        return
    kept = [name for node in classes for name in kept_on_self(node)]
    methods = [n.name for node in classes for n in node.body if isinstance(n, _FUNCTIONS)]
    looks = (
        ("layers", "layer", kept),
        ("interface", "attribute", kept),
        ("resets", "method", methods),
        ("no_ops", "method", methods),
    )
    for option, what, known in looks:
        named = check.options.get(option, ())
        for place, name in enumerate(named):
            if name not in known:
                at = name if isinstance(named, dict) else place
                yield unknown(what, name, known, (option, at))
