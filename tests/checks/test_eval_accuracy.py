"""The judge of the evaluation, on scenes that were made up."""

from __future__ import annotations

from typing import Any

import pytest

from grader.checks.eval_accuracy import KIND, judge
from grader.checks.schema import has_form
from tests.checks.scenes import CHALLENGE, CHECK, ERROR, ROWS, call, number, observation

INPUT, COUNT = 3, 4
TRAINING = [call(0, ROWS[:3], training=True), call(1, ROWS[3:], training=True)]


def judged(observed: Any) -> list[Any]:
    return judge.judge(observed, observation(), CHECK, CHALLENGE)


def codes(observed: Any) -> list[tuple[str, int | None]]:
    return [(remark.code, remark.blank) for remark in judged(observed)]


def test_the_solved_function_passes() -> None:
    assert has_form(KIND.form, observation())
    assert judge.same_size(observation(), observation())
    assert judged(observation()) == []


def test_a_wrong_accuracy_is_told_with_what_is_right() -> None:
    (remark,) = judged(observation(returned=number(0.4)))
    assert (remark.code, remark.blank) == ("wrong_accuracy", COUNT)
    facts = {key: remark.facts[key] for key in ("got", "expected", "images", "right", "sizes")}
    assert facts == {"got": "0.4", "expected": "0.6", "images": 5, "right": 3, "sizes": "3, 2"}


def test_the_counting_is_judged_on_scripted_scenes_alone() -> None:
    observed = observation()
    observed["scenes"][0]["returned"] = number(0.4)
    observed["scenes"][0]["calls"] = [call(0, ROWS[:3] + 1), call(1, ROWS[3:])]
    assert codes(observed) == [("wrong_input_values", INPUT)]


@pytest.mark.parametrize(
    ("returned", "code", "blank"),
    [
        ({"returned": number(None, "NoneType")}, "returns_no_number", None),
        ({"returned": number(0.4), "drawn": 1}, "stops_early", COUNT),
        ({"returned": number(float("nan"))}, "wrong_accuracy", COUNT),
    ],
)
def test_other_returned_values(returned: Any, code: str, blank: int | None) -> None:
    assert codes(observation(**returned)) == [(code, blank)]


def test_an_exception_is_told_with_its_batch() -> None:
    observed = observation(error=ERROR, returned=None, calls=[])
    first = judged(observed)[0]
    assert first.code == "raises"
    assert first.facts["when"] == "on batch 2 of 2 (2 images; one batch of 3 before it went well)"


def test_what_the_model_was_shown_explains_an_exception() -> None:
    bad = [call(0, ROWS[:3]) | {"shape": [3, 1, 2, 2], "rows": None}]
    observed = observation(error=ERROR, returned=None, calls=bad)
    first = judged(observed)[0]
    assert (first.code, first.blank) == ("wrong_input_shape", INPUT)
    assert (first.facts["got"], first.facts["expected"]) == ("(3, 1, 2, 2)", "(3, 4)")
    assert first.facts["text"] == "boom"


def test_a_model_that_is_not_called() -> None:
    observed = observation(calls=[], returned=number(0.2), called=0)
    assert ("model_not_called", INPUT) in codes(observed)


def test_another_model_hides_everything_else() -> None:
    observed = observation(decoy_model=1, returned=number(0.1))
    assert codes(observed) == [("ignores_model_argument", None)]


def test_side_effects_come_beside_a_wrong_accuracy() -> None:
    observed = observation(returned=number(0.4), calls=TRAINING)
    assert codes(observed) == [("wrong_accuracy", COUNT), ("not_in_eval_mode", None)]


def test_an_iterator_that_is_read_twice_costs_nothing() -> None:
    observed = observation()
    observed["scenes"][0] |= {"idle_at": [1, 2]}
    observed["scenes"][1] |= {"begun": 2, "returned": number(0.0)}
    (remark,) = judged(observed)
    assert (remark.code, remark.severity.value) == ("needs_several_passes", "warning")
    assert (remark.facts["times"], remark.at) == ("twice", [1, 2])


@pytest.mark.parametrize(
    ("again", "code"),
    [(number(0.6), "remembers_earlier_calls"), ({"error": ERROR}, "raises")],
)
def test_calls_that_depend_on_each_other(again: Any, code: str) -> None:
    observed = observation()
    observed["again"][1] = again
    assert codes(observed) == [(code, None)]


