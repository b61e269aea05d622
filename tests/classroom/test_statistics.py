"""A class counted: every figure of the TA's page and summary, on classes small enough to check."""

from dataclasses import replace

import pytest

from grader.classroom import Graded, HandedIn, Override, Student, Unclear
from grader.classroom.concerns import ConcernKind
from grader.classroom.distribution import bins
from grader.classroom.policy import Lateness, Loss, PointsOrShare
from grader.classroom.statistics import class_statistics
from grader.classroom.student_result import SubmissionOutcome
from grader.notebook.read import Cell
from grader.report import Severity, Status
from tests.pages.sample_class import sample_class
from tests.reports import samples

TEN_A_DAY = Loss(PointsOrShare(10))
CELLS = (Cell(1, "code", "x = 1"),)
NOBODY = HandedIn(counted=())


def one(name, report=samples.PERFECT, **fields):
    fields = {"group": "g", "cells": CELLS, "origin": f"{name}.ipynb"} | fields
    return Graded(student=Student(name), report=report, **fields)


def broken(status, code="something", check="step_order", **words):
    finding = samples.finding(code, "what was seen", **words)
    others = [samples.check(name) for name in samples.TITLES if name != check]
    return samples.report(*others, samples.check(check, status, 0, finding))


def unreadable(name):
    checks = [samples.check(check, Status.ERROR, 0) for check in samples.TITLES]
    note = samples.finding("unreadable", "it is a web page")
    return one(name, samples.report(*checks, notes=[note]), cells=(), group="")


def count(*graded, handed_in=NOBODY):
    return class_statistics(iter(graded), handed_in)


def names(entries):
    return [entry.student.id for entry in entries]


def concerns(statistics):
    return {
        concern.kind: [(cause.reason, names(cause.entries)) for cause in concern.causes]
        for concern in statistics.concerns
    }


def test_an_empty_class_has_no_figures():
    statistics = count(
        handed_in=HandedIn((), missing=(Student("m"),), unclear=(Unclear("f", "x"),))
    )
    assert statistics.mean is None
    assert statistics.median is None
    assert (statistics.readable, statistics.scored, statistics.full_marks) == (0, 0, 0)
    assert statistics.distribution == statistics.checks == statistics.mistakes == ()
    assert [student.id for student in statistics.missing] == ["m"]
    assert statistics.unclear == (Unclear("f", "x"),)


def test_what_says_nothing_about_the_work_is_no_part_of_mean_and_median():
    statistics = count(
        one("a"),
        one("b", samples.DESIGN),
        one("c", broken(Status.FAILED)),
        unreadable("d"),
        one("e", broken(Status.INTERNAL_ERROR)),
    )
    assert statistics.max_score == 100
    assert statistics.mean == pytest.approx((100 + 56 + 80) / 3)
    assert statistics.median == 80
    assert (len(statistics.entries), statistics.readable, statistics.scored) == (5, 4, 3)


def test_a_score_that_a_ta_gave_counts_even_where_the_grader_failed():
    statistics = count(one("a", broken(Status.INTERNAL_ERROR), override=Override("seen", score=70)))
    assert (statistics.scored, statistics.mean) == (1, 70)


def test_decisions_are_in_the_points_and_not_in_the_pass_rate():
    decided = one("a", samples.DESIGN, override=Override("agreed", checks={"step_order": 20.0}))
    statistics = count(decided, one("b", samples.DESIGN))
    assert [entry.score for entry in statistics.entries] == [76, 56]
    rate = next(rate for rate in statistics.checks if rate.id == "step_order")
    assert (rate.passed, rate.judged, rate.rate) == (0, 2, 0.0)
    mark = next(mark for mark in statistics.entries[0].marks if mark.check == "step_order")
    assert (mark.points, mark.status) == (20, Status.FAILED)


def test_the_same_decision_for_several_is_one():
    agreed = Override("agreed", score=50, by="Kim")
    statistics = count(
        one("a", override=agreed),
        one("b", override=Override("agreed", score=50, by="Kim")),
        one("c", override=Override("agreed", score=60, by="Kim")),
        one("d"),
    )
    assert [names(decision.entries) for decision in statistics.decisions] == [["a", "b"], ["c"]]
    assert statistics.decisions[0].override == agreed


def test_pass_rates_leave_out_what_could_not_be_judged():
    statistics = count(
        one("a"),
        one("b", broken(Status.FAILED)),
        unreadable("c"),
        one("d", broken(Status.INTERNAL_ERROR)),
    )
    rate = next(rate for rate in statistics.checks if rate.id == "step_order")
    assert (rate.passed, rate.judged, rate.rate) == (1, 2, 0.5)
    assert [rate.id for rate in statistics.checks] == list(samples.TITLES)


