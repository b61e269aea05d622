"""Every attack of the list, really made, on six kinds of machine; see ``scoreboard``."""

from __future__ import annotations

import copy
import functools
import os
import re
import sys

import pytest

from tests.attacks import table
from tests.attacks.__main__ import attacked
from tests.attacks.bombs import BOMBS
from tests.attacks.brought import BROUGHT
from tests.attacks.classes import CLASSES
from tests.attacks.forgeries import FORGERIES
from tests.attacks.inputs import INPUTS
from tests.attacks.probes import COUNT, NAMES
from tests.attacks.sabotage import ON_THE_VERDICT

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="these are Linux's layers")

# Where a bomb must be noticed for what it is, whatever else there is to limit it.
_REFUSED = {"out_of_memory", "error"}
FATES = {
    "memory": {"out_of_memory", "timeout"},
    "one tensor": _REFUSED,
    "memory that grows down": _REFUSED,
    "a stack moved and grown": _REFUSED,
    "tables of pages": _REFUSED,
    # Where root has no user id to give away, only memory limits threads, and what runs out of it
    # may be the grader's own code in the process.
    "threads": {"error", "timeout", "crashed", "out_of_memory", "internal_error"},
    "a loop that catches everything": {"timeout"},
    # Some kernels let the stack grow until the time is over, others end it.
    "recursion without end": {"crashed", "timeout", "out_of_memory", "error"},
    "a segmentation fault": {"crashed"},
    "a long message": {"error"},
    "numbers that no judge can compare": {"crashed"},
}


scoreboard = functools.cache(attacked)


@pytest.fixture(
    params=[
        pytest.param("here", marks=pytest.mark.slow),
        # Those with the fewest layers left: what is stopped there, fewer layers have to stop.
        pytest.param("container", marks=pytest.mark.slow),
        pytest.param("old-user", marks=pytest.mark.slow),
        pytest.param("user", marks=pytest.mark.weekly),
        pytest.param("bare", marks=pytest.mark.weekly),
        pytest.param("old", marks=pytest.mark.weekly),
    ]
)
def board(request):
    if request.param != "here" and os.getuid() != 0:
        pytest.skip("only root can become somebody else")
    return scoreboard(request.param)


def test_every_attack_is_covered_by_some_layer(board):
    assert board["unprotected"] == []


def test_no_probe_gets_through(board):
    text = board["graded"]["probes"]["text"]
    said = re.search(r"ran (\d+) through \[(.*?)\]", text)
    assert said, text
    assert (int(said[1]), said[2]) == (COUNT, "")


def test_honest_code_may_do_what_it_likes(board):
    assert "ran 1 through []" in board["graded"]["honest"]["text"]


def test_the_planted_secret_is_in_no_report(board):
    for graded in board["graded"].values():
        assert board["secret"] not in graded["text"]


def test_nothing_around_is_harmed_and_nothing_is_left(board):
    assert board["unharmed"] == dict.fromkeys(board["unharmed"], True)
    assert board["processes left"] == []
    assert not board["folder left"]


def test_what_is_graded_afterwards_is_graded_as_before(board):
    before, after = board["graded"]["solved"], board["graded"]["solved again"]
    assert before["score"] == after["score"] == 100
    assert before["checks"] == after["checks"]


@pytest.mark.parametrize("attack", ON_THE_VERDICT)
def test_no_point_is_gained(board, attack):
    plain, hostile = board["graded"]["wrong"], board["graded"][attack]
    assert plain["score"] < 50
    for check, (_, score) in hostile["checks"].items():
        assert score <= plain["checks"][check][1], check


@pytest.mark.parametrize("brought", BROUGHT)
def test_what_is_brought_along_is_no_learning(board, brought):
    checks = board["graded"][f"brought: {brought}"]["checks"]
    assert checks["learns"] == ["failed", 0]
    status, points = checks["step_order"]
    assert points == 0
    # Some hide an error in their update lines, which is named then.
    assert status in {"failed", "error"}


@pytest.mark.parametrize("attack", ON_THE_VERDICT)
def test_no_words_are_without_end(board, attack):
    assert board["graded"][attack]["longest"] < 2000


@pytest.mark.parametrize("attack", ["probes", "its own mathematics", *FORGERIES])
def test_a_person_is_told_of_what_reaches_in(board, attack):
    assert "reaches_in" in board["graded"][attack]["notes"]


def test_an_answer_that_a_submission_writes_itself_arrives(board):
    """A right one earns its points: so the forgeries fail for what they say, not for their code."""
    assert board["graded"]["its own mathematics"]["checks"]["step_order"] == ["passed", 20]


@pytest.mark.parametrize("fair", ["solved", "wrong", "honest", "bomb: memory", "bomb: disk"])
def test_nobody_is_told_of_anything_else(board, fair):
    assert "reaches_in" not in board["graded"][fair]["notes"]


def test_a_stall_between_tasks_is_short(board):
    # Each of four tasks answers at once and stalls; the limit on each is 6 seconds.
    assert board["graded"]["an answer ahead of time, then a stall"]["seconds"] < 30


@pytest.mark.parametrize("bomb", BOMBS)
def test_a_bomb_costs_only_the_blank_it_is_in(board, bomb):
    graded = board["graded"][f"bomb: {bomb}"]
    status, score = graded["checks"]["step_order"]
    assert score == 0
    assert status in FATES.get(bomb, {"error", "timeout", "crashed", "out_of_memory"})
    for check in ("layer_shapes", "forward_output", "eval_accuracy"):
        assert graded["checks"][check] == ["passed", 20]
    if bomb == "processes":
        assert "started 0 processes" in graded["text"]
    assert "wrote 3" not in graded["text"]  # 3,000 MB
    assert "took all of it" not in graded["text"]


def test_every_attack_has_its_place_in_the_table():
    named = [name for one in CLASSES for name in one.made]
    made = {*NAMES, *ON_THE_VERDICT, *(f"bomb: {name}" for name in BOMBS), *INPUTS}
    made |= {f"brought: {name}" for name in BROUGHT}
    assert sorted(named) == sorted(made)


def test_the_table_says_what_came_of_it(board):
    rows = table.rows({"one": board})
    assert {(row.gained, row.left, row.through) for row in rows} == {(0, 0, ())}
    assert all(row.stopped_by and row.met["one"] not in {"", "unknown"} for row in rows)
    assert len(table.markdown(rows).splitlines()) == len(CLASSES) + 2


def test_the_table_shows_what_gets_through(board):
    harmed = copy.deepcopy(board)
    graded = harmed["graded"]
    graded["patched layers"]["checks"]["step_order"][1] = 20
    graded["bomb: processes"]["left"] = ["123"]
    graded["probes"]["met"]["step_order"] = "E: ran 2 through ['tcp=<socket>'] met no-effect"
    rows = {row.title: row for row in table.rows({"one": harmed})}
    assert rows["patched comparisons, layers, random numbers"].gained == 20
    assert rows["bombs: processes, threads, memory, disk, output"].left == 1
    assert rows["network, sockets"].through == ("tcp",)
