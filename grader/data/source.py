"""Chooses the pictures that a run trains on."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from grader.data.digits import load_digits_set, load_verified_mnist
from grader.errors import GraderError

if TYPE_CHECKING:
    from grader.data.digits import DigitsData

# Where the notebook's own MNIST(root='./data/') keeps its files.
_NOTEBOOK_RAW = Path("data", "MNIST", "raw")


def find_data(explicit: str | None, embedded: Path | None) -> DigitsData | None:
    """Return the pictures to use, ``None`` for an assignment without any (``embedded`` ``None``).

    The folder ``explicit`` (``--data``) comes first; then real MNIST, if the notebook's download is
    in the current folder; then the set in ``embedded``. Raises GraderError if the chosen folder
    holds no usable set, or if ``explicit`` is given and none is needed.
    """
    if embedded is None:
        if explicit is not None:
            raise GraderError("this assignment uses no data set", "leave --data out")
        return None
    if explicit is not None:
        return load_digits_set(Path(explicit))
    # The current folder is often a student's repository, where the pictures may be made so that any
    # network learns them. Only bytes known to be MNIST's are used.
    return load_verified_mnist(_NOTEBOOK_RAW) or load_digits_set(embedded)
