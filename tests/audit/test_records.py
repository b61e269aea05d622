"""The records of an assignment: read, understood, and refused when they say nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from grader.assignment import Assignment, all_assignments, load_assignment
from grader.audit.mutants import Mutant
from grader.audit.records import PairRecords, equivalents, pair_records
from grader.errors import AssignmentError
from grader.notebook.read import read_notebook

if TYPE_CHECKING:
    from pathlib import Path

MLP = load_assignment("mlp")
NOTEBOOK = read_notebook(MLP.reference)


def folder(path: Path, **files: str) -> Assignment:
    for name, text in files.items():
        (path / f"{name}.toml").write_text(text, encoding="utf-8")
    return replace(MLP, folder=path)


def mutant(was: str, becomes: str, *within: str, part: str = "training") -> Mutant:
    return Mutant(part, "name", 1, 1, None, was, becomes, frozenset(within), NOTEBOOK)


def covered(path: Path, text: str, tried: Mutant, device: str = "cpu") -> bool:
    found = equivalents(folder(path, equivalents=text), device)
    return any(record.covers(tried) for record in found)


HEAD = '[[equivalents]]\npart = "training"\nreason = "because"\n'


@pytest.mark.parametrize(
    ("was", "becomes", "yes"),
    [
        ("a = 1", "a = 2", True),
        ("a = 1", "a  =  2 # two", True),
        ("a = 1", "a = 3", False),
        ("a = 1", "    a = 2", False),
        ("a = 2", "a = 1", False),
        ("a = 1", "", False),
    ],
)
def test_a_record_is_for_the_same_code(was: str, becomes: str, yes: bool, tmp_path: Path) -> None:
    text = f'{HEAD}was = "{was}"\nbecomes = "{becomes}"\n'
    assert covered(tmp_path, text, mutant("a = 1", "a = 2")) == yes
    assert not covered(tmp_path, text, mutant("a = 1", "a = 2", part="model"))


def test_a_move_is_told_by_its_indentation(tmp_path: Path) -> None:
    text = HEAD + 'mutants = [{ was = "    f()", becomes = "f()" }]\n'
    assert covered(tmp_path, text, mutant("    f()", "f()"))
    assert not covered(tmp_path, text, mutant("f()", "    f()"))


def test_what_does_not_parse_is_compared_as_text(tmp_path: Path) -> None:
    text = HEAD + 'was = "else:"\nbecomes = "if a:"\n'
    assert covered(tmp_path, text, mutant("else:", "if a:"))
    assert not covered(tmp_path, text, mutant("else:", "if b:"))


def test_within_is_any_change_of_a_statement(tmp_path: Path) -> None:
    text = HEAD + 'within = "if a:"\n'
    assert covered(tmp_path, text, mutant("x", "y", "for b in c:", "if a:"))
    assert not covered(tmp_path, text, mutant("x", "y", "for b in c:"))


def test_a_reason_may_hold_on_one_device(tmp_path: Path) -> None:
    text = HEAD + 'device = "cpu"\nwas = "a"\nbecomes = "b"\n'
    assert covered(tmp_path, text, mutant("a", "b"))
    assert not covered(tmp_path, text, mutant("a", "b"), device="cuda")


def test_no_file_is_no_record(tmp_path: Path) -> None:
    assert equivalents(folder(tmp_path), "cpu") == ()
    assert pair_records(folder(tmp_path)) == PairRecords()


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("[[equivalents]]\n", 'equivalent 1: the key "part" is missing'),
        ('[[equivalents]]\npart = "modle"\nreason = "x"\n', 'there is no part "modle"'),
        ('[[equivalents]]\npart = "model"\nreason = " "\nwithin = "x"\n', "a reason has to be"),
        (HEAD, 'the key "was" is missing'),
        (
            HEAD + "mutants = [1]\n",
            "equivalent 1, mutants, entry 1: it has to be a table, not 1",
        ),
        (HEAD + 'withn = "x"\n', 'line 4: equivalent 1 has no key "withn"'),
        ("[[equivalent]]\n", 'line 1: the file has no key "equivalent"'),
        ("equivalents = 3\n", "equivalents.toml"),
        ("[[equivalents\n", "equivalents.toml"),
    ],
)
def test_a_wrong_record_is_one_clear_error(text: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(AssignmentError) as caught:
        equivalents(folder(tmp_path, equivalents=text), "cpu")
    assert says in caught.value.message


@pytest.mark.parametrize("table", ["together", "mixed"])
def test_a_pair_record_names_a_check(table: str, tmp_path: Path) -> None:
    text = f'[[{table}]]\ncheck = "{{}}"\nreason = "x"\n'
    records = pair_records(folder(tmp_path, pairs=text.format("learns")))
    assert records.may_hide("learns") == (table == "together")
    assert records.may_mix("learns") == (table == "mixed")
    assert not records.may_hide("step_order")
    assert not records.may_mix("step_order")
    with pytest.raises(AssignmentError, match='lerns, check: there is no check "lerns"'):
        pair_records(folder(tmp_path, pairs=text.format("lerns")))
    with pytest.raises(AssignmentError, match="a reason has to be given"):
        pair_records(folder(tmp_path, pairs=text.format("learns").replace('"x"', '""')))
    with pytest.raises(AssignmentError, match='has no key "why"'):
        pair_records(folder(tmp_path, pairs=text.format("learns") + 'why = "x"\n'))


@pytest.mark.parametrize("one", all_assignments(), ids=lambda one: one.id)
def test_the_shipped_records_are_in_order(one: Assignment) -> None:
    assert len(equivalents(one, "cpu")) >= len(equivalents(one, "cuda")) > 10
    records = pair_records(one)
    # A file of records has some; an assignment may need none.
    written = (one.folder / "pairs.toml").is_file()
    assert bool(records.together or records.mixed) is written
