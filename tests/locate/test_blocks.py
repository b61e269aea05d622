"""A block is what stands between the given statements around it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from grader.assignment.model import Assignment, Blank, Part
from grader.errors import AssignmentError
from grader.locate.outlines import outlines
from grader.locate.parts import locate, neutralised
from grader.locate.roles import infer_roles
from tests.locate.homework import code_of
from tests.notebooks import code, write

if TYPE_CHECKING:
    from grader.locate.parts import LocatedPart

SOLVED = """\
class Net(nn.Module):
    def __init__(self):
        super().__init__()
        # ANSWER 1
        self.a = nn.Linear(2, 3)
        # END 1
        self.b = nn.Linear(3, 1)

    def forward(self, x):
        h = self.a(x)
        for k in range(3):
            h = h + k
            # ANSWER 2
            h = h * 2
            h = h.relu()
            # END 2
            print(k)
        return self.b(h)

    # ANSWER 3
    def reset(self):
        self.a.reset_parameters()
    # END 3
"""


@pytest.fixture(scope="module")
def homework(tmp_path_factory: pytest.TempPathFactory) -> Assignment:
    path = write(code([SOLVED]), tmp_path_factory.mktemp("blocks"))
    blanks = tuple(Blank(n, "net", f"blank {n}", "block") for n in (1, 2, 3))
    part = Part("net", "the class", "class", "Net")
    return Assignment(
        *("small", "Small", Path(), path, path, None, (), (part,)), blanks=blanks, checks=()
    )


def located(source: str, homework: Assignment) -> LocatedPart:
    notebook = code_of(source)
    return locate(notebook, homework, infer_roles(notebook, homework))["net"]


def answers(source: str, homework: Assignment) -> list[str]:
    sites = located(source, homework).blanks
    states = [site.state.value for site in sites]
    texts = [" | ".join(site.answer.split("\n")) for site in sites]
    return [t if s == "answered" else s for s, t in zip(states, texts, strict=True)]


SOLVED_ANSWERS = [
    "self.a = nn.Linear(2, 3)",
    "h = h * 2 | h = h.relu()",
    "def reset(self): |     self.a.reset_parameters()",
]


def test_what_is_around_each_block(homework: Assignment) -> None:
    around = outlines(homework)
    assert [(len(o.before), len(o.after), o.method) for o in around.values()] == [
        (1, 1, "__init__"),
        (1, 1, "forward"),
        (2, 0, ""),
    ]
    assert [o.neutral for o in around.values()] == ["pass", "pass", "pass"]
    assert answers(SOLVED, homework) == SOLVED_ANSWERS


EMPTY = "empty"


@pytest.mark.parametrize(
    ("find", "put", "number", "answer"),
    [
        ("h = h * 2", "", 2, "h = h.relu()"),
        ("h = h * 2\n            h = h.relu()", "pass", 2, EMPTY),
        ("h = h * 2\n            h = h.relu()", "# to do", 2, EMPTY),
        ("            h = h + k\n", "", 2, "h = h * 2 | h = h.relu()"),
        ("            print(k)\n", "", 2, "h = h * 2 | h = h.relu()"),
        ("print(k)", "print(h)", 2, "h = h * 2 | h = h.relu()"),
        ("for k in range(3):", "for i in range(3):", 2, "h = h * 2 | h = h.relu()"),
        ("for k in range(3):", "for k in [0, 1, 2]:", 2, "h = h * 2 | h = h.relu()"),
        ("for k in range(3):", "while k < 3:", 2, "whole"),
        ("self.a = nn.Linear(2, 3)\n        # END 1", "...", 1, EMPTY),
        ("        super().__init__()\n", "", 1, "self.a = nn.Linear(2, 3)"),
        ("def __init__", "def init", 1, "absent"),
        ("self.b = nn.Linear(3, 1)", "self.b = nn.Linear(3, 2)", 1, "changed after"),
    ],
)
def test_one_block_of_several(
    find: str, put: str, number: int, answer: str, homework: Assignment
) -> None:
    assert SOLVED.count(find) == 1
    found = answers(SOLVED.replace(find, put), homework)
    others = [a for n, a in enumerate(found, start=1) if n != number]
    assert others == [a for n, a in enumerate(SOLVED_ANSWERS, start=1) if n != number]
    if answer == "whole":
        assert found[1].startswith("h = self.a(x)")
        assert found[1].endswith("return self.b(h)")
    elif answer == "changed after":
        assert found[0] == "self.a = nn.Linear(2, 3) | # END 1 | self.b = nn.Linear(3, 2)"
    else:
        assert found[number - 1] == answer


@pytest.mark.parametrize(
    ("find", "put", "number", "line"),
    [
        ("h = h * 2", "h = h * (2", 2, 14),
        ("self.a = nn.Linear(2, 3)", "self.a = nn.Linear(2, 3", 1, 5),
        ("self.a.reset_parameters()", "self.a.reset_parameters(", 3, 22),
    ],
)
def test_a_block_that_is_no_python(
    find: str, put: str, number: int, line: int, homework: Assignment
) -> None:
    sites = located(SOLVED.replace(find, put), homework).blanks
    states = {site.number: site.state.value for site in sites}
    assert states == dict.fromkeys((1, 2, 3), "answered") | {number: "syntax error"}
    assert sites[number - 1].line == line


@pytest.mark.parametrize("number", [1, 2, 3])
@pytest.mark.parametrize("margin", ["    ", "\t", "  "])
def test_one_is_put_aside_and_no_line_moves(number: int, margin: str, homework: Assignment) -> None:
    source = SOLVED.replace("    ", margin)
    part = located(source, homework)
    without = neutralised(part, homework, [number])
    assert without is not None
    text = without.statements[0].source
    assert text.count("\n") == part.statements[0].source.count("\n")
    kept = [n for n in (1, 2, 3) if SOLVED_ANSWERS[n - 1].split(" | ")[0] in text]
    assert kept == [n for n in (1, 2, 3) if n != number]


def test_a_block_may_stand_behind_its_colon(tmp_path: Path, homework: Assignment) -> None:
    solved = "def f(x):\n    # ANSWER 1\n    return x\n    # END 1\n"
    one = replace(
        homework,
        reference=write(code([solved]), tmp_path),
        parts=(Part("net", "f", "function", "f"),),
        blanks=(replace(homework.blanks[0]),),
    )
    part = located("def f(x): return 2 * x", one)
    assert part.blanks[0].answer == "return 2 * x"
    without = neutralised(part, one, [1])
    assert without is not None
    assert without.statements[0].source == "def f(x): raise NotImplementedError"


FUNCTIONS = """\
def predict(X, w, b):
    # ANSWER 1
    scores = X @ w + b
    return torch.sigmoid(scores)
    # END 1

