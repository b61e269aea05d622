"""A whole notebook with its findings: as a page, and as a notebook again."""

import json
import subprocess
import sys
from dataclasses import replace

import nbformat
import pytest

from grader.classroom import Student, file_name
from grader.errors import GraderError
from grader.notebook.read import parse_notebook
from grader.pages.annotated import remove_other_annotated, write_annotated
from grader.pages.feedback import feedback_page
from grader.pages.markdown import as_markdown, fenced, markdown_html
from grader.pages.outputs import picture_type
from tests.pages import whole_notebooks as whole
from tests.pages.parsed import Page
from tests.pages.whole_notebooks import code, display, graded, notebook, stream, text
from tests.reports import samples

FINDING = samples.finding(
    message='The last batch raises "shape *is* <b>invalid</b>".',
    cell=2,
    line=2,
    column=4,
    end_column=7,
    summary="the batch size is written into view()",
    hint="let PyTorch work it out",
)
SMALL = notebook(
    text(
        "# Title\n\nSome *words*, $a < b$ and ![drawn](attachment:a.png).",
        attachments={"a.png": {"image/png": whole.PNG}},
    ),
    code(
        "for x in y:\n    foo(x)",
        stream("10%\r50%\r100%\ndone\n"),
        display(image_png=whole.PNG, text_plain="<Figure>"),
    ),
    {"cell_type": "raw", "metadata": {}, "source": "as *it* is"},
    code(
        "bar()",
        display(text_html="<b>table</b>", text_plain="a table"),
        display(image_jpeg=whole.JPEG),
        display(image_svg="<svg/>"),
    ),
)


@pytest.fixture
def made(tmp_path):
    """Write what is annotated; return the page, parsed, and the notebook."""

    def write(one, data, **options):
        html, ipynb = write_annotated(tmp_path, one, data, **options)
        annotated = nbformat.read(ipynb, as_version=nbformat.NO_CONVERT)
        nbformat.validate(annotated)
        return Page(html.read_text(encoding="utf-8")), annotated

    return write


def ours(annotated):
    return {c.id: c.source for c in annotated.cells if c.metadata.get("tags") == ["grader"]}


def test_the_page_shows_the_whole_notebook_in_its_order(made):
    page, _ = made(*graded(SMALL, FINDING))
    assert page.texts("p", class_="score") == ["0 / 20 points"]
    assert page.texts("h2") == ["Checks", "Your notebook"]
    (prose,), (raw,) = page.all("div", class_="prose"), page.all("pre", class_="raw")
    first, second = page.all("section", class_="cell")
    assert page.order(prose, first, raw, second) == sorted(page.order(prose, first, raw, second))
    assert page.texts("h1") == ["Kim Minji", "Title"]
    assert page.texts("em") == ["words"]
    assert "$a < b$" in prose[2]
    assert raw[2] == "as *it* is"
    assert [e[1]["src"].partition(",")[0] for e in page.all("img")] == [
        *("data:image/png;base64", "data:image/png;base64", "data:image/jpeg;base64")
    ]


def test_outputs_are_text_and_pictures_and_the_rest_is_counted(made):
    page, annotated = made(*graded(SMALL))
    first, second = page.texts("div", class_="outputs")
    assert first == "100% done"
    assert second == "a table 1 output left out: only text, PNG and JPEG are shown, up to a limit"
    kept = [c.outputs for c in annotated.cells if c.cell_type == "code"]
    assert [[list(o.get("data", "t")) for o in outputs] for outputs in kept] == [
        [["t"], ["image/png", "text/plain"]],
        [["text/plain"], ["image/jpeg"]],
    ]
    assert "1 outputs" in ours(annotated)["grader-left-out-4"]


def test_a_finding_stands_below_its_line_in_the_words_of_the_feedback_page(made):
    one, data = graded(SMALL, FINDING)
    page, _ = made(one, data)
    (note,) = page.all("article", id="note-1")
    (theirs,) = Page(feedback_page(one)).all("article", id="note-1")
    assert note == theirs
    assert "".join(page.texts("mark")) == "foo"
    assert [e[2].strip() for e in page.all("pre", class_="about")] == ["foo(x)"]


