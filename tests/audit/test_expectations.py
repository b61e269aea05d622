"""What counts as a hole."""

from __future__ import annotations

from typing import Any

import pytest

from grader.assignment import Mistake, load_assignment
from grader.audit.arrows import wrong_arrows
from grader.audit.cases import handed_in
from grader.audit.expectations import holes, pair_holes
from grader.audit.model import Case, CaseKind, CaseRow, CheckOutcome
from grader.audit.records import PairRecord, PairRecords
from grader.report import Status

MLP = load_assignment("mlp")
SOLVED = handed_in(MLP)
IDS = [check.id for check in MLP.checks]


def cells(**lost: Any) -> tuple[CheckOutcome, ...]:
    """Cells of all checks; ``check=(status, score, codes)`` for those that did not pass."""
    found = []
    for check in IDS:
        status, score, codes = lost.get(check, ("passed", 20, ()))
        found.append(CheckOutcome(check, Status(status), float(score), 20.0, tuple(codes)))
    return tuple(found)


def case(kind: CaseKind, *mistakes: Mistake) -> Case:
    return Case(kind, "x", "", SOLVED, mistakes)


def mistake(code: str, blank: int | None = None) -> Mistake:
    return next(m for m in MLP.mistakes if m.code == code and blank in (None, m.blank))


@pytest.mark.parametrize("kind", [CaseKind.REFERENCE, CaseKind.ALTERNATIVE])
def test_a_right_answer_must_have_everything(kind: CaseKind) -> None:
    assert holes(case(kind), cells(), MLP) == ()
    (hole,) = holes(case(kind), cells(learns=("partial", 10, ["learns_too_little"])), MLP)
    assert "learns is partial, 10 of 20 (learns_too_little)" in hole
    # Nothing may be said that costs points elsewhere.
    assert holes(case(kind), cells(learns=("passed", 20, ["raises"])), MLP)
    assert holes(case(kind), cells(learns=("passed", 19, [])), MLP)


def test_a_template_must_have_nothing() -> None:
    empty = {check: ("not_attempted", 0, ["not_filled_in"]) for check in IDS}
    assert holes(case(CaseKind.TEMPLATE), cells(**empty), MLP) == ()
    failed = empty | {"learns": ("failed", 0, ["follows"])}
    assert len(holes(case(CaseKind.TEMPLATE), cells(**failed), MLP)) == 1
    given = empty | {"learns": ("not_attempted", 5, [])}
    assert len(holes(case(CaseKind.TEMPLATE), cells(**given), MLP)) == 1


def test_no_finding_points_at_a_right_answer() -> None:
    one = mistake("missing_zero_grad")
    right = {5: "optm.zero_grad()", 6: "loss_out.backward()", 7: "optm.step()"}
    seen = Case(CaseKind.MISTAKE, "x", "", SOLVED, (one,), right)

    def pointing(text: str) -> list[str]:
        found = CheckOutcome(
            "step_order", Status.FAILED, 0.0, 20.0, (one.code,), arrows=((one.code, text),)
        )
        return wrong_arrows(seen, [found if c.check == "step_order" else c for c in cells()], MLP)

    assert pointing("") == []
    hole, other = pointing("        optm.step()")
    assert "points at the right answer of blank 7" in hole
    assert "should point at none" in other
    (hole,) = pointing("        pass")
    assert "should point at none" in hole


SWAPPED = {
    "layer_shapes": ("failed", 10, ["swapped_dims"]),
    "forward_output": ("failed", 0, ["follows"]),
    "learns": ("failed", 0, ["follows"]),
}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, None),
        ({"layer_shapes": ("error", 10, ["swapped_dims"])}, "should be failed"),
        ({"layer_shapes": ("passed", 20, [])}, "layer_shapes is passed"),
        ({"layer_shapes": ("failed", 10, ["wrong_shape"])}, "is not named swapped_dims"),
        ({"layer_shapes": ("failed", 0, ["swapped_dims"])}, "blanks that are right"),
        ({"step_order": ("failed", 0, ["different_path"])}, "step_order is failed"),
    ],
)
def test_a_mistake_must_have_its_verdict_and_its_name(change: Any, says: str | None) -> None:
    found = holes(
        case(CaseKind.MISTAKE, mistake("swapped_dims", 1)), cells(**SWAPPED | change), MLP
    )
    assert (found == ()) == (says is None)
    assert says is None or says in " ".join(found)


# ---------------------------------------------------------------- pairs

ZERO, STEP, COUNT = (mistake(c) for c in ("missing_zero_grad", "missing_step", "sums_digits"))
ZERO_CELLS = {
    "step_order": ("failed", 0, ["missing_zero_grad"]),
    "learns": ("partial", 10, ["learns_too_little"]),
}
STEP_CELLS = {
    "step_order": ("failed", 0, ["missing_step"]),
    "learns": ("failed", 0, ["does_not_learn"]),
}
COUNT_CELLS = {"eval_accuracy": ("failed", 10, ["sums_digits"])}
NONE = PairRecords()
TOGETHER = PairRecords((PairRecord("step_order", "because"),))


def judged(
    one: Any, other: Any, seen: Any, records: PairRecords = NONE
) -> tuple[tuple[str, ...], str]:
    alone = [CaseRow(case(CaseKind.MISTAKE, m), 1, cells(**c)) for m, c in (one, other)]
    pair = case(CaseKind.PAIR, one[0], other[0])
    return pair_holes(pair, cells(**seen), alone, records, MLP)


