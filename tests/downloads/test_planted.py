"""For classes at random in every layout, each point belongs to the notebook of that very student.

Every notebook has points of its own planted in it, so each point in an output shows where it came
from.
"""

from __future__ import annotations

import csv
import io
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.batch.grading import Ran, table
from tests.batch.marked import marked
from tests.downloads.case import archive
from tests.downloads.layouts import SYSTEMS, Handed, System
from tests.downloads.people import Person, classes, namesakes

if TYPE_CHECKING:
    from collections.abc import Sequence

# What a student hands in, as (name, what it is, time of handing in); of several the one marked
# "right" counts. "once" may bear any name.
_KINDS: dict[str, tuple[tuple[str, str, int], ...]] = {
    "once": (("", "right", 1),),
    "late": (("mlp.ipynb", "right", 1),),
    "blank copy": (("mlp.ipynb", "right", 1), ("mlp-Copy1.ipynb", "blank", 1)),
    "blank original": (("mlp.ipynb", "blank", 1), ("my answers.ipynb", "right", 1)),
    "with a text": (("mlp.ipynb", "right", 1), ("notes.txt", "other", 1)),
    "beside one unreadable": (("mlp.ipynb", "right", 1), ("broken.ipynb", "unreadable", 1)),
    "only blank": (("mlp.ipynb", "only blank", 1),),
    "unreadable": (("mlp.ipynb", "unreadable", 1),),
    "no notebook": (("mlp.py", "other", 1),),
    "nothing": (),
}
_ATTEMPTS: dict[str, tuple[tuple[str, str, int], ...]] = {
    "twice": (("mlp.ipynb", "wrong", 1), ("mlp.ipynb", "right", 2)),
    "then blank": (("mlp.ipynb", "right", 1), ("mlp.ipynb", "blank", 2)),
    "then unreadable": (("mlp.ipynb", "right", 2), ("mlp.ipynb", "unreadable", 3)),
}
_NAMES = ("mlp.ipynb", "mlp (1).ipynb", "과제1.ipynb", "HW final.ipynb", "Copy of mlp.ipynb")


@dataclass(frozen=True)
class Class:
    """A class with what everybody handed in; ``points`` are those to be found, by login."""

    people: tuple[Person, ...]
    handed: tuple[Handed, ...]
    points: dict[str, int | None]


@st.composite
def _handed_in(draw: st.DrawFn, system: System) -> Class:
    people = draw(classes(teams=system.teams))
    kinds = _KINDS | (_ATTEMPTS if system.attempts else {})
    marks = iter(draw(st.permutations(range(1, 99))))
    handed, points = [], {}
    for person in people:
        first = next(one for one in people if not system.teams or one.team == person.team)
        if system.teams and first is not person:
            points[person.login] = points[first.login]  # handed in by a team mate
            continue
        kind = draw(st.sampled_from(sorted(kinds)))
        points[person.login] = None
        for name, what, at in kinds[kind]:
            mark = next(marks)
            if what in {"right", "only blank"}:
                points[person.login] = mark if what == "right" else 0
            named = name or draw(st.sampled_from(_NAMES))
            handed.append(
                Handed(person, named, what.removeprefix("only "), mark, at, late=kind == "late")
            )
    return Class(people, tuple(handed), points)


_SETTINGS = settings(
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
    # A class takes half a second, so that a failure is shown as it was found.
    print_blob=False,
    phases=[Phase.explicit, Phase.generate],
)
_OF_EACH = pytest.mark.parametrize("system", SYSTEMS, ids=lambda system: system.name)


@_OF_EACH
@given(data=st.data())
@settings(_SETTINGS, max_examples=2, derandomize=True)
def test_points_belong_to_the_notebook_of_that_student(system: System, data: st.DataObject) -> None:
    _check(system, data.draw(_handed_in(system)), zipped=data.draw(st.booleans()))


