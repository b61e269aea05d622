"""Plain data becomes frozen data, or an error that says where it is wrong; nothing is coerced."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypedDict

import pytest

from grader.decode import DecodingError, MissingKeyError, UnknownKeyError, decode

if TYPE_CHECKING:
    from collections.abc import Mapping


class Colour(str, Enum):
    RED = "red"


@dataclass(frozen=True)
class Leaf:
    name: str
    colour: Colour | None = None


@dataclass(frozen=True)
class Tree:
    leaves: tuple[Leaf, ...]
    by_name: Mapping[str, Leaf] = field(default_factory=dict)


class Size(TypedDict):
    high: int


class NamedSize(Size, total=False):
    name: str


@pytest.mark.parametrize(
    ("form", "plain", "value"),
    [
        (float, 1, 1.0),
        (Path, "a/b", Path("a/b")),
        (Colour, "red", Colour.RED),
        (str | None, None, None),
        (str | Leaf | tuple[int, ...], [1, 2], (1, 2)),
        (str | Leaf | tuple[int, ...], {"name": "red"}, Leaf("red")),
        (tuple[int, tuple[str, ...]], [1, ["a"]], (1, ("a",))),
        (NamedSize, {"high": 1}, {"high": 1}),
        (dict[str, Any], {"a": [1]}, {"a": [1]}),
        (list[int], [1, 2], [1, 2]),
        (list, [1], [1]),
        (
            Tree,
            {"leaves": [{"name": "a"}], "by_name": {"b": {"name": "b", "colour": "red"}}},
            Tree((Leaf("a"),), {"b": Leaf("b", Colour.RED)}),
        ),
    ],
)
def test_plain_data_of_the_form(form: Any, plain: Any, value: Any) -> None:
    found = decode(form, plain)
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("form", "plain", "problem"),
    [
        (int, True, "it has to be a whole number, not true"),
        (int, 1.0, "it has to be a whole number, not 1.0"),
        (bool, "false", 'it has to be true or false, not "false"'),
        (float, "1", 'it has to be a number, not "1"'),
        (str, 1, "it has to be a text, not 1"),
        (Path, None, "it has to be a path, not nothing"),
        (int | None, "1", 'it has to be a whole number, not "1"'),
        (Colour, [], 'it has to be one of "red", not a list'),
        (Literal["a", "b"], "c", 'it has to be one of "a", "b", not "c"'),
        (tuple[int, ...], "12", 'it has to be a list: a whole number, …, not "12"'),
        (tuple[int, int], [1, 2, 3], "it has to be a list of 2, not a list"),
        (Leaf, "a", 'it has to be a table, not "a"'),
        (list[int], "1", 'it has to be a list: a whole number, …, not "1"'),
        (list, 1, "it has to be a list, not 1"),
        (dict[str, int], [], "it has to be a table, not a list"),
        (str | tuple[str, ...], 1, "it has to be a text or a list: a text, …, not 1"),
    ],
)
def test_nothing_is_coerced(form: Any, plain: Any, problem: str) -> None:
    with pytest.raises(DecodingError) as caught:
        decode(form, plain)
    assert (caught.value.problem, caught.value.path) == (problem, ())


@pytest.mark.parametrize(
    ("form", "plain", "kind", "path", "hint"),
    [
        (Tree, {"leaves": [{"nam": "a"}]}, UnknownKeyError, "leaves.0.nam", 'did you mean "name"?'),
        (Tree, {"leaves": [{}]}, MissingKeyError, "leaves.0", 'add name = "…": a text'),
        (NamedSize, {"high": 1, "x": 1}, UnknownKeyError, "x", "the keys are high, name"),
        (NamedSize, {"name": "a"}, MissingKeyError, "the data", "add high = 1: a whole number"),
        (
            Tree,
            {"leaves": [], "by_name": {"b": {"name": "b", "colour": "blue"}}},
            DecodingError,
            "by_name.b.colour",
            'for example: "red"',
        ),
    ],
)
def test_an_error_says_where(form: Any, plain: Any, kind: type, path: str, hint: str) -> None:
    with pytest.raises(DecodingError) as caught:
        decode(form, plain)
    assert type(caught.value) is kind
    assert (str(caught.value).split(": ")[0], caught.value.hint) == (path, hint)
