"""What Python stumbled over is said in words that help, at the line that shows it."""

from __future__ import annotations

from typing import Any

import pytest

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
    "a comma behind": (ANSWER + ",", "n_correct += (", "tuple"),
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


def test_a_backtick_in_a_comment_is_none() -> None:
    assert syntax_words("invalid syntax", "x y  # `x`")[0] == "invalid syntax"
