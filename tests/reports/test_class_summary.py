"""The summary of a class in the terminal: what it says, and that it fits and stays plain."""

import io
import re
from dataclasses import replace

import pytest
from rich.cells import cell_len
from rich.console import Console

from grader.classroom import Choice, HandedIn, Override, Student, Unclear
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
    assert re.fullmatch(r"  mean \d\d\.\d, median [\d.]+ of 100, \d+ of 600 counted", lines[1])
    assert "     6    1 %  could not be read" in lines
    assert re.fullmatch(r" +\d+ +\d+ %  layer shapes", block(text, "checks")[0])
    counts = [int(line.split()[0]) for line in block(text, "mistakes")[:8]]
    assert counts == sorted(counts, reverse=True)
    assert block(text, "mistakes")[8].startswith("  … and ")
    assert "     6  did not finish in time" in block(text, "to look at")
    assert block(text, "written") == ["  OUT/report.html", "  OUT/grades.csv"]


def test_names_are_told_apart_by_their_ids_and_all_who_are_missing_are_named():
    graded, handed_in = sample_class(30)
    missing = tuple(Student(f"m{number}", "Choi, Yuna") for number in range(120))
    text = summary(graded, replace(handed_in, missing=missing))
    found = " ".join(" ".join(block(text, "missing")).split())
    assert found == "; ".join(f"Choi, Yuna (m{number})" for number in range(120))


def test_names_under_a_concern_stop_at_ten():
    graded, handed_in = sample_class(40)
    late = [replace(one, late=True, lateness=None) for one in graded]
    lines = block(summary(late, handed_in), "noted")
    assert lines[-1].strip() == "… and 30 more"


def test_the_same_name_and_id_stand_once():
    text = summary([], HandedIn((), missing=(Student("kim"), Student("lee", "lee"))))
    assert block(text, "missing") == ["        kim; lee"]


KIM = Student("1", "Choi, Yuna")
FOLDER = "download.zip/Homework 1/Yuna Choi_1001_assignsubmission_file"


def choice(*left, counts="mlp.ipynb", why="only a copy", ordinary=False, student=KIM):
    return Choice(
        student, f"{FOLDER}/{counts}", tuple(f"{FOLDER}/{n}" for n in left), why, ordinary
    )


def told(choices=(), unclear=(), width=80):
    """The whole summary with its lines joined, to look for texts that are wrapped."""
    handed_in = HandedIn((), choices=tuple(choices), unclear=tuple(unclear))
    return " ".join(summary([], handed_in, width=width).split())


@pytest.mark.parametrize("width", [80, 120])
def test_every_choice_is_told_in_full(width):
    students = [Student(f"{number}", f"Student {number}") for number in range(70)]
    text = told([choice("mlp-Copy1.ipynb", student=one) for one in students], width=width)
    assert "to look at 70 students" in text
    for one in students:
        shown = f'{one.name} ({one.id}) in "{FOLDER}" mlp.ipynb counts: only a copy left out: mlp-'
        assert shown in text


def test_the_attempts_of_a_student_are_one_entry():
    dated = [f"2025-03-0{day}/mlp.ipynb" for day in (1, 2)]
    why = "the last of 3 attempts, by the date in its name"
    text = told([choice(*dated, counts="2025-03-03/mlp.ipynb", why=why, ordinary=True)])
    assert "to look at 1 with several attempts" in text
    assert f"Choi, Yuna (1): 2025-03-03/mlp.ipynb, {why}; left out: {'; '.join(dated)}" in text


def test_the_notebooks_of_one_student_do_not_flood_the_rest():
    text = told([choice(*(f"{number}.ipynb" for number in range(500)))])
    assert "19.ipynb; and 480 more" in text
    assert " 20.ipynb" not in text


def test_who_is_not_certain_is_told_apart_from_what_is_not_graded():
    long = f"{FOLDER}/{'a rather long folder/' * 20}mlp.ipynb"
    unclear = [Unclear(f"who{n}", "may be two people; graded as kim", who=True) for n in range(60)]
    text = told(unclear=[*unclear, Unclear("x.docx", "no notebook"), Unclear(long, "no notebook")])
    assert "no submissions" not in text
    assert "who is not certain 60 may be two people; graded as kim who0 who1 who2 who3" in text
    assert "who59 not graded 2 no notebook x.docx" in text
    assert long in text


def test_who_is_to_be_looked_at_is_counted_once():
    graded, _ = sample_class(1)
    who = graded[0].student
    unclear = (Unclear(graded[0].origin, "may be two people", who=True),)
    several = (choice("a.ipynb", student=who), choice("b.ipynb", student=who))
    handed_in = HandedIn((), choices=several, unclear=unclear)
    assert class_statistics(graded, handed_in).open_concerns == 1
    decided = [replace(graded[0], override=Override("seen"))]
    assert class_statistics(decided, handed_in).open_concerns == 0


def test_decisions_are_counted_and_named():
    graded, handed_in = sample_class(3)
    graded[0] = replace(graded[0], student=KIM, override=Override("agreed", 80.0, by="TA"))
    text = " ".join(summary(graded, handed_in).split())
    assert "decided by hand 1 student score 80: agreed (TA) Choi, Yuna (1)" in text


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
