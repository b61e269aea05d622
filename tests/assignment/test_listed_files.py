"""What an instructor reads who mistyped mistakes, alternatives or words; and their order."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from grader.assignment import load_assignment
from grader.report import Status
from tests.assignment.small_course import FILES, MISTAKES, change, complaint

if TYPE_CHECKING:
    from pathlib import Path

STATUSES = "one of " + ", ".join(f'"{status}"' for status in Status)
FORMS = "write blank and answer; or part, find and replace; or edits = [{ … }, { … }]"


@pytest.mark.parametrize(
    ("find", "put", "line", "says", "hint"),
    [
        (
            "answers =",
            "answer =",
            6,
            "mistake nothing, answer: it has to be a text, not a list",
            'for example: "…"',
        ),
        (
            "answers =",
            "answres =",
            6,
            'mistake nothing has no key "answres"',
            'did you mean "answers"?',
        ),
        (
            "blank = 1",
            "blank = 7",
            5,
            "mistake nothing, blank: there is no blank 7",
            "the blanks are 1",
        ),
        (
            'part = "model"',
            'part = "modle"',
            13,
            'mistake around, part: there is no part "modle"',
            'did you mean "model"?',
        ),
        (
            "{ output =",
            "{ outptu =",
            9,
            'mistake nothing, verdict: there is no check "outptu"',
            'did you mean "output"?',
        ),
        (
            'learns = "error"',
            'learns = "eror"',
            16,
            f'mistake around, verdict, learns: it has to be {STATUSES}, not "eror"',
            'for example: "passed"',
        ),
        (
            'find = "a"',
            'fund = "a"',
            14,
            'mistake around has no key "fund"',
            'did you mean "find"?',
        ),
        ('find = "a"\n', "", 11, "mistake around: no answer is given", FORMS),
        (
            'replace = ""\n',
            "",
            11,
            'mistake around: the key "replace" is missing',
            'add replace = "…": a text',
        ),
        (
            'code = "several"',
            'code = "several"\nfind = "a"',
            19,
            "mistake several: edits stand beside another answer",
            FORMS,
        ),
        (
            "{ blank = 1,",
            "{ blnk = 1,",
            22,
            'mistake several, edit 1 has no key "blnk"',
            'did you mean "blank"?',
        ),
        (
            "{ blank = 1,",
            "{ blank = 2,",
            22,
            "mistake several, edit 1, blank: there is no blank 2",
            "the blanks are 1",
        ),
    ],
)
def test_a_mistake_names_its_own_file(
    find: str, put: str, line: int, says: str, hint: str, course: Path
) -> None:
    change(course, "mistakes.toml", find, put)
    assert complaint() == (f"mistakes.toml, line {line}: {says}", hint)


def test_an_alternative_and_words(course: Path) -> None:
    change(course, "alternatives.toml", "title", "titel")
    assert complaint() == (
        'alternatives.toml, line 2: alternative 1 has no key "titel"',
        'did you mean "title"?',
    )
    change(course, "alternatives.toml", "titel", "title")
    change(course, "words.toml", "summary", "sumary")
    assert complaint() == (
        'words.toml, line 2: nothing has no key "sumary"',
        'did you mean "summary"?',
    )


@pytest.mark.parametrize("name", [name for name in FILES if name.endswith(".toml")])
def test_what_is_no_toml(name: str, course: Path) -> None:
    with (course / name).open("a", encoding="utf-8") as file:
        file.write("this = is no TOML\n")
    message, hint = complaint()
    line = FILES[name].count("\n") + 1
    assert message == f"{name}, line {line}: not valid TOML: Invalid value"
    assert hint == "texts stand in quotation marks, lists in [ ], tables in { }"
    (course / name).write_bytes(b"\xff")
    assert complaint() == (f"{name} is not UTF-8", "save it as UTF-8 text")


def test_files_that_are_not_there(course: Path) -> None:
    (course / "x.ipynb").unlink()
    assert complaint() == (
        "assignment.toml, line 3: notebook: there is no such file",
        "it is the solved notebook, in the folder of assignment.toml",
    )


def test_mistakes_are_read_in_the_listed_order(course: Path) -> None:
    (course / "mistakes").mkdir()
    pieces = re.split(r"\n(?=\[\[mistakes\]\]\ncode)", MISTAKES)
    for number, piece in enumerate(pieces[1:]):
        (course / "mistakes" / f"{number}.toml").write_text(piece, encoding="utf-8")
    (course / "mistakes.toml").unlink()
    assert complaint() == (
        "mistakes/0.toml is not read: assignment.toml does not list it",
        'add "mistakes/0.toml" to mistakes = [ … ] in assignment.toml, or remove the file',
    )
    files = ["mistakes/2.toml", "mistakes/0.toml", "mistakes/1.toml"]
    change(course, "assignment.toml", "\n\n", f"\nmistakes = {files}\n\n")
    codes = [mistake.code for mistake in load_assignment(str(course)).mistakes]
    assert codes == ["several", "nothing", "nothing", "around"]
    (course / "mistakes" / "1.toml").rename(course / "mistakes" / "3.toml")
    assert complaint() == (
        "assignment.toml, line 4: mistakes, entry 3: there is no file mistakes/1.toml",
        "write mistakes/1.toml, or take it out of the list",
    )


@pytest.mark.parametrize(
    ("second", "says"),
    [
        ("mistakes.toml", "mistakes.toml is listed twice"),
        ("../shared.toml", "../shared.toml is not in the assignment's folder"),
    ],
)
def test_a_file_of_mistakes_is_listed_once_and_lies_in_the_folder(
    second: str, says: str, course: Path
) -> None:
    (course.parent / "shared.toml").write_text("", encoding="utf-8")
    files = ["mistakes.toml", second]
    change(course, "assignment.toml", "\n\n", f"\nmistakes = {files}\n\n")
    said, hint = complaint()
    assert said == f"assignment.toml, line 4: mistakes, entry 2: {says}"
    assert hint == "name each file once, as mistakes/PART.toml"
