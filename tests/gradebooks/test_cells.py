"""Cells: text that no spreadsheet calculates, points as people write them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from grader.gradebooks import cells

HOSTILE = st.text(st.one_of(st.sampled_from(list("=+-@\t\r\n '\"|")), st.characters()), max_size=8)


@settings(deadline=None, database=None, derandomize=True)
@given(HOSTILE)
def test_no_text_is_a_formula(words):
    shown = cells.text(words)
    assert not shown[:1] or shown[0] not in "=@\t\r\n\uff1d\uff0b\uff0d\uff20"
    assert shown[:1] not in {"+", "-"} or cells.number(shown) is not None
    assert shown.isprintable()


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ('=HYPERLINK("http://x","y")', '\'=HYPERLINK("http://x","y")'),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1+1", "'=1+1"),
        ("\r=1+1", "'=1+1"),
        ("\uff1d1+1", "'\uff1d1+1"),
        ("-2+3+cmd|' /C calc'!A0", "'-2+3+cmd|' /C calc'!A0"),
        ("-5", "-5"),
        ("+12.5", "+12.5"),
        ("-", "'-"),
        ("김민수", "김민수"),
        ("O'Brien, Pat", "O'Brien, Pat"),
        ("\x1b[31mred", "red"),
        ("two\nlines", "two lines"),
    ],
)
def test_text(words, shown):
    assert cells.text(words) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [(20.0, "20"), (12.5, "12.5"), (0.0, "0"), (100.0, "100"), (40 / 3, "13.33"), (None, "")],
)
def test_points(value, shown):
    assert cells.score(value) == shown
    assert cells.score(value, comma=True) == shown.replace(".", ",")


@pytest.mark.parametrize(
    ("cell", "value"),
    [("85.00", 85), ("85,50", 85.5), (" 7 ", 7), ("", None), ("EX", None), ("1,000.00", None)],
)
def test_number(cell, value):
    assert cells.number(cell) == value
