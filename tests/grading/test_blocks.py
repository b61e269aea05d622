"""Blocks, and several blanks in a statement, are graded as any other blank is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from grader.audit.cases import handed_in
from grader.report import Status
from tests.assignment.block_course import (
    BLOCKS,
    CENTRED,
    FOLDER,
    HINGE,
    LERP,
    SCALER,
    SOFTMAX,
    STANDARDISE,
    changed,
)
from tests.template.course import course

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from grader.grading.grader import Grader
    from grader.notebook.read import Notebook
    from grader.report import Report


@pytest.fixture
def report_of(grader_of: Callable[[str], Grader]) -> Callable[[Notebook], Report]:
    grader = grader_of(str(FOLDER))
    return lambda notebook: grader.grade_notebook(notebook, "submission.ipynb")


def lost(report: Report) -> dict[str, str]:
    return {c.id: c.status.value for c in report.checks if c.status is not Status.PASSED}


def findings(report: Report) -> list[tuple[str, int | None, int | None]]:
    return [(f.code, f.blank, f.line) for c in report.checks for f in c.findings]


def test_the_solved_notebook_gets_everything(report_of: Any) -> None:
    report = report_of(handed_in(BLOCKS))
    assert (report.score, report.notes, lost(report)) == (100, (), {})


def test_the_untouched_template_gets_nothing(grader_of: Any, tmp_path: Path) -> None:
    template = course(tmp_path, BLOCKS).template
    report = grader_of(str(FOLDER)).grade(template)
    assert (report.score, report.notes) == (0, ())
    assert set(lost(report).values()) == {"not_attempted"}
    assert [blank for _, blank, _ in findings(report)] == [1, 2, 3, 4, 5, 6, 7, 8]
    hints = [f.hint for c in report.checks for f in c.findings]
    assert hints == [blank.hint for blank in BLOCKS.blanks]


@pytest.mark.parametrize("alternative", BLOCKS.alternatives, ids=lambda one: one.title)
def test_a_listed_right_answer_gets_everything(alternative: Any, report_of: Any) -> None:
    assert report_of(handed_in(BLOCKS, alternative.edits)).score == 100


@pytest.mark.parametrize("mistake", BLOCKS.mistakes, ids=lambda one: one.code)
def test_a_listed_mistake_is_named_in_its_block(mistake: Any, report_of: Any) -> None:
    report = report_of(handed_in(BLOCKS, mistake.edits))
    assert mistake.agrees({c.id: c.status.value for c in report.checks})
    named = [f for c in report.checks for f in c.findings if f.code == mistake.code]
    assert [f.blank for f in named] == [mistake.blank]
    shown = next(line.text for line in named[0].excerpt if line.number == named[0].line)
    assert (mistake.arrow or "").strip() in shown
    assert len(named[0].excerpt) <= 6


def retabbed(text: str, margin: str) -> str:
    return text.replace("    ", margin)


WHOLE = '    """Return the softmax of each row."""\n' + SOFTMAX


@pytest.mark.parametrize(
    ("find", "put"),
    [
        pytest.param(WHOLE, retabbed(WHOLE, "\t"), id="tabs"),
        pytest.param(WHOLE, retabbed(WHOLE, "  "), id="two spaces"),
        pytest.param(SOFTMAX, f"    if True:\n{SOFTMAX.replace('    ', '      ')}", id="deeper"),
        pytest.param(
            SOFTMAX,
            SOFTMAX.replace("shifted", "s")
            .replace("e =", "q =")
            .replace("e /", "q /")
            .replace("e.sum", "q.sum"),
            id="renamed inside",
        ),
        pytest.param(
            CENTRED + STANDARDISE + "    return z",
            (CENTRED + STANDARDISE + "    return z").replace("centred", "c").replace("z", "result"),
            id="renamed around",
        ),
        pytest.param(
            "def softmax(x):",
            "def my_softmax(x):\n    return x.softmax(-1)\n\n\ndef softmax(x):",
            id="a helper above",
        ),
        pytest.param(
            STANDARDISE, "    # YOUR CODE HERE\n    z = ...\n" + STANDARDISE, id="below the marker"
        ),
        pytest.param(STANDARDISE, STANDARDISE + "    # YOUR CODE HERE\n", id="above the marker"),
        pytest.param(
            CENTRED + STANDARDISE,
            "    z = (x - x.mean(0)) / (x.var(0, unbiased=False) + 0.1) ** 0.5\n",
            id="a given line deleted",
        ),
        pytest.param(
            CENTRED + STANDARDISE + "    return z",
            "    return (x - x.mean(0)) / (x.var(0, unbiased=False) + 0.1) ** 0.5",
            id="all given lines deleted",
        ),
        pytest.param("0.5\n    return z", "0.5\n    return z + 0", id="the line after it changed"),
        pytest.param(LERP, "        input=a, end=b, weight=c\n", id="arguments by their names"),
        pytest.param("torch.lerp(\n" + LERP + "    )", "a + c * (b - a)", id="no such call"),
        pytest.param(LERP, "        *(a, b), weight=c\n", id="arguments in a tuple"),
        pytest.param(
            HINGE,
            "class Hinge:\n    def __call__(self, m):\n        return (1 - m).clamp(min=0)\n\n\n"
            "hinge = Hinge()",
            id="a class for the function",
        ),
    ],
)
def test_a_right_answer_in_another_form_gets_everything(
    find: str, put: str, report_of: Any
) -> None:
    report = report_of(changed(find, put))
    assert (report.score, findings(report)) == (100, [])


@pytest.mark.parametrize(
    ("find", "put", "line"),
    [
        pytest.param(SOFTMAX, "    # the exponentials\n    # their sum", 3, id="comments only"),
        pytest.param(SOFTMAX, "", 3, id="nothing at all"),
        pytest.param(SOFTMAX, "    pass", 3, id="pass"),
        pytest.param(SOFTMAX, "    ...", 3, id="dots"),
        pytest.param(SOFTMAX, '    raise NotImplementedError("later")', 3, id="not implemented"),
        pytest.param(STANDARDISE, "    z = ...\n", 4, id="the placeholder"),
        pytest.param(STANDARDISE, "", 3, id="nothing between given lines"),
        pytest.param(SCALER, "    pass\n", 4, id="the class body"),
        pytest.param(HINGE, "def hinge(margin):\n    pass", 1, id="a definition of nothing"),
        pytest.param(HINGE, "", None, id="no definition"),
    ],
)
def test_an_empty_block_is_not_attempted(
    find: str, put: str, line: int | None, report_of: Any
) -> None:
    report = report_of(changed(find, put))
    assert report.score == 80
    assert list(lost(report).values()) == ["not_attempted"]
    assert [(code, where) for code, _, where in findings(report)] == [("not_filled_in", line)]
    assert report.notes == ()


@pytest.mark.parametrize(
    ("find", "put", "blank", "line"),
    [
        pytest.param("e = shifted.exp()", "e = shifted.exp(", 2, 4, id="a bracket"),
        pytest.param("(centred**2).mean(0)", "(centred**2).mean 0", 1, 4, id="no bracket"),
        pytest.param("    z = centred", "      z = centred", 1, 5, id="indented"),
        pytest.param("x + self.offset", "x + self.offset)", 3, 9, id="in a class"),
        pytest.param("clamp(min=0)", "clamp(min=0", 8, 2, id="in a definition"),
        pytest.param(
            SOFTMAX, "\n".join(line.strip() for line in SOFTMAX.split("\n")), 2, 5, id="outside"
        ),
    ],
)
def test_a_syntax_error_costs_its_block_alone(
    find: str, put: str, blank: int, line: int, report_of: Any
) -> None:
    report = report_of(changed(find, put))
    assert report.score == 80
    assert list(lost(report).values()) == ["error"]
    assert findings(report) == [("syntax_error", blank, line)]


@pytest.mark.parametrize(
    ("find", "put", "found"),
    [
        pytest.param("e.sum(-1", "e.sumx(-1", ("raises", 2, 5), id="the line that raises"),
        pytest.param("(spread + 0.1)", "(spread + 1)", ("wrong_value", 1, 5), id="one line"),
        pytest.param(
            STANDARDISE,
            "    z = ...\n    z = 3 * centred\n",
            ("wrong_value", 1, 5),
            id="not the placeholder",
        ),
        pytest.param(
            "centred = x - x.mean(0)",
            "centred = x - x.mean()",
            ("wrong_value", 1, 3),
            id="the given line that was changed",
        ),
    ],
)
def test_the_arrow_is_at_the_line_to_blame(
    find: str, put: str, found: tuple[str, int, int], report_of: Any
) -> None:
    assert findings(report_of(changed(find, put))) == [found]


@pytest.mark.parametrize(
    ("find", "put", "points", "blanks"),
    [
        pytest.param(LERP, "        a,\n        weight=c,\n", 15, [5], id="one is missing"),
        pytest.param(LERP, "        a,\n        a,\n        weight=c,\n", 15, [5], id="the second"),
        pytest.param(LERP, "        b,\n        b,\n        weight=c,\n", 15, [4], id="the first"),
        pytest.param(LERP, "        weight=c,\n", 10, [4, 5], id="both are missing"),
        pytest.param(LERP, "        a\n        b,\n        weight=c,\n", 10, [4], id="no comma"),
        pytest.param("between, 0 * a", "between, ...", 15, [7], id="the placeholder"),
        pytest.param("between, 0 * a", "between, 1 + 0 * a", 15, [7], id="the last on its line"),
        pytest.param("a > b, between", "a < b, between", 15, [6], id="the first on its line"),
    ],
)
def test_blanks_in_a_statement_stand_each_alone(
    find: str, put: str, points: float, blanks: list[int], report_of: Any
) -> None:
    report = report_of(changed(find, put))
    mix = next(check for check in report.checks if check.id == "mix")
    assert (mix.score, report.score) == (points, 80 + points)
    assert [finding.blank for finding in mix.findings] == blanks


def test_a_definition_of_another_name_is_not_called_empty(report_of: Any) -> None:
    report = report_of(changed(HINGE, HINGE.replace("hinge", "hinge_loss")))
    assert [code for code, _, _ in findings(report)] == ["part_missing"]
    assert report.score == 80
