"""What an instructor reads whose blank lacks something, or has what it cannot have."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.assignment import load_assignment
from tests.assignment.small_course import change, complaint

if TYPE_CHECKING:
    from pathlib import Path

EXPRESSION = """\
kind = "expression"
patterns = ["a = __"]
anchor = 'a\\s*='
neutral = "a = 0"
"""


@pytest.mark.parametrize(
    ("find", "put", "line", "says", "hint"),
    [
        ('patterns = ["a = __"]\n', "", 15, 'the key "patterns" is missing', "add patterns ="),
        ("anchor = 'a\\s*='\n", "", 15, 'the key "anchor" is missing', "add anchor ="),
        ('neutral = "a = 0"\n', "", 15, 'the key "neutral" is missing', "add neutral ="),
        ('"a = 0"', '"""a = 0\nb = 1"""', 22, "it has several lines", "one statement"),
        ('"a = 0"', '"a = 0"\nplaceholder = "a ="', 23, "it is no Python", "as it would stand"),
        ('id = "x"', 'id = "x"\nmarker = "FILL"', 2, "it is no comment", "begin it with #"),
        ('id = "x"', 'id = "x"\nmarker = "#"', 2, "it is no comment", "begin it with #"),
    ],
)
def test_each_is_one_error_that_says_where(
    find: str, put: str, line: int, says: str, hint: str, course: Path
) -> None:
    change(course, "assignment.toml", find, put)
    said, advice = complaint()
    assert said.startswith(f"assignment.toml, line {line}")
    assert says in said
    assert hint in (advice or "")


def test_a_block_needs_neither_patterns_nor_a_neutral_statement(course: Path) -> None:
    change(course, "assignment.toml", EXPRESSION, 'kind = "block"\n')
    (blank,) = load_assignment(str(course)).blanks
    assert (blank.kind, blank.patterns, blank.anchor, blank.neutral) == ("block", (), "", "")


def test_the_marker_is_the_assignments_own(course: Path) -> None:
    assert load_assignment(str(course)).marker == "# FILL IN HERE"
    change(course, "assignment.toml", 'id = "x"', 'id = "x"\nmarker = "# YOUR CODE HERE"')
    assert load_assignment(str(course)).marker == "# YOUR CODE HERE"