def test_the_notebook_has_the_points_first_and_findings_after_their_cells(made):
    one, data = graded(SMALL, FINDING)
    _, annotated = made(one, data)
    sources = [cell.source for cell in annotated.cells]
    assert sources[0].startswith("# Kim Minji: 0 / 20 points")
    assert sources[1:3] == [cell.source for cell in one.cells[:2]]
    assert "**update order · cell 2, line 2**" in sources[3]
    assert "shape &#42;is&#42; &#60;b&#62;invalid&#60;&#47;b&#62;" in sources[3]
    assert "**Hint** let PyTorch work it out" in sources[3]
    assert sources[3].endswith("```python\n    foo(x)\n```")
    again = parse_notebook(nbformat.writes(annotated).encode(), "again.ipynb")
    code_of = [[c.source for c in cells if c.kind == "code"] for cells in (again.cells, one.cells)]
    assert code_of[0] == code_of[1]


def test_a_notebook_without_findings_and_one_without_its_file(made):
    one, data = graded(SMALL)
    page, annotated = made(one, data)
    assert not page.all("article")
    assert [id_ for id_ in ours(annotated) if "note" in id_] == []
    page, annotated = made(one, None, version="2")
    assert "Outputs are not shown" in page.text
    assert "Outputs are not shown" in ours(annotated)["grader-points"]
    assert not page.all("div", class_="outputs")
    assert page.texts("em") == ["words"]


def test_format_3_is_shown_as_format_4(made):
    pyout = {"output_type": "pyout", "prompt_number": 1, "text": ["4", "2"], "metadata": {}}
    shown = {"output_type": "display_data", "png": whole.PNG, "metadata": {}}
    error = {
        "output_type": "pyerr",
        "ename": "E",
        "evalue": "v",
        "traceback": ["\x1b[31mE\x1b[0m: v"],
    }
    written = {"output_type": "stream", "stream": "stderr", "text": "warned"}
    odd = [{"output_type": "pyout", "json": "{"}, {"output_type": "display_data"}, 7]
    cell = {"cell_type": "code", "language": "python", "input": ["6 * 7"], "metadata": {}}
    sheet = {"cells": [cell | {"outputs": [pyout, shown, error, written, *odd]}]}
    old = {"nbformat": 3, "nbformat_minor": 0, "metadata": {"name": "x"}, "worksheets": [sheet]}
    page, annotated = made(*graded(json.dumps(old).encode()))
    assert annotated.nbformat == 4
    (outputs,) = page.texts("div", class_="outputs")
    assert outputs.startswith("42 E: v warned 3 outputs left out")
    assert len(page.all("img")) == 1


