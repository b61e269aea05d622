"""The calls of a check ``calls``: those that an instructor wrote, and drawn ones."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any, TypedDict

from grader.decode import DecodingError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np

    from grader.assignment import Assignment, Check

_DRAWN = 5
_LETTERS = "abcdefghijklmnopqrstuvwxyzABCD "
_STEP = re.compile(r"\s*(\w+)\s*(?:\((.*)\))?\s*", re.DOTALL)
_LITERALS = "write Python's own values: [1, 2], 'text', (1, 2), {'a': 1}, None, True"
_FORMS = "int, float, bool, text, list of …, tuple of …, set of …, dict of text to …"


class ListedCase(TypedDict, total=False):
    """One case: a call of the function, or a new object and what is done with it.

    ``call`` is what stands in the brackets of the call, as Python: ``"[3, 1], sep=', '"``; of a
    class it is what its object is made with. ``steps`` are the methods that are called then, in
    their order, and attributes that are read: ``["push(3)", "pop()", "size"]``. ``arguments`` is
    another way to write a ``call`` whose values TOML has. ``blank`` is the one to blame where
    this case goes wrong.
    """

    call: str
    arguments: tuple[Any, ...]
    steps: tuple[str, ...]
    blank: int


class DrawnPlainValue(TypedDict, total=False):
    """An argument that is drawn anew for each grading.

    ``of`` is its form: "int", "float", "bool", "text", "list of int", "dict of text to int", "list
    of tuple of int" and so on; ``range`` is from what to what its numbers are, ``length`` how long
    it is and what is in it; ``choices`` are the values to choose from instead.
    """

    name: str
    of: str
    range: tuple[float, float]
    length: tuple[int, int]
    choices: tuple[Any, ...]


class CallsOptions(TypedDict, total=False):
    """What is called, and what counts as the same.

    ``cases`` are calls that are made each time: a text is a case's ``call``. ``drawn`` are the
    arguments, in their order, of ``draws`` more calls (5 without it); with ``drawn`` an answer that
    only knows the listed cases does not pass. ``alike`` are types that count as one, such as
    ``[["list", "tuple"]]``. ``tolerance`` is how far numbers may be off, relative and absolute
    (0.000001 without it). ``messages = true`` compares what exceptions say, too. ``any_order =
    true`` lets a list that is returned have its items in any order.
    """

    cases: tuple[str | ListedCase, ...]
    drawn: tuple[DrawnPlainValue, ...]
    draws: int
    alike: tuple[tuple[str, ...], ...]
    tolerance: float
    messages: bool
    any_order: bool


class CallStep(TypedDict):
    """A call of the part (``name`` is empty) or of a method, or an attribute that is read."""

    name: str
    arguments: str
    called: bool


class CallsChallenge(TypedDict):
    """The steps of each case, and the blank to blame for each, 0 for none."""

    cases: list[list[CallStep]]
    blames: list[int]


def draw(rng: np.random.Generator, check: Check, *_context: object) -> CallsChallenge:
    """Return the listed cases and the drawn ones; the first drawn has the least lengths."""
    options = check.options
    cases, blames = [], []
    for listed in options.get("cases", ()):
        case: Mapping[str, Any] = {"call": listed} if isinstance(listed, str) else listed
        first: CallStep = {"name": "", "arguments": _call(case), "called": True}
        cases.append([first, *map(_step, case.get("steps", ()))])
        blames.append(case.get("blank", 0))
    if options.get("drawn"):
        for number in range(options.get("draws", _DRAWN)):
            values = [_value(rng, one, least=number == 0) for one in options["drawn"]]
            text = ", ".join(map(repr, values))
            cases.append([{"name": "", "arguments": text, "called": True}])
            blames.append(0)
    return {"cases": cases, "blames": blames}


def _call(case: Mapping[str, Any]) -> str:
    if "arguments" in case:
        return ", ".join(repr(value) for value in case["arguments"])
    return str(case.get("call", ""))


def _step(text: str) -> CallStep:
    found = _STEP.fullmatch(text)
    assert found is not None
    return {"name": found[1], "arguments": found[2] or "", "called": found[2] is not None}


def _value(rng: np.random.Generator, form: Mapping[str, Any], *, least: bool) -> Any:
    if "choices" in form:
        return form["choices"][int(rng.integers(len(form["choices"])))]
    return _of(rng, form["of"], form, least=least)


def _of(rng: np.random.Generator, of: str, form: Mapping[str, Any], *, least: bool = False) -> Any:
    low, high = form.get("range", (-20, 20))
    shortest, longest = form.get("length", (1, 6))
    if of == "int":
        return int(rng.integers(int(low), int(high) + 1))
    if of == "float":
        return round(float(rng.uniform(low, high)), 3)
    if of == "bool":
        return bool(rng.integers(2))
    length = shortest if least else int(rng.integers(shortest, longest + 1))
    if of == "text":
        return "".join(_LETTERS[int(n)] for n in rng.integers(len(_LETTERS), size=length))
    container, _, inner = of.partition(" of ")
    if container == "dict":
        key, _, value = inner.partition(" to ")
        return {_of(rng, key, form): _of(rng, value, form) for _ in range(length)}
    items = [_of(rng, inner, form) for _ in range(length)]
    return {"list": list, "tuple": tuple, "set": set}[container](items)


def _known(of: str) -> bool:
    if of in ("int", "float", "bool", "text"):
        return True
    container, _, inner = of.partition(" of ")
    if container == "dict":
        key, found, value = inner.partition(" to ")
        return bool(found) and key in ("int", "text", "bool") and _known(value)
    hashable = container != "set" or inner in ("int", "float", "bool", "text")
    return container in ("list", "tuple", "set") and hashable and _known(inner)


def contradictions(options: Mapping[str, Any], assignment: Assignment) -> Iterator[DecodingError]:
    """Yield an error for each case that is no call, each with its path below the check."""
    del assignment
    if not options.get("cases") and not options.get("drawn"):
        hint = 'write cases = ["[3, 1, 2]", "[]"], or drawn = [{ of = "list of int" }]'
        yield DecodingError("nothing is called", hint)
    for place, listed in enumerate(options.get("cases", ())):
        case: Mapping[str, Any] = {"call": listed} if isinstance(listed, str) else listed
        if "arguments" in case and "call" in case:
            yield DecodingError("both arguments and call are there", _LITERALS, ("cases", place))
        if (problem := _problem(_call(case))) is not None:
            yield DecodingError(problem, _LITERALS, ("cases", place))
        for number, step in enumerate(case.get("steps", ())):
            found = _STEP.fullmatch(step)
            problem = "it is no call" if found is None else _problem(found[2] or "")
            if problem is not None:
                hint = 'write a method with its arguments, as in "push(3)", or an attribute, "size"'
                yield DecodingError(problem, hint, ("cases", place, "steps", number))
    yield from _wrong_draws(options.get("drawn", ()))


def _wrong_draws(drawn: Sequence[Mapping[str, Any]]) -> Iterator[DecodingError]:
    for place, form in enumerate(drawn):
        path = ("drawn", place)
        if ("of" in form) == ("choices" in form):
            yield DecodingError("either of or choices says what is drawn", f"of: {_FORMS}", path)
        elif "of" in form and not _known(form["of"]):
            problem = f'nothing of the form "{form["of"]}" is drawn'
            yield DecodingError(problem, f"the forms are {_FORMS}", (*path, "of"))
        elif not form.get("choices", True):
            yield DecodingError("there is nothing to choose from", None, (*path, "choices"))
        for key in ("range", "length"):
            low, high = form.get(key, (0, 0))
            if low > high or (key == "length" and low < 0):
                yield DecodingError("its end is below its beginning", None, (*path, key))


def _problem(text: str) -> str | None:
    """Return why a text is not what stands in the brackets of a call."""
    try:
        call = ast.parse(f"_({text})", mode="eval").body
    except SyntaxError as error:
        return f"it is not what stands in the brackets of a call: {error.msg}"
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return "it is not what stands in the brackets of a call"
    try:
        for value in (*call.args, *(keyword.value for keyword in call.keywords)):
            ast.literal_eval(value)
    except ValueError:
        return "it is no value of Python's own"
    if any(keyword.arg is None for keyword in call.keywords):
        return "it is no value of Python's own"
    return None
