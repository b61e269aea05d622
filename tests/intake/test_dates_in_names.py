"""Systems write dates into names in the language and the order of whoever downloads."""

from __future__ import annotations

import pytest

from grader.intake.layouts.dates import date_in

EVENING = (2024, 9, 24, 21, 26, 0)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Sep 24, 2024 926 PM", EVENING),
        ("Sep 24, 2024 9:26 PM", EVENING),
        ("Sep 24, 2024 9.26 p.m.", EVENING),
        ("Sep 24, 2024 926PM", EVENING),
        ("September 24, 2024 2126", EVENING),
        ("24 September, 2024 21 26", EVENING),
        ("24 sept. 2024 21h26", EVENING),
        ("mar. 24 sept. 2024 21 26", EVENING),
        ("24. September 2024 21_26", EVENING),
        ("24 de septiembre de 2024 2126", EVENING),
        ("24 Eylül 2024 2126", EVENING),
        ("24 września 2024 2126", EVENING),
        ("24 Medi 2024 2126", EVENING),
        ("24 tháng 9, 2024 926 CH", EVENING),
        ("24 Eylül 2024 Pazartesi 2126", EVENING),
        ("24. des. 2024 2126", (2024, 12, 24, 21, 26, 0)),
        ("24.09.2024 21-26", EVENING),
        ("9/24/2024 926 PM", EVENING),
        ("24-09-2024 2126", EVENING),
        ("2024-09-24 2126", EVENING),
        ("2024년 9월 24일 오후 926", EVENING),
        ("2024年9月24日 下午 926", EVENING),
        ("2024-09-24 21:26:00.000000000 -08:00", EVENING),
        ("Sep 24, 2024 1205 AM", (2024, 9, 24, 0, 5, 0)),
        ("Sep 24, 2024 1205 PM", (2024, 9, 24, 12, 5, 0)),
        ("Sep 24, 2024 0005", (2024, 9, 24, 0, 5, 0)),
        ("Sep 24, 2024 2005", (2024, 9, 24, 20, 5, 0)),
        ("1 août 2024 800", (2024, 8, 1, 8, 0, 0)),
        ("1 févr. 2024 800", (2024, 2, 1, 8, 0, 0)),
        ("1 juil. 2024 800", (2024, 7, 1, 8, 0, 0)),
        ("1 juin 2024 800", (2024, 6, 1, 8, 0, 0)),
        ("1. März 2024 800", (2024, 3, 1, 8, 0, 0)),
        ("1. Dezember 2024 800", (2024, 12, 1, 8, 0, 0)),
        ("1 Kas\u0131m 2024 800", (2024, 11, 1, 8, 0, 0)),
        # no dates
        ("", ()),
        ("Minsu Kim", ()),
        ("Homework 1", ()),
        ("mlp 2024", ()),
        ("Sep 24", ()),
        ("Sep 45, 2024 926 PM", ()),
        ("Sep 24, 2024 9999", ()),
        ("13/13/2024 926", ()),
        ("9" * 5000, ()),
    ],
)
def test_date(text, expected):
    assert date_in(text) == expected
