"""A judge never stumbles: an observation of the wrong form is refused, any other is judged."""

from __future__ import annotations

import copy
import random
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.assignment import all_assignments
from grader.checks.kinds import KINDS, kind_of
from grader.grading.forms import well_formed
from grader.grading.observe import Observation
from grader.grading.solved import edited
from grader.grading.submission import open_submission, program_for
from grader.locate.program import Program
from tests.checks.plain_python import SMALL, write_assignment

if TYPE_CHECKING:
    from grader.grading.grader import Grader

NOTHING = Program((), "", {})
_ODD = [None, True, -1, 10**9, float("nan"), float("inf"), "x", [], {}, [None], np.zeros((0, 2))]


# An assignment with a check of the kind, for every kind that one of ours uses.
WHERE = {
    check.kind: one.id
    for one in all_assignments()
    for check in one.checks
    if check.own is None and not kind_of(check).by_hand
}
# Kinds of plain Python, which no assignment of PyTorch's needs.
PLAIN = {"calls"} - WHERE.keys()


@pytest.fixture(scope="module")
def where(tmp_path_factory: Any) -> dict[str, str]:
    """The assignments of all kinds, with one that is written for those of ``PLAIN``."""
    folder = write_assignment(tmp_path_factory.mktemp("course") / "reference" / "plain", SMALL)
    return WHERE | dict.fromkeys(PLAIN, str(folder))


@pytest.fixture(scope="module")
def seen_in(grader_of: Any) -> Any:
    """Observations of an assignment, made when they are first asked for."""
    return cache(lambda name: _seen(grader_of(name)))


def _seen(grader: Grader) -> dict[str, list[Any]]:
    """Real observations by check: the reference's, and those of a listed mistake of each kind."""
    found: dict[str, list[Any]] = {}
    judge, _ = grader.prepare()
    for check_id, observation in judge.reference_seen().items():
        found[check_id] = [observation.value]
    solved = grader.solved.submission.notebook
    assignment = grader.assignment
    variants = [solved, *(edited(solved, m.edits, assignment) for m in assignment.mistakes[::14])]
    for check in assignment.checks:
        for notebook in variants:
            submission = open_submission(notebook, assignment)
            program = program_for(submission, check, assignment)
            if program is None:
                continue
            value = grader.observer.observe({check.id: (check, program)})[check.id].value
            if value is not None:
                found.setdefault(check.id, []).append(value)
    return found


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path]
    if isinstance(value, dict):
        for key in value:
            found += _places(value[key], (*path, key))
    elif isinstance(value, list):
        for index in range(len(value)):
            found += _places(value[index], (*path, index))
    return found


def _mutated(value: Any, rng: random.Random) -> Any:
    changed = copy.deepcopy(value)
    path = rng.choice(_places(changed)[1:])
    holder = changed
    for step in path[:-1]:
        holder = holder[step]
    last = path[-1]
    kind = rng.randrange(4)
    if kind == 0:
        del holder[last]
    elif kind == 1 and isinstance(holder[last], np.ndarray):
        array = np.atleast_1d(holder[last])
        holder[last] = rng.choice([array[:1], array * np.nan, array.T, array[..., :1], array > 0])
    elif kind == 2 and isinstance(holder, list):
        holder.append(copy.deepcopy(holder[last]))
    else:
        holder[last] = rng.choice(_ODD)
    return changed


def test_every_kind_is_in_use() -> None:
    assert set(WHERE) | PLAIN == {name for name, kind in KINDS.items() if not kind.by_hand}


@pytest.mark.parametrize("draws", [100, pytest.param(600, marks=pytest.mark.slow)])
@pytest.mark.parametrize("kind", [name for name, kind in KINDS.items() if not kind.by_hand])
def test_what_was_tampered_with_is_refused_or_judged(
    kind: str, draws: int, seen_in: Any, grader_of: Any, where: dict[str, str]
) -> None:
    grader, seen = grader_of(where[kind]), seen_in(where[kind])
    check = next(c for c in grader.assignment.checks if c.kind == kind)
    reference = Observation(NOTHING, seen[check.id][0], None)
    rng = random.Random(4)
    refused = 0
    for value in seen[check.id]:
        assert well_formed(check, value, reference)
    for _ in range(draws):
        value = _mutated(rng.choice(seen[check.id]), rng)
        if rng.random() < 0.3:
            value = _mutated(value, rng) if isinstance(value, dict) and value else value
        if not well_formed(check, value, reference):
            refused += 1
            continue
        challenge = grader.observer.challenges[check.id]
        alike = KINDS[kind].alike
        expected = reference.value
        if KINDS[kind].known is not None:
            expected = KINDS[kind].known(check, challenge, grader.data)
        KINDS[kind].judge(value, expected, check, challenge)
        if alike is not None:
            alike(value, reference.value, KINDS[kind].place(check, check.blanks[0]))
    assert refused > draws / 6
