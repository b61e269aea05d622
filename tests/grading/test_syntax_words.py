"""What Python stumbled over is said in words that help, at the line that shows it."""

from __future__ import annotations

import ast
from typing import Any

import pytest

from grader.grading.prose import reads_as_prose
from grader.grading.syntax_words import syntax_words
from tests.notebooks import changed

ANSWER = "y_pred == y_trgt"
BLANK = " " * 16
# The answer in blank 4, the line that is pointed at, and words of the finding.
CASES = {
    "an open bracket": ("(y_pred == y_trgt", "(y_pred == y_trgt", "was never closed"),
    "the inner of two": ("(f(y_pred) == f(y_trgt)", "(f(y_pred) == f(y_trgt)", "was never closed"),
    "backticks": ("`y_pred == y_trgt`", "`y_pred == y_trgt`", "backtick"),
    "a fence": ("```\n" + BLANK + ANSWER, "```", "chat"),
    "a prompt": ("(\n" + BLANK + ">>> y_pred == y_trgt)", ">>> y_pred", "console"),
    "a single =": ("y_pred = y_trgt", "y_pred = y_trgt", "compares nothing"),
    "no comma": ("torch.eq(y_pred y_trgt)", "torch.eq(y_pred y_trgt)", "two values"),
    "a comma behind": (ANSWER + ",", ANSWER + ",", "tuple"),
    "a list": ("[a == b for a, b in zip(y_pred, y_trgt)]", "[a == b", "tensor"),
}


@pytest.mark.parametrize(("answer", "line", "words"), CASES.values(), ids=CASES)
def test_an_answer(answer: str, line: str, words: str, grade: Any) -> None:
    report = grade(changed(ANSWER, answer))
    (finding,) = (f for check in report.checks for f in check.findings)
    assert line in next(x.text for x in finding.excerpt if x.number == finding.line)
    assert words in f"{finding.message} {finding.why} {finding.hint}"
    assert ANSWER not in f"{finding.message} {finding.why} {finding.hint}"


@pytest.mark.parametrize("blank", ["\u00a0", "\u3000", "\u200b"])
def test_blanks_of_copied_text_are_pointed_at(blank: str, grade: Any) -> None:
    old = "            y_trgt = batch_out.to(device)"
    report = grade(changed(old, blank * 12 + old.strip()))
    (finding,) = (f for check in report.checks for f in check.findings)
    assert "batch_out.to(device)" in next(
        x.text for x in finding.excerpt if x.number == finding.line
    )
    assert f"U+{ord(blank):04X}" in finding.message


def test_python_does_not_give_the_answer_away() -> None:
    text, _ = syntax_words("invalid syntax. Maybe you meant '==' or ':=' instead of '='?", "a = b")
    assert text == "invalid syntax"


# A line, what its message says, and what its hint says, on every Python that is promised.
LINES = {
    "f(self.xdim self.hdim)": ("forgot a comma", "between two values"),
    "self.xdim\uff0c self.hdim": ("U+FF0C, a fullwidth comma)", "looks like ,"),
    "x = \u201ca\u201d": ("left double quotation mark", 'looks like "'),
    "x \u2212 1": ("minus sign", "looks like -"),
    "\u2022 optm.step()": ("a bullet)", "delete it"),
    "x\u00a0= 1": ("U+00A0, a no-break space", "type them anew"),
    "~~~": ("a line of ~~~", "delete the line"),
    "`a`": ("a backtick `", "delete it"),
    ">>> a": (">>> is no Python", "delete it"),
    "$ pip install x": ("$ is no Python", "delete it"),
    "<<<<<<< HEAD": ("marks of a merge", "keep one of the two"),
    "Here is the code:": ("reads as a text", "put #"),
    "Here's the corrected function": ("reads as a text", "put #"),
    "check if y_pred is the same as y_trgt": ("reads as a text", "put #"),
    "\uc608\uce21\uc774 \ub9de\uc73c\uba74 \ucc38": ("reads as a text", "put #"),
    "\u8fd9\u91cc\u662f\u4ee3\u7801\uff1a": ("reads as a text", "put #"),
    "a && b": ("&& is no operator", "a word where"),
    "n++": ("++ is no operator", "a word where"),
    "!(a != b)": ("! is no operator", "a word where"),
    "f(self.xdim; self.hdim)": ("a semicolon ;", "between brackets"),
    "else if a:": ("else if is no Python", "second condition"),
    "for batch_in, batch_out in train_iter": ("expected ':'", "begins a block"),
    "print 'done'": ("call to 'print'", "round brackets"),
    "step('": ("unterminated string literal", "quotes"),
    "(a = b": ("'(' was never closed", "brackets"),
}


@pytest.mark.parametrize(("line", "words"), LINES.items(), ids=map(repr, LINES))
def test_a_line(line: str, words: tuple[str, str]) -> None:
    with pytest.raises(SyntaxError) as raised:
        ast.parse(line)
    text, advice = syntax_words(raised.value.msg, line)
    assert words[0] in text
    assert "detected" not in text
    assert words[1] in advice


CODE = [
    "self.xdim self.hdim",
    "if x is not None",
    "a, b in c",
    "return x",
    "print x",
    "a b",
    "import",
]


@pytest.mark.parametrize("line", CODE)
def test_broken_code_is_no_text(line: str) -> None:
    assert not reads_as_prose(line)


def test_a_backtick_in_a_comment_is_none() -> None:
    assert syntax_words("invalid syntax", "x y  # `x`")[0] == "invalid syntax"
