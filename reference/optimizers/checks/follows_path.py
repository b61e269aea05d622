"""A check of this assignment's own: where an optimizer takes the parameters it is given.

Two optimizers of a kind are made, one after the other, each for parameters of its own. Both get
the same gradients, step by step; after `CHANGE` steps the learning rate is another one. Observed
are the parameters after each step; what is right is where those of the solved notebook go. What
students read of it stands in words.toml.
"""

from __future__ import annotations

from typing import Any, TypedDict

import numpy as np
import torch

from grader.checks.own import Array, Remark
from grader.report import Severity

STEPS = 8
CHANGE = 5
CLOSE = 1e-4
_BY_HAND = "work two steps out by hand for one number, with the same gradient in both, and compare"
_SETTINGS = "compare the class and its settings with what the text asks for"


class Made(TypedDict):
    """An optimizer: the `blank` that makes it, and its `key`, if a function returns a dict."""

    blank: int
    key: str


class Options(TypedDict, total=False):
    """What is tried.

    `optimizers` are those that the part makes: a class makes one, whose `key` is empty.
    `settings` are the ranges that the arguments after `lr` are drawn from, in their order.
    `of_torch` says whether they have to be those of `torch.optim`; else none of them may be.
    """

    optimizers: tuple[Made, ...]
    settings: tuple[tuple[float, float], ...]
    of_torch: bool


class Path(TypedDict):
    """The parameters after each step, and what `step` itself stopped with."""

    after: list[list[Array]]
    stopped: str


class Seen(TypedDict):
    """What was made, whether it has a step, what it uses of torch.optim, and where it leads."""

    made: str
    steps: bool
    of_torch: bool
    uses: list[str]
    paths: list[Path]


class Observation(TypedDict):
    """An entry for each of `optimizers`."""

    optimizers: list[Seen]


def draw(rng: Any, options: Any) -> dict[str, Any]:
    """Return parameters, the gradients and the learning rate of each step, and settings."""
    rows, columns, length = (int(n) for n in rng.permutation([2, 3, 4]))
    shapes = [(length,), (rows, columns), ()]
    low, high = rng.uniform(0.02, 0.06), rng.uniform(0.1, 0.2)
    return {
        "keys": [one["key"] for one in options["optimizers"]],
        "start": [np.asarray(rng.normal(size=shape)) for shape in shapes],
        "gradients": [
            [np.asarray(rng.normal(size=shape) * rng.uniform(0.5, 2)) for shape in shapes]
            for _ in range(STEPS)
        ],
        "rates": [float(high if step < CHANGE else low) for step in range(STEPS)],
        "settings": [float(rng.uniform(*bounds)) for bounds in options.get("settings", ())],
    }


def probe(student: Any, challenge: Any) -> dict[str, Any]:
    """Let two optimizers of each kind make all steps, and return where the parameters go."""
    return {"optimizers": [_seen(student, challenge, key) for key in challenge["keys"]]}


def _seen(student: Any, challenge: Any, key: str) -> dict[str, Any]:
    uses, paths = [], []
    original = torch.optim.Optimizer.__init__

    def noticed(self: Any, *args: Any, **kwargs: Any) -> None:
        uses.append(type(self).__name__)
        original(self, *args, **kwargs)

    torch.optim.Optimizer.__init__ = noticed
    try:
        for _ in range(2):
            params = [torch.tensor(v, dtype=torch.float32) for v in challenge["start"]]
            params = [p.requires_grad_() for p in params]
            made = student(params, challenge["rates"][0], *challenge["settings"])
            if key and isinstance(made, dict):
                made = made.get(key)
            steps = callable(getattr(made, "step", None)) and not isinstance(made, type)
            paths.append(_path(made, params, challenge) if steps else {"after": [], "stopped": ""})
    finally:
        torch.optim.Optimizer.__init__ = original
    return {
        "made": f"the class {made.__name__}" if isinstance(made, type) else type(made).__name__,
        "steps": steps,
        "of_torch": isinstance(made, torch.optim.Optimizer),
        "uses": sorted({name for name in uses if hasattr(torch.optim, name)}),
        "paths": paths,
    }


def _path(optimizer: Any, params: Any, challenge: Any) -> dict[str, Any]:
    after: list[Any] = []
    now = challenge["rates"][0]
    for rate, gradients in zip(challenge["rates"], challenge["gradients"], strict=True):
        if rate != now:
            _set_rate(optimizer, rate)
            now = rate
        for p, gradient in zip(params, gradients, strict=True):
            p.grad = torch.tensor(gradient, dtype=torch.float32)
        try:
            optimizer.step()
        except Exception as error:
            if _in_a_notebook(error):  # it is told with its line
                raise
            return {"after": after, "stopped": f"{type(error).__name__}: {error}"}
        after.append([p.detach().clone() for p in params])
    return {"after": after, "stopped": ""}


