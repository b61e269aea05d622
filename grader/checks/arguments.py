"""Arguments for a student's function or module: drawn values of any form, of drawn sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, TypedDict

import numpy as np

from grader.assignment.entries import unknown
from grader.checks.axis_sizes import size_of
from grader.decode import DecodingError, decode
from grader.requirements import NumberRange, SizeRange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from grader.assignment import Assignment

_CASES = 4
_HALF = 0.5
# A size is a name, a number, or a sum or product of these.
Size = str | int
# What an argument is drawn as; without any of these its numbers are normal.
_SOURCES = (
    *("range", "integers", "labels", "mask", "choice", "permutation", "one_hot"),
    *("letters", "words", "value", "list_of", "tuple_of", "dict_of"),
)


class ArgumentForm(TypedDict, total=False):
    """How an argument is drawn: normally distributed numbers, unless one of the other keys says.

    ``shape`` names its axes: sizes, numbers, and sums or products of them (``"2*d"``). A shape of
    no axes is a tensor of one number.
    ``range`` draws uniformly between two numbers; ``dtype`` is that of these and of normal numbers.
    ``integers`` draws whole numbers (int64) from the first to the last, both included; ``labels``
    those from 0 to a size - 1; without a shape each is a plain number.
    ``mask`` draws true and false, at least one true a row: ``"any"`` anywhere, ``"start"`` true up
    to a drawn length, as for padded sequences.
    ``choice`` takes one of the listed numbers, texts or truth values (with a shape: one each).
    ``permutation`` is the numbers from 0 to a size - 1 in a drawn order; ``one_hot`` adds an axis
    of that size, with one 1 and else 0.
    ``letters`` is a text of drawn letters of an alphabet, ``words`` one of drawn words;
    ``length`` is how many of them, from the first to the last number.
    ``value`` is always the same. ``list_of`` is a list of ``length`` values of one form,
    ``tuple_of`` has one of each of several forms, and ``dict_of`` one of each under its key.
    """

    shape: tuple[Size, ...]
    range: NumberRange
    dtype: Literal["float32", "float64"]
    integers: tuple[Size, Size]
    labels: str
    mask: Literal["any", "start"]
    choice: tuple[Any, ...]
    permutation: Size
    one_hot: Size
    letters: str
    words: tuple[str, ...]
    length: tuple[Size, Size]
    value: Any
    list_of: dict[str, Any]
    tuple_of: tuple[dict[str, Any], ...]
    dict_of: dict[str, dict[str, Any]]


class DrawnArgument(ArgumentForm):
    """An argument by its name."""

    name: str


class SizesOptions(TypedDict, total=False):
    """The sizes of axes by name.

    ``sizes`` maps each name to the range that it is drawn from, both ends included. ``count`` is
    the size over which a mean is taken: a sum in its place is then told by name.
    """

    sizes: dict[str, SizeRange]
    count: str


def draw_sizes(
    rng: np.random.Generator, ranges: Mapping[str, Sequence[int]], cases: int = _CASES
) -> list[dict[str, int]]:
    """Return sizes by name for each case; the first case has the smallest of every range.

    In a case no two sizes are equal where the ranges allow it: an axis can't pass for another.
    """
    found = [{name: int(low) for name, (low, _) in ranges.items()}]
    while len(found) < cases:
        taken: set[int] = set()
        sizes = {}
        for name, (low, high) in ranges.items():
            free = [n for n in range(low + 1, high + 1) if n not in taken] or [high]
            sizes[name] = int(rng.choice(free))
            taken.add(sizes[name])
        found.append(sizes)
    return found


def draw_argument(
    rng: np.random.Generator, form: Mapping[str, Any], sizes: Mapping[str, int]
) -> Any:
    """Return a value of a form, in plain data: a worker makes tensors of the arrays in it.

    A tuple is a dict with the one key ``"tuple"``, a dict one with the one key ``"dict"``.
    """
    if "value" in form:
        return _plain(form["value"])
    if "choice" in form:
        return _chosen(rng, form, sizes)
    if "list_of" in form:
        return [
            draw_argument(rng, form["list_of"], sizes) for _ in range(_length(rng, form, sizes))
        ]
    if "tuple_of" in form:
        return {"tuple": [draw_argument(rng, one, sizes) for one in form["tuple_of"]]}
    if "dict_of" in form:
        return {
            "dict": {key: draw_argument(rng, one, sizes) for key, one in form["dict_of"].items()}
        }
    if "letters" in form or "words" in form:
        pieces, between = (form["letters"], "") if "letters" in form else (form["words"], " ")
        places = rng.integers(0, len(pieces), _length(rng, form, sizes))
        return between.join(pieces[place] for place in places)
    return draw_array(rng, form, sizes)


def draw_array(rng: np.random.Generator, form: Mapping[str, Any], sizes: Mapping[str, int]) -> Any:
    """Return an array of a form's shape (a plain number for whole ones without a shape)."""
    shape = [size_of(axis, sizes) for axis in form.get("shape", ())]
    if "integers" in form or "labels" in form:
        ends = form["integers"] if "integers" in form else (0, f"{form['labels']} - 1")
        low, high = (size_of(end, sizes) for end in ends)
        whole = rng.integers(low, high, shape, np.int64, endpoint=True)
        return whole if "shape" in form else int(whole)
    if "permutation" in form:
        return rng.permutation(size_of(form["permutation"], sizes)).astype(np.int64)
    if "one_hot" in form:
        classes = size_of(form["one_hot"], sizes)
        return np.eye(classes, dtype=np.float32)[rng.integers(0, classes, shape)]
    if "mask" in form:
        return _mask(rng, form["mask"], shape)
    dtype = form.get("dtype", "float32")
    if "range" in form:
        low, high = form["range"]
        return np.asarray(rng.uniform(low, high, shape), dtype)
    return np.asarray(rng.normal(0, 1, shape), dtype)