@pytest.mark.weekly
@_OF_EACH
@given(data=st.data())
@settings(_SETTINGS, max_examples=60)
def test_so_they_do_in_many_more_classes(system: System, data: st.DataObject) -> None:
    _check(system, data.draw(_handed_in(system)), zipped=data.draw(st.booleans()))


def _check(system: System, made: Class, *, zipped: bool) -> None:
    if all(mark is None for mark in made.points.values()):
        return  # there is nothing to grade, which is refused
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        book = system.people(made.people)
        (home / system.people_file).write_bytes(book)
        more = ["--gradebook", system.people_file] if system.column >= 0 else []
        if system.groups is not None:
            (home / "groups.csv").write_bytes(system.groups(made.people))
            more += ["--groups", "groups.csv"]
        _lay_out(home, system.files(made.handed), zipped=zipped)
        path = "download.zip" if zipped else "download"
        ran = marked(path, "--roster", system.people_file, *more, "-o", "out", home=home)
        assert ran.status in {0, 1}, ran.err
        _check_table(system, made, table(home / "out" / "grades.csv"), ran)
        if system.column >= 0:
            after = (home / "out" / "gradebook" / system.people_file).read_bytes()
            _check_book(system, made, book, after, ran)


def _lay_out(home: Path, files: dict[str, bytes], *, zipped: bool) -> None:
    if zipped:
        (home / "download.zip").write_bytes(archive(files))
        return
    for path, data in files.items():
        target = home / "download" / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)


def _check_table(system: System, made: Class, rows: Sequence[dict[str, str]], ran: Ran) -> None:
    doubles = set() if system.sure else namesakes(made.people)
    said = re.sub(r"\s", "", ran.out + ran.err)
    graded = set()
    for row in rows:
        person = _person(row, made.people)
        if person is None:
            assert row["status"] != "missing"
            shown = {re.sub(r"\s", "", f"graded as {row['id']}"), re.sub(r"\s", "", row["file"])}
            assert any(one in said for one in shown), f"{row['id']} is nobody, in silence"
            continue
        if row["status"] in {"missing", "unreadable"}:
            assert row["score"] == ""
            continue
        assert float(row["score"]) == made.points[person.login], (row, person)
        graded.add(person.login)
    for person in made.people:
        if made.points[person.login] is None or person.login in graded:
            continue
        assert person.login in doubles, f"{person} was dropped: {[dict(r) for r in rows]}"


def _person(row: dict[str, str], people: Sequence[Person]) -> Person | None:
    found = [
        p
        for p in people
        if row["email"] == p.email
        or row["id"].casefold()
        in {
            *(p.number, p.login, p.email, p.canvas, f"participant {p.participant}"),
            f"teilnehmer/in{p.participant}",
        }
    ]
    assert len(found) < 2
    return found[0] if found else None


def _check_book(system: System, made: Class, before: bytes, after: bytes, ran: Ran) -> None:
    """Check that only points have changed, and that each is of its row's own student."""
    old, new = _cells(before), _cells(after)
    assert len(old) == len(new)
    doubles = set() if system.sure else namesakes(made.people)
    for was, now in zip(old, new, strict=True):
        column = system.column
        if len(was) <= column:
            assert was == now
            continue
        assert [*was[:column], *was[column + 1 :]] == [*now[:column], *now[column + 1 :]]
        person = next((p for p in made.people if _row_is(p, was)), None)
        points = None if person is None else made.points[person.login]
        if points is None or (person and person.login in doubles and was == now):
            assert was == now
        else:
            assert now[column] == str(points), f"{person} has {now}\n{ran.out}\n{ran.err}"


def _row_is(person: Person, row: Sequence[str]) -> bool:
    keys = {person.email, person.login, "#" + person.login, person.canvas}
    return bool(keys & set(row)) or row[0] == f"Participant {person.participant}"


def _cells(data: bytes) -> list[list[str]]:
    encoding = "utf-16" if data.startswith(b"\xff\xfe") else "utf-8-sig"
    text = data.decode(encoding)
    delimiter = "\t" if "\t" in text else ","
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