def _in_a_notebook(error: Exception) -> bool:
    """Whether a line of the student's raised it; a wrong call of `step` has none."""
    trace = error.__traceback__
    while trace is not None:
        if trace.tb_frame.f_code.co_filename.startswith("<entry "):
            return True
        trace = trace.tb_next
    return False


def _set_rate(optimizer: Any, rate: float) -> None:
    if isinstance(optimizer, torch.optim.Optimizer):
        for group in optimizer.param_groups:
            group["lr"] = rate
    else:
        optimizer.lr = rate


def judge(observed: Any, expected: Any, options: Any, challenge: Any) -> list[Remark]:
    """Return a remark for each optimizer whose parameters go another way than they should."""
    if len(observed["optimizers"]) != len(expected["optimizers"]):
        return [Remark("not_all_steps")]
    remarks = []
    for k, one in enumerate(options["optimizers"]):
        seen, wanted = observed["optimizers"][k], expected["optimizers"][k]
        advice = _SETTINGS if options.get("of_torch") else _BY_HAND
        about = {"blank": one["blank"], "facts": {"advice": advice}}
        remark = _made(seen, options.get("of_torch", False), about) or _led(
            seen, wanted, challenge, about
        )
        remarks += [remark] if remark is not None else []
    return remarks


def _made(seen: Any, of_torch: bool, about: Any) -> Remark | None:
    """Return the remark on what was made, if it is not what it should be."""
    facts = {**about["facts"], "got": seen["made"], "names": " and ".join(seen["uses"])}
    if not seen["steps"]:
        return Remark("no_optimizer", blank=about["blank"], facts=facts)
    if of_torch and not seen["of_torch"]:
        return Remark("not_of_torch", blank=about["blank"], facts=facts)
    if not of_torch and seen["uses"]:
        return Remark("not_by_hand", blank=about["blank"], facts=facts)
    for path in seen["paths"]:
        if path["stopped"]:
            kind, _, text = path["stopped"].partition(": ")
            facts |= {"type": kind, "text": text}
            return Remark("step_stops", blank=about["blank"], facts=facts)
    return None


def _led(seen: Any, wanted: Any, challenge: Any, about: Any) -> Remark | None:
    """Return the remark on where the parameters go, if that is not where they should."""
    blank, start = about["blank"], challenge["start"]
    paths = [path["after"] for path in seen["paths"]]
    # Whatever a submission's process sends, all of it has to be there.
    if [len(path) for path in paths] != [STEPS, STEPS] or any(
        len(params) != len(start) for path in paths for params in path
    ):
        return Remark("not_all_steps", blank=blank, facts=about["facts"])
    right, again = (path["after"] for path in wanted["paths"])
    wrong = _first_wrong(paths[0], right)
    if wrong is None:
        if _first_wrong(paths[1], again) is None:
            return None
        return Remark("remembers_another", blank=blank, facts=about["facts"])
    step, number = wrong
    got, expected = paths[0][step][number], right[step][number]
    facts = {**about["facts"], "step": step + 1, "number": number + 1, "count": len(start)}
    facts["steps"] = STEPS
    if got.shape != expected.shape:
        facts |= {"got": str(got.shape), "expected": str(expected.shape)}
        return Remark("other_shape", blank=blank, facts=facts)
    if not np.isfinite(got).all():
        return Remark("no_numbers", blank=blank, facts=facts)
    still = [k for k in range(len(start)) if all(_near(now[k], start[k]) for now in paths[0])]
    if len(still) == len(start):
        return Remark("never_moves", blank=blank, facts=facts)
    if still:
        return Remark("some_stand_still", blank=blank, facts={**facts, "number": still[0] + 1})
    firsts = zip(paths[0][0], right[0], start, strict=True)
    if all(_near(now + then, 2 * before) for now, then, before in firsts):
        return Remark("climbs", blank=blank, facts=facts)
    if step == CHANGE:
        return Remark("ignores_new_rate", Severity.PARTIAL, blank=blank, facts=facts)
    place = np.unravel_index(np.argmax(np.abs(got - expected)), got.shape)
    before = (right[step - 1] if step else start)[number][place]
    facts["until"] = f"Until step {step} all is right. After it" if step else "In the first step"
    facts |= {"got": f"{got[place] - before:.4g}", "expected": f"{expected[place] - before:.4g}"}
    return Remark("observed_differs", blank=blank, facts=facts)


def _first_wrong(path: Any, right: Any) -> tuple[int, int] | None:
    """Return the first step and parameter that differ, None where all are equal."""
    for step in range(STEPS):
        for number, expected in enumerate(right[step]):
            if not _near(path[step][number], expected):
                return step, number
    return None


def _near(one: Any, other: Any) -> bool:
    """Whether two arrays are equal up to rounding; NaN is near nothing."""
    if one.shape != other.shape:
        return False
    with np.errstate(all="ignore"):
        return bool((np.abs(one - other) <= CLOSE * (1 + np.abs(other))).all())