def _mask(rng: np.random.Generator, kind: str, shape: Sequence[int]) -> np.ndarray:
    """Return truth values with at least one true in each row, along the last axis."""
    *rows, last = shape or [1]
    if kind == "start":
        lengths = rng.integers(1, last, (*rows, 1), endpoint=True)
        return np.asarray(np.arange(last) < lengths).reshape(shape)
    mask = rng.random((*rows, last)) < _HALF
    mask |= np.arange(last) == rng.integers(0, last, (*rows, 1))
    return mask.reshape(shape)


def _chosen(rng: np.random.Generator, form: Mapping[str, Any], sizes: Mapping[str, int]) -> Any:
    choices = form["choice"]
    if "shape" not in form:
        return _plain(choices[int(rng.integers(len(choices)))])
    values = np.asarray(choices)
    if values.dtype.kind == "f":
        values = values.astype(form.get("dtype", "float32"))
    return rng.choice(values, [size_of(axis, sizes) for axis in form["shape"]])


def _length(rng: np.random.Generator, form: Mapping[str, Any], sizes: Mapping[str, int]) -> int:
    low, high = (size_of(end, sizes) for end in form.get("length", (1, 1)))
    return int(rng.integers(low, high, endpoint=True))


def _plain(value: Any) -> Any:
    """Return a value of a rubric as ``draw_argument`` returns it."""
    if isinstance(value, dict):
        return {"dict": {key: _plain(one) for key, one in value.items()}}
    return [_plain(one) for one in value] if isinstance(value, (list, tuple)) else value


def form_errors(
    form: Mapping[str, Any], sizes: Mapping[str, Any], path: tuple[str | int, ...]
) -> Iterator[DecodingError]:
    """Yield what is wrong with a form at ``path``: sources that exclude each other, no size."""
    sources = [key for key in _SOURCES if key in form]
    if len(sources) > 1:
        hint = "an argument is drawn in one way: keep one of them"
        yield DecodingError(f"{sources[0]} and {sources[1]} exclude each other", hint, path)
    for key in ("choice", "letters", "words"):
        if key in form and not form[key]:
            yield DecodingError("there is nothing to draw from", "list at least one", (*path, key))
    for key in ("shape", "integers", "labels", "permutation", "one_hot", "length"):
        if key in form:
            several = isinstance(form[key], (list, tuple))
            for written in form[key] if several else (form[key],):
                yield from _size_errors(written, sizes, (*path, key))
    if "list_of" in form:
        yield from _nested_errors(form["list_of"], sizes, (*path, "list_of"))
    for key in ("tuple_of", "dict_of"):
        inner = form.get(key, ())
        for place, one in inner.items() if isinstance(inner, dict) else enumerate(inner):
            yield from _nested_errors(one, sizes, (*path, key, place))


def _nested_errors(
    plain: Any, sizes: Mapping[str, Any], path: tuple[str | int, ...]
) -> Iterator[DecodingError]:
    read: Callable[..., Any] = decode
    try:
        form = read(ArgumentForm, plain)
    except DecodingError as error:
        yield error.below(*path)
        return
    yield from form_errors(form, sizes, path)


def _size_errors(
    written: Size, sizes: Mapping[str, Any], path: tuple[str | int, ...]
) -> Iterator[DecodingError]:
    try:
        size_of(written, dict.fromkeys(sizes, 1))
    except KeyError as error:
        yield unknown("size", error.args[0], sizes, path)
    except ValueError:
        hint = 'write a size, a number, or a sum or product of these, as "2*d"'
        yield DecodingError(f'"{written}" is no size', hint, path)


def contradictions(options: Mapping[str, Any], _assignment: Assignment) -> Iterator[DecodingError]:
    """Yield an error for each axis that is no size, with its path below the check."""
    sizes = options.get("sizes", {})
    for key in ("arguments", "parameters"):
        for place, argument in enumerate(options.get(key, ())):
            yield from form_errors(argument, sizes, (key, place))
    if options.get("count", "") not in {"", *sizes}:
        yield unknown("size", options["count"], sizes, ("count",))
