"""The check ``converges``: how near a student's training comes to the best line through points."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypedDict, final

import numpy as np

from grader.checks.kind import AdviceOptions, Kind, Measure
from grader.checks.remark import Facts, Remark, number, raised
from grader.checks.schema import Failed, RaisedError
from grader.checks.values import Value, arrays
from grader.report import Severity
from grader.requirements import Amount, Count, NotEmpty

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.assignment import Check

# Lines up and down, on either side of 0: a wrong gradient that happens to end well on one of them
# does not on another.
_SIGNS = ((1, 1), (1, -1), (-1, 1), (-1, -1))
_NOISE = 0.1


class NamedOutput(TypedDict):
    """A value that a training returns, by its ``name``."""

    name: str


class ConvergesOptions(AdviceOptions):
    """A training function is called with x, y, the rate and the number of steps.

    ``count`` is the number of points, ``steps`` that of the steps, and ``rate`` the learning rate.
    ``outputs`` are what the function returns. Each may be off by so large a share of the way from 0
    to the best line: up to ``close`` it passes, up to ``near`` it is not there yet.
    """

    outputs: Annotated[tuple[NamedOutput, ...], NotEmpty()]
    count: Count
    steps: Count
    rate: float
    close: Amount
    near: Amount


class ConvergesChallenge(TypedDict):
    """Points x (N,) and y (N,) of each run, the learning rate, and counts."""

    runs: list[list[np.ndarray]]
    rate: float
    steps: int
    outputs: int


@final
class TrainingEnd(TypedDict):
    """What the training returned."""

    returned: list[Value]


class ConvergesObservation(TypedDict):
    """The end of each run, or the exception of the definitions."""

    error: RaisedError | None
    runs: list[Failed | TrainingEnd]


def draw(rng: np.random.Generator, check: Check, *_context: object) -> ConvergesChallenge:
    """Draw points near four lines; the lines themselves stay with the judge."""
    runs = []
    for signs in _SIGNS:
        slope, intercept = signs * rng.uniform(1, 3, 2)
        # Not around 0: a gradient that forgets x, or b, would hardly show there.
        x = rng.normal(0.5, 1, int(check.options["count"])).astype(np.float32)
        noise = rng.normal(0, _NOISE, len(x))
        runs.append([x, (slope * x + intercept + noise).astype(np.float32)])
    return {
        "runs": runs,
        "rate": float(check.options["rate"]),
        "steps": int(check.options["steps"]),
        "outputs": len(check.options["outputs"]),
    }


def best_lines(_check: object, challenge: ConvergesChallenge, _data: object) -> list[np.ndarray]:
    """Return slope and intercept (2,) of least squares for each run."""
    found = []
    for x, y in challenge["runs"]:
        columns = np.stack([x, np.ones_like(x)], axis=1).astype(np.float64)
        found.append(np.linalg.lstsq(columns, y.astype(np.float64), rcond=None)[0])
    return found


def judge(
    observed: ConvergesObservation,
    best: Sequence[np.ndarray],
    check: Check,
    challenge: ConvergesChallenge,
) -> list[Remark]:
    """Compare each run's parameters with least squares, relative to the way from zero."""
    if observed["error"] is not None:
        return [raised(observed["error"])]
    if len(observed["runs"]) != len(best):
        return [Remark("no_parameters", facts={"outputs": _names(check)})]
    ends = []
    for run in observed["runs"]:
        if "error" in run:
            return [raised(run["error"], when=f"in {challenge['steps']} steps of training")]
        end = _line(run)
        if end is None or len(end) != len(best[0]):
            return [Remark("no_parameters", facts={"outputs": _names(check)})]
        ends.append(end)
    far = [_far(end, want) for end, want in zip(ends, best, strict=True)]
    # NaN compares with nothing: a run that diverged is the worst.
    worst = max(range(len(far)), key=lambda k: far[k] if np.isfinite(far[k]) else np.inf)
    facts = _facts(ends[worst], best[worst], challenge["runs"][worst], challenge, check)
    if not np.isfinite(far[worst]) or far[worst] > 2:
        return [Remark("moves_away", facts=facts)]
    if far[worst] <= check.options["close"]:
        return []
    if not np.any(ends[worst]):
        return [Remark("never_moves", facts=facts)]
    if far[worst] <= check.options["near"]:
        return [Remark("not_there_yet", Severity.PARTIAL, facts=facts)]
    return [Remark("does_not_converge", facts=facts)]


def _line(run: Failed | TrainingEnd) -> np.ndarray | None:
    """Return the numbers that a run returned, ``None`` where there are others or none."""
    if "returned" not in run:
        return None
    found = arrays(run["returned"])
    if len(found) < len(run["returned"]) or any(v.size != 1 for v in found):
        return None
    return np.array([float(v.reshape(-1)[0]) for v in found])


def _far(end: np.ndarray, best: np.ndarray) -> float:
    """Return how far a training ended from the best line, relative to the way from zero."""
    return float(np.linalg.norm(end - best) / np.linalg.norm(best))


def _facts(
    end: np.ndarray,
    best: np.ndarray,
    points: Sequence[np.ndarray],
    challenge: ConvergesChallenge,
    check: Check,
) -> Facts:
    x, y = (values.astype(np.float64) for values in points)

    def loss(line: np.ndarray) -> str:
        with np.errstate(all="ignore"):
            return number(float(np.mean((line[0] * x + line[1] - y) ** 2)))

    def words(line: np.ndarray) -> str:
        names = [output["name"] for output in check.options["outputs"]]
        return ", ".join(f"{n} = {number(float(v))}" for n, v in zip(names, line, strict=True))

    return {
        "points": len(x),
        "steps": challenge["steps"],
        "rate": number(challenge["rate"]),
        "loss_before": loss(np.zeros(2)),
        "loss_after": loss(end),
        "loss_best": loss(best),
        "got": words(end),
        "expected": words(best),
    }


def _names(check: Check) -> str:
    return " and ".join(output["name"] for output in check.options["outputs"])


def measure(
    observed: ConvergesObservation,
    best: Sequence[np.ndarray],
    check: Check,
    _challenge: ConvergesChallenge,
) -> Measure | None:
    """Return how far the worst training ended from the best line, relative to the way there."""
    if observed["error"] is not None:
        return None
    far = []
    for run, want in zip(observed["runs"], best, strict=True):
        end = _line(run)
        if end is None or len(end) != len(want):
            return None
        far.append(_far(end, want))
    if not np.isfinite(far).all():
        return None
    limits = {"passed": check.options["close"], "partial": check.options["near"]}
    return Measure(max(far), limits, less_is_better=True)


KIND = Kind(
    draw=draw,
    judge=judge,
    form=ConvergesObservation,
    options=ConvergesOptions,
    known=best_lines,
    together=True,
    measure=measure,
    partly=frozenset({"not_there_yet"}),
)
