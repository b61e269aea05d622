"""A page's last line is another one whenever anything in what it is made from is."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any

import pytest

from grader.pages.mark import mark
from grader.report import Status
from tests.reports import samples

if TYPE_CHECKING:
    from collections.abc import Iterator

REPORT = samples.report(
    samples.check("learns", Status.FAILED, 0, samples.finding("odd", "seen there"))
)


def variants(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Yield a value with each thing in it changed, by where that stands."""
    if is_dataclass(value) and not isinstance(value, type):
        for one in fields(value):
            for where, other in variants(getattr(value, one.name), f"{path}.{one.name}"):
                yield where, replace(value, **{one.name: other})
    elif isinstance(value, tuple) and value:
        for number, one in enumerate(value):
            for where, other in variants(one, f"{path}[{number}]"):
                yield where, (*value[:number], other, *value[number + 1 :])
    else:
        yield path, f"{value} changed"


CHANGED = dict(variants(REPORT, "report"))


@pytest.mark.parametrize("where", CHANGED)
def test_whatever_changes(where: str) -> None:
    assert mark("1", CHANGED[where]) != mark("1", REPORT)


def test_the_same_is_the_same() -> None:
    assert mark("1", REPORT) == mark("1", replace(REPORT))
