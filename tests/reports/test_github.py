"""Annotations: at the right line of the file, few enough, and no student can write one."""

from __future__ import annotations

import io

import pytest

from grader.report import Severity, Status
from grader.reports import github
from grader.reports.ci import fenced, inert, powerless
from grader.reports.github import Source
from tests.action.log import REGISTERED, annotations, obeyed

from . import samples
from .hostile import HOSTILE, hostile_report

# Cell 7 begins at line 100 of the file, cell 9 at line 200.
LINES = [(1,)] * 6 + [tuple(range(100, 120)), (150,), tuple(range(200, 220))]
SOURCE = Source("hw/submission.ipynb", LINES)


def shown(*reports, source=SOURCE, unread=()):
    commands = github.commands([(report, source) for report in reports], unread)
    assert all("\n" not in command and "\r" not in command for command in commands)
    found = annotations("\n".join(commands))
    assert len(found) == len(commands)
    return found


def test_the_design():
    error, second, warning = shown(samples.DESIGN)
    assert error.name == "error"
    assert error.properties == {
        "file": "hw/submission.ipynb",
        "line": "107",
        "title": "accuracy logic, cell 7, line 8",
    }
    assert error.data.split("\n") == [
        "the batch size is written into view()",
        samples.HARD_CODED_BATCH.message,
        "hint: let PyTorch work out the number of images in a batch",
    ]
    assert second.properties["line"] == "209"
    assert "18 % off after 2 batches" in second.data
    assert (warning.name, warning.data) == ("warning", "learns, but unsteadily")
    assert "line" not in warning.properties


def test_nothing_is_annotated_where_nothing_was_lost():
    told = samples.finding(severity=Severity.INFO)
    assert shown(samples.report(samples.check("learns", Status.PASSED, None, told))) == []


def test_a_warning_beside_a_passed_check_and_a_note_that_warns():
    warning = samples.finding(message="careful", severity=Severity.WARNING)
    info = samples.finding(message="for the TA", severity=Severity.INFO)
    report = samples.report(
        samples.check("learns", Status.PASSED, None, warning, info), notes=[warning, info]
    )
    first, note = shown(report)
    assert (first.name, first.data) == ("warning", "careful")
    assert note.properties["title"] == "note"


def test_a_lost_check_without_findings_is_annotated():
    found = shown(samples.report(samples.check("learns", Status.TIMEOUT, 0)))
    assert [(item.name, item.data) for item in found] == [
        ("error", "0 / 20: your code ran too long")
    ]


def test_a_finding_of_two_checks_is_annotated_once():
    report = samples.report(
        samples.check("eval_accuracy", Status.FAILED, 0, samples.HARD_CODED_BATCH),
        samples.check("learns", Status.FAILED, 0, samples.HARD_CODED_BATCH),
    )
    assert len(shown(report)) == 1


@pytest.mark.parametrize(
    ("cell", "line"), [(None, 1), (7, None), (7, 0), (7, 21), (0, 1), (-1, 1), (10, 1)]
)
def test_an_uncertain_line_is_left_out(cell, line):
    assert SOURCE.line(samples.finding(cell=cell, line=line)) is None


def test_a_file_outside_the_repository_is_not_named():
    assert all("file" not in item.properties for item in shown(samples.DESIGN, source=Source()))


def test_no_more_of_a_kind_than_github_shows():
    errors = [samples.finding(message=f"error {n}") for n in range(30)]
    warnings = [samples.finding(message=f"{n}", severity=Severity.WARNING) for n in range(30)]
    report = samples.report(samples.check("learns", Status.FAILED, 0, *errors, *warnings))
    kinds = [item.name for item in shown(report, report)]
    assert kinds == ["error"] * 10 + ["warning"] * 10


def test_a_notebook_without_a_report():
    (error,) = shown(unread=[("x is empty", Source("a/x.ipynb"))])
    assert error.properties == {"file": "a/x.ipynb", "title": "not graded"}
    assert error.data == "x is empty"


@pytest.mark.parametrize(
    "text",
    [
        HOSTILE,
        "a::b,c=d%0Ae:%3A",
        "x\n::error::y",
        "x\r\n##[error]y",
        "::",
        ",line=3",
        "100%",
        "%25%0D",
    ],
)
def test_no_text_leaves_its_place(text):
    found = samples.finding(message=text, summary=text, hint=text, cell=7, line=8)
    report = samples.report(samples.check("x", Status.FAILED, 0, found, title=text))
    (error,) = shown(report, source=Source(text, LINES))
    assert set(error.properties) == {"file", "line", "title"}
    assert error.properties["file"] == text
    assert error.properties["line"] == "107"
    assert "\x1b" not in error.data


def test_hostile_report():
    assert {item.name for item in shown(hostile_report())} == {"error"}


# ---------------------------------------------------------------- the fence


def test_what_stands_behind_the_fence_is_not_obeyed():
    log = io.StringIO()
    with fenced(log):
        print("::error::forged\n##[add-mask]a\n::stop-commands::x\n::x::", file=log)
    print("::notice::ours", file=log)
    stop, resume, notice = obeyed(log.getvalue())
    assert stop.name == "stop-commands"
    assert resume.name == stop.data
    assert len(stop.data) == 32
    assert notice.data == "ours"


def test_the_fence_ends_when_its_block_fails_and_has_a_new_token_each_time():
    logs = []
    for _ in range(2):
        log = io.StringIO()
        with pytest.raises(KeyError), fenced(log):
            raise KeyError
        logs.append(obeyed(log.getvalue())[0].data)
    assert logs[0] != logs[1]


@pytest.mark.parametrize("command", sorted(REGISTERED))
@pytest.mark.parametrize(
    "form", ["::{}::x", "  ::{} a=b::x", "\t::{}::x", "text ##[{}]x", "##[{} a=b]x"]
)
def test_a_powerless_line_is_no_command(command, form, monkeypatch):
    line = form.format(command)
    assert obeyed(line + "\n::x::" * (command == "stop-commands"))
    assert not obeyed(powerless(line))
    monkeypatch.setenv("GITHUB_ACTIONS", "true")
    assert inert(line) == powerless(line)
    monkeypatch.delenv("GITHUB_ACTIONS")
    assert inert(line) == line
