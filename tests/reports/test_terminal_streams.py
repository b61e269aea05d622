"""Whatever the text holds and wherever it goes: plain where it has to be, and never obeyed."""

from __future__ import annotations

import re

import pytest

from . import samples
from .hostile import DANGEROUS, hostile_report
from .printing import encoded, failing, shown

pytestmark = pytest.mark.usefixtures("no_workflow")


@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1", "cp949", "utf-16-le"])
@pytest.mark.parametrize("width", [60, 80, 100])
def test_no_student_text_reaches_the_terminal_as_a_command(encoding, width):
    text = encoded(hostile_report(), encoding, width)
    assert not DANGEROUS.findall(text.replace("\n", ""))
    assert "[bold red]not markup[/]" in text
    assert ":smile:" in text


def test_colours_are_ours_alone():
    text = shown(hostile_report(), force_terminal=True, color_system="truecolor")
    without = re.sub(r"\x1b\[[0-9;]*m", "", text)
    assert "\x1b[" in text
    assert "\x1b" not in without
    assert without == shown(hostile_report())


def test_fifty_megabytes_of_message_are_a_paragraph():
    huge = samples.finding(message="A" * 50_000_000, hint="B\n" * 1_000_000)
    assert len(shown(failing(huge)).splitlines()) < 50


def test_workflow_commands_are_not_obeyed_in_ci(monkeypatch):
    found = samples.finding(
        message="It raised\n::notice title=Score::100\n  ::add-mask::x\n##[error]no",
        hint="::set-output name=x::y",
    )
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    text = shown(failing(found))
    assert not re.search(r"^\s*::|##\[", text, re.MULTILINE)
    assert "notice title=Score::100" in text
    monkeypatch.delenv("GITHUB_ACTIONS")
    assert "\n  ::notice title=Score::100\n" in shown(failing(found))


def test_no_colour_without_a_terminal_or_with_no_color(monkeypatch):
    assert "\x1b" not in shown(samples.EVERY_STATUS)
    coloured = shown(samples.EVERY_STATUS, force_terminal=True, color_system="256")
    assert "\x1b[1;31mFAIL" in coloured
    monkeypatch.setenv("NO_COLOR", "1")
    plain = shown(samples.EVERY_STATUS, force_terminal=True)
    assert plain == shown(samples.EVERY_STATUS)


def test_dumb_terminal_is_plain(monkeypatch):
    monkeypatch.setenv("TERM", "dumb")
    assert "\x1b" not in shown(samples.EVERY_STATUS, force_terminal=True)


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp949", "cp1252"])
def test_other_encodings_get_ascii_signs_and_the_same_layout(encoding):
    text = encoded(samples.EVERY_STATUS, encoding)
    assert text.isascii()
    expected = shown(samples.EVERY_STATUS).replace("·", "-").replace("│", "|")
    assert text == expected


def test_what_an_encoding_lacks_is_escaped_and_still_aligned():
    found = samples.finding(
        message="‘모델’ – 2× …",  # noqa: RUF001 - typography is what is tested
        cell=1,
        line=1,
        column=5,
        end_column=6,
        excerpt=samples.lines(1, "모델 = 1"),
    )
    text = encoded(failing(found), "ascii")
    assert "'\\ubaa8\\ub378' - 2x ..." in text
    assert "    1 | \\ubaa8\\ub378 = 1\n      |               " + " " + "^\n" in text
