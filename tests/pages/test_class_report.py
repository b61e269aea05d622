"""The page of a class: what it holds, in which order, and that nothing in it is obeyed."""

import base64
import hashlib
import re
from dataclasses import replace

import pytest

from grader.classroom import Choice, Graded, HandedIn, Override, Student, Unclear, file_name
from grader.classroom.concerns import ConcernKind
from grader.classroom.statistics import class_statistics
from grader.errors import GraderError
from grader.notebook.read import Cell
from grader.pages.class_report import class_page, write_class_page
from grader.report import Status
from tests.pages.parsed import Page
from tests.pages.sample_class import HOSTILE_NAMES, sample_class
from tests.reports import samples

TITLE = "Multilayer perceptron on MNIST"


@pytest.fixture(scope="module")
def html():
    return class_page(TITLE, class_statistics(*sample_class(60)))


@pytest.fixture(scope="module")
def page(html):
    return Page(html)


def page_of(*graded, **handed_in):
    return Page(class_page(TITLE, class_statistics(graded, HandedIn((), **handed_in))))


def one(name="kim", report=samples.DESIGN, **fields):
    fields = {"group": "g", "cells": (Cell(1, "code", "x = 1"),)} | fields
    return Graded(Student(name), f"{name}.ipynb", report, **fields)


def rows(page, section):
    """The rows of the tables below a heading, as texts of their cells."""
    found, inside = [], False
    for tag, attributes, text in page.elements:
        if tag == "section":
            inside = attributes["id"] == section
        elif inside and tag == "tr":
            found.append([])
        elif inside and tag in {"td", "th"}:
            found[-1].append(" ".join(text.split()))
    return found


def test_sections_come_in_the_order_a_ta_asks(page):
    ids = ["overview", "look", "students", "mistakes", "programs", "missing", "decisions"]
    ids += ["late-work"]
    assert [attributes["id"] for _, attributes, _ in page.all("section")] == ids
    links = [a["href"] for _, a, _ in page.all("a") if a["href"].startswith("#")]
    assert links[1 : 1 + len(ids)] == [f"#{name}" for name in ids]
    assert page.texts("h1") == [TITLE]


