"""Choose the pictures a run trains on."""

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

    ``explicit`` is the folder given with ``--data`` and wins; else real MNIST, when the
    notebook's download already lies in the current folder; else the set in ``embedded``.
    Raises GraderError when the chosen folder holds no usable set, or when none is needed.
    """
    if embedded is None:
        if explicit is not None:
            raise GraderError("this assignment uses no data set", "leave --data out")
        return None
    if explicit is not None:
        return load_digits_set(Path(explicit))
    # The current folder is often a student's repository, so its data may be made to order:
    # pictures that any network learns, or none. Only bytes known to be MNIST's are used.
    return load_verified_mnist(_NOTEBOOK_RAW) or load_digits_set(embedded)
