"""What a student sees: the amount and order of the design's sample, whatever the text holds."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from grader.report import Severity, SourceLine, Status
from grader.reports.marks import MARKS
from grader.reports.summary import print_summary
from grader.reports.terminal import print_report

from . import samples

HOSTILE = (
    "[bold red]not markup[/] [link=file:///etc/passwd]x[/link] :smile: {x} %s "
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b]8;;http://evil\x1b\\link \x9b2J \x07\x08\x7f\r"
    "\u202eright to left\u202c \u2066isolate\u2069 \u200bzero \ud800 \U000e0041 \u2028 end"
)
# Everything that a terminal obeys or that hides or reorders text.
DANGEROUS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\U000e0041]"
)


@pytest.fixture(autouse=True)
def _no_workflow(monkeypatch):
    for name in ("GITHUB_ACTIONS", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)


def shown(report, width=80, **console) -> str:
    stream = io.StringIO()
    print_report(report, Console(file=stream, width=width, **console))
    return stream.getvalue()


def encoded(report, encoding, width=80) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors="strict", write_through=True)
    print_report(report, Console(file=stream, width=width))
    return raw.getvalue().decode(encoding)


def failing(*findings, status=Status.FAILED):
    return samples.report(samples.check("eval_accuracy", status, 0, *findings))


def marked(text: str, source: str, column: int, end: int | None) -> str:
    """Return what stands above the carets when that line is reported."""
    found = samples.finding(
        cell=1, line=3, column=column, end_column=end, excerpt=samples.lines(3, source)
    )
    rows = shown(failing(found)).splitlines() if text == "" else text.splitlines()
    at = next(i for i, row in enumerate(rows) if re.fullmatch(r" +│ +\^+", row))
    begin, finish = cell_len(rows[at].rstrip("^")), cell_len(rows[at])
    above, cells = "", 0
    for char in rows[at - 1]:
        if begin <= cells < finish:
            above += char
        cells += cell_len(char)
    return above


# ---------------------------------------------------------------- amount, order, tone


def test_perfect_report_is_this_text():
    assert shown(samples.PERFECT) == (
        "mlp  submission.ipynb                                                  100 / 100\n"
        "  ok     layer shapes    20 / 20\n"
        "  ok     forward output  20 / 20\n"
        "  ok     accuracy logic  20 / 20\n"
        "  ok     update order    20 / 20\n"
        "  ok     learns          20 / 20\n"
        "\n"
        "  seed 20240917 · cpu · uci-digits · torch 2.15.0 · isolation strict\n"
    )


def test_design_sample_is_this_text():
    # The design's own sample, folded at 80 cells.
    assert shown(samples.DESIGN) == (
        "mlp  submission.ipynb                                                   56 / 100\n"
        "  ok     layer shapes    20 / 20\n"
        "  ok     forward output  20 / 20\n"
        "  FAIL   accuracy logic   0 / 20   the batch size is written into view()\n"
        "  FAIL   update order     0 / 20   gradients are never cleared\n"
        "  part   learns          16 / 20   learns, but unsteadily\n"
        "\n"
        "accuracy logic · cell 7, line 8\n"
        "    7 │ model_pred = model(\n"
        "    8 │     batch_in.view(256, 28*28).to(device)\n"
        "      │                   ^^^\n"
        "  With 7 batches of 256 this works; the last, shorter batch of 40 images raises\n"
        "  \"shape '[256, 784]' is invalid for input of size 31360\".\n"
        "  hint: let PyTorch work out the number of images in a batch\n"
        "\n"
        "update order · cell 9, lines 10-11\n"
        "   10 │ loss_out.backward()\n"
        "   11 │ optm.step()\n"
        "  After the first batch your weights equal the reference's. From the second on\n"
        "  they drift (18 % off after 2 batches, 42 % after 5), exactly as they do when\n"
        "  every batch's gradient is added to those of all batches before it.\n"
        "  hint: something has to happen once per batch before backward()\n"
        "\n"
        "  seed 20240917 · cpu · uci-digits · torch 2.15.0 · isolation strict\n"
    )


@pytest.mark.parametrize("width", [60, 80, 100, 250])
@pytest.mark.parametrize("name", ["PERFECT", "DESIGN", "EVERY_STATUS"])
def test_every_line_fits_and_ends_without_spaces(name, width):
    rows = shown(getattr(samples, name), width=width).splitlines()
    assert max(map(cell_len, rows)) <= min(width, 100)
    assert rows == [row.rstrip() for row in rows]


def test_no_words_are_lost_when_it_is_narrow():
    wide, narrow = shown(samples.DESIGN, 100).split(), shown(samples.DESIGN, 60).split()
    assert sorted(wide) == sorted(narrow)


@pytest.mark.parametrize("status", list(Status))
def test_every_status_has_its_mark(status):
    row = shown(samples.report(samples.check("learns", status))).splitlines()[1]
    assert row.split()[:2] == [MARKS[status], "learns"]
    assert len(set(MARKS.values())) == len(Status)


def test_internal_error_says_that_the_score_is_not_final():
    assert "not final" in " ".join(shown(samples.EVERY_STATUS).split())
    assert "not final" not in shown(samples.DESIGN)


def test_summary_is_that_of_the_worst_finding_and_findings_come_worst_first():
    text = shown(samples.EVERY_STATUS)
    row = next(row for row in text.splitlines() if row.startswith("  part"))
    assert row.endswith("returns a percentage, not a fraction")
    assert text.index("a hundred times") < text.index("still in evaluation mode")
    assert text.count("accuracy logic · cell 7, line 11") == 1, "same place, one heading"


def test_got_and_expected_stand_below_each_other_after_the_message():
    rows = shown(failing(samples.WRONG_FRACTION)).splitlines()
    at = rows.index("  got       81.25")
    assert rows[at + 1] == "  expected  0.8125"
    assert rows[at - 1].endswith("for each of 6 models.")
    assert rows[at + 2].startswith("  The notebook prints it")
    assert rows[at + 3].startswith("  hint: ")


def test_values_are_not_repeated_when_the_message_has_them():
    found = replace(samples.WRONG_FRACTION, message="It returned 81.25 where 0.8125 is right.")
    assert "expected  " not in shown(failing(found))
    found = replace(samples.WRONG_FRACTION, message="It returned 181.25 where 0.81255 is right.")
    assert "got       81.25" in shown(failing(found))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ([256, 784], "[256, 784]"),
        ((10,), "(10)"),
        (0.1 + 0.2, "0.3"),
        (float("nan"), "nan"),
        (True, "True"),
        ({"lin_1": [1, 2]}, "lin_1 [1, 2]"),
        ("torch.float64", "torch.float64"),
        (0, "0"),
    ],
)
def test_values_are_written_as_python_writes_them(value, text):
    assert f"  got  {text}\n" in shown(failing(samples.finding(got=value)))


def test_long_values_take_one_line():
    text = shown(failing(samples.finding(got=list(range(10_000)), expected="x" * 10_000)))
    assert len([row for row in text.splitlines() if row.startswith(("  got ", "  expected "))]) == 2
    assert max(map(cell_len, text.splitlines())) <= 80


def test_same_excerpt_is_shown_once_and_a_second_mark_shows_its_line_only():
    second = replace(samples.HARD_CODED_BATCH, code="other", column=31, end_column=36, hint=None)
    text = shown(failing(samples.HARD_CODED_BATCH, samples.HARD_CODED_BATCH, second))
    assert text.count("model_pred = model(") == 1
    assert text.count("batch_in.view(") == 2
    assert text.count("^^^\n") == 2
    assert text.count("hint: ") == 1, "nothing is said twice"


def test_nothing_is_said_twice_in_one_report():
    trace = {"got": "forward", "expected": "forward, backward", "cell": 9}
    report = samples.report(
        samples.check("layer_shapes", Status.FAILED, 0, samples.finding(hint="h", cell=4, line=2)),
        samples.check("forward_output", Status.FAILED, 0, samples.finding(cell=4, line=2)),
        samples.check(
            "step_order",
            Status.FAILED,
            0,
            samples.finding(message="no backward", **trace),
            samples.finding(message="no step", **trace),
        ),
    )
    text = shown(report)
    assert text.count("  something was observed\n") == 3, "the table twice, one section"
    assert "forward output ·" not in text
    assert text.count("  expected  forward, backward\n") == 1
    assert "  no step\n" in text


def test_a_line_without_a_column_is_pointed_at_in_the_gutter():
    excerpt = samples.lines(8, "a", "b", "c")
    rows = shown(failing(samples.finding(cell=1, line=9, excerpt=excerpt))).splitlines()
    assert "  > 9 │ b" in rows
    rows = shown(failing(samples.finding(cell=1, line=8, excerpt=excerpt))).splitlines()
    assert "    8 │ a" in rows, "the heading says lines 8-10"


def test_a_finding_that_only_repeats_its_summary_has_no_section():
    assert "learns · " not in shown(samples.DESIGN)
    assert shown(samples.DESIGN).count("learns, but unsteadily") == 1
    second = replace(samples.UNSTEADY, message="also odd", summary="also odd")
    assert "  also odd\n" in shown(failing(samples.UNSTEADY, second)), "the table has room for one"
    assert "learns · cell 3\n" in shown(
        samples.report(samples.check("learns", "failed", 0, replace(samples.UNSTEADY, cell=3)))
    )
    long = samples.finding(message="A long message without a summary. " * 9)
    assert shown(failing(long)).count("A long message") >= 9


def test_many_findings_are_counted_not_listed():
    many = [samples.finding(f"f{i}", f"observation {i}.", hint=f"hint {i}") for i in range(9)]
    text = shown(failing(*many))
    assert "observation 4." in text
    assert "observation 5." not in text
    assert "and 4 more" in text


@pytest.mark.parametrize(
    ("where", "heading"),
    [
        ({"cell": 4, "line": 2}, "accuracy logic · cell 4, line 2"),
        ({"cell": 4}, "accuracy logic · cell 4"),
        ({"blank": 3}, "accuracy logic · blank 3"),
        ({}, "accuracy logic"),
        ({"cell": 4, "excerpt": samples.lines(2, "a", "b")}, "accuracy logic · cell 4, lines 2-3"),
        (
            {"cell": 4, "line": 3, "excerpt": samples.lines(2, "a", "b")},
            "accuracy logic · cell 4, line 3",
        ),
    ],
)
def test_heading_names_the_place_as_well_as_it_is_known(where, heading):
    assert heading in shown(failing(samples.finding(hint="look there", **where))).splitlines()


def test_notes_warnings_and_what_was_unprotected_come_last():
    warning = samples.finding("w", "It works, slowly.", severity=Severity.WARNING, cell=2)
    report = samples.report(
        samples.check("learns", Status.PASSED, 20, warning),
        notes=[
            *(samples.finding(f"n{i}", f"Note {i}.", severity=Severity.WARNING) for i in range(8)),
            samples.finding("for_the_ta", "Not for the student.", severity=Severity.INFO),
        ],
        unprotected=("The network was open.", "Memory was not limited."),
    )
    rows = shown(report).splitlines()
    assert rows[-2:] == ["  The network was open.", "  Memory was not limited."]
    at = rows.index("notes")
    assert rows[at + 1 : at + 7] == [f"  Note {i}." for i in range(6)]
    assert rows[at + 7] == "  … and 3 more"


def test_unknown_facts_are_left_out_of_the_footer():
    blank = {"seed": None, "device": None, "dataset": None, "torch": None, "isolation": None}
    assert shown(samples.report(samples.check(), **blank)).splitlines()[-1].startswith("  ok")
    text = shown(samples.report(samples.check(), **(blank | {"seed": 0})))
    assert text.splitlines()[-1] == "  seed 0"


def test_points_keep_two_decimals_at_most():
    row = shown(samples.report(samples.check("learns", Status.PARTIAL, 19.999))).splitlines()[1]
    assert "13.33 / 20 " in shown(samples.EVERY_STATUS)
    assert "20 / 20" in row


def test_empty_report_prints():
    assert shown(samples.report()).startswith("mlp  submission.ipynb")


# ---------------------------------------------------------------- excerpts and carets


@pytest.mark.parametrize(
    ("source", "column", "end", "above"),
    [
        ("    x = view(256)", 13, 16, "256"),
        ("\tx = view(256)", 10, 13, "256"),
        ("\tx\t= view(256)", 10, 13, "256"),
        ("손실 = 모델(입력)", 5, 7, "모델"),
        ("# 😀😀 x", 5, 6, "x"),
        ("e\u0301tat = 1", 6, 7, "="),
        ("x = 1\u200b2", 5, 6, "\\u200b"),
        ("x =\xa01", 3, 4, "\\xa0"),
        ("s = '\x1b[31m'", 5, 6, "\\x1b"),
        ("s = '\u202eabc'", 6, 9, "abc"),
        ("x = 1", 4, None, "1"),
        ("x = 1", 4, 4, "1"),
        ("x = 1", 4, 99, "1"),
        ("f(", 2, 3, ""),
        ("f(", 40, 41, ""),
        ("", 0, 1, ""),
    ],
)
def test_carets_stand_under_the_marked_characters(source, column, end, above):
    assert marked("", source, column, end) == above


@pytest.mark.parametrize("width", [60, 80, 100])
@pytest.mark.parametrize("before", [0, 30, 70, 500, 100_000])
@pytest.mark.parametrize("filler", ["a", "가", "\x1b"])
def test_long_lines_are_cut_around_the_mark(width, before, filler):
    source = filler * before + "TARGET" + filler * 3000
    found = samples.finding(
        cell=1, line=1, column=before, end_column=before + 6, excerpt=samples.lines(1, source)
    )
    text = shown(failing(found), width=width)
    assert marked(text, "", 0, None) == "TARGET"
    assert max(map(cell_len, text.splitlines())) <= width


def test_a_mark_wider_than_the_page_is_marked_as_far_as_it_shows():
    found = samples.finding(
        cell=1, line=1, column=4, end_column=900, excerpt=samples.lines(1, "x = " + "9" * 896)
    )
    text = shown(failing(found))
    assert set(marked(text, "", 0, None)) == {"9"}
    assert max(map(cell_len, text.splitlines())) <= 80


def test_two_hundred_lines_become_nine_around_the_mark():
    excerpt = samples.lines(1, *(f"line_{i} = {i}" for i in range(1, 201)))
    found = samples.finding(cell=1, line=100, column=0, end_column=8, excerpt=excerpt)
    text = shown(failing(found))
    assert [int(n) for n in re.findall(r"line_(\d+) =", text)] == list(range(96, 105))
    assert text.count("      …\n") == 2
    assert marked(text, "", 0, None) == "line_100"


def test_common_indentation_goes_and_relative_indentation_stays():
    excerpt = samples.lines(1, "\t\tfor x in y:", "", "\t\t\tx = 1")
    rows = shown(failing(samples.finding(cell=1, line=1, excerpt=excerpt))).splitlines()
    assert "    1 │ for x in y:" in rows
    assert "    3 │     x = 1" in rows


def test_line_numbers_of_any_length_keep_the_gutter_straight():
    excerpt = samples.lines(99_999, "a", "b")
    rows = shown(failing(samples.finding(cell=1, line=99_999, excerpt=excerpt))).splitlines()
    assert {row.index("│") for row in rows if "│" in row} == {9}


# ---------------------------------------------------------------- hostile text


def hostile_report():
    found = samples.finding(
        HOSTILE,
        HOSTILE,
        cell=1,
        line=1,
        column=3,
        end_column=30,
        excerpt=(SourceLine(1, HOSTILE), SourceLine(2, "two\nlines")),
        summary=HOSTILE,
        hint=HOSTILE,
        why=HOSTILE,
        got=HOSTILE,
        expected={HOSTILE: [HOSTILE]},
    )
    report = samples.report(
        samples.check(HOSTILE, Status.FAILED, 0, found, title=HOSTILE),
        path=HOSTILE,
        notes=[found],
        device=HOSTILE,
        dataset=HOSTILE,
        torch=HOSTILE,
        isolation=HOSTILE,
        unprotected=(HOSTILE,),
    )
    return replace(report, assignment=HOSTILE, title=HOSTILE)


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


# ---------------------------------------------------------------- streams


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


# ---------------------------------------------------------------- several


def summary(reports, unread=(), width=80) -> str:
    stream = io.StringIO()
    print_summary(reports, unread, Console(file=stream, width=width))
    return stream.getvalue()


def at(report, path):
    return replace(report, submission=replace(report.submission, path=path))


def test_summary_has_a_line_for_each_notebook():
    text = summary(
        [at(samples.PERFECT, "kim.ipynb"), at(samples.DESIGN, "a/lee.ipynb")],
        [("zip.ipynb", "zip.ipynb: it is a ZIP archive")],
    )
    assert text == (
        "\n"
        "                          layer   forward  accuracy  update  learns\n"
        "                          shapes  output   logic     order\n"
        "  kim.ipynb    100 / 100  ok      ok       ok        ok      ok\n"
        "  a/lee.ipynb   56 / 100  ok      ok       FAIL      FAIL    part\n"
        "\n"
        "not graded\n"
        "  zip.ipynb  it is a ZIP archive\n"
    )


@pytest.mark.parametrize("width", [60, 80, 100])
def test_summary_fits_and_keeps_the_end_of_a_long_path(width):
    reports = [at(samples.DESIGN, "x" * 300 + "김철수.ipynb"), at(samples.PERFECT, HOSTILE)]
    text = summary(reports, [(HOSTILE, HOSTILE), ("y" * 300, "z" * 300)], width)
    assert max(map(cell_len, text.splitlines())) <= width
    assert "철수.ipynb " in text
    assert not DANGEROUS.findall(text.replace("\n", ""))


def test_summary_without_reports_and_with_different_assignments():
    assert summary([], [("a", "it is empty")]) == "\nnot graded\n  a  it is empty\n"
    other = samples.report(samples.check("passed"))
    assert "shapes" not in summary([samples.PERFECT, other])
