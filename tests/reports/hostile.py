"""Text that a terminal, a page or a table would obey, and a report that is made of it."""

from __future__ import annotations

import re
from dataclasses import replace

from grader.report import SourceLine, Status

from . import samples

HOSTILE = (
    "[bold red]not markup[/] [link=file:///etc/passwd]x[/link] :smile: {x} %s "
    "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x1b]8;;http://evil\x1b\\link \x9b2J \x07\x08\x7f\r"
    "\u202eright to left\u202c \u2066isolate\u2069 \u200bzero \ud800 \U000e0041 \u2028 end"
)
# Everything that a terminal obeys or that hides or reorders text.
DANGEROUS = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\U000e0041]"
)


def hostile_report():
    found = samples.finding(
        HOSTILE,
        HOSTILE,
        cell=1,
        line=1,
        column=3,
        end_column=30,
        excerpt=(SourceLine(1, HOSTILE), SourceLine(2, "two\nlines")),
        summary=HOSTILE,
        hint=HOSTILE,
        why=HOSTILE,
        got=HOSTILE,
        expected={HOSTILE: [HOSTILE]},
    )
    report = samples.report(
        samples.check(HOSTILE, Status.FAILED, 0, found, title=HOSTILE),
        path=HOSTILE,
        notes=[found],
        device=HOSTILE,
        dataset=HOSTILE,
        torch=HOSTILE,
        isolation=HOSTILE,
        unprotected=(HOSTILE,),
    )
    return replace(report, assignment=HOSTILE, title=HOSTILE)
