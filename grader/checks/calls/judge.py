"""Judges calls on plain values: what each returned, raised, printed and changed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict, final

from grader.checks.calls.printing import other_text
from grader.checks.calls.wording import other_value
from grader.checks.plain import difference, readable, rebuilt, shown
from grader.checks.remark import Facts, Remark, error_of, raised, same_error
from grader.checks.schema import Described, RaisedError
from grader.quoting import name, quoted
from grader.report import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.assignment import Check
    from grader.checks.calls.cases import CallsChallenge, CallStep


@final
class EndedCall(TypedDict):
    """A call that ended: its value, what it printed, and the arguments after it."""

    returned: Described
    printed: Described
    arguments: Described
    changed: bool


@final
class RaisedCall(TypedDict):
    """A call that ended in an exception, and what it had printed."""

    error: RaisedError
    printed: Described


class CallsObservation(TypedDict):
    """The steps of each case up to the first that raised, or the exception of the definitions.

    ``name`` is the part's own.
    """

    error: RaisedError | None
    name: str
    cases: list[list[EndedCall | RaisedCall]]


def judge(
    observed: CallsObservation,
    reference: CallsObservation,
    check: Check,
    challenge: CallsChallenge,
) -> list[Remark]:
    """Return for each blank the remark on the first case that went wrong for it."""
    if observed["error"] is not None:
        return [raised(observed["error"])]
    found: dict[int | None, list[Remark]] = {}
    returned = []
    prints = any(_text(step) for case in reference["cases"] for step in case)
    for number, wanted in enumerate(reference["cases"]):
        got = observed["cases"][number]
        remark = _case(got, wanted, check, challenge["cases"][number], observed["name"], prints)
        returned += [step.get("returned") for step in got[-1:]]
        if remark is not None:
            blank = challenge["blames"][number] or None
            found.setdefault(blank, []).append(_blamed(remark, blank, check))
    cases = len(reference["cases"])
    same = _all_the_same(returned)
    return [_first(remarks, cases, same=same) for remarks in found.values()]


def _all_the_same(returned: Sequence[Any]) -> bool:
    """Whether every one of several calls returned the same; a worker describes arrays, too."""
    if len(returned) < 2 or any(one is None for one in returned):
        return False
    first = rebuilt(returned[0])
    return all(
        difference(rebuilt(one), first, alike=(), tolerance=0) is None for one in returned[1:]
    )


def _blamed(remark: Remark, blank: int | None, check: Check) -> Remark:
    if blank is None and len(check.blanks) == 1 and remark.error is None:
        blank = check.blanks[0]
    return Remark(remark.code, remark.severity, blank=blank, facts=remark.facts, error=remark.error)


def _first(remarks: Sequence[Remark], cases: int, *, same: bool) -> Remark:
    """Return the first remark, of errors before lesser ones, with how many cases went wrong."""
    first = min(remarks, key=lambda remark: remark.severity is not Severity.ERROR)
    facts = {**first.facts, "wrong": len(remarks), "cases": cases}
    if first.error is not None and len(remarks) < cases:
        facts["worked"] = cases - len(remarks)
    code = first.code
    if same and code in ("other_result", "other_length", "other_item"):
        code = "same_for_every_call"
        if "whole" in facts:
            facts |= {"got": facts["whole_got"], "expected": facts["whole"]}
    return Remark(code, first.severity, blank=first.blank, facts=facts, error=first.error)


def _case(
    got: Sequence[EndedCall | RaisedCall],
    wanted: Sequence[EndedCall | RaisedCall],
    check: Check,
    steps: Sequence[CallStep],
    part: str,
    prints: bool,
) -> Remark | None:
    for number, (one, other) in enumerate(zip(got, wanted, strict=False)):
        facts = {"call": called(steps[: number + 1], part)}
        remark = _step(one, other, check, facts, made=len(steps) > 1 and number == 0)
        if remark is None and prints:
            remark = other_text(_text(one), _text(other), facts)
        if remark is not None:
            return remark
    return None


def called(steps: Sequence[CallStep], part: str) -> str:
    """Return calls as a reader is told of them: ``total([1, 2])``; ``Stack(), push(3)``."""
    told = []
    for step in steps:
        text = f"{step['name'] or part}({step['arguments']})"
        told.append(text if step["called"] else step["name"])
    if len(told) > 5:
        told = [*told[:2], "…", *told[-2:]]
    return ", then ".join(told)


def _step(
    got: EndedCall | RaisedCall,
    wanted: EndedCall | RaisedCall,
    check: Check,
    facts: Facts,
    *,
    made: bool,
) -> Remark | None:
    """Return what one call did wrong; an object that was ``made`` is judged by its methods."""
    if "error" in wanted:
        return _raising(got, wanted["error"], check, facts)
    if "error" in got:
        return raised(got["error"], when=f"called as {facts['call']}")
    if made:
        return None
    returned, expected = rebuilt(got["returned"]), rebuilt(wanted["returned"])
    before, after = rebuilt(wanted["arguments"]), rebuilt(got["arguments"])
    options = check.options
    if options.get("any_order") and isinstance(expected, list) and isinstance(returned, list):
        returned, expected = sorted(returned, key=repr), sorted(expected, key=repr)
    rules = {
        "alike": options.get("alike", ()),
        "tolerance": options.get("tolerance", 1e-6),
    }
    other = difference(returned, expected, **rules)
    if other is not None:
        in_place = expected is None and wanted["changed"] and not got["changed"]
        replaces = in_place and any(difference(returned, one, **rules) is None for one in before)
        code, more = other_value(
            other, returned, expected, _text(got), _text(wanted), replaces=replaces
        )
        return Remark(code, facts={**facts, **more})
    if wanted["changed"]:
        changed = difference(after, before, **rules)
        if changed is not None:
            told = {"got": _shown_arguments(after), "expected": _shown_arguments(before)}
            code = "argument_differs" if got["changed"] else "argument_not_changed"
            return Remark(code, facts={**facts, **told})
    elif got["changed"]:
        told = {"got": _shown_arguments(after)}
        return Remark("changes_its_arguments", Severity.PARTIAL, facts={**facts, **told})
    return None


def _shown_arguments(values: Any) -> str:
    return shown(values[0] if isinstance(values, list) and len(values) == 1 else values)


def _raising(
    got: EndedCall | RaisedCall, wanted: RaisedError, check: Check, facts: Facts
) -> Remark | None:
    facts = {**facts, "expected": wanted["type"]}
    if "error" not in got:
        value = rebuilt(got["returned"])
        return Remark("raises_nothing", facts={**facts, "got": f"the value {shown(value)}"})
    error = got["error"]
    if error["type"] != wanted["type"]:
        told = {"got": name(error["type"]), "text": quoted(error["message"])}
        return Remark("raises_another", facts={**facts, **told})
    if check.options.get("messages") and error["message"].strip() != wanted["message"].strip():
        told = {"got": quoted(error["message"]), "expected": quoted(wanted["message"])}
        return Remark("raises_with_another_message", facts={**facts, **told})
    return None


def _text(step: EndedCall | RaisedCall) -> str:
    return str(rebuilt(step["printed"]))


def alike(one: CallsObservation, other: CallsObservation, place: int | None = None) -> bool:
    """Whether two functions did the same in every case."""
    del place
    if one["error"] is not None or other["error"] is not None:
        return same_error(one["error"], other["error"])
    return len(one["cases"]) == len(other["cases"]) and all(
        len(a) == len(b) and all(map(_alike_steps, a, b))
        for a, b in zip(one["cases"], other["cases"], strict=True)
    )


def _alike_steps(a: Mapping[str, Any], b: Mapping[str, Any]) -> bool:
    if "error" in a or "error" in b:
        same = same_error(error_of(a), error_of(b))
        return same and difference(rebuilt(a["printed"]), rebuilt(b["printed"])) is None
    keys = ("returned", "printed", "arguments")
    return all(difference(rebuilt(a[key]), rebuilt(b[key])) is None for key in keys)


def same_size(value: CallsObservation, reference: CallsObservation) -> bool:
    """Whether every case is there, with all of its steps or those up to an error."""
    if value["error"] is not None:
        return True
    cases = zip(value["cases"], reference["cases"], strict=False)
    return (
        len(value["cases"]) == len(reference["cases"])
        and all(got and (len(got) >= len(ref) or "error" in got[-1]) for got, ref in cases)
        and all(map(_readable, (step for case in value["cases"] for step in case)))
    )


def _readable(step: Mapping[str, Any]) -> bool:
    told = [step[key] for key in ("returned", "printed", "arguments") if key in step]
    return all(map(readable, told)) and type(rebuilt(step["printed"])) is str
