"""The base of a check of an assignment's own, ``reference/NAME/checks/KIND.py``.

Such a file has these functions; each asks for what it needs by the names of its parameters:

``draw(rng, options)``
    Return the challenge: fresh numbers, texts, lists, dictionaries and arrays. No right answer may
    be in it: it goes to the student's process. ``rng`` is a ``numpy.random.Generator``.
``probe(student, challenge)``
    Run the student's code, and return what is seen: any value of plain Python, arrays and tensors,
    as the student's code gives it. What the probe itself raises, as by ``float(None)``, counts as
    a fault of the check's: nobody loses points, and somebody has to look.
    It runs in the student's process, where PyTorch is, with what it uses of the file and nothing
    else of it. ``student`` is the function or class of the check's first part, to be called;
    ``student["name"]`` is what the notebook's code has under another name. An exception of the
    student's code ends the probe and is reported as theirs.
``judge(observed, expected, options, challenge)``, which may be left out
    Return a list of ``Remark``: one for each thing that is wrong, none where all is right.
    ``expected`` is what the probe saw of the solved notebook. Without it the two are compared by
    ``difference``. It runs where PyTorch is not loaded: tensors arrive as NumPy arrays.

and these, if they are of use:

``class Options(TypedDict)``
    What ``assignment.toml`` may tell such a check, beside the keys of every check.
``class Observation(TypedDict)``
    The form of what the probe returns: what a student's code gives in another form is told so.
``WORDS = {"code": {"summary": "…", "message": "…", "why": "…", "hint": "…"}}``
    What a student reads for each code of a remark; ``{name}`` stands for a fact. ``words.toml`` may
    have them, too.
"""

from __future__ import annotations

import sys
import traceback
from functools import lru_cache, partial
from types import ModuleType
from typing import TYPE_CHECKING, Any, TypedDict, is_typeddict

from grader.checks.kind import Kind
from grader.checks.own_forms import form_problem, plain
from grader.checks.plain import difference, readable, rebuilt, shown
from grader.checks.remark import Remark, raised, same_error
from grader.checks.schema import Array, Described, RaisedError
from grader.errors import AssignmentError
from grader.quoting import quoted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import numpy as np

    from grader.assignment import Check
    from grader.assignment.model import OwnCheck

__all__ = ["Array", "Remark", "difference", "own_kind", "shown"]

FAULT = "check_fault"
_DIFFERS = "observed_differs"


class OwnObservation(TypedDict):
    """What the probe returned, the student's exception, or what went wrong in the probe itself."""

    error: RaisedError | None
    fault: Described | None
    value: Described | None


class NoOptions(TypedDict):
    """A check without ``Options`` has no keys of its own."""


def own_kind(own: OwnCheck) -> Kind:
    """Return the kind that a file defines; its judge's half is run once.

    Raises ``AssignmentError`` for what goes wrong in it.
    """
    module = _module(own.name, own.path, own.judge)
    options = getattr(module, "Options", NoOptions)
    form = getattr(module, "Observation", None)
    for name, one in (("Options", options), ("Observation", form)):
        if one is not None and not is_typeddict(one):
            raise AssignmentError(f"{own.path}: {name} is no TypedDict", f"class {name}(TypedDict)")
    return Kind(
        draw=partial(_draw, own, module.draw),
        judge=partial(_judge, own, getattr(module, "judge", None), form),
        form=OwnObservation,
        options=options,
        same_size=_readable,
        alike=_alike,
        general=frozenset({_DIFFERS}),
        reference_fault=partial(_reference_fault, own, form),
    )


@lru_cache(maxsize=64)
def _module(name: str, path: str, text: str) -> ModuleType:
    """Run a judge's half as a module of its own; the same text is run once."""
    module = ModuleType(f"grader_own_check_{name}_{abs(hash((path, text)))}")
    module.__file__ = path
    sys.modules[module.__name__] = module  # a TypedDict looks its annotations up there
    try:
        exec(compile(text, path, "exec", dont_inherit=True), vars(module))  # noqa: S102
    except Exception as error:  # noqa: BLE001 - an instructor's code may raise anything
        raise _wrong(path, error) from None
    return module


def _draw(
    own: OwnCheck, draw: Callable[..., Any], rng: np.random.Generator, check: Check, *_: object
) -> dict[str, Any]:
    given = {"rng": rng, "options": dict(check.options)}
    try:
        drawn = draw(**{name: given[name] for name in own.hooks["draw"]})
    except Exception as error:  # noqa: BLE001
        raise _wrong(own.path, error) from None
    try:
        return {"own": plain(drawn)}
    except ValueError as error:
        hint = "numbers, texts, None, lists, dictionaries with texts as keys, and arrays"
        raise AssignmentError(
            f"{own.path}: what draw returns cannot be sent: {error}", hint
        ) from None


