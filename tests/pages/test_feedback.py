"""What a student's page holds, where it holds it, and what it never holds."""

import base64
import hashlib
import re
from dataclasses import replace
from itertools import pairwise

import pytest

from grader.classroom import Override, Student
from grader.errors import GraderError
from grader.pages.feedback import feedback_page, write_feedback
from grader.report import Severity, Status
from tests.pages import classroom
from tests.pages.classroom import found, graded
from tests.pages.parsed import Page
from tests.reports import samples

ANSWERS = {3: "batch_in.view(-1, 28*28).to(device)", 5: "optm.zero_grad()"}


def page_of(one, **options):
    return Page(feedback_page(one, **options))


def note(page, number=1):
    return page.all("article", id=f"note-{number}")[0]


def line(page, number, within=0):
    return page.all("span", class_="line", data_line=str(number))[within]


def test_name_score_and_assignment_stand_at_the_top():
    page = page_of(graded())
    assert page.texts("h1") == ["Kim Minji"]
    assert page.texts("p", class_="score") == ["52.5 / 100 points"]
    assert page.texts("p", class_="assignment") == ["Multilayer perceptron on MNIST"]
    assert page.texts("title") == ["Kim Minji · Multilayer perceptron on MNIST"]
    assert page_of(graded(), title="Homework 2").texts("p", class_="assignment") == ["Homework 2"]
    assert page.texts("p", class_="file") == ["mlp.ipynb"]


def test_every_check_says_its_points_and_its_status_in_words():
    page = page_of(graded())
    titles = [row for row in page.texts("h3") if not row.startswith("Cell")]
    assert titles == list(samples.TITLES.values())
    assert page.texts("p", class_="points") == [
        *("20 / 20", "20 / 20", "0 / 20", "0 / 20", "12.5 / 20")
    ]
    words = ["passed", "passed", "not right yet", "not right yet", "partly right"]
    assert page.texts("p", class_="status") == words
    assert len(page.all("svg", class_="shape")) == 5


def test_a_note_that_costs_nothing_is_said_unless_it_is_for_the_staff():
    said = samples.finding("imports_missing", "Nothing imports <nn>.", severity=Severity.WARNING)
    changed = samples.finding("given_code_changed", "The loop differs.", severity=Severity.INFO)
    page = page_of(graded(replace(samples.PERFECT, notes=(said, changed))))
    assert page.texts("p", class_="message") == ["Nothing imports <nn>."]


def test_every_status_has_words_and_a_shape_of_its_own_kind():
    page = page_of(graded(samples.EVERY_STATUS))
    words = page.texts("p", class_="status")
    assert len(words) == len(set(words)) == len(Status)
    assert "not final" in page.text


def test_a_finding_stands_below_its_line():
    page = page_of(graded())
    before, here, after = line(page, 5), note(page), line(page, 6)
    assert page.order(before, here, after) == sorted(page.order(before, here, after))
    said = " ".join(here[2].split())
    for words in (
        "accuracy logic cell 1, line 5",
        "the batch size is written into view()",
        'The last batch of 40 images raises "shape is invalid".',
        "Not every batch is a whole one.",
        "Hint let PyTorch work out the number of images in a batch",
    ):
        assert words in said
    assert page.all("pre", class_="about")[0][2] == EVALUATION_LINE


EVALUATION_LINE = "                batch_in.view(256, 28*28).to(device)\n"


def test_its_columns_are_marked():
    assert page_of(graded()).texts("mark") == ["256"]


def test_a_finding_about_several_lines_marks_them_all_and_stands_below_the_last():
    page = page_of(graded())
    marked = page.all("pre", class_="about")[1]
    assert marked[2] == "    loss_out.backward()\n    optm.step()\n"
    order = page.order(line(page, 6, within=1), note(page, 2), line(page, 7))
    assert order == sorted(order)
    assert "got 1.5 expected 0.25" in " ".join(note(page, 2)[2].split())


