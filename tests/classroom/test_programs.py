"""Whom an unusual program is told of: few who share lines that nobody else has."""

from dataclasses import replace

import pytest

from grader.classroom import Graded, HandedIn, Override, Student
from grader.classroom.concerns import ConcernKind
from grader.classroom.statistics import class_statistics
from grader.notebook.read import Cell
from tests.reports import samples

COMMON = "hits = 0\nfor batch in data:\n    hits += count(batch)\n"
OWN = "so_far = 0\nwhole_number = 0\nfor one_batch in data:\n    so_far += count(one_batch)\n"


def student(number, source, group, **fields):
    cells = (Cell(1, "code", f"nobody_grades_this_{group} = 1"), Cell(2, "code", source))
    parts = {2: ("the evaluation",)}
    name = f"s{number}"
    fields = {"group": group, "cells": cells, "parts": parts} | fields
    return Graded(Student(name), f"{name}.ipynb", samples.PERFECT, **fields)


def told(*pair, others=10):
    rest = [student(n, COMMON, "common") for n in range(others)]
    statistics = class_statistics([*rest, *pair], HandedIn(()))
    concerns = [one for one in statistics.concerns if one.kind is ConcernKind.UNUSUAL]
    return [
        (cause.reason, [entry.student.id for entry in cause.entries])
        for concern in concerns
        for cause in concern.causes
    ]


def pair(source, second=None, **fields):
    sources = (source, source if second is None else second)
    return [student(90 + n, text, "pair", **fields) for n, text in enumerate(sources)]


def test_two_who_share_lines_that_nobody_has_are_told_with_their_number():
    [(reason, who)] = told(*pair(OWN))
    assert reason == "2 students share program 2, of which 4 lines are in no other"
    assert who == ["s90", "s91"]


@pytest.mark.parametrize(
    "second",
    [
        OWN.replace(" = ", "="),
        "# my own words\n" + OWN.replace("\n", "  # here\n"),
        OWN.replace("so_far += count(one_batch)", "so_far += count(\n        one_batch\n    )"),
    ],
)
def test_comments_and_layout_make_no_difference(second):
    assert told(*pair(OWN, second))


@pytest.mark.parametrize(
    ("few", "others"),
    [
        (pair(OWN)[:1], 10),
        (pair(COMMON + "one_line_of_our_own = 1"), 10),
        (pair(OWN), 5),
        ([student(90 + n, OWN, "pair") for n in range(6)], 10),
        (pair(OWN, team="The A"), 10),
        ([*pair(OWN), student(93, OWN + "more = 1", "other")], 10),
        (pair(OWN, COMMON), 10),
    ],
    ids=["alone", "one line", "a small class", "many", "a team", "a third has them", "not both"],
)
def test_what_is_no_sign_is_not_told(few, others):
    assert told(*few, others=others) == []


def test_code_that_python_cannot_read_is_compared_line_by_line():
    assert told(*pair(OWN + "def (:\n"))


def test_a_decision_ends_it():
    decided = [replace(one, override=Override("worked together, as they may")) for one in pair(OWN)]
    statistics = class_statistics(
        [*(student(n, COMMON, "common") for n in range(10)), *decided], HandedIn(())
    )
    assert statistics.open_concerns == 0
