"""A synthetic class: a few dozen programs, names from anywhere, and everything that goes wrong."""

from __future__ import annotations

import hashlib
import random
from dataclasses import dataclass, replace
from functools import cache
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from grader.classroom import Attempt, Choice, Graded, HandedIn, Override, Student, Unclear
from grader.classroom.policy import Lateness, Loss, PointsOrShare
from grader.notebook.read import Cell
from grader.report import Finding, Report, Severity, SourceLine, Status
from tests.notebooks import solved, text
from tests.reports import samples

if TYPE_CHECKING:
    from collections.abc import Iterator

POINTS = 20.0

HOSTILE_NAMES = (
    "<script>document.title='owned'</script>",
    "\"><img src=x onerror=document.title='owned'>",
    "</script><script>document.title='owned'</script>",
    "{{ 7 * 7 }}{% for x in y %}",
    "</style><svg/onload=document.title='owned'>",
    '=HYPERLINK("http://example.invalid","click")',
    "\x1b]0;owned\x07\x1b[31mred\x1b[0m",
    "\u202eesrever\u202c \x00 \ud800 ::error::owned [bold]markup[/bold]",
    "../../../etc/passwd",
    "javascript:alert(1)",
    "a" * 300,
)
_FAMILY = "김이박최정강조윤장임한오서신권황안송류홍"
_GIVEN = ("민준", "서연", "도윤", "하은", "시우", "지우", "예준", "수아", "주원", "채원", "나래")
_LATIN = ("Ada", "Björn", "Chloé", "Đức", "Emma", "Fatima", "Jürgen", "Zoë", "Omar", "Łukasz")
_LATIN_FAMILY = ("Andersson", "O'Neill", "García-López", "Nguyen", "Öztürk", "Smith", "van Dijk")


@dataclass(frozen=True)
class Way:
    """One way to fill in a part: what to change in the solved code, and what comes of it."""

    weight: int
    find: str = ""
    replace: str = ""
    check: str = ""
    status: Status = Status.PASSED
    points: float = POINTS
    code: str = ""
    summary: str = ""
    message: str = "This was observed on the judge's own numbers."


MODEL = (
    Way(70),
    Way(
        *(9, "self.xdim, self.hdim", "self.hdim, self.xdim"),
        *("layer_shapes", Status.FAILED, 10, "swapped_dims", "lin_1: the two sizes are swapped"),
    ),
    Way(
        *(6, "self.hdim, self.ydim", "self.ydim, self.hdim"),
        *("layer_shapes", Status.FAILED, 10, "swapped_dims", "lin_2: the two sizes are swapped"),
    ),
    Way(
        *(8, "self.xdim, self.hdim", "784, 256"),
        *("layer_shapes", Status.PARTIAL, 15, "hard_coded_dims"),
        "lin_1: a size is fixed",
    ),
    Way(
        *(4, "return self.lin_2(hidden)", "return F.softmax(self.lin_2(hidden), dim=1)"),
        *("forward_output", Status.FAILED, 0, "softmax", "forward ends with a softmax"),
    ),
)
EVALUATION = (
    Way(60),
    Way(
        *(14, "batch_in.view(-1, 28*28)", "batch_in.view(256, 28*28)"),
        *("eval_accuracy", Status.FAILED, 0, "hard_coded_batch"),
        *("the batch size is written into view()", samples.HARD_CODED_BATCH.message),
    ),
    Way(
        *(8, "y_pred == y_trgt", "y_pred != y_trgt"),
        *("eval_accuracy", Status.FAILED, 10, "counts_wrong_ones", "counts the wrong answers"),
    ),
    Way(
        *(5, "batch_in.view(-1, 28*28)", "batch_inn.view(-1, 28*28)"),
        *("eval_accuracy", Status.ERROR, 10, "raises", "stops with NameError"),
        "In func_eval this line raises\nNameError: name 'batch_inn' is not defined",
    ),
    Way(
        *(4, "y_pred == y_trgt", "# FILL IN HERE"),
        *("eval_accuracy", Status.NOT_ATTEMPTED, 0, "not_filled_in", "not filled in yet"),
    ),
)
TRAINING = (
    Way(60),
    Way(
        *(18, "optm.zero_grad()", "pass"),
        *("step_order", Status.FAILED, 0, "missing_zero_grad", "gradients are never cleared"),
        samples.NEVER_CLEARED.message,
    ),
    Way(
        *(6, "optm.step()\n", "\n"),
        *("step_order", Status.FAILED, 0, "missing_step", "the optimizer never steps"),
    ),
    Way(
        *(5, "loss_out.backward()", "loss_out.backwards()"),
        *("step_order", Status.ERROR, 0, "raises", "stops with AttributeError"),
    ),
    Way(
        *(3, "optm.zero_grad()", "<b>optm</b>.zero_grad(  # <script>x</script> [red] \x1b[31m"),
        *("step_order", Status.ERROR, 0, "syntax_error", "Python cannot read it"),
    ),
)


