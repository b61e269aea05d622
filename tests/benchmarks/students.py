"""A class of mixed students, the same one every time: what each wrote in the three graded cells.

A class is few programs and many notebooks: most students write what others write, laid out and
commented differently. How many of each kind there are is ``CLASS``; which of the listed mistakes
and alternatives they hand in is drawn from a fixed seed.
"""

from __future__ import annotations

import random
from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.assignment import load_assignment
from grader.grading.solved import edited
from grader.notebook.read import read_notebook
from grader.template import with_answer, without_markers
from tests.notebooks import EVALUATION, MODEL, TRAINING, code

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from grader.notebook.read import Notebook

MLP = load_assignment("mlp")
SOLVED = read_notebook(MLP.reference)
_SEED = 7

# Of 100 students so many …
CLASS = {
    "right, as taught": 24,  # the solution in another layout
    "right, in other words": 22,
    "one mistake": 28,
    "two mistakes": 8,
    "unfinished": 10,
    "hostile": 8,
}
# … who share so many programs. (Each hostile one is unlike the others.)
_PROGRAMS = {"right, in other words": 12, "one mistake": 18, "two mistakes": 6, "unfinished": 5}

ENDLESS = "endless loop"
# What stands in front of a right blank 5.
HOSTILE = {
    ENDLESS: "while True: pass",
    "ends the process": "__import__('os')._exit(0)",
    "prints a report of its own": 'print(\'{"score": 100, "status": "passed"}\')',
    "prints megabytes": "print('x' * 1_000_000)",
    "patches torch": "torch.allclose = torch.equal = lambda *args, **kwargs: True",
    "leaves sleepers": "__import__('os').fork() or __import__('time').sleep(60)",
    "takes all memory": "bytearray(1 << 36)",
    "swallows every exception": "try: 1 / 0\nexcept BaseException: pass",
}
LEAVES_PROCESSES = "leaves sleepers"


@dataclass(frozen=True)
class Student:
    """One of the class: the sources of the notebook's code cells, by what they hold."""

    name: str
    kind: str
    cells: tuple[str, ...]

    @property
    def graded(self) -> dict[str, str]:
        """The three cells that are graded."""
        return {
            landmark: next((cell for cell in self.cells if landmark in cell), "")
            for landmark in (MODEL, EVALUATION, TRAINING)
        }

    def notebook(self) -> dict[str, Any]:
        return code(list(self.cells))


def whole_class(count: int = 100) -> list[Student]:
    """Return ``count`` students in the proportions of ``CLASS``, kinds mixed."""
    rng = random.Random(_SEED)
    handed_in: list[tuple[str, Notebook]] = []
    for kind, share in CLASS.items():
        wanted = max(1, round(share * count / 100))
        programs = list(_programs(kind, rng))[: _PROGRAMS.get(kind, 100)]
        # The first programs are the common ones.
        weights = [1 / (1 + rank) for rank in range(len(programs))]
        more = rng.choices(programs, weights, k=max(0, wanted - len(programs)))
        handed_in += (programs + more)[:wanted]
    rng.shuffle(handed_in)
    return [
        Student(f"student{number:03d}", kind, _layout(notebook, number))
        for number, (kind, notebook) in enumerate(handed_in)
    ]


def sample(students: list[Student], kinds: dict[str, int]) -> list[Student]:
    """Return the first so many students of each kind."""
    left = Counter(kinds)
    chosen = []
    for student in students:
        if left[student.kind] > 0:
            left[student.kind] -= 1
            chosen.append(student)
    return chosen


def _programs(kind: str, rng: random.Random) -> Iterator[tuple[str, Notebook]]:
    """Yield what students of a kind hand in, the solved notebook changed."""
    if kind == "hostile":
        for name, attack in HOSTILE.items():
            yield f"hostile: {name}", _edited([(5, f"{attack}\noptm.zero_grad()")])
        return
    if kind == "right, as taught":
        yield kind, SOLVED
        return
    if kind == "right, in other words":
        listed = [entry.edits for entry in MLP.alternatives]
    elif kind == "unfinished":
        order = [1, 2, 3, 4, 5, 6, 7]
        starts = (0, 2, 4, 6, 3)
        listed = []
        for start in starts:
            yield kind, _edited([(number, "# FILL IN HERE") for number in order[start:]])
    else:
        listed = [m.edits for m in MLP.mistakes if m.blank is not None and not m.only_text]
    rng.shuffle(listed)
    for number, edits in enumerate(listed):
        both = (*edits, *listed[-1 - number]) if kind == "two mistakes" else edits
        if kind == "two mistakes" and len({edit.blank for edit in both}) < len(both):
            continue  # one answer would take the other's place
        yield kind, edited(SOLVED, both, MLP)


def _edited(answers: list[tuple[int, str]]) -> Notebook:
    notebook = SOLVED
    for number, answer in answers:
        cells = [
            replace(cell, source=with_answer(cell.source, number, answer))
            if f"# ANSWER {number}" in cell.source
            else cell
            for cell in notebook.cells
        ]
        notebook = replace(notebook, cells=tuple(cells))
    return notebook


def _layout(notebook: Notebook, number: int) -> tuple[str, ...]:
    """Return the code cells, laid out and commented as nobody else's."""
    cells = [without_markers(cell.source) for cell in notebook.cells if cell.kind == "code"]
    return tuple(
        f"# {number}.{place}\n{cell}\n{'#' * (number % 5)}" for place, cell in enumerate(cells)
    )