@pytest.mark.parametrize(
    ("text", "column", "end", "marked"),
    [
        ('if 값 == "한국어":', 3, 4, ["값"]),
        ("\t\treturn\tx", 8, 10, ["\t", "x"]),
        ("foo(", 4, None, [" "]),
        ("foo(", 400, 500, [" "]),
        ("", 0, None, [" "]),
        ("x = 1", 0, 1, ["x"]),
        ("y" * 100_000, 99_000, 99_005, ["y" * 5]),
        ("a\u00a0+ b", 1, 2, ["\\xa0"]),
        ("print(a, b)", 4, 7, ["t", "(", "a"]),
    ],
)
def test_columns_count_characters_whatever_their_width(text, column, end, marked):
    one = found(f"first\n{text}", samples.finding(cell=1, line=2, column=column, end_column=end))
    assert [element[2] for element in page_of(one).all("mark")] == marked


def test_check_and_note_are_linked():
    page = page_of(graded(), show_answers=True, answers=ANSWERS)
    ids = [element[1]["id"] for element in page.elements if "id" in element[1]]
    assert len(ids) == len(set(ids))
    links = [element[1]["href"] for element in page.all("a")]
    assert "#note-1" in links
    assert all(link[0] == "#" and link[1:] in ids for link in links)


def test_a_finding_without_a_line_stands_with_its_check():
    page = page_of(graded())
    row = next(e for e in page.all("li") if "learns" in e[2])
    words = " ".join(row[2].split())
    assert "After 60 batches 4 of 10 images are recognised." in words
    assert "put the update right first" in words
    assert words.count("learns, but slowly") == 1


def test_a_finding_whose_lines_this_notebook_does_not_have_stands_with_its_check():
    for where in ({"cell": 9, "line": 1}, {"cell": 1, "line": 99}, {"cell": 1}):
        page = page_of(found("x = 1", samples.finding(message="lost and found", **where)))
        assert "lost and found" in page.all("li")[0][2]
        assert not page.all("article")


def test_one_finding_of_two_checks_is_said_once_and_names_both():
    checks = [
        samples.check(name, Status.FAILED, 0, classroom.VIEW)
        for name in ("eval_accuracy", "learns")
    ]
    page = page_of(graded(samples.report(*checks)))
    assert len(page.all("article")) == 1
    assert "accuracy logic · learns" in note(page)[2]
    assert [element[1]["href"] for element in page.all("a")] == ["#note-1", "#note-1"]


def test_two_findings_about_one_line_stand_below_it_in_turn():
    findings = [samples.finding(message=f"number {n}", cell=1, line=1) for n in (1, 2)]
    page = page_of(found("x = 1\ny = 2", *findings))
    assert page.texts("h4") == ["number 1", "number 2"]
    order = page.order(line(page, 1), *page.all("article"), line(page, 2))
    assert order == sorted(order)


def test_a_warning_about_a_check_that_passed_is_shown_and_costs_nothing():
    warning = samples.finding(message="left on the CPU", severity=Severity.WARNING, cell=1, line=1)
    info = samples.finding(message="for nobody", severity=Severity.INFO, cell=1, line=1)
    page = page_of(
        graded(samples.report(samples.check("learns", Status.PASSED, 20, warning, info)))
    )
    assert page.texts("h4") == ["left on the CPU"]
    assert page.texts("p", class_="status") == ["passed"]


def test_the_graded_parts_are_shown_where_nothing_was_wrong():
    page = page_of(classroom.perfect())
    assert [text.split(" ", 2)[2] for text in page.texts("h3") if "Cell" in text] == [
        *("the model class", "the evaluation function", "the training loop")
    ]
    assert "Every check passed." in page.text
    assert "optm.zero_grad()" in page.text
    assert "BATCH_SIZE = 256" not in page.text  # a cell that is not graded


def test_nothing_of_others_and_nothing_for_the_staff_is_shown():
    secret = ["20239999", "group-of-this-program", "first-try.ipynb", "The model class was changed"]
    html = feedback_page(graded(twins=("20239999",), earlier=("b/first-try.ipynb",)))
    assert not [word for word in secret if word in html]
    assert "the last of your 2 attempts counts" in Page(html).text
    assert "class.zip" not in html


