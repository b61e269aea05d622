"""A report below a notebook's cell: what it says, and that nothing in it runs."""

import re
from dataclasses import replace

import pytest

from grader.pages.output import progress_output, report_output, warnings_output
from grader.report import Report, Severity, Status
from tests.pages.classroom import ALL_HOSTILE
from tests.pages.parsed import Page
from tests.reports import samples

FAILED = "The grader itself failed: these points are not final."


def page_of(report):
    return Page(report_output(report))


def test_the_score_every_check_and_every_finding_are_there():
    page = page_of(samples.DESIGN)
    assert page.texts("span", class_="score") == ["56 / 100"]
    assert page.texts("th", scope="row") == list(samples.TITLES.values())
    marks = page.texts("span", class_="mark")
    assert marks == ["passed", "passed", "not right yet", "not right yet", "partly right"]
    assert any("7 batches of 256" in words for words in page.texts("p"))
    assert "256" in page.texts("mark")
    assert "Hint: let PyTorch work out the number of images in a batch" in page.texts("p")


@pytest.mark.parametrize(
    ("report", "words"),
    [
        (samples.PERFECT, "Every check passed: hand it in."),
        (samples.DESIGN, "Mend what is told first, save, and run %grade again."),
        (
            samples.report(samples.check("learns", Status.INTERNAL_ERROR)),
            f"{FAILED} Please report it, and grade again.",
        ),
    ],
)
def test_the_last_words_say_what_to_do_next(report, words):
    assert page_of(report).texts("p", class_="next") == [words]


@pytest.mark.parametrize("status", Status)
def test_every_status_has_a_row(status):
    page = page_of(samples.report(samples.check("learns", status)))
    assert len(page.texts("th", scope="row")) == 1
    assert page.texts("span", class_="mark") != [""]


def test_what_a_submission_wrote_stays_text():
    told = samples.finding(
        message=ALL_HOSTILE,
        summary=ALL_HOSTILE,
        hint=ALL_HOSTILE,
        got=ALL_HOSTILE,
        cell=1,
        line=1,
        column=0,
        end_column=9,
        excerpt=samples.lines(1, ALL_HOSTILE),
        heading=ALL_HOSTILE,
    )
    report = samples.report(samples.check("learns", Status.FAILED, 0, told), notes=[told])
    html = report_output(replace(report, title=ALL_HOSTILE)) + warnings_output([ALL_HOSTILE])
    page = Page(html)
    harmless = {"div", "style", "p", "span", "b", "table", "thead", "tbody", "tr", "th", "td"}
    harmless |= {"pre", "mark", "code", "ul", "li", "q"}
    assert {tag for tag, _, _ in page.elements} <= harmless
    attributes = {name for _, some, _ in page.elements for name in some}
    assert attributes <= {"class", "scope", "role"}
    assert not re.search("[\x00-\x08\x1b\u202e\ud800]", html)


def test_a_report_shows_itself_in_a_notebook():
    assert samples.DESIGN._repr_html_() == report_output(samples.DESIGN)
    assert isinstance(samples.DESIGN, Report)


def test_what_costs_nothing_is_noted_and_what_is_for_the_staff_is_not():
    said = samples.finding(message="Nothing imports nn.", severity=Severity.WARNING)
    staff = samples.finding(message="The loop differs.", severity=Severity.INFO)
    page = page_of(replace(samples.PERFECT, notes=(said, staff)))
    assert page.texts("li") == ["Nothing imports nn."]


def test_progress_and_warnings_are_words():
    assert Page(progress_output("judging <b>")).texts("p") == ["grading: judging <b> …"]
    assert Page(warnings_output(["save it", "first"])).texts("p") == ["save it", "first"]
    assert warnings_output([]) == ""
