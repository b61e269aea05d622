"""What an instructor reads who mistyped ``assignment.toml``: file, line, key and a hint."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from grader.assignment import load_assignment
from grader.assignment.load import survey_assignment
from grader.errors import AssignmentError
from tests.assignment.small_course import change, complaint
from tests.notebooks import ROOT

if TYPE_CHECKING:
    from pathlib import Path


def test_without_a_mistake_it_is_read(course: Path) -> None:
    loaded = load_assignment(str(course))
    assert [mistake.label for mistake in loaded.mistakes] == [
        "nothing: 0",
        "nothing: [[mistakes]]",
        "around: (taken out)",
        "several: 0",
    ]
    assert [mistake.blank for mistake in loaded.mistakes] == [1, 1, None, None]
    assert loaded.mistakes[0].verdict == {"output": ("failed",), "learns": ("partial", "failed")}


@pytest.mark.parametrize(
    ("find", "put", "line", "says", "hint"),
    [
        ('title = "X"', 'titel = "X"', 2, 'the file has no key "titel"', 'did you mean "title"?'),
        ('title = "X"', "", 1, 'the key "title" is missing', 'add title = "…": a text'),
        (
            "names =",
            "nmaes =",
            7,
            'role model has no key "nmaes"',
            'did you mean "names"?',
        ),
        (
            'title = "the model"',
            'titles = "the model"',
            11,
            'part model has no key "titles"',
            'did you mean "title"?',
        ),
        (
            'neutral = "a = 0"',
            'neutral = "a = 0"\nhints = ""',
            23,
            'blank 1 has no key "hints"',
            'did you mean "hint"?',
        ),
        (
            "points = 20",
            "pionts = 20",
            28,
            'check output has no key "pionts"',
            'did you mean "points"?',
        ),
        (
            "points = 20\n",
            "",
            24,
            'check output: the key "points" is missing',
            "add points = 10: a number",
        ),
    ],
)
def test_a_key_of_the_rubric(
    find: str, put: str, line: int, says: str, hint: str, course: Path
) -> None:
    change(course, "assignment.toml", find, put)
    assert complaint() == (f"assignment.toml, line {line}: {says}", hint)


@pytest.mark.parametrize(
    ("find", "put", "line", "says", "hint"),
    [
        (
            "points = 20",
            'points = "20"',
            28,
            'check output, points: it has to be a number, not "20"',
            "for example: 0.5",
        ),
        (
            "blanks = [1]",
            "blanks = 1",
            30,
            "check output, blanks: it has to be a list: a whole number, …, not 1",
            "for example: [1]",
        ),
        (
            "blanks = [1]",
            "blanks = [true]",
            30,
            "check output, blanks, entry 1: it has to be a whole number, not true",
            "for example: 1",
        ),
        (
            'kind = "class"',
            'kind = "klass"',
            12,
            'part model, kind: it has to be one of "class", "function", "loop", not "klass"',
            'for example: "class"',
        ),
        (
            "anchor = 'a\\s*='",
            "anchor = '+'",
            21,
            "blank 1, anchor: it is no regular expression: nothing to repeat at position 0",
            "write one of Python's, in single quotation marks",
        ),
    ],
)
def test_a_value_of_another_type(
    find: str, put: str, line: int, says: str, hint: str, course: Path
) -> None:
    change(course, "assignment.toml", find, put)
    assert complaint() == (f"assignment.toml, line {line}: {says}", hint)


@pytest.mark.parametrize(
    ("find", "put", "line", "says", "hint"),
    [
        ('about = ["model"]', 'about = ["modl"]', 13, "part model, about", "role"),
        ('part = "model"', 'part = "modl"', 17, "blank 1, part", "part"),
        ('parts = ["model"]', 'parts = ["modl"]', 29, "check output, parts", "part"),
        ('needs = ["output"]', 'needs = ["outputs"]', 40, "check learns, needs", "check"),
    ],
)
def test_a_name_that_leads_nowhere(
    find: str, put: str, line: int, says: str, hint: str, course: Path
) -> None:
    change(course, "assignment.toml", find, put)
    name = put.split('"')[1]
    right = {"modl": "model", "outputs": "output"}[name]
    assert complaint() == (
        f'assignment.toml, line {line}: {says}: there is no {hint} "{name}"',
        f'did you mean "{right}"?',
    )


def test_a_blank_that_is_not_there(course: Path) -> None:
    change(course, "assignment.toml", "blanks = [1]", "blanks = [1, 9]")
    assert complaint() == (
        "assignment.toml, line 30: check output, blanks: there is no blank 9",
        "the blanks are 1",
    )


@pytest.mark.parametrize(
    ("find", "put", "line", "says"),
    [
        ('id = "learns"', 'id = "output"', 34, "check output, id: it stands twice"),
        ("[[checks]]", "[[parts]]\nid = 'model'\ntitle = ''\nkind = 'loop'\n\n[[checks]]", 25, ""),
    ],
)
def test_an_id_that_stands_twice(find: str, put: str, line: int, says: str, course: Path) -> None:
    change(course, "assignment.toml", find, put)
    message, hint = complaint()
    assert message == f"assignment.toml, line {line}: {says or 'part model, id: it stands twice'}"
    assert hint in {"give every check its own id", "give every part its own id"}


def test_the_line_of_a_large_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(ROOT / "reference" / "mlp", tmp_path / "own")
    monkeypatch.chdir(tmp_path)
    change(tmp_path / "own", "assignment.toml", 'needs_right = ["', 'needs_right = ["no_')
    lines = (tmp_path / "own" / "assignment.toml").read_text(encoding="utf-8").split("\n")
    with pytest.raises(AssignmentError) as caught:
        load_assignment("./own")
    line = lines.index('needs_right = ["no_layer_shapes"]') + 1
    assert caught.value.message == (
        f"own/assignment.toml, line {line}: check forward_output, needs_right: there is no check "
        '"no_layer_shapes"'
    )
    assert caught.value.hint == 'did you mean "layer_shapes"?'


MANUAL = """
[[checks]]
id = "why"
title = "why"
kind = "manual"
points = 5
"""


def test_a_check_by_hand_grades_no_blank(course: Path) -> None:
    change(course, "assignment.toml", 'needs = ["output"]\n', f'needs = ["output"]\n{MANUAL}')
    assert load_assignment(str(course)).checks[-1].blanks == ()


@pytest.mark.parametrize(
    ("kind", "lost"),
    [
        ('"manuell"', ("parts", "blanks", "seconds")),
        ('"manual"', ()),
        ('"manual"', ("points",)),
        ('"manuell"', ("title", "points", "parts", "blanks", "seconds")),
    ],
)
def test_each_key_that_is_missing_is_an_error_of_its_own(
    kind: str, lost: tuple[str, ...], course: Path
) -> None:
    text = MANUAL.replace('"manual"', kind)
    lines = [one for one in text.split("\n") if one.partition(" ")[0] not in lost]
    change(
        course, "assignment.toml", 'needs = ["output"]\n', 'needs = ["output"]\n' + "\n".join(lines)
    )
    found: list[AssignmentError] = []
    survey_assignment(course, found.append)
    assert [error.message for error in found] == [
        f'reference/x/assignment.toml, line 42: check why: the key "{key}" is missing'
        for key in ("title", "points", "parts", "blanks", "seconds")
        if key in lost
    ]
