"""Refuses versions of PyTorch and NumPy that nothing can be graded with."""

from __future__ import annotations

import re
from importlib import metadata
from typing import TYPE_CHECKING, Any

from grader.errors import GraderError

if TYPE_CHECKING:
    from collections.abc import Mapping

# As pyproject.toml says. Before 2.4 PyTorch names autocast's device otherwise, and doesn't show
# a plain index to a function mode, which the pretended devices need.
OLDEST_TORCH = (2, 4)
_HINT = "upgrade them in this environment: pip install --upgrade torch torchvision numpy"


def require_torch() -> None:
    """Raise ``GraderError`` if the installed PyTorch is older than ``OLDEST_TORCH``, or missing.

    To be called before a worker imports it: what an old one lacks would end the worker.
    """
    try:
        version = metadata.version("torch")
    except metadata.PackageNotFoundError:
        raise GraderError(
            "PyTorch is not installed beside the grader", "pip install torch torchvision"
        ) from None
    numbers = re.match(r"(\d+)\.(\d+)", version)
    if numbers and tuple(map(int, numbers.groups())) < OLDEST_TORCH:
        oldest = ".".join(map(str, OLDEST_TORCH))
        raise GraderError(
            f"PyTorch {version} is too old to grade with: {oldest} or newer is needed", _HINT
        )


def require_fitting(ready: Mapping[str, Any]) -> None:
    """Raise ``GraderError`` if the workers say that their versions don't fit each other."""
    if ready.get("misfit"):
        raise GraderError(str(ready["misfit"]), _HINT)
