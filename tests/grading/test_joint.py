"""Who is to blame where a student's own parts fail with each other."""

from __future__ import annotations

from typing import Any

from grader.assignment import load_assignment
from grader.checks.remark import Remark, raised
from grader.grading.joint import blame
from grader.grading.observe import Observation
from grader.grading.solved import SolvedNotebook
from grader.grading.verdict import Verdict, verdict
from grader.report import Severity, Status

MLP = load_assignment("mlp")
SOLVED = SolvedNotebook(MLP).submission
CHECKS = {check.id: check for check in MLP.checks}
LEARNS = CHECKS["learns"]
LOOP = SOLVED.parts["training"]
RIGHT = [verdict(CHECKS[name], []) for name in ("layer_shapes", "eval_accuracy", "step_order")]


def judged(*remarks: Remark, wrong: tuple[str, ...] = (), missing: tuple[str, ...] = ()) -> Verdict:
    """The verdict on ``learns`` where the checks named ``wrong`` failed and the others passed."""
    earlier = [
        verdict(v.check, [Remark("wrong")], status=Status.FAILED) if v.check.id in wrong else v
        for v in RIGHT
    ]
    program: Any = None
    observation = Observation(program, {}, 1.5, missing=missing)
    return blame(LEARNS, list(remarks), earlier, SOLVED, observation)


def error(*frames: tuple[int, int], blank: int | None = None) -> Remark:
    found = raised({"type": "RuntimeError", "message": "?", "frames": [list(f) for f in frames]})
    return Remark(found.code, Severity.ERROR, blank, found.facts, found.error)


IN_THE_LOOP = (LOOP.cell, LOOP.first)


def test_nothing_to_remark_passes() -> None:
    assert (judged().status, judged().score, judged().seconds) == (
        Status.PASSED,
        LEARNS.points,
        1.5,
    )


def test_an_exception_follows_from_the_part_that_was_wrong() -> None:
    ended = judged(error(IN_THE_LOOP), wrong=("step_order",))
    assert [remark.code for remark in ended.remarks] == ["follows"]
    assert ended.remarks[0].facts["titles"] == CHECKS["step_order"].title


def test_an_exception_before_the_loop_does_not_follow_from_the_loop() -> None:
    ended = judged(error((LOOP.cell + 50, 1)), wrong=("step_order",))
    assert [remark.code for remark in ended.remarks] == ["raises"]
    ended = judged(error((LOOP.cell + 50, 1)), wrong=("layer_shapes",))
    assert [remark.code for remark in ended.remarks] == ["follows"]


def test_a_check_of_other_parts_is_no_cause() -> None:
    ended = judged(error(IN_THE_LOOP), wrong=("eval_accuracy",))
    assert [(r.code, r.blank) for r in ended.remarks] == [("fails_together", None)]


def test_where_every_part_is_right_no_blank_is_to_blame() -> None:
    ended = judged(error(IN_THE_LOOP, blank=5))
    assert [(r.code, r.blank) for r in ended.remarks] == [("fails_together", None)]
    assert ended.remarks[0].facts["remedy"] == ended.remarks[0].facts["advice"]
    assert ended.status is Status.ERROR


def test_the_advice_names_the_other_checks_if_one_was_wrong() -> None:
    learns_little = Remark("learns_little", Severity.PARTIAL)
    first = judged(learns_little, wrong=("step_order",)).remarks[0].facts["advice"]
    assert first.startswith("put the other checks right first")
    assert judged(learns_little).remarks[0].facts["advice"] != first


def test_missing_modules_come_first_where_nothing_else_explains_an_exception() -> None:
    ended = judged(error(IN_THE_LOOP), missing=("pandas",))
    assert [remark.code for remark in ended.remarks] == ["module_missing", "fails_together"]
