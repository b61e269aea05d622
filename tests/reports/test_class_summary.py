"""The summary of a class in the terminal: what it says, and that it fits and stays plain."""

import io
import re
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from grader.classroom import HandedIn, Student
from grader.classroom.statistics import class_statistics
from grader.reports.class_summary import print_class_summary
from tests.pages.sample_class import HOSTILE_NAMES, sample_class

WRITTEN = ["OUT/report.html", "OUT/grades.csv"]
# All that a terminal obeys or shows out of order, and the halves of surrogate pairs.
DANGEROUS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)


def summary(graded, handed_in, *, width=80, encoding="utf-8", title="Perceptron"):
    stream = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    console = Console(file=stream, width=width, highlight=False, markup=False, emoji=False)
    print_class_summary(title, class_statistics(graded, handed_in), WRITTEN, console)
    stream.seek(0)
    return stream.read()


def block(text, heading):
    """The lines below a heading, up to the next empty one."""
    return text.split(f"\n{heading}", 1)[1].split("\n\n")[0].splitlines()[1:]


def test_it_says_how_the_class_did_and_what_to_do_next():
    text = summary(*sample_class(600))
    lines = text.splitlines()
    assert lines[0] == "Perceptron  600 handed in, 594 graded, 13 missing"
    assert re.fullmatch(r"  mean \d\d\.\d, median [\d.]+ of 100", lines[1])
    assert "     6    1 %  could not be read" in lines
    assert re.fullmatch(r" +\d+ +\d+ %  layer shapes", block(text, "checks")[0])
    counts = [int(line.split()[0]) for line in block(text, "mistakes")[:8]]
    assert counts == sorted(counts, reverse=True)
    assert block(text, "mistakes")[8].startswith("  … and ")
    assert "     6  did not finish in time" in block(text, "to look at")
    assert block(text, "written") == ["  OUT/report.html", "  OUT/grades.csv"]


def test_names_are_told_apart_by_their_ids_and_stop_at_ten():
    graded, handed_in = sample_class(30)
    missing = tuple(Student(f"m{number}", "김민준") for number in range(12))
    text = summary(graded, replace(handed_in, missing=missing))
    found = " ".join(" ".join(block(text, "missing")).split())
    assert found.startswith("김민준 (m0), 김민준 (m1), ")
    assert found.endswith("김민준 (m9) … and 2 more")


def test_the_same_name_and_id_stand_once():
    text = summary([], HandedIn((), missing=(Student("kim"), Student("lee", "lee"))))
    assert block(text, "missing") == ["        kim, lee"]


@pytest.mark.parametrize("width", [60, 80, 200])
def test_it_fits_whatever_the_names(width):
    graded, handed_in = sample_class(60)
    text = summary(graded, handed_in, width=width, title="제목 " * 60)
    assert max(map(cell_len, text.splitlines())) <= min(width, 100)


def test_nothing_hostile_is_obeyed():
    graded, handed_in = sample_class(40)
    late = [replace(one, late=True) for one in graded[: len(HOSTILE_NAMES)]]
    text = summary(late, handed_in, title=HOSTILE_NAMES[6] + HOSTILE_NAMES[7])
    assert not DANGEROUS.findall(text)
    assert "[bold]markup[/bold]" in " ".join(text.split()), "markup is only text"


def test_it_is_plain_where_the_stream_takes_ascii_only():
    text = summary(*sample_class(60), encoding="ascii")
    assert "\\uae40" in text or "\\uc774" in text
    assert "... and" in text


def test_colour_is_for_terminals():
    assert "\x1b" not in summary(*sample_class(30))


def test_a_class_of_nobody_and_a_perfect_one():
    assert summary([], HandedIn(())) == "Perceptron  0 handed in\n\nwritten\n" + "".join(
        f"  {path}\n" for path in WRITTEN
    )
    graded, _ = sample_class(1)
    text = summary(graded, HandedIn(()))
    assert text.splitlines()[:2] == ["Perceptron  1 handed in", "  mean 100.0, median 100 of 100"]
    assert "mistakes" not in text
    assert "to look at" not in text
