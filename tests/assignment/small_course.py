"""A small assignment, to be mistyped by tests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.assignment import load_assignment
from grader.errors import AssignmentError

if TYPE_CHECKING:
    from pathlib import Path

ASSIGNMENT = """\
id = "x"
title = "X"
notebook = "x.ipynb"

[[roles]]
id = "model"
names = ["m"]

[[parts]]
id = "model"
title = "the model"
kind = "class"
about = ["model"]

[[blanks]]
number = 1
part = "model"
title = "the layer"
kind = "expression"
patterns = ["a = __"]
anchor = 'a\\s*='
neutral = "a = 0"

[[checks]]
id = "output"
kind = "forward_output"
title = "output"
points = 20
parts = ["model"]
blanks = [1]
seconds = 5

[[checks]]
id = "learns"
title = "learns"
points = 20
parts = ["model"]
blanks = [1]
seconds = 5
needs = ["output"]
"""
MISTAKES = """\
# A comment, and a table's like: [[mistakes]]

[[mistakes]]
code = "nothing"
blank = 1
answers = ["0", \"\"\"
[[mistakes]]
\"\"\"]
verdict = { output = "failed", learns = ["partial", "failed"] }

[[mistakes]]
code = "around"
part = "model"
find = "a"
replace = ""
verdict = { learns = "error" }
summary = "s"

[[mistakes]]
code = "several"
edits = [
  { blank = 1, answer = "0" },
  { part = "model", find = "a", replace = "b" },
]
verdict = { learns = "error" }
"""
ALTERNATIVES = """\
[[alternatives]]
title = "otherwise"
blank = 1
answer = "1 * 1"
"""
WORDS = """\
[nothing]
summary = "nothing is there"
"""
FILES = {
    "assignment.toml": ASSIGNMENT,
    "mistakes.toml": MISTAKES,
    "alternatives.toml": ALTERNATIVES,
    "words.toml": WORDS,
    "x.ipynb": "{}",
}


def change(course: Path, name: str, find: str, put: str) -> None:
    text = (course / name).read_text(encoding="utf-8")
    assert find in text
    (course / name).write_text(text.replace(find, put, 1), encoding="utf-8")


def complaint() -> tuple[str, str | None]:
    with pytest.raises(AssignmentError) as caught:
        load_assignment("reference/x")
    return caught.value.message.removeprefix("reference/x/"), caught.value.hint
