"""A remark is named by the text of an answer, or by a listed mistake that behaves the same."""

from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from grader.assignment import load_assignment
from grader.assignment.listed import Mistake
from grader.checks.kinds import KINDS
from grader.checks.remark import Remark, raised
from grader.grading.behaviours import Behaviour
from grader.grading.catalogue import Catalogue
from grader.grading.solved import SolvedNotebook
from grader.grading.submission import open_submission
from grader.notebook.read import parse_notebook
from tests.notebooks import changed, filled

if TYPE_CHECKING:
    from grader.grading.submission import Submission

MLP = load_assignment("mlp")
SOLVED = SolvedNotebook(MLP)
CHECK = next(check for check in MLP.checks if check.id == "eval_accuracy")
UNLISTED = "torch.tensor(0)"
DIFFERS = Remark("differs", blank=4)


def opened(notebook: dict[str, Any]) -> Submission:
    return open_submission(parse_notebook(json.dumps(notebook).encode(), "x.ipynb"), MLP)


def listed(value: Any, blank: int | None = 4, *, right_answer: bool = False) -> Behaviour:
    """A listed mistake of which ``value`` was observed, and in which the judge saw ``DIFFERS``."""
    mistake = Mistake("made_up", (), {CHECK.id: ("failed",)}, blank)
    return Behaviour(mistake, value, frozenset({("differs", 4)}), right_answer)


def catalogue(*behaviours: Behaviour) -> Catalogue:
    known: Any = SimpleNamespace(of=lambda *_args, **_how: list(behaviours))
    return Catalogue(SOLVED, known)


@pytest.fixture(autouse=True)
def kind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Compare made-up observations: all of it, or the share of one blank."""

    def alike(one: Any, other: Any, where: Any) -> bool:
        return bool(one == other) if where is None else bool(one[where] == other[where])

    made_up = replace(
        KINDS["eval_accuracy"],
        alike=alike,
        place=lambda _check, blank: blank,
        general=frozenset({"differs"}),
        guessed=frozenset({"differs"}),
    )
    monkeypatch.setitem(KINDS, "eval_accuracy", made_up)


def test_by_text_whatever_was_observed() -> None:
    wrong = opened(filled({4: "( y_pred!=y_trgt )"}))
    named = catalogue().name(DIFFERS, CHECK, wrong, None, None)
    assert (named.code, named.blank, named.observed) == ("counts_wrong_ones", 4, "differs")
    assert named.mistake in MLP.mistakes


def test_a_text_that_shall_raise_is_not_recognised_where_it_did_not() -> None:
    wrong = opened(filled({4: "y_pred == y_target"}))
    error = raised({"type": "NameError", "message": "?", "frames": []})
    named = catalogue().name(replace(error, blank=4), CHECK, wrong, None, None)
    assert named.mistake is not None
    assert catalogue().name(DIFFERS, CHECK, wrong, None, None) == DIFFERS


def test_by_the_whole_observation_before_one_blanks_share() -> None:
    seen = {3: "a", 4: "b"}
    share, whole = listed({3: "x", 4: "b"}), listed({3: "a", 4: "b"})
    whole = replace(whole, mistake=replace(whole.mistake, code="whole"))
    named = catalogue(share, whole).name(DIFFERS, CHECK, opened(filled({4: UNLISTED})), seen, {})
    assert (named.code, named.mistake, named.observed) == ("whole", whole.mistake, "differs")
    named = catalogue(share).name(DIFFERS, CHECK, opened(filled({4: UNLISTED})), seen, {})
    assert named.mistake is share.mistake


@pytest.mark.parametrize(
    ("remark", "seen"),
    [
        (DIFFERS, {4: "another"}),
        (DIFFERS, None),
        (replace(DIFFERS, code="says_why"), {4: "b"}),
        (replace(DIFFERS, blank=3), {4: "b"}),
        (DIFFERS, {}),  # it cannot be compared, though the reference's can
    ],
    ids=["another", "nothing observed", "no general code", "another blank", "unfit"],
)
def test_what_no_listed_mistake_explains_keeps_its_code(remark: Remark, seen: Any) -> None:
    known = catalogue(listed({4: "b"}))
    both = opened(filled({3: UNLISTED, 4: UNLISTED}))
    assert known.name(remark, CHECK, both, seen, {4: "c"}) == remark


def test_a_right_answer_is_not_blamed() -> None:
    around = opened(changed("val_accr = n_correct / n_total", "val_accr = n_total / n_correct"))
    known = catalogue(listed({4: "b"}))
    assert known.name(DIFFERS, CHECK, around, {4: "b"}, {}) == replace(DIFFERS, blank=None)
    known = catalogue(listed({4: "b"}, right_answer=True))
    assert known.name(DIFFERS, CHECK, around, {4: "b"}, {}).code == "made_up"


def test_a_mistake_without_a_blank_is_blamed_on_one_only_if_nothing_else_was_changed() -> None:
    known = catalogue(listed({4: "b"}, blank=None))
    only_the_blank = opened(filled({4: UNLISTED}))
    assert known.name(DIFFERS, CHECK, only_the_blank, {4: "b"}, {}).blank == 4
    start = filled({4: UNLISTED})
    more = opened(changed("val_accr = n_correct / n_total", "val_accr = 1", start))
    assert known.name(DIFFERS, CHECK, more, {4: "b"}, {}).blank is None


def test_an_exception_of_the_given_code_is_traced_to_the_answer_that_is_known_to_raise() -> None:
    error = raised({"type": "TypeError", "message": "?", "frames": []})
    wrong = opened(filled({4: "y_pred is y_trgt"}))
    assert catalogue().traced(error, CHECK, wrong, ()).blank == 4
    assert catalogue().traced(error, CHECK, wrong, {4}) == error
    assert catalogue().traced(error, CHECK, opened(filled({4: UNLISTED})), ()) == error
