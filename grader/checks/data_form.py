"""The form of a notebook's data, for stand-ins where only its model's class is run."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from grader.assignment import Assignment


class DataForm(TypedDict, total=False):
    """The shape of one image and the number of classes; nothing where there is no such data."""

    image: list[int]
    classes: int


def data_form(assignment: Assignment) -> DataForm:
    """Return the form of the data that the assignment's other checks train or evaluate on."""
    for check in assignment.checks:
        if {"image", "classes"} <= set(check.options):
            return {"image": list(check.options["image"]), "classes": check.options["classes"]}
    return {}
