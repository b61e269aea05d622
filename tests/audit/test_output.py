"""What an audit found, on the terminal, as JSON and as a page."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from rich.console import Console

from grader.audit import Audit, Plan, audit, print_audit
from grader.audit.model import Margin
from grader.audit.page import to_html
from grader.audit.plain import to_text
from tests.audit.stub import Stub, small

if TYPE_CHECKING:
    from pathlib import Path

HOSTILE = "\x1b]0;x\x07<script>alert(1)</script>[bold]\u202e"


def printed(found: Audit, *, full: bool = False, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width, highlight=False, soft_wrap=True)
    print_audit(found, console, full=full)
    return console.file.getvalue()  # type: ignore[attr-defined]


@pytest.fixture
def green(tmp_path: Path) -> Audit:
    stub = Stub(small(tmp_path))
    return audit(stub.assignment, stub, Plan((1,), 10, 5))


@pytest.fixture
def red(tmp_path: Path) -> Audit:
    wrong = {("keyword arguments", "learns"): ("failed", 0.0, (HOSTILE,))}
    stub = Stub(small(tmp_path), wrong=wrong, blind=True)
    found = audit(stub.assignment, stub, Plan((1,), 10, 5))
    margin = Margin("learns", "partial", HOSTILE, 1, 0.74, 0.75, "accuracy", 0.2)
    return replace(found, margins=(margin,))


def test_the_matrix_counts_what_each_check_does_not_pass(green: Audit) -> None:
    said = printed(green)
    lines = {line[:32].strip(): line[32:].split() for line in said.splitlines()}
    assert lines["blank 1: the first layer"] == ["1", "1", "1", "·", "·", "1"]
    assert lines["alternatives"] == ["2", "·", "·", "·", "·", "·"]
    assert lines["the untouched template"] == ["1"] * 6
    assert "2 of 2 with full marks" in said
    assert "4 of 4 with their verdict and their name" in said
    assert "6: 6 both named" in said
    assert "5: 5 noticed, 0 survive for a recorded reason, 0 without one" in said
    assert said.rstrip().endswith("No hole was found.")


def test_the_matrix_fits_a_narrow_terminal(green: Audit) -> None:
    table = printed(green).split("\n\n")[1]
    assert max(len(line) for line in table.splitlines()) <= 80


def test_full_has_a_row_for_every_answer(green: Audit) -> None:
    said = printed(green, full=True)
    for code in ("swapped_dims", "sums_digits", "missing_zero_grad", "missing_step"):
        assert re.search(rf"{code}: .* FAIL|{code}: .* part", said)
    assert "keyword arguments" in said
    # A long change is cut before its arrow.
    assert 1 <= said.count(" → ") <= 5


def test_holes_and_survivors_are_shown_with_their_code(red: Audit) -> None:
    said = printed(red)
    assert "holes: 6" in said
    assert "alternative, keyword arguments: learns is failed" in said
    mutant = red.unexplained[0].mutant
    assert f"no check notices this change of {mutant.part}, cell {mutant.cell}" in said
    assert f"    {mutant.text.splitlines()[0]}" in said
    assert f'[[equivalents]] with part = "{mutant.part}", was, becomes and reason' in said
    assert "74.0 % right, the threshold is 75 %" in said
    assert "thin" in said


def test_a_stranger_s_text_does_nothing(red: Audit) -> None:
    for text in (printed(red), printed(red, full=True), to_text([red]), to_html([red])):
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert "<script" not in to_html([red])
    assert "&lt;script&gt;" in to_html([red])


def test_the_page_stands_alone(red: Audit) -> None:
    page = to_html([red])
    assert "default-src 'none'; style-src 'sha256-" in page
    assert not re.search(r"(?:src|href)=|url\(|@import|style=|\son\w+=", page)
    assert "6 holes" in page
    assert "no reason is recorded" in page


def test_the_page_of_a_green_audit_says_so(green: Audit) -> None:
    assert "No hole was found." in to_html([green])


def test_the_style_s_digest_is_the_style_s(green: Audit) -> None:
    page = to_html([green])
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    assert style is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert f"'sha256-{digest}'" in page


def test_json_holds_everything(red: Audit) -> None:
    plain = json.loads(to_text([red]))
    assert plain["schema"] == "grader-audit/1"
    (found,) = plain["audits"]
    assert found["holes"] == red.holes
    assert len(found["answers"]) == len(red.rows)
    assert {a["kind"] for a in found["answers"]} == {
        "reference",
        "template",
        "alternative",
        "mistake",
        "pair",
    }
    wrong = next(a for a in found["answers"] if a["holes"])
    assert wrong["checks"]["learns"] == {"status": "failed", "score": 0.0, "codes": [HOSTILE]}
    assert len(found["mutants"]) == len(found["survivors"]) == 5
    assert found["mutants"][0]["noticed"] is None
    assert found["margins"][0]["thin"] is True
