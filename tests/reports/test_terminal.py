"""What a student sees: the amount and order of the design's sample."""

from __future__ import annotations

from dataclasses import replace

import pytest
from rich.cells import cell_len

from grader.points import MARKS
from grader.report import Severity, Status

from . import samples
from .printing import failing, shown

pytestmark = pytest.mark.usefixtures("no_workflow")


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