@pytest.mark.parametrize(
    ("report", "outcome"),
    [
        (samples.PERFECT, SubmissionOutcome.FULL_MARKS),
        (samples.DESIGN, SubmissionOutcome.POINTS_LOST),
        (
            samples.report(samples.check("learns", Status.NOT_ATTEMPTED)),
            SubmissionOutcome.NOT_ATTEMPTED,
        ),
        (broken(Status.TIMEOUT), SubmissionOutcome.TIMEOUT),
        (broken(Status.OUT_OF_MEMORY), SubmissionOutcome.OUT_OF_MEMORY),
        (broken(Status.CRASHED), SubmissionOutcome.CRASHED),
        (broken(Status.INTERNAL_ERROR), SubmissionOutcome.INTERNAL_ERROR),
        (samples.EVERY_STATUS, SubmissionOutcome.INTERNAL_ERROR),
    ],
)
def test_every_submission_has_one_outcome(report, outcome):
    assert count(one("a", report)).outcomes == {outcome: 1}


def test_mistakes_are_ranked_by_students_and_grouped_by_program():
    twice = samples.report(
        samples.check(
            "layer_shapes", Status.FAILED, 0, samples.finding("swapped", summary="lin_1")
        ),
        samples.check("learns", Status.FAILED, 0, samples.finding("swapped", summary="lin_2")),
    )
    statistics = count(
        one("a", samples.DESIGN, group="p"),
        one("b", samples.DESIGN, group="q"),
        one("c", samples.DESIGN, group="q"),
        one("d", twice, group="r"),
    )
    ranked = [(mistake.code, mistake.count) for mistake in statistics.mistakes]
    assert ranked == [
        ("hard_coded_batch", 3),
        ("learns_too_little", 3),
        ("missing_zero_grad", 3),
        ("swapped", 1),
    ]
    first, last = statistics.mistakes[0], statistics.mistakes[-1]
    assert [(g.id, names(g.entries)) for g in first.groups] == [("q", ["b", "c"]), ("p", ["a"])]
    assert first.wordings == (("the batch size is written into view()", 3),)
    assert last.checks == ("layer shapes", "learns")
    assert last.wordings == (("lin_1", 1),)


def test_one_mistake_in_several_wordings_says_how_often_each():
    def raises(name, error):
        return one(name, broken(Status.ERROR, "raises", summary=f"stops with {error}"), group=error)

    statistics = count(raises("a", "TypeError"), raises("b", "NameError"), raises("c", "NameError"))
    assert statistics.mistakes[0].wordings == (
        ("stops with NameError", 2),
        ("stops with TypeError", 1),
    )


@pytest.mark.parametrize(
    ("code", "severity"),
    [
        ("follows", Severity.ERROR),
        ("internal", Severity.ERROR),
        ("style", Severity.WARNING),
        ("style", Severity.INFO),
    ],
)
def test_what_cost_nobody_points_by_itself_is_no_mistake(code, severity):
    statistics = count(one("a", broken(Status.FAILED, code, severity=severity)))
    assert statistics.mistakes == ()


def test_programs_are_numbered_the_largest_first_and_keep_one_example():
    statistics = count(
        one("a", group="rare"), one("b", group="often"), one("c", group="often"), unreadable("d")
    )
    found = [(p.number, p.id, names(p.members), p.example.student.id) for p in statistics.programs]
    assert found == [(1, "often", ["b", "c"], "b"), (2, "rare", ["a"], "a")]


