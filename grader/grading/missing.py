"""Modules that a notebook imports and that are not installed where it is graded."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from grader.checks.kinds import kind_of
from grader.checks.remark import Remark, together
from grader.report import Severity, Status

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.grading.verdict import Verdict

_KEY = "missing"
_MOST = 10
# Packages by the modules in them. Only known packages are recommended: a name that a notebook made
# up may be the name of a malicious package.
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
    """Return the names of missing modules that a worker sent; a forged value is bounded here."""
    names = value.get(_KEY) if type(value) is dict else None
    if type(names) is not list:
        return ()
    return tuple(n for n in names[:_MOST] if type(n) is str and re.fullmatch(r"\w{1,40}", n))


def without_missing(value: Any) -> Any:
    """Return an observation without its missing modules, as its kind's judge expects it."""
    if type(value) is dict and _KEY in value:
        return {key: item for key, item in value.items() if key != _KEY}
    return value


def with_missing(judged: Verdict, names: Iterable[str]) -> Verdict:
    """Return a verdict with a remark on the missing modules, unless the check passed.

    The remark comes first, as an error, where no other remark explains what is wrong, and stands
    for what the check would say of the result; else it comes last, as a warning. Status and score
    stay.
    """
    names = tuple(names)
    if not names or judged.status is Status.PASSED:
        return judged
    general = kind_of(judged.check).general
    results = [
        remark
        for remark in judged.remarks
        if remark.severity is Severity.ERROR and remark.mistake is None
        if remark.error or remark.code in general
    ]
    unexplained = bool(results)
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
    if not unexplained:
        return replace(judged, remarks=(*judged.remarks, remark))
    # A result that follows from what the module did not give would be blamed on right code.
    kept = [one for one in judged.remarks if one.error or one not in results]
    return replace(judged, remarks=(remark, *kept))
