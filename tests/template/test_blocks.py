"""Answers of several lines, and several on a line, in the solved notebook and its template."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

import pytest

from grader.assignment import load_assignment
from grader.errors import AssignmentError
from grader.template import find_answers, marks, with_answer, without_markers
from grader.template.build import student_notebook
from grader.template.check import problems
from grader.template.markers import blanked
from tests.assignment.block_course import BLOCKS
from tests.template.course import cell, course, replace_in, replaced, save, template

if TYPE_CHECKING:
    from pathlib import Path

    from grader.assignment import Assignment

TODO = "def f(x):\n    # TODO      # double it\n"
BODY = """\
def f(x):
    # ANSWER 1: double it
    y = 2 * x

    return y
    # END 1
"""
BESIDE = """\
def f(x):
    a = 1
    # ANSWER 1
    for k in x:
        a += k
    # END 1
    return a
"""
WHOLE = "# ANSWER 1\nclass A:\n    pass\n# END 1\nA()"
SEVERAL = "y = f(1, g(2), k=3)  # ANSWERS: y = f(__1__, __2__, k=3)"
ARGUMENTS = "y = f(\n    1,  # ANSWER 1\n    k=2,  # ANSWER 2: two\n)"


@pytest.mark.parametrize(
    ("source", "instead", "found"),
    [
        (BODY, {}, f"{TODO}    pass\n"),
        (BODY, {1: "raise E()"}, f"{TODO}    raise E()\n"),
        (
            BODY,
            {1: "y = 0\nreturn y"},
            f"{TODO}    y = 0\n    return y\n",
        ),
        (BESIDE, {}, "def f(x):\n    a = 1\n    # TODO\n    return a\n"),
        (WHOLE, {}, "# TODO\nA()"),
        (SEVERAL, {}, "y = f(..., ..., k=3)  # TODO"),
        (SEVERAL, {2: "None"}, "y = f(..., None, k=3)  # TODO"),
        (ARGUMENTS, {}, "y = f(\n    # TODO\n    # TODO      # two\n)"),
        (
            f"%matplotlib inline\n{BODY}",
            {},
            f"%matplotlib inline\n{TODO}    pass\n",
        ),
    ],
)
def test_what_a_student_gets(source: str, instead: dict[int, str], found: str) -> None:
    assert blanked(source, "# TODO", instead) == found


@pytest.mark.parametrize("source", [BODY, BESIDE, WHOLE, SEVERAL, ARGUMENTS])
def test_without_its_marks_it_is_the_same_code(source: str) -> None:
    bare = without_markers(source)
    assert ast.dump(ast.parse(bare)) == ast.dump(ast.parse(source))
    assert not re.search("ANSWER|END", bare)
    for one in find_answers(source, 1):
        again = without_markers(with_answer(source, one.number, one.text))
        assert ast.dump(ast.parse(again)) == ast.dump(ast.parse(source))


@pytest.mark.parametrize(
    ("source", "number", "text", "found"),
    [
        (BODY, 1, "return 2 * x", "def f(x):\n    return 2 * x\n"),
        (
            BODY,
            1,
            "\n  if x:\n    return 2\n  return 0\n",
            "def f(x):\n    if x:\n      return 2\n    return 0\n",
        ),
        (SEVERAL, 2, "h(\n4)", "y = f(1, h( 4), k=3)  # ANSWERS: y = f(__1__, __2__, k=3)"),
        (ARGUMENTS, 1, "3", "y = f(\n    3,\n    k=2,  # ANSWER 2: two\n)"),
        (ARGUMENTS, 1, "3,", "y = f(\n    3,\n    k=2,  # ANSWER 2: two\n)"),
    ],
)
def test_another_answer_stands_where_it_did(
    source: str, number: int, text: str, found: str
) -> None:
    assert with_answer(source, number, text) == found


@pytest.mark.parametrize(("number", "there"), [(1, True), (2, True), (4, False), (23, True)])
def test_which_numbers_a_cell_marks(number: int, *, there: bool) -> None:
    source = f"{SEVERAL}\n# ANSWER 23\nx = 1\n# END 23\ny = 2  # ANSWER 45"
    assert marks(source, number) is there


@pytest.mark.parametrize(
    ("source", "says"),
    [
        ("# ANSWER 1\nx = 1", "no '# END 1' follows"),
        ("# ANSWER 1\nx = 1\n# END 2", "another mark before its '# END 1', in line 3"),
        ("# ANSWER 1\nx = 1  # ANSWER 2\n# END 1", "another mark before its '# END 1', in line 2"),
        ("# ANSWER 1\n\n# END 1", "nothing in it"),
        ("x = 1\n# END 1", "line 2: malformed"),
        ("x = f(1)  # ANSWERS: x = g(__1__)", "not the line with holes"),
        ("x = f(1)  # ANSWERS: x = f(1)", "not the line with holes"),
    ],
)
def test_a_wrong_mark_is_one_clear_error(source: str, says: str) -> None:
    with pytest.raises(AssignmentError, match=re.escape(says)) as caught:
        find_answers(source, 1)
    assert caught.value.hint


@pytest.fixture
def blocks(tmp_path: Path) -> Assignment:
    return course(tmp_path, BLOCKS)


def test_the_template_is_python_and_as_it_should_be(blocks: Assignment) -> None:
    sources = [c.source for c in template(blocks).cells if c.cell_type == "code"]
    for source in sources:
        ast.parse(source)
    assert "\n".join(sources).count("# YOUR CODE HERE") == 7  # two blanks of a line have one
    assert problems(blocks) == []


@pytest.mark.parametrize(
    ("line", "blank"),
    [
        ("Try `spread = (centred**2).mean(0)`.", 1),
        ("e / e.sum(-1, keepdim = True)", None),
        ("return e / e.sum(-1, keepdim = True)", 2),
        ("# END 3", "marker"),
    ],
)
def test_a_line_of_a_block_gives_it_away(
    line: str, blank: int | str | None, blocks: Assignment
) -> None:
    notebook = template(blocks)
    cell(notebook, "title").source += f"\n\n{line}"
    save(blocks, notebook)
    said = [problem.message for problem in problems(blocks) if "stale" not in problem.message]
    wanted = {None: [], "marker": ["a marker of the solved notebook stands in cell 1 (text)"]}
    assert said == wanted.get(blank, [f"the answer of blank {blank} can be read in cell 1 (text)"])


def test_a_short_line_of_a_block_gives_nothing_away(blocks: Assignment) -> None:
    notebook = template(blocks)
    cell(notebook, "title").source += "\n\ne = shifted.exp"
    save(blocks, notebook)
    assert [p.message[:5] for p in problems(blocks)] == ["is st"]


def test_the_marker_of_a_block_can_be_lost(blocks: Assignment) -> None:
    notebook = template(blocks)
    replaced(cell(notebook, "softmax"), "    # YOUR CODE HERE\n", "")
    save(blocks, notebook)
    lost = "blank 2 has lost its marker in cell 4: # YOUR CODE HERE"
    assert lost in [problem.message for problem in problems(blocks)]


@pytest.mark.parametrize(
    ("find", "put", "says"),
    [
        ('# ANSWER 2\\n"', '# ANSWER 22\\n"', "malformed"),
        ("a,  # ANSWER 4", "a,", "no '# ANSWER 4'"),
    ],
)
def test_marks_that_do_not_fit_are_errors(
    find: str, put: str, says: str, blocks: Assignment
) -> None:
    replace_in(blocks.reference, find, put)
    with pytest.raises(AssignmentError, match=says):
        student_notebook(blocks)


def test_the_kind_has_to_be_that_of_the_mark(blocks: Assignment) -> None:
    rubric = blocks.folder / "assignment.toml"
    replace_in(
        rubric,
        'title = "the softmax"\nkind = "block"',
        'title = "the softmax"\nkind = "statement"\npatterns = ["_"]\nanchor = "x"\nneutral = "x"',
    )
    with pytest.raises(AssignmentError, match="is marked as a block") as caught:
        student_notebook(load_assignment(str(blocks.folder)))
    assert 'kind = "block"' in (caught.value.hint or "")
