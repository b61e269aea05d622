"""The ``overrides.toml`` that a class starts with: comments that explain how to fill it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.points import points

if TYPE_CHECKING:
    from collections.abc import Mapping

_TEXT = """\
# Your decisions: points that you give by hand, and why.
#
# This file is read each time the class is graded or rescored, and never written to again. Your
# reason is shown wherever the points are, to the student too.
#
# For one student. The id is in the first column of grades.csv. Give points for single checks;
# the others stay as they were graded:
#
#   [[student]]
#   id = "20231234"
#   checks.{check} = {points}
#   reason = "right, but written in a way that the grader does not know"
#   by = "Kim"                          # who decided; you may leave it out
#
# For everyone who handed in the same program. The group is in grades.csv and report.html. Here
# with points for the whole, in place of those of the checks:
#
#   [[group]]
#   id = "9f3a"
#   score = {half}
#   reason = "the exercise sheet itself suggested this"
#
# As many entries as you like, in any order. A student's own entry counts before the group's.
#
# The checks, and the most points for each ({total} together):
#
{checks}
#
# To begin, copy an entry below this line and take the # away.
"""


def example(checks: Mapping[str, float]) -> str:
    """Return the starter file for an assignment; ``checks`` are the most points by check id."""
    width = max(map(len, checks), default=0)
    name, most = next(iter(checks.items()), ("NAME", 0.0))
    total = sum(checks.values())
    return _TEXT.format(
        check=name,
        points=points(most),
        half=points(total / 2),
        total=points(total),
        checks="\n".join(f"#   {id_:<{width}}  {points(p)}" for id_, p in checks.items()),
    )
