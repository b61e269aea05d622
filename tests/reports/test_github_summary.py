"""The step's summary: rendered as GitHub would, no student's text becomes anything but text."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest
from markdown_it import MarkdownIt

from grader.report import Status
from grader.reports.github_summary import to_markdown

from . import samples
from .hostile import HOSTILE, hostile_report

ROOM = 1024 * 1024
ALLOWED = {"h3", "p", "table", "thead", "tbody", "tr", "th", "td", "pre", "sub", "em"}
# One line each that would be something if it were not text.
MARKUP = [
    "![x](http://evil/x.png)",
    "[x](javascript:alert(1))",
    "<http://evil> http://evil www.evil.com a@evil.com",
    "<img src=x onerror=alert(1)>",
    "<script>alert(1)</script>",
    "</pre><h1>100 / 100</h1>",
    "</td></tr></table>",
    "a | b | c",
    "`code` ``` ~~~",
    "**bold** _it_ ~~gone~~",
    "# heading",
    "- item",
    "1. item",
    "> quote",
    "---",
    "&lt;b&gt; &#60;b&#62;",
    "[ref]: http://evil",
    "$x^2$ $$y$$",
    "\\",
    "@octocat #1 :+1:",
]


class Reader(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.text = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [
            name for name, value in attrs if (name, value) != ("style", "text-align:right")
        ]

    def handle_data(self, data):
        self.text.append(data)


def read(markdown: str) -> Reader:
    reader = Reader()
    reader.feed(MarkdownIt("commonmark", {"html": True}).enable("table").render(markdown))
    reader.close()
    assert set(reader.tags) <= ALLOWED
    assert reader.attributes == []
    return reader


def test_the_design():
    page = read(to_markdown([samples.DESIGN], [], ROOM))
    text = "".join(page.text)
    assert text.startswith("submission.ipynb: 56 / 100\n")
    assert page.tags.count("tr") == 1 + 5
    assert page.tags.count("pre") == 2, "the third has said all in the table"
    assert "update order · cell 9, lines 10-11\n   10 │ loss_out.backward()\n" in text
    assert "seed 20240917 · torch 2.15.0 · device cpu" in text


def test_a_perfect_notebook_is_a_table():
    page = read(to_markdown([samples.PERFECT], [], ROOM))
    assert "pre" not in page.tags
    assert "100 / 100" in "".join(page.text)


def test_the_graders_own_fault_is_said():
    assert "this score is not final" in to_markdown([samples.EVERY_STATUS], [], ROOM)
    assert "not final" not in to_markdown([samples.DESIGN], [], ROOM)


@pytest.mark.parametrize("markup", [*MARKUP, HOSTILE])
def test_markup_is_text_everywhere(markup):
    found = samples.finding(
        message=markup,
        summary=markup,
        hint=markup,
        got=markup,
        cell=1,
        line=1,
        excerpt=samples.lines(1, markup, "", markup),
    )
    check = samples.check("x", Status.FAILED, 0, found, title=markup)
    page = read(to_markdown([samples.report(check, path=markup)], [(markup, markup)], ROOM))
    assert page.tags.count("pre") == 1
    assert page.tags.count("tr") == 2
    assert page.tags.count("h3") == 2
    if markup is not HOSTILE:
        seen = "".join(page.text).replace("\u2060", "")
        assert seen.count(markup) >= 7


def test_names_and_numbers_are_no_links():
    """What GitHub links after Markdown is done: @name and #1 must not stand as such in a text."""
    page = read(to_markdown([], [("@octocat", "see #1 or a@b.cd")], ROOM))
    assert not any(sign in "".join(page.text) for sign in ("@o", "#1", "@b"))


def test_a_hostile_report():
    read(to_markdown([hostile_report()], [], ROOM))


def test_what_does_not_fit_is_left_out_whole():
    reports = [samples.DESIGN] * 50
    whole = to_markdown(reports, [], ROOM)
    for room in (len(whole.encode()) // 2, 5000, 500, 100):
        text = to_markdown(reports, [], room)
        assert len(text.encode()) <= room
        assert "no room for more" in "".join(read(text).text)
    assert to_markdown(reports, [], 0) == ""
    assert to_markdown(reports, [], -5) == ""


def test_the_longest_report_fits_into_what_github_shows():
    lines = samples.lines(1, *["&" * 100_000] * 100)
    found = [
        samples.finding(
            message=f"{n}" + "<" * 10**6, hint="&" * 10**6, cell=1, line=1, excerpt=lines
        )
        for n in range(100)
    ]
    report = samples.report(*[samples.check(f"c{n}", Status.FAILED, 0, *found) for n in range(20)])
    assert len(to_markdown([report], [], ROOM).encode()) <= ROOM
