"""What a student wrote never reads as if the grader said it, however it gets into an output."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from grader.classroom import HandedIn, Student
from grader.classroom.statistics import class_statistics
from grader.notebook.read import read_notebook
from grader.pages.class_report import class_page
from grader.pages.feedback import feedback_page
from grader.report import Status
from grader.reports import github, gradescope, junit
from grader.reports.github_summary import to_markdown
from tests.grading.voices import TEXTS, TOKEN, file_named, forged, in_our_voice
from tests.pages.classroom import graded
from tests.reports.printing import shown

PILE = re.compile("[\u0300-\u036f]{5}")


@pytest.fixture(scope="module", params=TEXTS)
def report(request, grader, shared_workers, tmp_path_factory):
    text = TEXTS[request.param]
    path = tmp_path_factory.mktemp("voices") / file_named(text)
    path.write_text(json.dumps(forged(text)), encoding="utf-8")
    with shared_workers.in_place():
        return grader.grade(path)


def texts(report):
    """Yield every sentence of a report's JSON."""
    for finding in (*report.notes, *(f for check in report.checks for f in check.findings)):
        said = (finding.message, finding.summary, finding.hint, finding.why, str(finding.got))
        yield from filter(None, said)


def test_the_text_got_in(report):
    assert any(TOKEN in text for text in texts(report))
    assert {check.status for check in report.checks} - {Status.PASSED, Status.INTERNAL_ERROR}


def test_no_sentence_is_the_students(report):
    for text in texts(report):
        assert not in_our_voice(text), text
        assert not PILE.search(text)


def _summary(report):
    return html.unescape(re.sub("&#8288;", "", to_markdown([report], [], 10**6)))


def _junit(report):
    suites = ET.fromstring(junit.render([report]))
    return "\n".join(
        part for case in suites.iter() for part in (case.get("message"), case.text) if part
    )


def _gradescope(report):
    return "\n".join(test["output"] for test in json.loads(gradescope.render([report]))["tests"])


def _annotations(report):
    lines = github.commands([(report, github.Source())])
    return "\n".join(line.split("::")[-1].replace("%0A", "\n") for line in lines)


@pytest.mark.parametrize("width", [40, 80, 200])
def test_the_terminal_marks_it(report, width):
    text = shown(report, width=width)
    assert TOKEN in text
    assert not in_our_voice(text), text
    assert not PILE.search(text)


@pytest.mark.parametrize("output", [_summary, _junit, _gradescope, _annotations])
def test_every_format_marks_it(report, output):
    text = output(report)
    assert TOKEN in text
    assert not in_our_voice(text), text
    assert not PILE.search(text)


def _page(report, notebook):
    return feedback_page(graded(report, cells=notebook.cells))


def _class(report, notebook):
    entries = [graded(report, cells=notebook.cells, student=Student("1", "Kim Minji"))]
    return class_page("Homework", class_statistics(entries, HandedIn(())))


@pytest.mark.parametrize("page", [_page, _class])
def test_the_pages_set_it_apart(report, page):
    text = page(report, read_notebook(Path(report.submission.path)))
    assert TOKEN in text
    apart = re.sub(r"<(q|pre|code|bdi)\b[^>]*>.*?</\1>", "", text, flags=re.DOTALL)
    assert not in_our_voice(html.unescape(re.sub(r"<[^>]*>", "\n", apart)))