PARTS = {9: ("the model class",), 15: ("the evaluation function",), 19: ("the training loop",)}
_FATES = {
    Status.TIMEOUT: (
        *("timeout", "did not finish in time"),
        "This check was stopped after 20 seconds; the reference needs less than one.",
    ),
    Status.CRASHED: (
        *("crashed", "ended Python itself"),
        "Your code ended the Python process instead of returning (exit status 0).",
    ),
    Status.OUT_OF_MEMORY: (
        *("killed_memory", "used too much memory"),
        "Your code used more memory than allowed and was stopped.",
    ),
    Status.NEEDS_GRADING: (
        *("to_be_graded", "graded by a person"),
        "A person grades this answer of 2 words:\n> <b>Because.</b> So.",
    ),
    Status.INTERNAL_ERROR: (
        *("internal", "the grader failed"),
        "The grader itself failed on this check: its worker could not be started.",
    ),
}


@cache
def program(*ways: Way) -> tuple[tuple[Cell, ...], Report]:
    """The cells of the notebook filled in these ways, and the report that they get."""
    cells = _cells()
    found = {}
    for way in ways:
        if way.find:
            place = next(i for i, cell in enumerate(cells) if way.find in cell.source)
            source = cells[place].source.replace(way.find, way.replace, 1)
            line = cells[place].source.split(way.find)[0].count("\n") + 1
            cells = (*cells[:place], replace(cells[place], source=source), *cells[place + 1 :])
            found[way.check] = (way, _finding(way, cells[place], line))
    checks = []
    for name in samples.TITLES:
        if name in found:
            way, finding = found[name]
            checks.append(samples.check(name, way.status, way.points, finding))
        elif name == "learns" and found.keys() & {"layer_shapes", "step_order"}:
            follows = samples.finding("follows", "waits for the others")
            checks.append(samples.check(name, Status.FAILED, 0, follows))
        else:
            checks.append(samples.check(name))
    return cells, samples.report(*checks)


@cache
def _cells() -> tuple[Cell, ...]:
    cells = solved()["cells"]
    return tuple(Cell(n, cell["cell_type"], text(cell)) for n, cell in enumerate(cells, start=1))


def _finding(way: Way, cell: Cell, line: int) -> Finding:
    lines = cell.source.split("\n")[line - 1 : line + 1]
    return samples.finding(
        way.code,
        way.message,
        severity=Severity.PARTIAL if way.status is Status.PARTIAL else Severity.ERROR,
        cell=cell.number,
        line=line,
        summary=way.summary,
        excerpt=tuple(SourceLine(line + i, shown) for i, shown in enumerate(lines)),
    )


