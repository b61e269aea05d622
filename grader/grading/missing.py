"""Modules that a notebook imports and that are not installed where it is graded."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from grader.checks.kinds import KINDS
from grader.checks.remark import Remark, together
from grader.grading.catalogue import Named
from grader.report import Severity, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.grading.settled import CheckVerdict

_KEY = "missing"
_MOST = 10
# Known packages by the modules in them. A name from a notebook is no advice: who installs what a
# stranger has made up runs what another stranger has put there.
_PACKAGES = {
    "cv2": "opencv-python-headless",
    "einops": "einops",
    "pandas": "pandas",
    "PIL": "pillow",
    "scipy": "scipy",
    "skimage": "scikit-image",
    "sklearn": "scikit-learn",
    "torchmetrics": "torchmetrics",
}


def missing_in(value: Any) -> tuple[str, ...]:
    """Return the names of modules that a worker says were missing; it may say anything."""
    names = value.get(_KEY) if type(value) is dict else None
    if type(names) is not list:
        return ()
    return tuple(n for n in names[:_MOST] if type(n) is str and re.fullmatch(r"\w{1,40}", n))


def without_missing(value: Any) -> Any:
    """Return an observation as the judge of its kind knows it."""
    if type(value) is dict and _KEY in value:
        return {key: item for key, item in value.items() if key != _KEY}
    return value


def with_missing(settled: CheckVerdict, names: Iterable[str]) -> CheckVerdict:
    """Return what became of a check, with the missing modules beside what they may explain.

    They go first where nothing else explains why the answer is not the reference's.
    """
    judged, named = settled
    names = tuple(names)
    if not names or judged.status is Status.PASSED:
        return settled
    general = KINDS[judged.check.kind].general
    unexplained = any(
        entry.mistake is None and (entry.remark.error or entry.remark.code in general)
        for entry in named
        if entry.remark.severity is Severity.ERROR
    )
    packages = [_PACKAGES[name] for name in names if name in _PACKAGES]
    known = len(packages) == len(names)
    remark = Remark(
        "module_missing",
        Severity.ERROR if unexplained else Severity.WARNING,
        facts={
            "names": together(names),
            "command": f" (pip install {' '.join(packages)})" if known else "",
        },
    )
    # What costs no points by itself takes none away when it is added to a verdict.
    remarks = (remark, *judged.remarks) if unexplained else (*judged.remarks, remark)
    return replace(judged, remarks=remarks), (Named(remark), *named)