def helper(X, w, b):
    return X
"""


@pytest.mark.parametrize(
    ("calls", "find", "put", "name"),
    [
        ((), "def predict", "def predict", "predict"),
        (("sigmoid",), "def predict", "def forward", "forward"),
        (("sigmoid",), "def predict(X, w, b)", "def forward(x, w, b)", None),
        (("sigmoid",), "return torch.sigmoid(scores)", "return scores", "predict"),
        ((), "def predict", "def forward", None),  # either of two may be meant
    ],
)
def test_a_renamed_function_that_holds_one_block(
    calls: tuple[str, ...], find: str, put: str, name: str | None, tmp_path: Path
) -> None:
    path = write(code([FUNCTIONS]), tmp_path)
    part = Part("predict", "the model", "function", "predict", calls=calls)
    blank = Blank(1, "predict", "the answer", "block")
    homework = Assignment(
        *("small", "Small", Path(), path, path, None, (), (part,)), blanks=(blank,), checks=()
    )
    notebook = code_of(FUNCTIONS.replace(find, put))
    found = locate(notebook, homework, infer_roles(notebook, homework)).get("predict")
    assert (found.name if found is not None else None) == name
    alone = code_of(FUNCTIONS.replace(find, put).partition("def helper")[0])
    found = locate(alone, homework, infer_roles(alone, homework)).get("predict")
    assert (found is not None) == ("(x," not in put)


@pytest.mark.parametrize(
    ("find", "put", "said"),
    [
        ("    # END 1\n", "", "cell 1, line 2: malformed .* no '# END 1' follows"),
        ("# END 1", "# END 2", "cell 1, line 2: malformed .* another mark before"),
        ("# ANSWER 1", "#ANSWER 1", "cell 1, line 2: malformed"),
    ],
)
def test_a_block_that_is_not_marked_whole_is_told_with_its_place(
    find: str, put: str, said: str, tmp_path: Path
) -> None:
    path = write(code([FUNCTIONS.replace(find, put)]), tmp_path)
    part = Part("predict", "the model", "function", "predict")
    blank = Blank(1, "predict", "the answer", "block")
    homework = Assignment(
        *("small", "Small", Path(), path, path, None, (), (part,)), blanks=(blank,), checks=()
    )
    with pytest.raises(AssignmentError, match=said):
        outlines(homework)
