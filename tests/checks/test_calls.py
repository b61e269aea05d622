"""What a function of plain Python does when called, compared with the solved notebook's."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from grader.errors import AssignmentError
from grader.grading.grader import Grader
from tests.checks.plain_python import notebook, write_assignment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from grader.report import Report

_NUMBERS = 'drawn = [{ name = "numbers", of = "list of int", length = [2, 6] }]'
SOLVED = {
    "evens": (
        """
        def evens(numbers):
            answer1 = [n for n in numbers if n % 2 == 0]  # ANSWER
            return answer1
        """,
        'cases = ["[1, 2, 3, 4]", "[]"]\n' + _NUMBERS,
    ),
    "mean": (
        """
        def mean(numbers):
            answer2 = sum(numbers) / len(numbers)  # ANSWER
            return answer2
        """,
        _NUMBERS,
    ),
    "root": (
        """
        def root(x):
            if x < 0:
                raise ValueError("negative")
            answer3 = x ** 0.5  # ANSWER
            return answer3
        """,
        'cases = ["-1.0", "4.0", "2.25"]\nmessages = true',
    ),
    "greet": (
        """
        def greet(name, sep=", "):
            answer4 = "Hello" + sep + name  # ANSWER
            print(answer4)
        """,
        """cases = ["'Kim'", "'Kim', sep=' '"]\ndrawn = [{ of = "text" }]""",
    ),
    "both": (
        """
        def both(a, b):
            answer5 = (min(a, b), max(a, b))  # ANSWER
            return answer5
        """,
        'drawn = [{ of = "int" }, { of = "int" }]',
    ),
    "clear": (
        """
        def clear(items):
            answer6 = items.remove(items[0])  # ANSWER
        """,
        'cases = ["[3, 1]"]\ndrawn = [{ of = "list of int", length = [2, 4] }]',
    ),
    "title": (
        """
        def title(text):
            answer7 = text.strip().title()  # ANSWER
            return answer7
        """,
        'cases = ["\'  one two \'"]\ndrawn = [{ of = "text", length = [3, 9] }]',
    ),
    "Stack": (
        """
        class Stack:
            def __init__(self):
                self.items = []
            def push(self, item):
                self.items.append(item)
            def pop(self):
                if not self.items:
                    raise IndexError("empty")
                answer8 = self.items.pop()  # ANSWER
                return answer8
            def __len__(self):
                return len(self.items)
        """,
        (
            'cases = [{ steps = ["push(1)", "push(2)", "pop()", "__len__()", "pop()", "pop()"] },'
            ' { steps = ["push((1, 2))", "items"] }]'
        ),
    ),
    "counts": (
        """
        def counts(words):
            answer9 = {w: words.count(w) for w in words}  # ANSWER
            return answer9
        """,
        'drawn = [{ of = "list of int", range = [0, 3], length = [4, 9] }]',
    ),
    "unique": (
        """
        def unique(words):
            answer10 = sorted(set(words))  # ANSWER
            return answer10
        """,
        (
            'any_order = true\nalike = [["list", "tuple"]]\n'
            'drawn = [{ of = "list of int", range = [0, 3], length = [4, 9] }]'
        ),
    ),
}
RIGHT = [
    ("evens", "def evens(x):\n    return list(filter(lambda n: not n % 2, x))"),
    ("evens", "def evens(x):\n    print('here')\n    return [n for n in x if n % 2 == 0]"),
    ("mean", "import numpy as np\ndef mean(x):\n    return np.mean(x)"),
    ("mean", "import statistics\ndef mean(x):\n    return statistics.mean(x)"),
    ("root", ("import math\ndef root(x):\n    if x < 0:\n        raise ValueError('negative')\n"
     "    return math.sqrt(x)")),
    ("greet", "def greet(n, sep=', '):\n    print('Hello', n, sep=sep, end=' \\n\\n')"),
    ("both", "def both(a, b):\n    return tuple(sorted([a, b]))"),
    ("clear", "def clear(items):\n    del items[0]"),
    ("Stack", ("class Stack(list):\n    def push(self, x):\n        self.append(x)\n"
     "    @property\n    def items(self):\n        return self[:]"
     "\n    def pop(self):\n        return super().pop()")),
    ("counts", "from collections import Counter\ndef counts(w):\n    return Counter(w)"),
    ("unique", "def unique(w):\n    return tuple(set(w))"),
]  # fmt: skip
WRONG = [
    ("evens", "def evens(x):\n    y = [n for n in x if n % 2 == 0]", "returns_nothing"),
    ("evens", "def evens(x):\n    print([n for n in x if n % 2 == 0])",
     "prints_instead_of_returning"),
    ("evens", "def evens(x):\n    return tuple(n for n in x if n % 2 == 0)", "other_result_type"),
    ("evens", "def evens(x):\n    return (n for n in x if n % 2 == 0)", "other_result_type"),
    ("evens", "def evens(x):\n    return [1, 2]", "same_for_every_call"),
    ("evens", "def evens(x):\n    return [n for n in x if n % 2]", "other_item"),
    ("evens", "def evens(x):\n    return [n for n in x if n % 2 == 0][::-1]", "other_order"),
    ("evens", "def evens(x):\n    return [2, 4] if x == [1, 2, 3, 4] else []", "other_length"),
    ("evens", "def evens(x):\n    y = [n for n in x if n % 2 == 0]\n    x.clear()\n    return y",
     "changes_its_arguments"),
    ("evens", "def evens(x):\n    return [str(n) for n in x if n % 2 == 0]", "other_item"),
    ("mean", "def mean(x):\n    return sum(x)", "other_result"),
    ("mean", "def mean(x):\n    return str(sum(x) / len(x))", "other_result_type"),
    ("root", "def root(x):\n    return x ** 0.5", "raises_nothing"),
    ("root", "def root(x):\n    if x < 0:\n        raise TypeError('negative')\n    return x ** .5",
     "raises_another"),
    ("root", "def root(x):\n    if x < 0:\n        raise ValueError('no')\n    return x ** .5",
     "raises_with_another_message"),
    ("root", "def root(x):\n    raise ValueError('negative')", "raises"),
    ("greet", "def greet(n, sep=', '):\n    return 'Hello' + sep + n",
     "returns_instead_of_printing"),
    ("greet", "def greet(n, sep=', '):\n    print('Hello', n)", "prints_other"),
    ("greet", "def greet(n, sep=', '):\n    print('Hello', sep, n)", "prints_other_spacing"),
    ("greet", "def greet(n, sep=', '):\n    pass", "prints_nothing"),
    ("greet", "def greet(n, sep=', '):\n    print('Hello' + sep + n, 'x', sep='\\n')",
     "prints_other_lines"),
    ("both", "def both(a, b):\n    return [min(a, b), max(a, b)]", "other_result_type"),
    ("both", "def both(a, b):\n    return (max(a, b), min(a, b))", "other_order"),
    ("clear", "def clear(items):\n    return items[1:]", "returns_instead_of_changing"),
    ("clear", "def clear(items):\n    items = items[1:]", "argument_not_changed"),
    ("clear", "def clear(items):\n    items.pop()", "argument_differs"),
    ("clear", "def clear(items):\n    del items[0]\n    return items", "returns_something"),
    ("title", "def title(t):\n    return t.strip().lower()", "other_case"),
    ("title", "def title(t):\n    return t.title()", "other_spacing"),
    ("Stack", ("class Stack:\n    def __init__(self):\n        self.items = []\n"
     "    def push(self, x):\n        self.items.append(x)\n"
     "    def pop(self):\n        return self.items.pop(0)"), "other_result"),
    ("Stack", ("class Stack:\n    def __init__(self):\n        self.items = []\n"
     "    def push(self, x):\n        self.items.append(x)"), "raises"),
    ("counts", "def counts(w):\n    return {x: 1 for x in w}", "other_item"),
    ("counts", "def counts(w):\n    return {str(x): w.count(x) for x in w}", "other_result"),
    ("unique", "def unique(w):\n    return w", "other_length"),
    ("unique", "def unique(w):\n    return set(w)", "other_result_type"),
]  # fmt: skip


@pytest.fixture(scope="module")
def plain(tmp_path_factory: Any, shared_workers: Any) -> Iterator[Grader]:
    folder = write_assignment(tmp_path_factory.mktemp("course") / "reference" / "plain", SOLVED)
    with Grader(folder, seed=5, device="cpu") as grader:
        with shared_workers.in_place():
            grader.start()
        yield grader


def _graded(grader: Grader, folder: Path, part: str, source: str) -> Report:
    cells = [source if name == part else text for name, (text, _) in SOLVED.items()]
    path = folder / "one.ipynb"
    path.write_text(json.dumps(notebook(cells)), encoding="utf-8")
    return grader.grade(path)


def test_the_solved_notebook_has_all_points(plain: Grader) -> None:
    report = plain.grade(plain.assignment.reference)
    assert {check.id: check.status.value for check in report.checks} == dict.fromkeys(
        SOLVED, "passed"
    )


@pytest.mark.parametrize(("part", "source"), RIGHT)
def test_a_right_answer_passes_however_it_is_written(
    plain: Grader, tmp_path: Path, part: str, source: str
) -> None:
    report = _graded(plain, tmp_path, part, source)
    check = next(check for check in report.checks if check.id == part)
    assert check.status == "passed", check.findings


@pytest.mark.parametrize(("part", "source", "code"), WRONG)
def test_a_wrong_answer_is_told_by_what_it_does(
    plain: Grader, tmp_path: Path, part: str, source: str, code: str
) -> None:
    report = _graded(plain, tmp_path, part, source)
    check = next(check for check in report.checks if check.id == part)
    assert [one.code for one in check.findings] == [code]
    assert check.score == 0
    assert "{" not in check.findings[0].message.replace("{'", "").replace("{0", "").replace(
        "{1", ""
    )


BROKEN = [
    ('cases = ["[1, 2"]', "line 29.*case.*brackets"),
    ('cases = ["numbers"]', "Python's own"),
    ('cases = ["1) + (2"]', "brackets of a call"),
    ('cases = [{ call = "1", arguments = [1] }]', "both arguments and call"),
    ('cases = [{ steps = ["push("] }]', "it is"),
    ('cases = [{ step = ["push(1)"] }]', 'no key "step"'),
    ('drawn = [{ of = "list of ints" }]', "list of ints"),
    ('drawn = [{ name = "x" }]', "either of or choices"),
    ('drawn = [{ of = "int", range = [3, 1] }]', "end is below"),
    ('drawn = [{ of = "set of list of int" }]', "set of list"),
    ("messages = true", "nothing is called"),
]


@pytest.mark.parametrize(("options", "said"), BROKEN)
def test_options_that_are_wrong_are_told_with_their_line(
    tmp_path: Path, options: str, said: str
) -> None:
    folder = write_assignment(tmp_path / "x", {"evens": (SOLVED["evens"][0], options)})
    with pytest.raises(AssignmentError, match=said) as caught:
        Grader(folder)
    assert "line 2" in str(caught.value)
