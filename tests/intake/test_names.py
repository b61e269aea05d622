"""What the names of files say."""

from __future__ import annotations

import pytest

from grader.intake.names import decode, member_parts, natural, stem


def test_natural_order():
    names = ["hw10", "hw9", "HW2", "", "10", "9", "a", "hw2", "²", "1" * 5000, "hw"]
    ordered = ["", "9", "10", "1" * 5000, "a", "hw", "HW2", "hw2", "hw9", "hw10", "²"]
    assert sorted(names, key=natural) == ordered
    assert sorted(names, key=natural) == ordered


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("a.ipynb", "a"),
        ("a.IPYNB.txt", "a"),
        ("a.zip", "a"),
        ("a.b.ipynb", "a.b"),
        ("a.zip.ipynb", "a.zip"),
        ("a", "a"),
    ],
)
def test_stem(name, short):
    assert stem(name) == short


@pytest.mark.parametrize("text", ["김민수", "José", "plain", "日本", "뷁똠", "Łukasz"])
def test_utf8_is_never_mistaken(text):
    assert decode(text.encode(), "cp437") == text


@pytest.mark.parametrize("text", ["김민수", "남궁민 hw1", "똠방각하", "최뷁"])
def test_korean_windows(text):
    assert decode(text.encode("cp949"), "cp437") == text


@pytest.mark.parametrize("text", ["José Núñez", "Andrés", "Müller", "François Côté", "Åsa Öberg"])
def test_western_dos(text):
    assert decode(text.encode("cp437"), "cp437") == text


def test_member_parts():
    assert member_parts("./a//b/./c") == ("a", "b", "c")
    assert member_parts("a/..") is None
    assert member_parts("a..b/...") == ("a..b", "...")
    assert member_parts("c:/x") is None
    assert member_parts("a: b/x") == ("a: b", "x")
