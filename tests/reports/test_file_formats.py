"""Every format of a file has its module, its option, and a text for whatever was graded."""

from __future__ import annotations

from importlib import import_module
from inspect import signature

import pytest

from grader.cli import main
from grader.reports.file_formats import FILE_FORMATS, render

from . import samples
from .hostile import HOSTILE, hostile_report


@pytest.mark.parametrize("name", FILE_FORMATS)
def test_a_format_has_its_module_and_renders_what_was_graded_and_what_was_not(name):
    taken = signature(import_module(f"grader.reports.{name}").render).parameters
    assert list(taken) == ["reports", "unread", "broken"]
    for reports, unread in (([samples.PERFECT], []), ([], [("x.ipynb", "it is cut off")])):
        assert render(name, reports, unread, broken=False)


@pytest.mark.parametrize("name", FILE_FORMATS)
def test_what_a_student_wrote_stays_text_in_every_format(name):
    for reports, unread in (([hostile_report()], []), ([], [(HOSTILE, HOSTILE)])):
        text = render(name, reports, unread, broken=False)
        assert text is not None
        assert "\x1b" not in text
        text.encode("utf-8")  # no halves of surrogate pairs


@pytest.mark.parametrize("name", FILE_FORMATS)
def test_a_format_has_its_option(name, capsys):
    assert main(["--help"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"--{name} FILE {FILE_FORMATS[name].help}" in said