def test_answers_are_shown_on_request_only():
    assert "zero_grad" not in feedback_page(graded(), answers=ANSWERS)
    finding = replace(classroom.VIEW, blank=3)
    report = samples.report(samples.check("eval_accuracy", Status.FAILED, 0, finding))
    page = page_of(graded(report), show_answers=True, answers=ANSWERS)
    assert page.texts("dt") == ["Blank 3", "Blank 5"]
    assert page.texts("dd") == list(ANSWERS.values())
    assert page.texts("a") == ["cell 1, line 5", "An answer to blank 3"]


def test_what_a_ta_decided_is_shown_with_the_reason():
    override = Override("Half of it was right.", checks={"step_order": 10}, by="Park")
    page = page_of(graded(override=override))
    assert page.texts("p", class_="score") == ["62.5 / 100 points"]
    assert "Half of it was right. — Park" in page.texts("section", class_="decision")[0]
    assert page.texts("p", class_="points")[3] == "was 0, now 10 / 20"
    whole = page_of(graded(override=Override("Agreed in class.", score=80)))
    assert whole.texts("p", class_="score") == ["80 / 100 points"]
    assert "had counted 52.5 points; 80 are yours" in whole.text


def test_late_work_says_so():
    assert "handed in late" in page_of(graded(late=True)).text
    assert "handed in late" not in page_of(graded()).text


def test_a_file_that_could_not_be_read_gets_a_page_that_helps():
    page = page_of(graded(classroom.NOT_A_NOTEBOOK, cells=()))
    assert page.texts("p", class_="score") == ["\u2013 / 100 points"]
    assert "mlp.ipynb is JSON, but not a notebook." in page.text
    assert page.texts("li")[0] == "Is it the right file?"
    assert not page.all("ol", class_="checks")
    assert "no points yet" in page.text
    decided = graded(classroom.NOT_A_NOTEBOOK, cells=(), override=Override("Sent by mail.", 70))
    assert "no points yet" not in page_of(decided).text


ALLOWED_TAGS = {
    *("html", "head", "meta", "title", "style", "body", "header", "main", "section", "footer"),
    *("h1", "h2", "h3", "h4", "p", "ol", "li", "dl", "dt", "dd", "div", "span", "b", "a", "bdi"),
    *("svg", "g", "rect", "circle", "path", "pre", "code", "mark", "article"),
}
ALLOWED_ATTRIBUTES = {
    *("lang", "charset", "name", "content", "http-equiv", "class", "id", "href", "role"),
    *("translate", "data-line", "aria-label", "aria-labelledby", "aria-hidden", "focusable"),
    *("viewbox", "preserveaspectratio", "width", "height", "x", "d", "cx", "cy", "r", "fill"),
}


@pytest.mark.parametrize(
    "one",
    [
        classroom.hostile(),
        replace(classroom.hostile(), cells=(), report=classroom.NOT_A_NOTEBOOK),
    ],
    ids=["graded", "unreadable"],
)
def test_nothing_that_a_student_wrote_is_obeyed(one):
    hostile = {3: classroom.ALL_HOSTILE}
    html = feedback_page(one, show_answers=True, answers=hostile, title=classroom.ALL_HOSTILE)
    page = Page(html)
    assert {element[0] for element in page.elements} <= ALLOWED_TAGS
    attributes = {name for element in page.elements for name in element[1]}
    assert attributes <= ALLOWED_ATTRIBUTES
    assert not set(html) & set("\0\x1b\x07\x08\u202e\u2066\ud800\udfff")
    assert "<script>alert(1)</script>" in page.texts("h1")[0]
    html.encode()


@pytest.mark.parametrize("text", classroom.HOSTILE)
def test_a_hostile_text_adds_no_element(text):
    def elements(words):
        student = Student("1", words)
        one = found("x = 1", samples.finding(message=words, hint=words, got=words), student=student)
        return [element[0] for element in page_of(one).elements]

    assert elements(text) == elements("plain")


def test_the_policy_allows_one_style_and_nothing_else():
    html = feedback_page(classroom.hostile())
    policy = Page(html).all("meta", http_equiv="Content-Security-Policy")[0][1]["content"]
    styles = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    mark = base64.b64encode(hashlib.sha256(styles[0].encode()).digest()).decode()
    assert len(styles) == 1
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{mark}'; base-uri 'none'; form-action 'none'"
    )
    assert "url(" not in styles[0]
    assert "@import" not in styles[0]
    rest = feedback_page(graded()).replace(styles[0], "")
    assert not re.search(r"<script|\bon\w+=|\bstyle=|\bsrc=|https?:", rest)


