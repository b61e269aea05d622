"""The check ``calls``: what a function of plain Python, or a class's methods, do when called.

Ints, texts, lists, dicts, sets, ``None`` and what is made of them are compared with what the solved
notebook does: what a call returns, raises and prints, and what becomes of its arguments.
"""

from grader.checks.calls.cases import CallsOptions, contradictions, draw
from grader.checks.calls.judge import CallsObservation, alike, judge, same_size
from grader.checks.kind import Kind

# Each says what a call did; a listed mistake that does the same says why.
_GENERAL = frozenset(
    {
        *("argument_differs", "argument_not_changed", "changes_its_arguments", "other_case"),
        *("other_item", "other_length", "other_order", "other_result", "other_result_type"),
        *("other_spacing", "prints_instead_of_returning", "prints_nothing", "prints_other"),
        *("prints_other_lines", "prints_other_spacing", "prints_too_much", "raises_another"),
        *("raises_nothing", "raises_with_another_message", "returns_instead_of_changing"),
        *("returns_instead_of_printing", "returns_nothing", "returns_something"),
        *("result_too_large", "same_for_every_call"),
    }
)
KIND = Kind(
    draw=draw,
    judge=judge,
    form=CallsObservation,
    options=CallsOptions,
    contradictions=contradictions,
    same_size=same_size,
    alike=alike,
    general=_GENERAL,
)
