"""The check ``autograd``: a student's gradients, compared with autograd's of the reference."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

from grader.assignment.entries import unknown
from grader.checks import arguments, function_values
from grader.checks.arguments import DrawnArgument, draw_array
from grader.checks.function_values import (
    FunctionValuesChallenge,
    FunctionValuesObservation,
    FunctionValuesOptions,
)
from grader.checks.kind import Kind
from grader.checks.remark import Remark, close, raised
from grader.checks.schema import Array  # noqa: TC001 - an observation's form is read at run time
from grader.checks.solved_code import call_misfits, named_function
from grader.checks.values import arrays

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator, Mapping, Sequence

    import numpy as np

    from grader.assignment import Assignment, Check
    from grader.checks.values import Call
    from grader.decode import DecodingError


class NamedFunction(TypedDict):
    """A function of the solved notebook: its ``name``, and its ``arguments`` by name, in order."""

    name: str
    arguments: tuple[str, ...]


class NamedLoss(NamedFunction):
    """A loss; ``prediction`` is the argument that takes what the model returns."""

    prediction: str


class ReferenceOptions(TypedDict, total=False):
    """What the judge runs of the solved notebook beside the check's own part.

    ``reference_parts`` are the parts that hold these functions; no student's code is in them.
    """

    reference_parts: tuple[str, ...]


class AutogradOptions(FunctionValuesOptions, ReferenceOptions):
    """What is right is worked out by autograd, from two functions of the solved notebook.

    ``model`` is the function whose result the loss is of. ``loss`` is the function that autograd
    differentiates. ``parameters`` are what it differentiates by, drawn as arguments are.
    """

    parameters: tuple[DrawnArgument, ...]
    model: NamedFunction
    loss: NamedLoss


class AutogradChallenge(FunctionValuesChallenge):
    """The arguments by name, and the point at which autograd is asked for the gradients.

    ``parameters`` are those of the model in each case. ``model`` and ``loss`` name functions and
    their arguments, which only the reference's program has.
    """

    names: list[str]
    parameters: list[list[np.ndarray]]
    parameter_names: list[str]
    model: dict[str, Any]
    loss: dict[str, Any]


class AutogradObservation(FunctionValuesObservation):
    """``autograd`` holds the gradients of each case, by parameter; only the reference has them."""

    autograd: list[list[Array]] | None


def draw(rng: np.random.Generator, check: Check, *_context: object) -> AutogradChallenge:
    """Draw the arguments as ``function_values`` does, then the model's parameters of each case."""
    drawn = function_values.draw(rng, check)
    parameters = check.options["parameters"]
    return {
        **drawn,
        "names": [argument["name"] for argument in check.options["arguments"]],
        "parameters": [
            [draw_array(rng, parameter, sizes) for parameter in parameters]
            for sizes in drawn["sizes"]
        ],
        "parameter_names": [parameter["name"] for parameter in parameters],
        "model": dict(check.options["model"]),
        "loss": dict(check.options["loss"]),
    }


def judge(
    observed: AutogradObservation,
    reference: AutogradObservation,
    check: Check,
    challenge: AutogradChallenge,
) -> list[Remark]:
    """Return what differs, as for any function; two gradients that are swapped have a code."""
    if observed["error"] is not None:
        return [raised(observed["error"])]
    wanted = reference["autograd"]
    if wanted is None:
        return [Remark("internal", facts={"detail": "the reference has no gradient by autograd"})]
    remarks = function_values.compared(observed["calls"], wanted, check, challenge)
    if len(remarks) == len(check.options["outputs"]) == 2 and _swapped(observed["calls"], wanted):
        return [Remark("gradients_swapped", blank=remark.blank) for remark in remarks]
    return remarks


def _swapped(calls: Sequence[Call], wanted: Sequence[Sequence[np.ndarray]]) -> bool:
    got = [arrays(call["returned"]) if "returned" in call else [] for call in calls]
    return all(
        len(pair) == 2 and all(map(close, pair, reversed(both)))
        for pair, both in zip(got, wanted, strict=True)
    )


def contradictions(options: AutogradOptions, assignment: Assignment) -> Iterator[DecodingError]:
    """Yield an error for each axis that is no size and each name that is no part."""
    yield from arguments.contradictions(options, assignment)
    parts = [part.id for part in assignment.parts]
    for name in options.get("reference_parts", ()):
        if name not in parts:
            yield unknown("part", name, parts, ("reference_parts",))


def misfits(check: Check, code: Mapping[str, ast.AST]) -> Iterator[DecodingError]:
    """Yield an error for each function that takes other arguments than the options say."""
    yield from call_misfits(check, code)
    for option in ("model", "loss"):
        yield from named_function(check, option, code)


KIND = Kind(
    draw=draw,
    judge=judge,
    form=AutogradObservation,
    options=AutogradOptions,
    contradictions=contradictions,
    same_size=function_values.same_size,
    alike=function_values.alike,
    place=function_values.place,
    general=function_values.GENERAL,
    deviation=function_values.deviation,
    misfits=misfits,
    partly=frozenset({"changes_arguments"}),
)