def test_a_flood_of_findings_stays_a_page():
    many = [
        samples.finding(message=f"{n} " + "m" * 10_000, hint=f"{n}" + "h" * 10_000, cell=1, line=1)
        for n in range(5000)
    ]
    html = feedback_page(found("x = 1", *many))
    assert len(html) < 150_000
    assert "… and 4980 more" in html


def test_endless_code_is_shown_around_its_notes():
    source = "\n".join(["x" * 100_000] * 5 + ["y = 1"] * 4000)
    findings = [samples.finding(cell=1, line=n, message=f"at {n}") for n in (2, 2000, 4004)]
    html = feedback_page(found(source, *findings))
    assert len(html) < 150_000
    page = Page(html)
    shown = {element[1]["data-line"] for element in page.all("span", class_="line")}
    assert {"1", "2", "1999", "2000", "2001", "4004"} <= shown
    assert "left out" in page.text
    gaps = [int(text.split()[0]) for text in page.texts("p", class_="gap")]
    assert len(shown) + sum(gaps) == 4005


def test_headings_go_down_a_step_at_a_time():
    one = replace(graded(), override=Override("why", 3))
    page = page_of(one, show_answers=True, answers=ANSWERS)
    levels = [int(e[0][1]) for e in page.elements if re.fullmatch(r"h\d", e[0])]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert len(page.all("main")) == len(page.all("header")) == len(page.all("footer")) == 1


def test_the_same_result_is_the_same_page():
    assert feedback_page(graded()) == feedback_page(graded())


def test_pages_are_written_whole_and_replaced(tmp_path):
    folder = tmp_path / "out" / "feedback"
    others = [
        graded(student=Student("../../etc/passwd")),
        graded(student=Student("김민지", "김민지")),
    ]
    written = write_feedback(folder, [graded(), *others], title="Homework 1")
    assert sorted(written) == sorted(folder.iterdir())
    assert [path.parent for path in written] == [folder] * 3
    assert written[0] == folder / "20231234.html"
    page = feedback_page(graded(), title="Homework 1")
    assert written[0].read_bytes().decode().startswith(page)
    write_feedback(folder, [graded(override=Override("more", 99)), *others])
    assert "99" in Page(written[0].read_text(encoding="utf-8")).texts("p", class_="score")[0]
    assert sorted(written) == sorted(folder.iterdir())


def test_an_unchanged_page_is_left_alone_and_a_changed_one_is_not(tmp_path):
    (page,) = write_feedback(tmp_path, [graded()], title="Homework 1", version="1")
    written = page.stat().st_mtime_ns

    def is_new(*one, **options):
        nonlocal written
        write_feedback(tmp_path, *one, **{"title": "Homework 1", "version": "1"} | options)
        before, written = written, page.stat().st_mtime_ns
        return written != before

    assert not is_new([graded()])
    assert is_new([graded(override=Override("more", 99))])
    assert is_new([graded()])
    assert is_new([graded()], title="Homework 2")
    assert is_new([graded()], version="2")
    assert is_new([graded()], show_answers=True, answers={5: "optm.zero_grad()"})
    assert is_new([graded()])
    page.write_bytes(page.read_bytes()[:-1])
    written = page.stat().st_mtime_ns
    assert is_new([graded()])


def test_pages_of_those_who_left_go_and_no_other_file(tmp_path):
    write_feedback(tmp_path, [graded(), graded(student=Student("left"))])
    (tmp_path / "mine.html").write_text("<p>notes</p>")
    (kept,) = write_feedback(tmp_path, [graded()])
    assert sorted(tmp_path.iterdir()) == [kept, tmp_path / "mine.html"]


def test_a_folder_that_cannot_be_is_an_error_with_a_hint(tmp_path):
    (tmp_path / "feedback").write_text("a file")
    with pytest.raises(GraderError, match="cannot write") as caught:
        write_feedback(tmp_path / "feedback", [graded()])
    assert caught.value.hint
