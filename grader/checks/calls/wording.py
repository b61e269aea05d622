"""Says what is wrong with a value that a call returned."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from grader.checks.plain import Difference, OtherObject, shown, type_name

if TYPE_CHECKING:
    from grader.checks.remark import Facts


def other_value(
    other: Difference,
    returned: Any,
    expected: Any,
    printed: str,
    wanted_printed: str,
    *,
    replaces: bool,
) -> tuple[str, Facts]:
    """Return code and facts of a value that differs; ``replaces``: it is what an argument becomes.

    ``printed`` is what the call printed and ``wanted_printed`` what it should have.
    """
    whole = {"got": shown(returned), "expected": shown(expected)}
    if expected is None:
        shows = wanted_printed and str(returned).strip() == wanted_printed.strip()
        if replaces or not shows or printed:
            return "returns_instead_of_changing" if replaces else "returns_something", whole
        return "returns_instead_of_printing", whole
    if returned is None:
        shows = printed.strip() and not wanted_printed
        if shows and printed.strip() in (str(expected).strip(), repr(expected)):
            return "prints_instead_of_returning", {**whole, "printed": shown(printed.strip())}
        return "returns_nothing", whole
    if isinstance(returned, OtherObject) and returned.why:
        return "result_too_large", {"got": type_name(returned), "why": returned.why}
    if other.what == "type" and not other.path:
        types = {
            "got": with_article(type_name(returned)),
            "expected": with_article(type_name(expected)),
        }
        held = "" if isinstance(returned, OtherObject) else shown(returned)
        return "other_result_type", {**types, "value": f" ({held})" if held else ""}
    return _other_of_the_type(other, returned, expected, whole)


def _other_of_the_type(
    other: Difference, returned: Any, expected: Any, whole: Facts
) -> tuple[str, Facts]:
    if isinstance(returned, str) and isinstance(expected, str):
        return _other_text(returned, expected), whole
    if _rearranged(returned, expected):
        return "other_order", whole
    if other.what == "length" and not other.path:
        counts = {"length": len(returned), "wanted": len(expected)}
        return "other_length", {**whole, **counts}
    if other.path:
        told = {**_at(other), "whole_got": whole["got"], "whole": whole["expected"]}
        return "other_item", told
    return "other_result", whole


def with_article(name: str) -> str:
    """Return a type's name in a sentence: ``a list``, ``an int``, ``None``."""
    if name == "NoneType":
        return "None"
    return f"{'an' if name[:1] in 'aeiou' else 'a'} {name}"


def _at(other: Difference) -> Facts:
    told: dict[str, str] = {"place": other.path}
    told |= {"got": shown(other.got), "expected": shown(other.wanted)}
    if other.what == "type":
        for key, value in (("got", other.got), ("expected", other.wanted)):
            told[key] = f"{shown(value)}, {with_article(type_name(value))}"
    return told


def _other_text(returned: str, expected: str) -> str:
    if returned.split() == expected.split() or _bare(returned) == _bare(expected):
        return "other_spacing"
    return "other_case" if returned.casefold() == expected.casefold() else "other_result"


def _bare(text: str) -> str:
    return "".join(text.split())


def _rearranged(returned: Any, expected: Any) -> bool:
    """Whether a list holds the right items in another order."""
    if type(returned) is not type(expected) or not isinstance(expected, (list, tuple)):
        return False
    return Counter(map(repr, returned)) == Counter(map(repr, expected))
