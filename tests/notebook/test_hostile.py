"""Text made to keep the grader busy or to crash it: each ends in an error message or a verdict.

No clock is needed: with a quadratic algorithm each of these takes minutes to hours.
"""

from __future__ import annotations

import ast
import json
from typing import TYPE_CHECKING, Any

import pytest

from grader.assignment import all_assignments, load_assignment
from grader.errors import NotebookError
from grader.grading.groups import group_of
from grader.grading.notes import given_in, notes
from grader.grading.recognise import recognise
from grader.grading.submission import open_submission
from grader.locate.needed import needed_names
from grader.locate.sites import BlankState
from grader.notebook.read import parse_notebook, read_notebook
from grader.notebook.syntax import parse
from tests.notebooks import EVALUATION, cell, changed, code, solved, text

if TYPE_CHECKING:
    from grader.grading.submission import Submission

MLP = load_assignment("mlp")


def through(notebook: dict[str, Any]) -> Submission:
    """Take a notebook through everything that the trusted process does before anything runs."""
    read = parse_notebook(json.dumps(notebook).encode(), "n.ipynb")
    assert recognise(read, all_assignments()).id == "mlp"
    submission = open_submission(read, MLP)
    assert set(submission.parts) == {"model", "evaluation", "training"}
    assert len(group_of(submission, MLP)) > 0
    reference = open_submission(read_notebook(MLP.reference), MLP)
    notes(submission, given_in(reference, MLP), MLP)
    return submission


def with_cell(source: str, start: dict[str, Any] | None = None) -> dict[str, Any]:
    notebook = start or solved()
    notebook["cells"].insert(0, {**code([source])["cells"][0], "id": "hostile"})
    return notebook


def in_evaluation(line: str) -> dict[str, Any]:
    """The solved notebook with a first line in its evaluation function."""
    notebook = solved()
    target = cell(notebook, EVALUATION)
    head, rest = text(target).split("device):\n", 1)
    target["source"] = f"{head}device):\n    {line}\n{rest}"
    return notebook


NAMES = range(1_200)
HOSTILE = {
    "empty lines before broken text": "\n" * 45_000 + "class ( \n",
    "loops that call a long function": (
        "def f():\n" + "    g(h.i)\n" * 2_200 + "for i in train_iter: f()\n" * 1_200
    ),
    "functions in functions' loops": (
        "".join(f"def f{n}(): g{n}.h{n}()\n" for n in NAMES)
        + "def z():\n"
        + "".join(f"    for i in train_iter: f{n}()\n" for n in NAMES)
    ),
    "scopes among names": (
        "def f():\n    "
        + ";".join(f"a{n}=0" for n in range(2_400))
        + "\n"
        + "    lambda: 0\n" * 2_400
    ),
    "loops in loops": (
        "".join(" " * n + "for i in train_iter:\n" for n in range(90))
        + (" " * 90 + "f.g(h)\n") * 1_000
    ),
    "a broken loop over many loaders": (
        "".join(f"x{n} = DataLoader()\n" for n in NAMES) + "(\n" + "    for xx\n" * 10_000
    ),
    "open blanks in broken text": "    zero_grad backward step (\n" * 4_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_cell_that_would_take_hours(name):
    through(with_cell(HOSTILE[name]))


def test_a_chain_of_names_that_the_evaluation_needs():
    chain = "\n".join(f"a{n} = a{n + 1}" for n in range(1_500))
    submission = through(with_cell(f"{chain}\na1500 = 0", in_evaluation("a0")))
    check = next(c for c in MLP.checks if c.id == "eval_accuracy")
    program = submission.program(check, MLP, frozenset())
    assert len(program.entries) > 1_500


def test_what_cannot_be_written_out_again_is_sent_as_it_stands(monkeypatch):
    def cannot(_node: ast.AST) -> str:
        raise ValueError

    monkeypatch.setattr(ast, "unparse", cannot)
    names = [f"b{n}" for n in range(300)]
    line = "; ".join(f"{name} = {name}{name} + 1" for name in names)
    submission = through(with_cell(line, in_evaluation("; ".join(names))))
    check = next(c for c in MLP.checks if c.id == "eval_accuracy")
    program = submission.program(check, MLP, frozenset())
    sent = [sent for sent, _, _ in program.to_plain()["entries"]]
    assert "b299 = b299b299 + 1" in sent
    assert len(line) / 2 < sum(map(len, sent)) < 2 * len(line)


def test_more_statements_than_any_course_has():
    with pytest.raises(NotebookError, match="more than 5,000 statements"):
        through(with_cell("a;" * 6_000))


@pytest.mark.parametrize("number", ["0x" + "f" * 5_000, "0b" + "1" * 20_000, "9" * 5_000])
def test_a_number_too_long_to_be_written_out_is_a_syntax_error(number):
    answer = through(changed("self.xdim, self.hdim", f"{number}, self.hdim")).site(1)
    assert answer.state is BlankState.SYNTAX_ERROR
    assert "digits" in answer.problem.message
    through(in_evaluation(f"{number}"))


def test_a_long_number_in_a_text_is_a_text():
    assert parse("x = '0x" + "f" * 5_000 + "'").body


@pytest.mark.parametrize(
    ("source", "names"),
    [
        ("def f():\n    a = 1\n    def g():\n        global a\n        return a", {"a"}),
        ("def f():\n    a = 1\n    def g():\n        global b\n        return a, b", {"b"}),
        ("def f(a):\n    return [a for b in c if b] + [lambda: (a, d)]", {"c", "d"}),
        ("class A:\n    a = b\n    def f(self): return c", {"b", "c"}),
    ],
)
def test_a_scope_knows_the_names_around_it(source, names):
    assert needed_names(parse(source).body[0]) == names
