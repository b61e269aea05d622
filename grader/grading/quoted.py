"""Says of an answer that stands in quotes that this is why it has no effect."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from grader.checks.kinds import kind_of

if TYPE_CHECKING:
    from grader.assignment import Check
    from grader.checks.remark import Remark
    from grader.grading.submission import Submission


def with_quotes_named(remark: Remark, check: Check, submission: Submission) -> Remark:
    """Return a remark that nothing is there, for a line in quotes as the remark that it is one."""
    site = submission.site(remark.blank) if remark.blank is not None else None
    if site is None or not site.quoted or remark.code not in kind_of(check).nothing_there:
        return remark
    return replace(remark, code="in_quotes", observed=remark.code)
