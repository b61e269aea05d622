"""Digests a notebook's saved outputs: they are not graded, but equal ones show one shared run."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

# Losses and accuracies of an unseeded training never come out the same twice; versions and shapes
# do. Outputs with this many decimal fractions identify a run.
_ENOUGH = 8
_FRACTION = re.compile(r"\d\.\d{2,}")
_VOLATILE = {"execution_count", "prompt_number", "metadata", "collapsed"}


def output_digest(cells: Iterable[Any]) -> str | None:
    """Return the SHA-256 of the outputs of a notebook's raw cells, in hexadecimal.

    ``None`` when they hold too few numbers to tell one run from another.
    """
    try:
        outputs = [_stable(cell.get("outputs")) for cell in cells if isinstance(cell, dict)]
        text = json.dumps([kept for kept in outputs if kept], sort_keys=True)
    except RecursionError:  # no run's output is nested that deep
        return None
    if sum(1 for _ in _FRACTION.finditer(text)) < _ENOUGH:
        return None
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _stable(value: Any) -> Any:
    """Return outputs without what changes when a notebook is opened and saved unrun."""
    if isinstance(value, dict):
        return {key: _stable(item) for key, item in value.items() if key not in _VOLATILE}
    if isinstance(value, list):
        return [_stable(item) for item in value]
    return value
