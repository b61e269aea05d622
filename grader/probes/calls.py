"""Observes calls of a student's function, or of the methods of an object, on plain values."""

from __future__ import annotations

import ast
import contextlib
import io
from typing import TYPE_CHECKING, Any

from grader.probes.environment.running import Namespace, StudentError
from grader.probes.recording.plain import described
from grader.probes.recording.values import function_of

if TYPE_CHECKING:
    from collections.abc import Callable

_LONGEST = 20_000


def probe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Perform each case's steps, in order, until one raises; a case has an object of its own."""
    program = task["program"]
    runner = Namespace(program, seed, {})
    try:
        part = function_of(runner, program)
    except StudentError as error:
        return {"error": error.data, "name": program["name"], "cases": []}
    cases = [_case(runner, part, steps) for steps in task["challenge"]["cases"]]
    return {"error": None, "name": program["name"], "cases": cases}


def _case(runner: Namespace, part: Any, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Call the part itself first, and the other steps' attributes of what that returned."""
    found: list[dict[str, Any]] = []
    made: Any = None
    for number, step in enumerate(steps):
        name = step["name"]

        def function(
            *args: Any, step: Any = step, name: str = name, of: Any = made, **named: Any
        ) -> Any:
            if not name:
                return part(*args, **named)
            attribute = getattr(of, name)
            return attribute(*args, **named) if step["called"] else attribute

        told, returned = _step(runner, function, step["arguments"])
        found.append(told)
        if "error" in told:
            break
        made = returned if number == 0 else made
    return found


def _step(runner: Namespace, function: Callable[..., Any], text: str) -> tuple[dict[str, Any], Any]:
    """Call a function; return what was observed, and the value itself."""
    positional, named = arguments(text)
    printed = io.StringIO()
    returned: Any = None

    def called() -> dict[str, Any]:
        nonlocal returned
        with contextlib.redirect_stdout(printed):
            returned = function(*positional, **named)
            # An iterator runs student code when it is read.
            return described(returned)

    try:
        value = runner.call(called)
    except StudentError as error:
        return {"error": error.data, "printed": _text(printed)}, None
    then = [*positional, *named.values()]
    before = arguments(text)
    whole = [described([*before[0], *before[1].values()]), described(then)]
    told = {
        "returned": value,
        "printed": _text(printed),
        "arguments": whole[1],
        "changed": whole[0] != whole[1],
    }
    return told, returned


def arguments(text: str) -> tuple[list[Any], dict[str, Any]]:
    """Return new values for what stands in the brackets of a call: Python's literals."""
    call = ast.parse(f"_({text})", mode="eval").body
    assert isinstance(call, ast.Call)
    positional = [ast.literal_eval(value) for value in call.args]
    return positional, {str(k.arg): ast.literal_eval(k.value) for k in call.keywords}


def _text(printed: io.StringIO) -> dict[str, Any]:
    return described(printed.getvalue()[:_LONGEST])
