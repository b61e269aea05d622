"""Values in ``grades.db`` that were changed by a disk, a hand or another version: made anew."""

from __future__ import annotations

import json
import random
import shutil
import sqlite3
import zlib
from contextlib import closing
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from grader.batch.store import Store
from grader.runners.answer_cache import AnswerCache, answers_to_bytes
from grader.sandbox import Answer, Fate
from tests.batch.marked import marked
from tests.batch.one_class import POINTS, OneClass, said

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

Value = str | bytes


def _flipped(value: Value, draw: random.Random) -> Any:
    data = bytearray(value if isinstance(value, bytes) else value.encode())
    for _ in range(3):
        data[draw.randrange(len(data))] ^= 1 << draw.randrange(8)
    return bytes(data)


def _other_form(value: Value, draw: random.Random) -> Any:
    plain = draw.choice([None, 5, "x", [], {}, [1], {"x": 1}, [[{}]]])
    text = json.dumps(plain)
    return zlib.compress(text.encode()) if isinstance(value, bytes) else text


def _inner(value: Value, draw: random.Random) -> Any:
    """Change one value deep inside, which stays valid JSON: another version's form."""
    text = zlib.decompress(value).decode() if isinstance(value, bytes) else value
    try:
        plain = json.loads(text)
    except ValueError:
        return "?"
    node = plain
    for _ in range(draw.randrange(4)):
        kinds = list(node.values()) if isinstance(node, dict) else node
        inside = [one for one in kinds if isinstance(one, (dict, list)) and one]
        if not inside:
            break
        node = draw.choice(inside)
    if isinstance(node, dict) and node:
        node[draw.choice(list(node))] = draw.choice([None, 5, {"x": []}, ["y"]])
    changed = json.dumps(plain)
    return zlib.compress(changed.encode()) if isinstance(value, bytes) else changed


DAMAGES: dict[str, Callable[[Value, random.Random], Any]] = {
    "flipped": _flipped,
    "cut": lambda value, draw: value[: draw.randrange(len(value))],
    "a number": lambda _value, _draw: 7,
    "empty": lambda value, _draw: value[:0],
    "another form": _other_form,
    "an inner value": _inner,
}
KEYS = {"results": "student", "facts": "name", "observations": "key"}
PLACES = {
    "a body": ("results", "body"),
    "settings": ("results", "settings"),
    "a digest": ("results", "sha256"),
    "outputs": ("results", "outputs"),
    "a fact": ("facts", "value"),
    "a fact's name": ("facts", "name"),
    "a student": ("results", "student"),
}


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> OneClass:
    made = OneClass(tmp_path_factory.mktemp("class"))
    made.first()
    return made


def _damage(path: Path, table: str, column: str, damage: str, seed: int) -> str:
    draw = random.Random(seed)
    with closing(sqlite3.connect(path)) as database:
        database.text_factory = bytes
        which = KEYS[table]
        rows = database.execute(f"SELECT {which}, {column} FROM {table} ORDER BY 1").fetchall()
        key, value = draw.choice(rows)
        old = value if column in ("body", "answers") else (value or b"x").decode()
        change = f"UPDATE OR IGNORE {table} SET {column} = ? WHERE {which} = ?"
        database.execute(change, (DAMAGES[damage](old, draw), key.decode()))
        database.commit()
    return f"{key!r}, {seed}"


EVERY_DAY = {("a body", "flipped"), ("a body", "an inner value"), ("a fact", "another form")}


@pytest.mark.parametrize(
    ("place", "damage"),
    [
        pytest.param(*pair, marks=() if pair in EVERY_DAY else pytest.mark.weekly)
        for pair in product(PLACES, DAMAGES)
    ],
)
def test_the_next_run_makes_it_anew(
    graded: OneClass, tmp_path: Path, place: str, damage: str
) -> None:
    table, column = PLACES[place]
    for seed in range(1 if (place, damage) in EVERY_DAY else 5):
        home = shutil.copytree(graded.home, tmp_path / str(seed))
        where = _damage(home / "g" / "grades.db", table, column, damage, seed)
        for command in (("rescore", "g"), ("in", "-o", "g")):
            ran = marked(*command, home=home)
            assert ran.status in (0, 2), (where, ran.err)
            assert ran.status == 0 or "hint: " in ran.err
        assert ran.status == 0, (where, ran.err)
        assert said(home / "g")["results"] == POINTS, where


@pytest.mark.parametrize("damage", ["flipped", "cut", "a number", "empty", "another form"])
def test_a_damaged_observation_runs_again(
    tmp_path: Path, damage: str, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = {"task": Answer(Fate.ANSWERED, {"x": np.arange(50.0)}, 1.0, "")}
    with Store(tmp_path / "grades.db") as store:
        store.keep("key", answers_to_bytes(answer))
    for seed in range(10):
        _damage(tmp_path / "grades.db", "observations", "answers", damage, seed)
        with Store(tmp_path / "grades.db") as store:
            found = AnswerCache(store).get("key", lambda: answer)
            assert (found["task"].value["x"] == np.arange(50.0)).all()
            assert "holds what programs answered damaged" in capsys.readouterr().err
            assert store.fetch("key") == answers_to_bytes(answer), "it is kept again"