def sample_class(count: int, seed: int = 4) -> tuple[list[Graded], HandedIn]:
    """A class of ``count`` students, the same for the same seed; 30 show everything there is."""
    draw = random.Random(seed)
    programs = list(product(MODEL, EVALUATION, TRAINING))
    weights = [a.weight * b.weight * c.weight for a, b, c in programs]
    graded = [
        _graded(_student(number, draw), draw.choices(programs, weights)[0], draw)
        for number in range(count)
    ]
    if count > 2:
        graded[2] = replace(graded[2], team=HOSTILE_NAMES[0])
    for place, change in _CHANGES.items():
        for number in range(place, count, max(30, count // 6)):
            graded[number] = change(graded[number])
    _make_twins(graded)
    _make_pair(graded)
    attempts = [Attempt(g.student, Path(g.origin), None, g.origin, late=g.late) for g in graded]
    return graded, HandedIn(
        counted=tuple(attempts),
        missing=(
            *(Student(f"m{n:03}", _korean(draw)) for n in range(max(2, count // 50))),
            Student("m-hostile", HOSTILE_NAMES[0]),
        ),
        unclear=(
            Unclear("extra/notes.docx", "is not a notebook"),
            Unclear(HOSTILE_NAMES[1], "two students have this name", who=True),
        ),
        choices=tuple(_choices(graded)) if count > 2 else (),
        layout="a folder with one notebook a student",
    )


def _student(number: int, draw: random.Random) -> Student:
    section = draw.choice(("A", "B", "C"))
    if number < len(HOSTILE_NAMES):
        return Student(HOSTILE_NAMES[number], HOSTILE_NAMES[number], section=HOSTILE_NAMES[3])
    latin = f"{draw.choice(_LATIN)} {draw.choice(_LATIN_FAMILY)}"
    name = _korean(draw) if number % 3 else latin
    return Student(f"{20210000 + number * 7}", name, f"s{number}@example.org", section)


def _korean(draw: random.Random) -> str:
    return draw.choice(_FAMILY) + draw.choice(_GIVEN)


def _graded(student: Student, ways: tuple[Way, ...], draw: random.Random) -> Graded:
    cells, report = program(*ways)
    group = hashlib.sha256(repr(ways).encode()).hexdigest()[:12]
    return Graded(
        student=student,
        origin=f"section-{student.section}/{student.name}.ipynb",
        report=report,
        group=group,
        cells=cells,
        parts=PARTS,
        late=draw.random() < 0.05,
        earlier=("attempt-1.ipynb",) if draw.random() < 0.1 else (),
    )


def _grave(status: Status):
    def change(one: Graded) -> Graded:
        code, summary, message = _FATES[status]
        finding = samples.finding(code, message, summary=summary)
        broken = samples.check("step_order", status, 0, finding)
        checks = tuple(broken if c.id == broken.id else c for c in one.report.checks)
        report = replace(one.report, checks=checks, score=sum(c.score for c in checks))
        return replace(one, report=report, group=f"{one.group[:6]}-{status.value[:5]}")

    return change


def _unreadable(one: Graded) -> Graded:
    checks = [samples.check(name, Status.ERROR, 0) for name in samples.TITLES]
    note = samples.finding("unreadable", f"{one.origin} is not a notebook: it is a web page")
    return replace(one, report=samples.report(*checks, notes=[note]), cells=(), group="")


def _given_code_changed(one: Graded) -> Graded:
    message = "The code around the blanks of the training loop differs from the template's."
    note = samples.finding("given_code_changed", message, severity=Severity.INFO, cell=19, line=1)
    return replace(one, report=replace(one.report, notes=(note,)))


def _reaches_in(one: Graded) -> Graded:
    message = (
        "A person should look at this notebook: it reaches in: sys._getframe (cell 7, line 3)."
    )
    note = samples.finding("reaches_in", message, severity=Severity.WARNING, cell=7, line=3)
    return replace(one, report=replace(one.report, notes=(note,)))


def _decided(one: Graded) -> Graded:
    reason = "The projector hid this line in class. <b>Agreed</b> with the lecturer."
    decision = Override(reason, checks={"step_order": 15.0}, by="TA 김")
    return replace(one, override=decision)


def _forgiven(one: Graded) -> Graded:
    return replace(one, override=Override("Handed in on paper.", score=88.5))


def _when(**said):
    rule = Loss(PointsOrShare(10, percent=True))
    return lambda one: replace(one, lateness=Lateness("2025-03-01 23:59:00+09:00", rule, **said))


_CHANGES = {
    12: _grave(Status.TIMEOUT),
    13: _grave(Status.CRASHED),
    14: _grave(Status.OUT_OF_MEMORY),
    15: _grave(Status.INTERNAL_ERROR),
    16: _unreadable,
    17: _given_code_changed,
    18: _decided,
    19: _forgiven,
    20: lambda one: replace(one, late=True),
    21: _grave(Status.NEEDS_GRADING),
    22: _when(why_open="nothing tells when it was handed in"),
    23: _when(handed_in="2025-03-03 10:00:00+09:00", days=2),
    26: _reaches_in,
}


def _choices(graded: list[Graded]) -> Iterator[Choice]:
    """Two choices to look at, one of them hostile, and an ordinary one."""
    for one in (graded[1], graded[-1]):
        place, names = one.origin.rpartition("/")[0], (*HOSTILE_NAMES, "mlp-Copy1.ipynb")
        left = tuple(f"{place}/{name}" for name in names)
        yield Choice(one.student, one.origin, left, f"only a copy: {HOSTILE_NAMES[0]}")
    why = "the last of 2 attempts, by the date in its name"
    yield Choice(graded[-2].student, "2025-03-02/mlp.ipynb", ("2025-03-01/mlp.ipynb",), why, True)


def _make_pair(graded: list[Graded]) -> None:
    """Let two students share lines that nobody else has."""
    if len(graded) > 28:
        for place in (27, 28):
            cells = list(graded[place].cells)
            where = next(i for i, cell in enumerate(cells) if cell.number == 15)
            own = "seen_so_far = 0\nright_so_far = 0\nshare_of_right = lambda: right_so_far\n"
            cells[where] = replace(cells[where], source=own + cells[where].source)
            graded[place] = replace(graded[place], cells=tuple(cells), group="a pair")


def _make_twins(graded: list[Graded]) -> None:
    """Let some students' saved outputs be the same: a pair, and three of them."""
    for places in ((21, 22), (23, 24, 25)):
        if places[-1] < len(graded):
            ids = [graded[place].student.id for place in places]
            for place in places:
                others = tuple(name for name in ids if name != graded[place].student.id)
                graded[place] = replace(graded[place], twins=others)
