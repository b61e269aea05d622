"""Finds what contradicts itself in an assignment: names that lead nowhere, points nobody gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.assignment.entries import BY_HAND, unknown
from grader.decode import DecodingError, MissingKeyError
from grader.requirements import Code, Regex

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from grader.assignment.model import Blank, Check, Part, Role


# A list, a key of its entries, and what the key names: one, or several.
_REFERENCES = (
    ("blanks", "part", "parts"),
    ("roles", "part", "parts"),
    ("roles", "made_of", "roles"),
    ("parts", "about", "roles"),
    ("checks", "parts", "parts"),
    ("checks", "blanks", "blanks"),
    ("checks", "needs", "checks"),
    ("checks", "needs_right", "checks"),
)


def contradictions(
    roles: Sequence[Role], parts: Sequence[Part], blanks: Sequence[Blank], checks: Sequence[Check]
) -> Iterator[DecodingError]:
    """Yield an error for each contradiction, with its path in ``assignment.toml``."""
    entries: dict[str, Sequence[Any]] = {
        "roles": roles,
        "parts": parts,
        "blanks": blanks,
        "checks": checks,
    }
    names: dict[str, list[int | str]] = {}
    for of, listed in entries.items():
        key = "number" if of == "blanks" else "id"
        names[of] = [getattr(entry, key) for entry in listed]
        for place, name in enumerate(names[of]):
            if name in names[of][:place]:
                hint = f"give every {of[:-1]} its own {key}"
                yield DecodingError("it stands twice", hint, (of, place, key))
    for of, key, named in _REFERENCES:
        for place, entry in enumerate(entries[of]):
            value = getattr(entry, key)
            # A role may name none.
            each = value if isinstance(value, tuple) else (value,) * (bool(value) or of != "roles")
            for name in each:
                if name not in names[named]:
                    yield unknown(named[:-1], name, names[named], (of, place, key))
    yield from _dotted(parts)
    yield from _order(checks)
    yield from _ungraded(blanks, checks)


def _dotted(parts: Sequence[Part]) -> Iterator[DecodingError]:
    """Yield an error for each name with a dot: a part is known by names without their modules."""
    for place, part in enumerate(parts):
        for key in ("attributes", "calls", "updates", "unlike"):
            for number, name in enumerate(getattr(part, key)):
                if "." in name:
                    hint = f'write the last name alone: "{name.rpartition(".")[2]}"'
                    path = ("parts", place, key, number)
                    yield DecodingError(f'"{name}" has a dot, and would fit nothing', hint, path)


def _order(checks: Sequence[Check]) -> Iterator[DecodingError]:
    """Yield an error for each check that needs itself or a later one, which is judged after it."""
    places = {check.id: place for place, check in enumerate(checks)}
    needed = {check.id: {*check.needs, *check.needs_right} & places.keys() for check in checks}
    for place, check in enumerate(checks):
        for key in ("needs", "needs_right"):
            for name in getattr(check, key):
                if places.get(name, -1) < place:
                    continue
                path = ("checks", place, key)
                if check.id in _reached(name, needed):
                    hint = "take one of them out: the first of two is judged without the second"
                    problem = "it needs itself" if name == check.id else f"{name} needs it, too"
                    yield DecodingError(problem, hint, path)
                else:
                    hint = f"move the check {name} above this one"
                    yield DecodingError(f"{name} stands below, and is judged later", hint, path)


def _reached(name: str, needed: Mapping[str, set[str]]) -> set[str]:
    """Return a check and all that it needs, however far away."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        one = waiting.pop()
        if one not in found:
            found.add(one)
            waiting += needed[one]
    return found


def _ungraded(blanks: Sequence[Blank], checks: Sequence[Check]) -> Iterator[DecodingError]:
    """Yield an error for blanks that no check grades, and for checks that grade nothing."""
    parts = {blank.number: blank.part for blank in blanks}
    for place, check in enumerate(checks):
        if not check.blanks and check.kind != BY_HAND:
            hint = "blanks = [ … ] names those that it grades"
            yield DecodingError("it grades no blank", hint, ("checks", place))
        for number in check.blanks:
            if number in parts and parts[number] not in check.parts:
                hint = f'add "{parts[number]}" to its parts, or take the blank out'
                problem = f"blank {number} lies in the part {parts[number]}, which is not run"
                yield DecodingError(problem, hint, ("checks", place, "blanks"))
        if len(set(check.blanks)) < len(check.blanks):
            path = ("checks", place, "blanks")
            yield DecodingError("a blank stands twice", "name each once", path)
    graded = {number for check in checks for number in check.blanks}
    for place, blank in enumerate(blanks):
        if blank.number not in graded:
            hint = f"add {blank.number} to the blanks of a check, or take the blank out"
            yield DecodingError("no check grades it", hint, ("blanks", place))
        for error in _in_blank(blank):
            yield error.below("blanks", place)
    if checks and not any(check.points for check in checks):
        hint = "give at least one check more than 0"
        yield DecodingError("all checks together give 0 points", hint, ("checks", 0, "points"))


def _in_blank(blank: Blank) -> Iterator[DecodingError]:
    for key, form in (("patterns", tuple[Code, ...]), ("anchor", Regex), ("neutral", Code)):
        # A block is found, and put aside, without them.
        if not getattr(blank, key) and blank.kind != "block":
            yield MissingKeyError(key, form)
    if "\n" in blank.neutral.strip():
        hint = "write one statement, which takes the place of all lines of the answer"
        yield DecodingError("it has several lines", hint, ("neutral",))
