"""What the kernel and the grader's own process say to each other: a line of JSON each."""

from __future__ import annotations

from typing import TypedDict


class Request(TypedDict):
    """The file to grade, what the report calls it, and the options of ``grader.grade``."""

    path: str
    name: str
    options: dict[str, str | int | float]


class Reply(TypedDict, total=False):
    """What is being done, or how it ended: the report as HTML and as text, or an error."""

    step: str
    html: str
    text: str
    error: str
    hint: str | None
