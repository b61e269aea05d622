"""Does what pages take long for the first time, while there is nothing better to do."""

from __future__ import annotations

from importlib import import_module

from grader.pages.code import coloured
from grader.pages.templating import template

_TEMPLATES = ("feedback.html", "class_report.html")
_SLOW = ("matplotlib.style", "matplotlib.figure", "matplotlib.backends.backend_svg")


def get_ready() -> None:
    """Import what draws, compile the templates and the colouring's rules: most of a second.

    Nothing depends on it. Nothing is drawn: that sets what a program has but once, as the
    warnings that are told are, and other threads are at work.
    """
    for name in _SLOW:
        import_module(name)
    for name in _TEMPLATES:
        template(name)
    coloured([(1, "pass")])