def test_links_within_the_page_lead_somewhere(page):
    ids = [attributes["id"] for _, attributes, _ in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    targets = {a["href"][1:] for _, a, _ in page.all("a") if a["href"].startswith("#")}
    assert targets <= set(ids)


def test_headline_figures():
    page = page_of(one("a"), one("b", samples.PERFECT), missing=(Student("m"),))
    found = dict(zip(page.texts("dt"), page.texts("dd"), strict=False))
    assert found["Graded"] == "2"
    assert found["Mean"] == "78.0 of 100"
    assert found["Median"] == "78 of 100"
    assert found["Full marks"] == "1 50 %"
    assert found["To look at"] == "0"
    assert found["Missing"] == "1"


def test_every_plot_has_its_numbers_beside_it():
    page = page_of(one("a"), one("b", samples.PERFECT), one("c", samples.PERFECT))
    assert len(page.all("svg", role="img")) == 2
    found = rows(page, "overview")
    assert ["50\N{EN DASH}59", "1", "33 %"] in found
    assert ["100", "2", "67 %"] in found
    assert ["layer shapes", "100 %", "3", "0", "0", "0"] in found
    assert ["learns", "67 %", "2", "1", "0", "0"] in found
    bars = page.all("path", class_="fill-bar") + page.all("path", class_="fill-ok")
    assert bars


def test_mistakes_are_ranked_with_count_share_groups_and_students():
    page = page_of(one("a"), one("b"), one("c", samples.PERFECT, group="h"))
    found = page.texts("details", class_="mistake")
    assert len(found) == 3
    assert found[0].startswith("2 students, 67 % the batch size is written into view()")
    assert "hard_coded_batch" in found[0]
    assert found[0].endswith("Program 1 2 students a b")


def test_a_program_shows_its_verdict_its_students_and_its_graded_cells_only():
    cells = (
        Cell(1, "markdown", "# secret plans"),
        Cell(2, "code", "unrelated = 1"),
        Cell(7, "code", "\n".join(f"line {number} of seven" for number in range(1, 12))),
    )
    page = page_of(one("a", cells=cells, parts={7: ("the evaluation function",)}, group="abc123"))
    text = page.texts("details", class_="program")[0]
    assert "accuracy logic: the batch size is written into view()" in text
    assert "in overrides.toml this group is abc123" in text
    assert "FAIL" in text
    assert "Cell 7: the evaluation function" in text
    assert "unrelated" not in text
    assert "secret plans" not in text
    assert page.texts("span", class_="hit") == ["line 8 of seven"]


def test_a_program_without_located_parts_shows_its_code():
    assert "x = 1" in page_of(one()).texts("details", class_="program")[0]


def test_endless_code_is_cut():
    cells = tuple(Cell(n, "code", "y = 1\n" * 3000 + "x" * 100_000) for n in range(1, 40))
    html = class_page(TITLE, class_statistics([one(cells=cells)], HandedIn(())))
    assert len(html) < 150_000
    assert "2881 more lines" in html


@pytest.mark.parametrize("kind", list(ConcernKind))
def test_what_needs_a_person_is_listed_with_names(page, kind):
    found = [text for text in page.texts("details", class_="concern") if kind.value in text]
    assert len(found) == 1
    assert re.match(r"\d+ students: ", found[0])
    assert re.search(r"\b20210\d{3}\b", found[0])


def test_identical_outputs_are_a_sign_and_no_verdict(page):
    found = next(text for text in page.texts("details", class_="concern") if "Identical" in text)
    assert "a sign to look, never a verdict" in found
    assert "3 students" in found


def test_unclear_files_are_listed_with_their_reasons_and_whole_paths():
    path = f"{'a long folder/' * 40}b.docx"
    unclear = (Unclear(path, "is not a notebook"), Unclear("c.ipynb", "may be two", who=True))
    page = page_of(unclear=unclear)
    assert [path, "is not a notebook"] in rows(page, "look")
    titles = page.texts("b")
    assert titles.index("Who is not certain") < titles.index("Not graded")


def test_every_choice_is_listed_with_what_was_left_out():
    left = tuple(f"kim/{number}.ipynb" for number in range(500))
    ordinary = Choice(Student("lee"), "lee/2.ipynb", ("lee/1.ipynb",), "the last of 2", True)
    choices = (Choice(Student("kim"), "kim/mlp.ipynb", left, "only a copy: x"), ordinary)
    page = page_of(choices=choices)
    found = " ".join(" ".join(text.split()) for _, _, text in page.elements)
    assert "Nothing here needs a person" not in found
    for told in ("kim/mlp.ipynb", "only a copy: x", "kim/19.ipynb", "and 480 more", "lee/1.ipynb"):
        assert told in found
    assert "kim/20.ipynb" not in found


def test_a_member_is_shown_with_the_team():
    assert any(row[0] == "kim team The A" for row in rows(page_of(one(team="The A")), "students"))


def test_every_student_has_a_row_and_a_link_to_their_page():
    late = one("kim", late=True, earlier=("old",), override=Override("why", checks={"learns": 20}))
    page = page_of(replace(late, student=Student("kim/1", "김민지", section="B")), one("lee"))
    head, first, second = rows(page, "students")
    titles = list(samples.TITLES.values())
    assert head == ["Name", "Score", "Id", "Section", *titles, "Program", "Late", "Notes"]
    assert first == [
        *("김민지", "60", "kim/1", "B", "20", "20", "0 FAIL", "0 FAIL", "20 part", "1", "late"),
        "decided attempt 2",
    ]
    assert second[:4] == ["lee", "56", "lee", ""]
    links = [a["href"] for _, a, _ in page.all("a") if a["href"].startswith("feedback/")]
    assert f"feedback/{file_name('kim/1')}.html" in links
    assert "feedback/lee.html" in links


def test_what_could_not_be_read_has_no_points_by_check():
    broken = samples.report(*(samples.check(name, Status.ERROR) for name in samples.TITLES))
    row = rows(page_of(one("a", broken, cells=(), group=""), one("b")), "students")[1]
    assert row[4:10] == ["\N{EN DASH}"] * 5 + [""]
    assert row[-1] == "could not be read"


def test_missing_students_and_decisions_with_their_reasons():
    decision = Override("handed in on paper", score=88.5, checks={"learns": 20}, by="Park")
    page = page_of(one("kim", override=decision), missing=(Student("m1", "홍길동"),))
    assert "홍길동" in page.texts("section", id="missing")[0]
    assert rows(page, "decisions")[1] == [
        *("score 88.5 learns 20", "handed in on paper", "Park", "kim")
    ]


def test_an_empty_class_has_a_page_too():
    page = page_of()
    assert page.texts("section", id="mistakes") == ["Mistakes Nobody made a mistake."]
    assert page.all("svg") == []
    assert page_of(one("a", cells=(), group="")).texts("section", id="programs") == [
        "Programs No notebook could be read."
    ]


def test_a_class_graded_by_no_check_has_a_page_too():
    assert page_of(one("a", samples.report())).all("svg") == []


def test_only_our_own_style_and_script_are_allowed(html, page):
    policy = page.all("meta", http_equiv="Content-Security-Policy")[0][1]["content"]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules.pop("default-src") == rules.pop("base-uri") == rules.pop("form-action") == "'none'"
    for tag in ("style", "script"):
        texts = re.findall(rf"<{tag}>(.*?)</{tag}>", html, re.DOTALL)
        assert len(texts) == 1
        mark = base64.b64encode(hashlib.sha256(texts[0].encode()).digest()).decode()
        assert rules.pop(f"{tag}-src") == f"'sha256-{mark}'"
    assert rules == {}


def test_nothing_in_it_is_loaded_styled_or_run_by_attribute(html, page):
    assert not {tag for tag, *_ in page.elements} & {
        "img",
        "link",
        "iframe",
        "object",
        "use",
        "base",
    }
    for tag, attributes, _ in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"], tag
        assert not attributes.keys() & {"src", "srcset", "xlink:href", "srcdoc", "action"}, tag
        assert re.match(r"#|feedback/[\w%.-]+\.html$", attributes.get("href", "#")), attributes
    assert "@import" not in html
    assert "url(" not in html
    assert "<!--" not in html


def test_hostile_names_are_only_text(page):
    names = page.texts("section", id="students")[0]
    for name in HOSTILE_NAMES[:6]:
        assert name in names
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", page.text)
    assert "49{%" not in page.text


def test_the_class_is_the_same_page_again(html):
    assert class_page(TITLE, class_statistics(*sample_class(60))) == html


def test_a_class_of_two_thousand_stays_a_small_file():
    html = class_page(TITLE, class_statistics(*sample_class(2000)))
    assert len(html.encode()) < 3_000_000


def test_it_is_written_whole_or_the_reason_is_said(tmp_path):
    statistics = class_statistics([one()], HandedIn(()))
    write_class_page(tmp_path / "out" / "report.html", TITLE, statistics)
    assert (tmp_path / "out" / "report.html").read_text(encoding="utf-8").startswith("<!doctype")
    with pytest.raises(GraderError):
        write_class_page(tmp_path, TITLE, statistics)
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
