"""Makes a synthetic class: the assignment's listed answers, handed in as students hand in.

``python -m tests.batch.making OUT --students 600 --zip`` writes one as Canvas gives it, with a
roster and a gradebook beside it. The same seed makes the same class, byte for byte.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import zipfile
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any

from grader.assignment import load_assignment
from grader.grading.solved import edited
from grader.notebook.read import read_notebook
from grader.template import without_markers
from tests.attacks.bombs import BOMBS
from tests.attacks.notebooks import attacking, wrong
from tests.attacks.sabotage import ON_THE_VERDICT
from tests.batch.noise import noisy, saved
from tests.batch.people import people
from tests.cli.test_bad_input import FILES
from tests.notebooks import filled, template, text

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.classroom import Student
    from tests.batch.noise import Cell

CHECKS = ("layer_shapes", "forward_output", "eval_accuracy", "step_order", "learns")
# What cannot be read as a notebook.
BROKEN = ("empty", "html", "truncated", "not_json", "no_code", "r", "format_99", "brackets")
_RIGHT = 0.35  # of a class hands in the reference's own answers


@dataclass(frozen=True)
class Handed:
    """Something to hand in: its ``verdict`` is every check that is not passed.

    ``None`` where there is no telling: hostile code, and files that are no notebook.
    """

    label: str
    cells: tuple[Cell, ...] = ()
    verdict: Mapping[str, tuple[str, ...]] | None = None
    data: bytes | None = None

    def file(self, rng: Random) -> bytes:
        """Return it as one student's file."""
        return saved(noisy(self.cells, rng), rng) if self.data is None else self.data


@dataclass(frozen=True)
class Member:
    """One student of the class, and the attempts as (file name, bytes, what it is)."""

    student: Student
    late: bool
    attempts: tuple[tuple[str, bytes, Handed], ...]

    @property
    def handed(self) -> Handed:
        """What counts."""
        return self.attempts[-1][2]


@dataclass(frozen=True)
class SyntheticClass:
    """Who handed in what; the ``missing`` are on the roster alone."""

    members: tuple[Member, ...]
    missing: tuple[Student, ...] = ()

    def files(self) -> dict[str, bytes]:
        """Return the files of a Canvas download."""
        return {name: data for member in self.members for name, data, _ in member.attempts}

    def member(self, id_: str) -> Member:
        """Return a student."""
        return next(member for member in self.members if member.student.id == id_)

    def write(self, folder: Path) -> Path:
        """Write the download as a folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, data in self.files().items():
            (folder / name).write_bytes(data)
        return folder

    def write_zip(self, path: Path) -> Path:
        """Write the download as the zip it comes as."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, data in self.files().items():
                archive.writestr(zipfile.ZipInfo(name), data)
        return path

    @property
    def students(self) -> list[Student]:
        """Everyone, those who handed in nothing too."""
        return [*(member.student for member in self.members), *self.missing]

    def write_roster(self, path: Path) -> Path:
        """Write who is who."""
        rows = [(s.id, s.name, s.email, s.section) for s in self.students]
        return _write_csv(path, [("id", "name", "email", "section"), *rows])

    def write_gradebook(self, path: Path) -> Path:
        """Write what Canvas exports before anything is graded."""
        head = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section", "MLP (4711)")
        rows = [(s.name, s.id, "", s.email, s.section, "") for s in self.students]
        return _write_csv(path, [head, ("    Points Possible", "", "", "", "", "100"), *rows])


def make_class(
    students: int = 600,
    *,
    seed: int = 1,
    programs: int = 60,
    hostile: int = 12,
    broken: int = 8,
    missing: int = 3,
    hostile_names: bool = True,
) -> SyntheticClass:
    """Return a class; ``hostile`` and ``broken`` are how many of its students hand in such.

    Everything on the list of ``programs`` is handed in once at least, if there are students
    enough; the reference's own answers most often.
    """
    rng = Random(seed)
    listed = [right(), *rng.sample(variants(), programs - 2), untouched()]
    odd = [*_cycled(attacks(), hostile), *_cycled(unreadable(), broken)]
    honest = students - len(odd)
    some = rng.choices(listed, cum_weights=_weights(len(listed)), k=max(0, honest - programs))
    handed = [*listed[:honest], *some, *odd]
    rng.shuffle(handed)
    known = people(students + missing, rng, hostile_names)
    return SyntheticClass(
        members=tuple(
            _member(*who, what, handed, number, rng)
            for number, (who, what) in enumerate(zip(known, handed, strict=False))
        ),
        missing=tuple(student for student, _ in known[students:]),
    )


