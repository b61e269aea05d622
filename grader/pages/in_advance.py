"""Warms up the code of the pages while a class is being graded."""

from __future__ import annotations

from importlib import import_module

from grader.pages.code import coloured
from grader.pages.templating import template

_TEMPLATES = ("feedback.html", "class_report.html")
_SLOW = ("matplotlib.style", "matplotlib.figure", "matplotlib.backends.backend_svg")


def get_ready() -> None:
    """Import matplotlib, compile the templates and the lexer's rules, which takes most of a second.

    It only saves time. It draws nothing, because drawing changes global state such as the filters
    of warnings while other threads work.
    """
    for name in _SLOW:
        import_module(name)
    for name in _TEMPLATES:
        template(name)
    coloured([(1, "pass")])
