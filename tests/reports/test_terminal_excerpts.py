"""A student's code in the terminal: the lines that are shown, and what the carets point at."""

from __future__ import annotations

import re

import pytest
from rich.cells import cell_len

from . import samples
from .printing import failing, shown

pytestmark = pytest.mark.usefixtures("no_workflow")


def marked(text: str, source: str, column: int, end: int | None) -> str:
    """Return what stands above the carets when that line is reported."""
    found = samples.finding(
        cell=1, line=3, column=column, end_column=end, excerpt=samples.lines(3, source)
    )
    rows = shown(failing(found)).splitlines() if text == "" else text.splitlines()
    at = next(i for i, row in enumerate(rows) if re.fullmatch(r" +│ +\^+", row))
    begin, finish = cell_len(rows[at].rstrip("^")), cell_len(rows[at])
    above, cells = "", 0
    for char in rows[at - 1]:
        if begin <= cells < finish:
            above += char
        cells += cell_len(char)
    return above


@pytest.mark.parametrize(
    ("source", "column", "end", "above"),
    [
        ("    x = view(256)", 13, 16, "256"),
        ("\tx = view(256)", 10, 13, "256"),
        ("\tx\t= view(256)", 10, 13, "256"),
        ("손실 = 모델(입력)", 5, 7, "모델"),
        ("# 😀😀 x", 5, 6, "x"),
        ("e\u0301tat = 1", 6, 7, "="),
        ("x = 1\u200b2", 5, 6, "\\u200b"),
        ("x =\xa01", 3, 4, "\\xa0"),
        ("s = '\x1b[31m'", 5, 6, "\\x1b"),
        ("s = '\u202eabc'", 6, 9, "abc"),
        ("x = 1", 4, None, "1"),
        ("x = 1", 4, 4, "1"),
        ("x = 1", 4, 99, "1"),
        ("f(", 2, 3, ""),
        ("f(", 40, 41, ""),
        ("", 0, 1, ""),
    ],
)
def test_carets_stand_under_the_marked_characters(source, column, end, above):
    assert marked("", source, column, end) == above


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("before", [0, 30, 70, 500, 100_000])
@pytest.mark.parametrize("filler", ["a", "가", "\x1b"])
def test_long_lines_are_cut_around_the_mark(width, before, filler):
    source = filler * before + "TARGET" + filler * 3000
    found = samples.finding(
        cell=1, line=1, column=before, end_column=before + 6, excerpt=samples.lines(1, source)
    )
    text = shown(failing(found), width=width)
    assert marked(text, "", 0, None) == "TARGET"
    assert max(map(cell_len, text.splitlines())) <= width


def test_a_mark_wider_than_the_page_is_marked_as_far_as_it_shows():
    found = samples.finding(
        cell=1, line=1, column=4, end_column=900, excerpt=samples.lines(1, "x = " + "9" * 896)
    )
    text = shown(failing(found))
    assert set(marked(text, "", 0, None)) == {"9"}
    assert max(map(cell_len, text.splitlines())) <= 80


def test_two_hundred_lines_become_nine_around_the_mark():
    excerpt = samples.lines(1, *(f"line_{i} = {i}" for i in range(1, 201)))
    found = samples.finding(cell=1, line=100, column=0, end_column=8, excerpt=excerpt)
    text = shown(failing(found))
    assert [int(n) for n in re.findall(r"line_(\d+) =", text)] == list(range(96, 105))
    assert text.count("      …\n") == 2
    assert marked(text, "", 0, None) == "line_100"


def test_common_indentation_goes_and_relative_indentation_stays():
    excerpt = samples.lines(1, "\t\tfor x in y:", "", "\t\t\tx = 1")
    rows = shown(failing(samples.finding(cell=1, line=1, excerpt=excerpt))).splitlines()
    assert "    1 │ for x in y:" in rows
    assert "    3 │     x = 1" in rows


def test_line_numbers_of_any_length_keep_the_gutter_straight():
    excerpt = samples.lines(99_999, "a", "b")
    rows = shown(failing(samples.finding(cell=1, line=99_999, excerpt=excerpt))).splitlines()
    assert {row.index("│") for row in rows if "│" in row} == {9}
