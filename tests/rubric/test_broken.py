"""A broken assignment gets an error with file, line, key and a way out, and grades nobody."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from grader.assignment import load_assignment
from grader.audit.records import equivalents, pair_records
from grader.cli import main
from grader.errors import GraderError
from grader.grading.known_options import require_options
from grader.grading.solved import SolvedNotebook, variant
from grader.rubric.lacks import ERROR
from grader.rubric.lint import lint
from tests.notebooks import ROOT
from tests.rubric.broken import BROKEN, RUBRIC, Broken

if TYPE_CHECKING:
    from pathlib import Path


_SILENT = """[[mistakes]]
code = "silent"
blank = 1
answer = "x"
verdict = { scaling = "failed" }

"""


def break_it(course: Path, one: Broken) -> Path:
    path = course / one.of / one.file
    if one.find:
        text = path.read_text(encoding="utf-8")
        assert one.find in text
        path.write_text(text.replace(one.find, one.put, 1), encoding="utf-8")
    else:
        path.write_text(one.put, encoding="utf-8", errors="surrogateescape")
    return path


def use(folder: Path) -> None:
    """Load all that a grading or an audit reads of an assignment, and run nothing."""
    assignment = load_assignment(str(folder))
    require_options(assignment)
    solved = SolvedNotebook(assignment)
    for entry in (*assignment.mistakes, *assignment.alternatives):
        variant(solved.submission.notebook, entry, assignment, solved.submission.parts)
    pair_records(assignment)
    equivalents(assignment, "cpu")


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_assignment(name: str, course: Path) -> None:
    one = BROKEN[name]
    path = break_it(course, one)
    found = [told for told in lint(course / one.of) if told.level == ERROR]
    told = next((told for told in found if one.says in told.message), None)
    assert told is not None, found
    assert told.hint
    assert one.hint in told.hint
    assert (one.shown_in or path.name) in told.message
    if told.line is not None:
        file = course / one.of / RUBRIC if one.shown_in else path
        line = file.read_text(encoding="utf-8").splitlines()[told.line - 1]
        at = one.at if one.at is not None else re.split(r"[\n]", one.put)[0]
        assert one.shown_in or at in line, line
    elif path.suffix == ".toml":
        assert name in {"no rubric that is text", "a file of mistakes that is not read"}
    elif name != "no notebook":
        assert re.search(r"cell \d+, line \d+", told.message)
    with pytest.raises(GraderError) as refused:
        use(course / one.of)
    assert refused.value.message in {told.message for told in found}


def test_there_are_rubrics_broken_in_every_way() -> None:
    assert len(BROKEN) >= 70
    assert {one.file for one in BROKEN.values()} >= {
        "assignment.toml",
        "mistakes.toml",
        "alternatives.toml",
        "words.toml",
        "pairs.toml",
        "equivalents.toml",
        "fresh.ipynb",
    }


def test_all_is_told_at_once(course: Path) -> None:
    for name in ("misspelt in a part", "points below 0", "misspelt in a mistake",
                 "misspelt alternative"):  # fmt: skip
        break_it(course, BROKEN[name])
    found = lint(course / "fresh")
    assert [told.file for told in found] == [
        "reference/fresh/assignment.toml",
        "reference/fresh/assignment.toml",
        "reference/fresh/mistakes.toml",
        "reference/fresh/alternatives.toml",
    ]


def test_no_points_at_all(course: Path) -> None:
    path = course / "fresh" / "assignment.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("points = 50", "points = 0"), encoding="utf-8")
    (told,) = [one for one in lint(course / "fresh") if one.level == ERROR]
    assert "all checks together give 0 points" in told.message


def test_our_own_are_in_order(course: Path) -> None:
    assert {name: lint(course / name) for name in ("fresh", "linear_regression", "mlp")} == {
        "fresh": [],
        "linear_regression": [],
        "mlp": [],
    }


def test_a_template_that_is_not_there_or_stale(course: Path) -> None:
    template = course.parent / "student_templates" / "fresh.ipynb"
    template.write_text(
        template.read_text(encoding="utf-8").replace("def scale", "def rescale"), encoding="utf-8"
    )
    assert "is stale" in lint(course / "fresh")[0].message
    template.unlink()
    (told,) = lint(course / "fresh")
    assert "student_templates/fresh.ipynb: there is no such file" in told.message
    assert told.hint is not None
    assert "grade template build" in told.hint


@pytest.mark.parametrize(
    ("file", "find", "put", "says"),
    [
        ("assignment.toml", 'hint = "add all', '# hint = "add all', "blank 2: it has no hint"),
        ("assignment.toml", "anchor = 'mean", "anchor = 'maen",
         "blank 2, anchor: no line of the solved notebook fits it"),
        ("mistakes.toml", 'verdict = { average = "failed" }', 'verdict = { scaling = "failed" }',
         "check average: no listed mistake fails it"),
        ("mistakes.toml", "[[mistakes]]", f"{_SILENT}[[mistakes]]",
         "mistake silent: it has no words of its own"),
        ("alternatives.toml", "[[alternatives]]", "", "lists no right answer in other words"),
        ("../schemas/words.json", "{", "{ ", "is not the schema of this version"),
    ],
)  # fmt: skip
def test_what_is_missing(file: str, find: str, put: str, says: str, course: Path) -> None:
    path = course / "fresh" / file
    text = path.read_text(encoding="utf-8")
    assert find in text
    text = "" if find == "[[alternatives]]" else text.replace(find, put, 1)
    path.write_text(text, encoding="utf-8")
    (told,) = lint(course / "fresh")
    assert told.level == "warning"
    assert says in told.message
    assert main(["lint", "--static", "fresh"]) == 0


def test_the_command(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["lint", "--static"]) == 0
    # Those of this folder, and our own.
    names = sorted(
        {"fresh", *(path.name for path in (ROOT / "reference").glob("*/"))} - {"schemas"}
    )
    assert capsys.readouterr().out.splitlines() == [f"ok {name}" for name in names]
    break_it(course, BROKEN["misspelt in a part"])
    assert main(["lint", "--static", "--json", "fresh"]) == 1
    assert '"level": "error"' in capsys.readouterr().out
    assert main(["lint", "nothing_like_it"]) == 2
    assert "there is no assignment" in capsys.readouterr().err


def test_no_wrong_answer_is_asked_of_a_check_by_hand(course: Path) -> None:
    path = course / "fresh" / "assignment.toml"
    by_hand = '[[checks]]\nid = "why"\ntitle = "why"\nkind = "manual"\npoints = 5\n'
    path.write_text(path.read_text(encoding="utf-8") + by_hand, encoding="utf-8")
    assert [told.level for told in lint(course / "fresh")] == [ERROR]  # the table lacks its row
