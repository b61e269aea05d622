"""What only newer versions of Python read is said in words that every version reads."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from grader.notebook.newer_syntax import in_older_words, version_of
from grader.notebook.syntax import parses

# Code that binds x, and what x is then: computed by Python 3.13.
STRINGS = {
    "the same quotes": ("h = {'a': [1.5]}\nx = f'{h['a'][-1]:.2f} and'", "1.50 and"),
    "a backslash": ("x = f'{'\\n'.join(['a', 'b'])}'", "a\nb"),
    "three deep": ("x = f'{f'{f'{1}'}'}'", "1"),
    "a conversion": ("x = f'{'a'!r:>5}'", "  'a'"),
    "a width that is computed": ("x = f'{'a':>{len('bcd')}}|'", "  a|"),
    "with its own text": (
        "d = {'a': 2.5}\nx = f'{d['a']=:.1f} {d['a'] = }'",
        "d['a']=2.5 d['a'] = 2.5",
    ),
    "braces": ("x = f'{{x}} { {'a': 1}['a'] }'", "{x} 1"),
    "raw": ("x = rf'\\d{'a'}'", "\\da"),
    "named": ("x = f'\\N{BULLET} {'a'}'", "\u2022 a"),
    "beside others": ("x = f'{'a'}' 'b{}' f\"{1}\"", "ab{}1"),
    "on several lines": ("x = (f'{'a'}'  # c\n    'b'\n    f'{'c'}')", "abc"),
    "over several lines": ("x = f'''{\n'a'  # c\n}\nb{'c'}'''", "a\nbc"),
    "comparisons": ("x = f'{1 != 2} {'a' == 'b'}'", "True False"),
    "a lambda": ("x = f'{(lambda n: n + 'a')('b')}'", "ba"),
    "a pair": ("s = {'a': 1}\nx = f'{s['a'],}'", "(1,)"),
    "a method of it": ("x = f'{'k'}'.upper() + 'x'", "Kx"),
    "a text below": ("x = f'{'k'}'\n'no part of it'", "k"),
}
OTHERS = {
    "type parameters": "def f[T: int](a: T) -> T:\n    return a",
    "a class with them": "class A[T](list[T]): pass",
    "an alias": "type X = list[int]\ntype Y[T] = dict[T, X]",
}
LATER = {
    "exceptions without brackets": "try:\n    f()\nexcept A, B:\n    pass",
    "a template": "x = t'{a['b']} c'",
}


@pytest.mark.parametrize(("source", "value"), STRINGS.values(), ids=STRINGS)
def test_formatted_strings(source: str, value: str) -> None:
    older = in_older_words(source, (3, 12))
    assert older.count("\n") == source.count("\n")
    space: dict[str, Any] = {}
    exec(older, space)
    assert space["x"] == value


@pytest.mark.parametrize("source", [*OTHERS.values(), *LATER.values()], ids=[*OTHERS, *LATER])
def test_other_new_words(source: str) -> None:
    older = in_older_words(source, None)
    ast.parse(older)
    assert older.count("\n") == source.count("\n")


@pytest.mark.parametrize("source", LATER.values(), ids=LATER)
def test_what_the_notebooks_own_python_does_not_read_stays(source: str) -> None:
    assert in_older_words(source, (3, 12)) == source


@pytest.mark.parametrize(
    "source",
    [
        "x = f'{a[\"b\"]}' f'{c}'",
        "x = 'f\"{a}' + \"it's f'{\"",
        "# f'{a['b']}'\nx = 1",
        "'''\nexcept A, B:\ndef f[T]():\n'''",
        "x = type = 1\nx[type] = 2",
        "x = f'{a['",
        "x = f'{'",
        "x = f'{}'",
    ],
)
def test_what_is_not_newer_stays(source: str) -> None:
    assert in_older_words(source, None) == source


def test_hostile_text_ends() -> None:
    for source in ("f'{" * 3000, "f'{a:" * 2000 + "}'" * 2000, "x = f'" + "{f'" * 500, "'" * 5000):
        assert not parses(in_older_words(source, None)) or source.startswith("''")


@pytest.mark.parametrize(
    ("about", "version"),
    [
        ({"language_info": {"version": "3.12.4"}}, (3, 12)),
        ({"language_info": {"version": "3.14.0rc1"}}, (3, 14)),
        ({"language_info": {"version": 3.12}}, None),
        ({"language_info": {"version": "newest"}}, None),
        ({"language_info": []}, None),
        ({}, None),
    ],
)
def test_the_version_that_a_notebook_names(about: Any, version: Any) -> None:
    assert version_of({"metadata": about}) == version
    assert version_of({"metadata": None}) is None