def lying(what: str, device: str = "cuda:0", line: int = 7) -> dict[str, Any]:
    """What was noted on a pretended device."""
    return {"what": what, "device": device, "got": ["cpu"], "line": [1, line]}


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ([lying("input")], [("not_on_device", INPUT)]),
        ([lying("input"), lying("input", "cpu")], [("not_on_device", INPUT)]),
        ([lying("mixed")], [("devices_mixed", COUNT)]),
        (
            [lying("input"), lying("leaving", line=9)],
            [("not_on_device", INPUT), ("array_off_the_cpu", COUNT)],
        ),
        ([lying("something forged")], []),
        ([], []),
    ],
)
def test_what_lies_on_another_device_costs_its_share(notes: Any, expected: Any) -> None:
    found = judged(observation() | {"devices": notes})
    assert [(remark.code, remark.blank) for remark in found] == expected
    assert {(remark.severity.value, remark.share) for remark in found} <= {("partial", "device")}


def test_no_device_is_asked_for_beside_a_wrong_answer() -> None:
    observed = observation(returned=number(0.4)) | {"devices": [lying("mixed"), lying("input")]}
    assert codes(observed) == [("wrong_accuracy", COUNT), ("not_on_device", INPUT)]


def mode(name: str, batch: int, *, called: bool = True, training: bool = False) -> dict[str, Any]:
    return {"name": name, "called": called, "training": training, "batch": batch, "line": [1, 5]}


@pytest.mark.parametrize(
    ("training", "modes", "code", "line"),
    [
        ((True, True), [], "not_in_eval_mode", None),
        ((True, True), [mode("eval", -1, called=False)], "eval_not_called", [1, 5]),
        (
            (False, True),
            [mode("eval", -1), mode("train", 0, training=True)],
            "back_in_train_mode",
            [1, 5],
        ),
        ((True, False), [mode("eval", 0)], "eval_too_late", [1, 5]),
        ((True, False), [mode("eval", -1)], "not_in_eval_mode", None),
    ],
)
def test_what_switched_the_mode_is_named(training: Any, modes: Any, code: str, line: Any) -> None:
    calls = [call(0, ROWS[:3], training=training[0]), call(1, ROWS[3:], training=training[1])]
    (remark,) = judged(observation(calls=calls, modes=modes))
    assert (remark.code, remark.at) == (code, line)


@pytest.mark.parametrize(
    ("kept", "code", "fact"),
    [(0, "short_batches_left_out", ("out", "2")), (1, "batches_left_out", ("which", "batch 1"))],
)
def test_batches_that_are_read_and_not_shown(kept: int, code: str, fact: Any) -> None:
    rows = ROWS[:3] if kept == 0 else ROWS[3:]
    observed = observation(returned=number(0.1), calls=[call(kept, rows)], called=1)
    (remark,) = judged(observed)
    assert (remark.code, remark.facts[fact[0]]) == (code, fact[1])


def test_a_loader_of_ones_own_may_leave_images_out() -> None:
    calls = [call(0, ROWS[[4, 1, 0]])]
    observed = observation(returned=number(0.1), calls=calls, called=1, drawn=0, batch=-1)
    (remark,) = judged(observed)
    assert (remark.code, remark.facts["shown"]) == ("images_left_out", 3)


@pytest.mark.parametrize("digits", [2, 3, 4])
def test_a_rounded_share_keeps_a_part(digits: int) -> None:
    third = observation(returned=number(1 / 3))
    third["again"] = [number(1 / 3), number(1 / 7), number(1 / 3)]
    rounded = observation(returned=number(round(1 / 3, digits)))
    rounded["again"] = [number(round(value, digits)) for value in (1 / 3, 1 / 7, 1 / 3)]
    (remark,) = judge.judge(rounded, third, CHECK, CHALLENGE)
    assert (remark.code, remark.severity.value) == ("rounds_the_share", "partial")


def test_what_is_alike_depends_on_the_place() -> None:
    solved, counts, shows = observation(), observation(), observation()
    counts["scenes"][2]["returned"] = number(0.1)
    shows["scenes"][0]["calls"][0]["rows"] = ROWS[:3] + 1
    assert judge.alike(solved, counts, "input")
    assert not judge.alike(solved, counts, "count")
    assert judge.alike(solved, shows, "count")
    assert not judge.alike(solved, shows, "input")
    assert not judge.alike(solved, observation(switched_off=True))


def test_each_blank_has_its_place() -> None:
    assert [judge.place(CHECK, blank) for blank in (INPUT, COUNT, 9, None)] == [
        "input",
        "count",
        None,
        None,
    ]


def test_a_scene_without_an_end_has_not_the_size() -> None:
    assert not judge.same_size(observation(returned=None), observation())
    short = observation()
    short["again"].pop()
    assert not judge.same_size(short, observation())