def _judge(
    own: OwnCheck,
    judge: Callable[..., Any] | None,
    form: Any,
    observed: OwnObservation,
    reference: OwnObservation,
    check: Check,
    challenge: Mapping[str, Any],
) -> list[Remark]:
    """Return the file's remarks; what it raises is a fault of the check's, and costs no points."""
    if observed["error"] is not None:
        return [raised(observed["error"])]
    if observed["fault"] is not None:
        return [Remark(FAULT, facts={"detail": quoted(str(rebuilt(observed["fault"])))})]
    value, expected = rebuilt(observed["value"]), rebuilt(reference["value"])
    blank = check.blanks[0] if len(check.blanks) == 1 else None
    if form is not None and (problem := form_problem(form, value)) is not None:
        return [Remark("observed_in_another_form", blank=blank, facts=problem)]
    if judge is None:
        return _compared(value, expected, blank)
    given = {
        "observed": value,
        "expected": expected,
        "options": dict(check.options),
        "challenge": challenge["own"],
    }
    try:
        remarks = list(judge(**{name: given[name] for name in own.hooks["judge"]}) or ())
        return [_checked(remark, value, expected) for remark in remarks]
    except Exception as error:  # noqa: BLE001
        return [Remark(FAULT, facts={"detail": quoted(_where(own.path, error))})]


def _compared(value: Any, expected: Any, blank: int | None) -> list[Remark]:
    other = difference(value, expected)
    if other is None:
        return []
    at = {"at": f" at {other.path}"} if other.path else {}
    facts = {**at, "got": shown(other.got), "expected": shown(other.wanted)}
    return [Remark(_DIFFERS, blank=blank, facts=facts)]


def _checked(remark: Any, value: Any, expected: Any) -> Remark:
    """Return a remark with what a student wrote in its facts marked as a quotation."""
    if not isinstance(remark, Remark):
        raise TypeError(f"judge returns {type(remark).__name__}, not a list of Remark")
    theirs = _texts(value) - _texts(expected)
    facts = {
        key: quoted(fact)
        if isinstance(fact, str) and any(text in fact for text in theirs)
        else fact
        if type(fact) in (int, str)
        else shown(fact)
        for key, fact in remark.facts.items()
    }
    return Remark(str(remark.code), remark.severity, remark.blank, facts, share=str(remark.share))


def _texts(value: Any) -> set[str]:
    if isinstance(value, str):
        return {value} if value else set()
    if isinstance(value, dict):
        return {text for pair in value.items() for one in pair for text in _texts(one)}
    if isinstance(value, (list, tuple, set, frozenset)):
        return {text for one in value for text in _texts(one)}
    return set()


def _readable(value: OwnObservation, _reference: OwnObservation) -> bool:
    told = [value[key] for key in ("fault", "value") if value[key] is not None]
    alone = (value["error"] is not None) + len(told) == 1
    return alone and all(map(readable, told))


def _alike(one: OwnObservation, other: OwnObservation, _place: object = None) -> bool:
    if one["value"] is None or other["value"] is None:
        return one["error"] is not None and same_error(one["error"], other["error"])
    return difference(rebuilt(one["value"]), rebuilt(other["value"])) is None


def _reference_fault(own: OwnCheck, form: Any, seen: OwnObservation) -> str | None:
    """Return what the solved notebook's own observation shows to be wrong with the check."""
    if seen["fault"] is not None:
        return str(rebuilt(seen["fault"]))
    if (error := seen["error"]) is not None:
        return f"{own.path}: the solved notebook raises {error['type']}: {error['message']}"
    value = rebuilt(seen["value"])
    if form is not None and (problem := form_problem(form, value)) is not None:
        return (
            f"{own.path}: of the solved notebook the probe returns {problem['got']}"
            f"{problem['at']}, where Observation says {problem['expected']}"
        )
    return None


def _wrong(path: str, error: Exception) -> AssignmentError:
    return AssignmentError(_where(path, error))


def _where(path: str, error: Exception) -> str:
    """Return an exception with the file's line that it came from."""
    lines = [
        frame.lineno
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == path
    ]
    line = f", line {lines[-1]}" if lines else ""
    return f"{path}{line}: {type(error).__name__}: {error}"