def _member(
    student: Student,
    spelled: str,
    what: Handed,
    others: Sequence[Handed],
    number: int,
    rng: Random,
) -> Member:
    late = rng.random() < 0.06
    earlier = rng.choices((0, 1, 2), (0.85, 0.1, 0.05))[0]
    before = rng.choices(others, k=earlier)
    if not what.cells or what.label == "untouched":
        before = [what] * earlier  # an earlier attempt that says more would count
    tries = [*before, what]
    attempts = []
    for try_, one in enumerate(tries):
        again = f"-{try_}" if try_ else ""
        mark = "_LATE" if late else ""
        file = 500_000 + number * 10 + try_
        name = f"{spelled}{mark}_{student.id}_{file}_mlp{again}.ipynb"
        attempts.append((name, one.file(rng), one))
    return Member(student, late, tuple(attempts))


def _weights(count: int) -> list[float]:
    """Return cumulated weights: the first's share is fixed, the others' fall as 1 / rank."""
    rest = [1 / rank for rank in range(1, count)]
    return list(accumulate([_RIGHT, *(w * (1 - _RIGHT) / sum(rest) for w in rest)]))


def _cycled(items: Sequence[Handed], count: int) -> list[Handed]:
    return [items[number % len(items)] for number in range(count)]


def right() -> Handed:
    """Return the reference's own answers."""
    return Handed("right", _cells(filled({})), {})


def untouched() -> Handed:
    """Return the template as it was given out."""
    return Handed("untouched", _cells(template()), dict.fromkeys(CHECKS, "not_attempted"))


@cache
def variants() -> tuple[Handed, ...]:
    """Return every listed mistake and every listed alternative."""
    assignment = load_assignment("mlp")
    solved = read_notebook(assignment.reference)
    entries = [
        *((mistake.label, mistake.edits, mistake.verdict) for mistake in assignment.mistakes),
        *((other.title, other.edits, {}) for other in assignment.alternatives),
    ]
    found = []
    for label, edits, verdict in entries:
        cells = edited(solved, edits, assignment).cells
        plain = tuple((cell.kind, without_markers(cell.source)) for cell in cells)
        found.append(Handed(label, plain, dict(verdict)))
    return tuple(found)


def attacks() -> list[Handed]:
    """Return hostile notebooks: those that are over soon first, those that take all last."""
    runaway = {
        "quiet end": filled({5: "import os; os._exit(0)"}),
        "segfault": filled({7: "import ctypes; ctypes.string_at(0)"}),
    }
    notebooks: dict[str, dict[str, Any]] = {
        **runaway,
        **{name: wrong(source) for name, source in ON_THE_VERDICT.items()},
        "endless loop": filled({5: "while True: pass"}),
        **{name: attacking(BOMBS[name]) for name in ("memory", "disk", "processes")},
    }
    return [
        Handed(f"hostile: {label}", data=json.dumps(notebook).encode())
        for label, notebook in notebooks.items()
    ]


def unreadable() -> list[Handed]:
    """Return files that are no notebooks."""
    return [Handed(f"broken: {name}", data=FILES[name]) for name in BROKEN]


def twins(some: SyntheticClass, one: str, other: str) -> SyntheticClass:
    """Return the class with what ``one`` handed in handed in by ``other`` too."""
    copied = some.member(one).attempts[-1]

    def changed(member: Member) -> Member:
        if member.student.id != other:
            return member
        name = member.attempts[-1][0]
        return replace(member, attempts=((name, *copied[1:]),))

    return replace(some, members=tuple(map(changed, some.members)))


def _cells(notebook: dict[str, Any]) -> tuple[Cell, ...]:
    return tuple((cell["cell_type"], text(cell)) for cell in notebook["cells"])


def _write_csv(path: Path, rows: Sequence[Sequence[str]]) -> Path:
    buffer = io.StringIO(newline="")
    csv.writer(buffer).writerows(rows)
    path.write_bytes(b"\xef\xbb\xbf" + buffer.getvalue().encode())
    return path


def main() -> None:
    """Write a class, its roster and its gradebook to a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path, metavar="OUT")
    parser.add_argument("--students", type=int, default=600, metavar="N")
    parser.add_argument("--programs", type=int, default=60, metavar="N")
    parser.add_argument("--hostile", type=int, default=12, metavar="N")
    parser.add_argument("--broken", type=int, default=8, metavar="N")
    parser.add_argument("--seed", type=int, default=1, metavar="N")
    parser.add_argument("--zip", action="store_true", help="one zip instead of a folder")
    wanted = parser.parse_args()
    made = make_class(
        wanted.students,
        seed=wanted.seed,
        programs=wanted.programs,
        hostile=wanted.hostile,
        broken=wanted.broken,
    )
    wanted.out.mkdir(parents=True, exist_ok=True)
    if wanted.zip:
        made.write_zip(wanted.out / "submissions.zip")
    else:
        made.write(wanted.out / "submissions")
    made.write_roster(wanted.out / "roster.csv")
    made.write_gradebook(wanted.out / "gradebook.csv")


if __name__ == "__main__":
    main()