def test_concerns_come_by_kind_with_what_was_seen():
    changed = samples.finding("given_code_changed", "the loop differs", severity=Severity.INFO)
    reaching = samples.finding("reaches_in", "it reaches in", severity=Severity.WARNING)
    statistics = count(
        one("late", late=True),
        one("slow", broken(Status.TIMEOUT, summary="did not finish")),
        one("slower", broken(Status.TIMEOUT, summary="did not finish")),
        one("dead", broken(Status.CRASHED, summary="ended Python")),
        one("big", broken(Status.OUT_OF_MEMORY)),
        one("ours", broken(Status.INTERNAL_ERROR)),
        one("wordy", broken(Status.NEEDS_GRADING)),
        one("free", replace(samples.PERFECT, notes=(changed,))),
        one("deep", replace(samples.PERFECT, notes=(reaching,))),
        one("x", twins=("y",)),
        one("y", twins=("x",)),
        unreadable("web"),
        one("when", lateness=Lateness("due", TEN_A_DAY, why_open="nobody knows")),
        one("after", lateness=Lateness("due", TEN_A_DAY, handed_in="then", days=2), late=True),
        one("doubt", lateness=Lateness("due", TEN_A_DAY, handed_in="then", doubt="odd")),
    )
    # test_programs.py has what takes a whole class.
    assert [*concerns(statistics)] == [one for one in ConcernKind if one != ConcernKind.UNUSUAL]
    assert concerns(statistics) == {
        ConcernKind.INTERNAL_ERROR: [("update order: what was seen", ["ours"])],
        ConcernKind.UNREADABLE: [("it is a web page", ["web"])],
        ConcernKind.TIMEOUT: [("update order: did not finish", ["slow", "slower"])],
        ConcernKind.OUT_OF_MEMORY: [("update order: what was seen", ["big"])],
        ConcernKind.CRASHED: [("update order: ended Python", ["dead"])],
        ConcernKind.REACHES_IN: [("it reaches in", ["deep"])],
        ConcernKind.TWINS: [("2 students", ["x", "y"])],
        ConcernKind.NEEDS_GRADING: [("update order, 20 points: what was seen", ["wordy"])],
        ConcernKind.TIME_UNKNOWN: [("nobody knows", ["when"]), ("odd", ["doubt"])],
        ConcernKind.GIVEN_CODE_CHANGED: [("the loop differs", ["free"])],
        ConcernKind.LATE: [("", ["late"])],
        ConcernKind.LATE_BY_POLICY: [("2 days late", ["after"])],
    }
    assert statistics.open_concerns == 12, "neither late nor edited given code is a reason to look"


def with_changed_loop(name, digest):
    changed = samples.finding("given_code_changed", "the loop differs", severity=Severity.INFO)
    return one(name, replace(samples.PERFECT, notes=(replace(changed, got=digest),)))


def test_what_most_of_a_class_has_is_the_notebook_it_was_given():
    class_notebook = [with_changed_loop(f"s{k}", "theirs") for k in range(6)]
    own = [with_changed_loop("a", "one"), with_changed_loop("b", "another"), one("c")]
    listed = concerns(count(*class_notebook, *own))[ConcernKind.GIVEN_CODE_CHANGED]
    assert listed == [("the loop differs", ["a", "b"])]
    few = concerns(count(*class_notebook[:4]))[ConcernKind.GIVEN_CODE_CHANGED]
    assert few == [("the loop differs", ["s0", "s1", "s2", "s3"])], "four are no class"


def test_who_has_a_decision_is_listed_and_no_longer_counted():
    statistics = count(one("a", broken(Status.TIMEOUT), override=Override("seen", score=5)))
    assert concerns(statistics)[ConcernKind.TIMEOUT][0][1] == ["a"]
    assert statistics.open_concerns == 0


def test_a_late_file_that_can_not_be_read_is_both():
    statistics = count(replace(unreadable("a"), late=True))
    assert set(concerns(statistics)) == {ConcernKind.UNREADABLE, ConcernKind.LATE}


@pytest.mark.parametrize(
    ("scores", "most", "expected"),
    [
        ([0, 9, 10, 99, 100], 100, {(0, 9): 2, (10, 19): 1, (90, 99): 1, (100, 100): 1}),
        ([9.99, 13.33], 100, {(0, 9.99): 1, (10, 19.99): 1}),
        ([130, -4], 100, {(0, 9): 1, (100, 100): 1}),
        ([4, 5, 25], 25, {(0, 4): 1, (5, 9): 1, (25, 25): 1}),
        ([0.3, 0.7, 1], 1, {(0.3, 0.39): 1, (0.7, 0.79): 1, (1, 1): 1}),
        ([6, 7], 7, {(6, 6): 1, (7, 7): 1}),
    ],
)
def test_scores_fall_into_bins_and_full_marks_into_their_own(scores, most, expected):
    found = bins(scores, most)
    filled = {(each.low, each.high): each.count for each in found if each.count}
    assert filled == pytest.approx(expected)
    assert sum(each.count for each in found) == len(scores)
    assert found[-1].low == most
    assert len(found) <= 11


def test_bins_of_a_course_without_points():
    assert bins([], 0) == ()


@pytest.mark.parametrize("number", [0, 1, 30, 300])
def test_every_student_of_a_class_is_counted_once_everywhere(number):
    graded, handed_in = sample_class(number)
    statistics = class_statistics(iter(graded), handed_in)
    assert len(statistics.entries) == number
    assert sum(statistics.outcomes.values()) == number
    assert sum(each.count for each in statistics.distribution) == statistics.scored
    assert sum(len(program.members) for program in statistics.programs) == statistics.readable
    for mistake in statistics.mistakes:
        assert mistake.count <= statistics.readable
        assert sum(number for _, number in mistake.wordings) == mistake.count