def test_hostile_cells_add_no_element_address_or_handler(made):
    page, annotated = made(*whole.hostile())
    tags = {tag for tag, _, _ in page.elements}
    assert not tags & {"script", "iframe", "link", "base", "form", "button", "object", "math"}
    for tag, attributes, _ in page.elements:
        assert not [name for name in attributes if name.startswith("on") or name == "style"]
        if tag == "img":
            assert attributes["src"].startswith(
                ("data:image/png;base64,", "data:image/jpeg;base64,")
            )
        href = attributes.get("href", "#")
        if tag == "a" and not href.startswith("#"):
            assert href.startswith("https://")
            assert attributes["rel"] == "noreferrer noopener nofollow"
    ids = [attributes["id"] for _, attributes, _ in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert len([e for e in page.elements if e[0] == "meta" and "http-equiv" in e[1]]) == 1
    assert "49" not in page.text
    for cell in annotated.cells:
        for output in cell.get("outputs", ()):
            assert set(output.get("data", {})) <= {"text/plain", "image/png", "image/jpeg"}
            assert "\x1b" not in str(output)
    for source in ours(annotated).values():
        prose = source.partition("```")[0]
        assert "<" not in prose
        assert "](" not in prose
        assert "$" not in prose


def test_a_huge_notebook_gives_bounded_files_and_says_so(tmp_path):
    one, data = whole.huge()
    html, ipynb = write_annotated(tmp_path, one, data)
    assert len(data) > 8_000_000
    assert html.stat().st_size < 3_000_000
    assert ipynb.stat().st_size < 3_000_000
    page = html.read_text(encoding="utf-8")
    assert "cells without a finding are left out here" in page
    assert "far below" in page
    assert "characters left out" in page
    assert "outputs left out" in page


@pytest.mark.parametrize(
    ("encoded", "media"),
    [
        (whole.PNG, "image/png"),
        (whole.JPEG, "image/jpeg"),
        (whole.BOMB, None),
        (whole.PNG[:20], None),
        (whole.JPEG[:12], None),
        (whole.PNG + "\n", None),
        ("R0lGODlhAQABAAAAACw=", None),
        ("PHN2Zz48L3N2Zz4=", None),
        ("", None),
        ("é", None),
    ],
)
def test_a_picture_is_what_it_says(encoded, media):
    assert picture_type(encoded) == media


def test_markdown_that_parsers_stumble_over_is_shown_all_the_same():
    for source in (
        "![a](attachment:no.png)",
        "<div>" * 2000,
        "> " * 3000,
        "[" * 9000,
        "\\begin{a}" * 900,
    ):
        assert markdown_html(source, {})
    assert "[picture left out: a]" in markdown_html("![a](attachment:no.png)", {})
    hidden = markdown_html("*a* &#x202e;&#27;&#xd800;&#0;b", {})
    assert "<em>a</em>" in hidden
    assert hidden.replace("\n", "").isprintable()


@pytest.mark.parametrize(
    "words",
    [
        "a *b* _c_ `d`",
        "1. x\n- y\n# z",
        "| a | $b$ |",
        "<b> &amp; [x](y)",
        "http://a.b www.c.d 3.5",
    ],
)
def test_words_survive_as_markdown(words):
    page = Page(f"<body>{markdown_html(as_markdown(words), {})}</body>")
    assert page.text.split() == words.split()
    assert {tag for tag, _, _ in page.elements} <= {"body", "p", "br"}


def test_a_fence_is_longer_than_what_is_in_it():
    assert fenced("a ```` b") == "`````\na ```` b\n`````"


# ---------------------------------------------------------------- files


def test_names_of_strangers_are_no_paths(tmp_path):
    one, data = graded(SMALL)
    one = replace(one, student=Student("../../evil/../x"))
    for path in write_annotated(tmp_path / "pages", one, data):
        assert path.parent == tmp_path / "pages"
        assert path.stem == file_name("../../evil/../x")
    assert not (tmp_path / "evil").exists()


def test_what_is_up_to_date_is_left_alone(tmp_path):
    one, data = graded(SMALL, FINDING)
    written = write_annotated(tmp_path, one, data)
    before = [path.stat().st_mtime_ns for path in written]
    write_annotated(tmp_path, one, data)
    # A page that shows the outputs is better than one that does not.
    write_annotated(tmp_path, one, None)
    assert [path.stat().st_mtime_ns for path in written] == before
    contents = [path.read_bytes() for path in written]
    write_annotated(tmp_path, one, data, version="2")
    assert [path.stat().st_mtime_ns for path in written] != before
    written[1].unlink()
    write_annotated(tmp_path, one, data)
    assert [path.read_bytes() for path in written] == contents


def test_only_our_own_files_of_others_go(tmp_path):
    written = write_annotated(tmp_path, *graded(SMALL))
    for name in ("mine.html", "mine.ipynb"):
        (tmp_path / name).write_text("a TA's")
    remove_other_annotated(tmp_path, written)
    assert len(list(tmp_path.iterdir())) == 4
    remove_other_annotated(tmp_path, [])
    assert {path.name for path in tmp_path.iterdir()} == {"mine.html", "mine.ipynb"}


def test_a_folder_that_cannot_be_written_is_an_error_with_a_hint(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(GraderError) as caught:
        write_annotated(tmp_path / "file", *graded(SMALL))
    assert caught.value.hint


def test_pages_alone_import_neither_nbformat_nor_nbconvert():
    program = (
        "import sys, grader.batch.outputs, grader.cli.grade, grader.cli.grade_class;"
        "import grader.cli.finish, grader.grading.grader;"
        "slow = ('nbformat', 'nbconvert', 'bleach', 'mistune', 'traitlets');"
        "print([name for name in sys.modules if name.startswith(slow)])"
    )
    done = subprocess.run([sys.executable, "-c", program], check=True, capture_output=True)
    assert done.stdout == b"[]\n"