def test_two_that_are_both_named() -> None:
    seen = ZERO_CELLS | COUNT_CELLS
    assert judged((ZERO, ZERO_CELLS), (COUNT, COUNT_CELLS), seen) == ((), "named")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"eval_accuracy": ("passed", 20, [])}, "eval_accuracy is passed"),
        ({"eval_accuracy": ("failed", 0, ["sums_digits"])}, "eval_accuracy is failed, 0 of 20"),
        ({"layer_shapes": ("failed", 0, ["wrong_shape"])}, "neither mistake harms it"),
        ({"learns": ("passed", 20, [])}, "learns is passed"),
        ({"step_order": ("failed", 0, ["different_path"])}, "missing_zero_grad is hidden"),
    ],
)
def test_one_must_not_change_what_the_other_gets(change: Any, says: str) -> None:
    seen = ZERO_CELLS | COUNT_CELLS | change
    found, _ = judged((ZERO, ZERO_CELLS), (COUNT, COUNT_CELLS), seen)
    assert says in " ".join(found)


def test_two_in_one_check_need_a_record_unless_both_are_named() -> None:
    both = {"step_order": ("failed", 0, ["missing_zero_grad", "missing_step"])}
    hidden = {"step_order": ("failed", 0, ["missing_step"])}
    rest = {"learns": ("failed", 0, ["does_not_learn"])}
    one, other = (ZERO, ZERO_CELLS), (STEP, STEP_CELLS)
    assert judged(one, other, both | rest) == ((), "named")
    assert judged(one, other, hidden | rest, TOGETHER) == ((), "together")
    found, _ = judged(one, other, hidden | rest)
    assert "missing_zero_grad is hidden: only does_not_learn, missing_step is named" in found[0]
    # Recorded or not, the check has to be lost, and to say why.
    silent = {"step_order": ("failed", 0, [])}
    assert judged(one, other, silent | rest, TOGETHER)[0]
    kept = {"step_order": ("failed", 10, ["missing_step"])}
    assert judged(one, other, kept | rest, TOGETHER)[0]


def test_a_check_that_waits_need_not_name_its_mistake() -> None:
    relu = mistake("lost_relu")
    relu_cells = {"forward_output": ("failed", 0, ["lost_relu"])}
    shapes = mistake("swapped_dims", 1)
    found = judged((shapes, SWAPPED), (relu, relu_cells), SWAPPED)
    assert found == ((), "waits")


def test_a_check_may_wait_though_its_mistake_alone_stops_it() -> None:
    """An exception that may come from either mistake is told where the other one is found."""
    relu, relu_cells = mistake("lost_relu"), {"forward_output": ("failed", 0, ["lost_relu"])}
    stops = mistake("fails_together")
    alone = {"learns": ("error", 0, ["fails_together"])}
    waits = relu_cells | {"learns": ("failed", 0, ["follows"])}
    assert judged((relu, relu_cells), (stops, alone), waits) == ((), "waits")
    differs = relu_cells | {"learns": ("failed", 0, ["does_not_learn"])}
    assert judged((relu, relu_cells), (stops, alone), differs)[0]


def test_a_record_is_for_its_own_check() -> None:
    hidden = {"step_order": ("failed", 0, ["missing_step"])}
    rest = {"learns": ("failed", 0, ["does_not_learn"])}
    other = PairRecords((PairRecord("learns", "because"),))
    assert judged((ZERO, ZERO_CELLS), (STEP, STEP_CELLS), hidden | rest, other)[0]


RELU = mistake("lost_relu")
RELU_CELLS = {"forward_output": ("failed", 0, ["lost_relu"])}
MIXED = PairRecords(mixed=(PairRecord("learns", "because"),))


@pytest.mark.parametrize("learns", [("passed", 20, []), ("failed", 0, ["does_not_learn"])])
def test_two_may_mix_where_that_is_recorded_and_both_are_named(learns: Any) -> None:
    one, other = (ZERO, ZERO_CELLS), (RELU, RELU_CELLS)
    seen = ZERO_CELLS | RELU_CELLS | {"learns": learns}
    assert judged(one, other, seen)[0]
    assert judged(one, other, seen, MIXED) == ((), "named")
    # A mistake that is named nowhere else is overlooked, whatever else is wrong.
    assert judged(one, other, seen | {"forward_output": ("passed", 20, [])}, MIXED)[0]


def test_two_that_mix_may_cost_less_than_one_of_them_but_not_nothing() -> None:
    one, other = (ZERO, ZERO_CELLS), (STEP, STEP_CELLS)
    learns = PairRecord("learns", "because")
    records = PairRecords((PairRecord("step_order", "because"),), (learns,))
    seen = {"step_order": ("failed", 0, ["missing_step"])}
    partly = seen | {"learns": ("partial", 10, ["learns_too_little"])}
    assert judged(one, other, partly, records) == ((), "together")
    assert judged(one, other, seen | {"learns": ("passed", 20, [])}, records)[0]


def test_two_mix_only_where_both_act() -> None:
    seen = ZERO_CELLS | COUNT_CELLS | {"learns": ("passed", 20, [])}
    found, _ = judged((ZERO, ZERO_CELLS), (COUNT, COUNT_CELLS), seen, MIXED)
    assert "learns is passed" in found[0]
