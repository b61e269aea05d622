"""An audit is green only when everything came out as it should."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from grader.audit.model import CaseKind, Margin
from grader.audit.run import Plan, audit
from grader.audit.tables import ways_out
from grader.errors import InternalError
from tests.audit.stub import Stub, small

if TYPE_CHECKING:
    from pathlib import Path

    from grader.audit.model import Audit

PLAN = Plan(seeds=(1,), pairs=10, mutants=5)


def tried(stub: Stub, plan: Plan = PLAN, **options: Any) -> Audit:
    return audit(stub.assignment, stub, plan, **options)


def test_all_is_well(tmp_path: Path) -> None:
    found = tried(Stub(small(tmp_path)))
    assert found.holes == []
    assert [len(found.of(kind)) for kind in CaseKind] == [1, 1, 2, 4, 6]
    assert len(found.trials) == 5
    assert found.survivors == ()


def test_the_solved_notebook_is_graded_first(tmp_path: Path) -> None:
    stub = Stub(small(tmp_path))
    tried(stub)
    assert stub.graded[0] == "the solved notebook"


@pytest.mark.parametrize(
    ("label", "check", "given", "says"),
    [
        ("the solved notebook", "learns", ("partial", 10, ()), "reference, the solved notebook: "),
        ("the untouched template", "learns", ("failed", 0, ()), "template, the untouched template"),
        ("keyword arguments", "layer_shapes", ("failed", 0, ()), "alternative, keyword arguments"),
        ("missing_step: # FILL IN HERE", "step_order", ("passed", 20, ()), "mistake, missing_step"),
    ],
)
def test_a_wrong_verdict_is_a_hole(
    label: str, check: str, given: Any, says: str, tmp_path: Path
) -> None:
    stub = Stub(small(tmp_path), wrong={(label, check): given})
    holes = tried(stub, replace(PLAN, pairs=0)).holes
    assert any(hole.startswith(says) and check in hole for hole in holes)


@pytest.mark.slow
def test_a_pair_in_which_one_is_hidden_is_a_hole(tmp_path: Path) -> None:
    assignment = small(tmp_path)
    label = " & ".join(m.label for m in assignment.mistakes[2:])
    wrong = {(label, check): ("failed", 0, ("missing_step",)) for check in ("step_order", "learns")}
    assert "missing_zero_grad is hidden" in " ".join(tried(Stub(assignment, wrong=wrong)).holes)
    text = '[[together]]\ncheck = "step_order"\nreason = "one loop"\n'
    (tmp_path / "pairs.toml").write_text(text, encoding="utf-8")
    found = tried(Stub(assignment, wrong=wrong))
    assert found.holes == []
    assert [row.outcome for row in found.of(CaseKind.PAIR)].count("together") == 1


def test_a_mutant_that_survives_is_a_hole_with_its_code(tmp_path: Path) -> None:
    found = tried(Stub(small(tmp_path), blind=True))
    assert len(found.unexplained) == 5
    mutant = found.unexplained[0].mutant
    assert any(mutant.line_of_text in hole for hole in found.holes)


def test_a_recorded_one_is_none(tmp_path: Path) -> None:
    records = "".join(
        f'[[equivalents]]\npart = "{part}"\nreason = "r"\nwithin = "{line}"\n'
        for part, line in (
            ("model", "class MultiLayerPerceptronClass(nn.Module):"),
            ("evaluation", "def func_eval(model, data_iter, device):"),
            ("training", "for epoch in range(EPOCHS):"),
        )
    )
    (tmp_path / "equivalents.toml").write_text(records, encoding="utf-8")
    found = tried(Stub(small(tmp_path), blind=True), replace(PLAN, mutants=40))
    within = [s for s in found.survivors if s.reason == "r"]
    assert len(within) >= 38
    assert len(found.unexplained) == len(found.survivors) - len(within)


@pytest.mark.slow
def test_a_record_that_nothing_needs_is_a_hole(tmp_path: Path) -> None:
    text = '[[equivalents]]\npart = "model"\nreason = "r"\nwas = "a"\nbecomes = "b"\n'
    (tmp_path / "equivalents.toml").write_text(text, encoding="utf-8")
    stub = Stub(small(tmp_path))
    assert tried(stub, replace(PLAN, mutants=None, pairs=0)).holes == [
        "equivalents.toml: nothing survives as model: 'a' becomes 'b'"
    ]
    # A few mutants cannot tell.
    assert tried(stub).holes == []


def test_a_mutant_is_asked_no_further_than_the_first_check(tmp_path: Path) -> None:
    stub = Stub(small(tmp_path))
    tried(stub, replace(PLAN, pairs=0, mutants=0))
    without = stub.asked
    stub.asked = 0
    tried(stub, replace(PLAN, pairs=0, mutants=7))
    assert stub.asked == without + 7


def test_every_seed_tries_what_is_listed_and_the_first_the_mutants(tmp_path: Path) -> None:
    found = tried(Stub(small(tmp_path)), replace(PLAN, seeds=(1, 2), pairs=0))
    assert [row.seed for row in found.of(CaseKind.REFERENCE)] == [1, 2]
    assert len(found.trials) == 5


def test_the_seed_of_a_hole_is_told_where_there_are_several(tmp_path: Path) -> None:
    wrong = {("keyword arguments", "learns"): ("failed", 0.0, ())}
    stub = Stub(small(tmp_path), wrong=wrong)
    assert "seed" not in tried(stub, replace(PLAN, pairs=0)).holes[0]
    assert "(seed 2)" in tried(stub, replace(PLAN, pairs=0, seeds=(1, 2))).holes[1]


def test_the_graders_own_failure_is_no_verdict(tmp_path: Path) -> None:
    wrong = {("keyword arguments", "learns"): ("internal_error", 0.0, ())}
    with pytest.raises(InternalError, match="learns failed by itself on: keyword arguments"):
        tried(Stub(small(tmp_path), wrong=wrong))


@pytest.mark.parametrize("what", ["mutant", "keyword arguments", "the untouched template"])
def test_a_fault_of_an_own_check_is_a_hole_and_the_rest_is_tried(what: str, tmp_path: Path) -> None:
    first = small(tmp_path).checks[0].id
    stub = Stub(small(tmp_path), wrong={(what, first): ("internal_error", 0.0, ("check_fault",))})
    found = tried(stub, replace(PLAN, pairs=0))
    assert found.holes
    assert all(f"{first} went wrong: check_fault" in hole for hole in found.holes)
    assert len(found.holes) == (len(found.trials) if what == "mutant" else 1)
    assert "its probe and its judge" in ways_out(found)[-1]


def test_of_all_seeds_the_tightest_margin_is_kept(tmp_path: Path) -> None:
    def measure(_grades: Any, _rows: Any, seed: int) -> list[Margin]:
        return [Margin("learns", "passed", "x", seed, 0.8, 0.75, "accuracy", 3.0 - seed)]

    found = tried(
        Stub(small(tmp_path)), replace(PLAN, seeds=(1, 2), pairs=0, mutants=0), measure=measure
    )
    assert [(margin.seed, margin.room) for margin in found.margins] == [(2, 1.0)]
