"""What a notebook's saved outputs show: nothing that is graded, but a trace of who ran it."""

from __future__ import annotations

import hashlib
import json
import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

# Losses and accuracies of an unseeded training never come out the same twice; a version or a
# shape does. So many numbers with a fraction are a run of one's own.
_TELLING = 8
_FRACTION = re.compile(r"\d\.\d{2,}")
_PASSING = {"execution_count", "prompt_number", "metadata", "collapsed"}


def outputs_sum(cells: Iterable[Any]) -> str | None:
    """Return a sum over the outputs of a notebook's raw cells.

    ``None`` when they are too few to tell one run from another.
    """
    try:
        outputs = [_lasting(cell.get("outputs")) for cell in cells if isinstance(cell, dict)]
        text = json.dumps([kept for kept in outputs if kept], sort_keys=True)
    except RecursionError:  # nested that deep it is no run's output
        return None
    if sum(1 for _ in _FRACTION.finditer(text)) < _TELLING:
        return None
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _lasting(value: Any) -> Any:
    """Return outputs without what changes when a notebook is only opened and saved."""
    if isinstance(value, dict):
        return {key: _lasting(item) for key, item in value.items() if key not in _PASSING}
    if isinstance(value, list):
        return [_lasting(item) for item in value]
    return value
