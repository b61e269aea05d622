"""Text that strangers wrote can be parsed and shown without harm."""

from __future__ import annotations

import time

import pytest

from grader.notebook.syntax import parse
from grader.text import printable


@pytest.mark.parametrize(
    "source", ["x = = 1", "x\0", "'\ud800'", "(" * 10**5, "-" * 10**5 + "1", "x" + ".a" * 10**5]
)
def test_parse_raises_one_kind_of_error(source):
    with pytest.raises(SyntaxError):
        parse(source)


def test_parse_is_silent():
    assert parse("x = '\\d'\nassert (1, 2)\n1 is 1").body  # warnings are errors here


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("김철수 é 😀.ipynb", "김철수 é 😀.ipynb"),
        ("a\x1b[31;1mred\x1b[0m\x9b2J", "ared"),
        ("\x1b]0;title\x07x\x1b]8;;http://e\x1b\\link", "xlink"),
        ("\x1b]0;never ends", "\ufffd]0;never ends"),
        ("\x1bcx", "x"),
        ("a\u202eb\u2066c\u200bd\ufeff", "a\ufffdb\ufffdc\ufffdd\ufffd"),
        ("\x00\x07\x08\x7f\ud800", "\ufffd" * 5),
        (" a\r\n\tb\u2028c\xa0\u3000d ", "a b c d"),
        ("[red]<b>", "[red]<b>"),
        ("", ""),
    ],
)
def test_printable(text, expected):
    assert printable(text, 100) == expected
    assert printable(text, 100).isprintable()


def test_printable_keeps_lines_when_asked():
    text = "a\r\n\tb\rc\u2028d\x0ce  f\xa0g\n"
    assert printable(text, 100, keep_lines=True) == "a\n\tb\nc\nd\ne  f g\n"


def test_printable_cuts():
    assert printable("abcde", 5) == "abcde"
    assert printable("abcdef", 5) == "abcd…"
    assert printable("abcdef", 1) == "…"
    assert printable("abcdef", 0) == ""
    assert printable("\x1b[0m" * 10_000 + "x", 9).endswith("…")
    begin = time.process_time()
    assert len(printable("\x1b]" * 25_000_000, 300)) == 300
    assert time.process_time() - begin < 1
