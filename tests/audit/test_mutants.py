"""Mutants of a part: all of them, each once, each a notebook of its own."""

from __future__ import annotations

import ast
import sys
from dataclasses import replace

import pytest

from grader.assignment import load_assignment
from grader.audit.cases import handed_in
from grader.audit.mutants import Mutant, mutants
from grader.grading.submission import open_submission

MLP = load_assignment("mlp")
SOLVED = handed_in(MLP)


@pytest.fixture(scope="module")
def all_mutants() -> list[Mutant]:
    return mutants(open_submission(SOLVED, MLP))


def test_every_blank_and_every_part_is_mutated(all_mutants: list[Mutant]) -> None:
    assert {m.blank for m in all_mutants} == {None, 1, 2, 3, 4, 5, 6, 7}
    assert {m.part for m in all_mutants} == {"model", "evaluation", "training"}
    assert len(all_mutants) > 250


def test_each_is_another_program(all_mutants: list[Mutant]) -> None:
    programs = [
        (
            m.part,
            ast.dump(ast.parse(next(c.source for c in m.notebook.cells if c.number == m.cell))),
        )
        for m in all_mutants
    ]
    assert len(set(programs)) == len(programs)


def test_only_the_part_differs(all_mutants: list[Mutant]) -> None:
    for mutant in all_mutants[::20]:
        pairs = zip(SOLVED.cells, mutant.notebook.cells, strict=True)
        assert [one.number for one, other in pairs if one != other] == [mutant.cell]


def test_they_come_in_the_same_order_every_time(all_mutants: list[Mutant]) -> None:
    again = mutants(open_submission(handed_in(MLP), MLP))
    assert [m.text for m in again] == [m.text for m in all_mutants]


def test_what_people_read_stays(all_mutants: list[Mutant]) -> None:
    for mutant in all_mutants:
        for line in [*mutant.was.split("\n"), *mutant.becomes.split("\n")]:
            assert not line.startswith('"""') or len(mutant.was.split("\n")) > 1
    assert not any("f''" in mutant.becomes for mutant in all_mutants)


def part_of(source: str) -> list[Mutant]:
    """The mutants of a training loop that stands in place of the notebook's."""
    cells = tuple(
        replace(cell, source=source) if "for epoch in" in cell.source else cell
        for cell in SOLVED.cells
        if cell.kind == "code"
    )
    solved = open_submission(replace(SOLVED, cells=cells), MLP)
    return [mutant for mutant in mutants(solved) if mutant.part == "training"]


LOOP = """\
lr = 1
for x, y in train_iter:
    optm.zero_grad()
    if lr > 0:
        loss(M(x), y).backward()
    optm.step()
"""


def test_a_change_is_shown_as_a_diff_with_its_place() -> None:
    found = {mutant.text: mutant for mutant in part_of(LOOP)}
    assert "- optm.step()" in found
    compared = found["- if lr > 0:\n+ if lr >= 0:"]
    assert compared.line == 4
    assert compared.blank is None
    assert compared.operator == "comparison"
    loop = "for {} in train_iter:".format("x, y" if sys.version_info >= (3, 11) else "(x, y)")
    assert compared.within == {loop, "if lr > 0:"}
    assert found["- optm.step()\n+ optm"].blank == 7
    assert "-     optm.step()\n+ optm.step()" in found
    assert "-     loss(M(x), y).backward()\n+ loss(M(x), y).backward()" not in found
    swapped = "- optm.zero_grad()\n- if lr > 0:\n-     loss(M(x), y).backward()\n"
    assert any(text.startswith(swapped) for text in found)


def test_what_is_no_python_is_left_out() -> None:
    # Moved out of its loop, break would be a syntax error.
    found = part_of(LOOP + "    if lr:\n        lr = 2\n        break\n")
    assert found
    for mutant in found:
        source = next(c.source for c in mutant.notebook.cells if c.number == mutant.cell)
        compile(source, "x", "exec")


def test_a_long_stretch_is_cut() -> None:
    found = part_of(LOOP.replace("    optm.step()\n", "    optm.step()\n" + "    print(1)\n" * 9))
    assert max(len(mutant.was.split("\n")) for mutant in found) <= 8
    assert any(mutant.was.endswith("\n...") for mutant in found)
