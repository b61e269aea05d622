"""Compares an observation with the form that its kind states, before a judge reads it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from grader.checks.kinds import kind_of
from grader.checks.remark import Remark
from grader.checks.schema import has_form
from grader.errors import AssignmentError
from grader.quoting import quoted

if TYPE_CHECKING:
    from grader.assignment import Check
    from grader.grading.observe import Observation

NO_FORM = "it does not have the form of an answer"


def observing_failed(trouble: Remark) -> Remark:
    """Return the trouble of a submission whose reference was observed without any.

    An internal error is then the submission's doing: the probe works on the reference, so the
    submission broke it by changing PyTorch or Python itself.
    """
    if trouble.code != "internal":
        return trouble
    last = str(trouble.facts.get("detail", "")).strip().splitlines()[-1:]
    return Remark(
        "observing_failed", facts={"detail": quoted(last[0]) if last else "no reason was given"}
    )


def well_formed(check: Check, value: Any, reference: Observation | None) -> bool:
    """Whether what was observed has the form that its probe gives it."""
    kind = kind_of(check)
    return has_form(kind.form, value) and (
        reference is None or kind.same_size(value, reference.value)
    )


def with_form(check: Check, observation: Observation) -> Observation:
    """Return the reference's observation; one that has not its kind's form is the grader's fault.

    A submission's is compared with the same form, and would be blamed for what its probe does.
    """
    kind = kind_of(check)
    if observation.trouble is not None:
        return observation
    if has_form(kind.form, observation.value):
        if (fault := kind.reference_fault(observation.value)) is not None:
            raise AssignmentError(fault, "put the check right, or the solved notebook")
        return observation
    detail = f"what the probe of {check.kind} returns has not the form that its KIND states"
    return replace(observation, trouble=Remark("internal", facts={"detail": detail}))
