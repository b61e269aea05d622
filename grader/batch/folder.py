"""The folder a batch keeps its results in, and has to itself while its database is open."""

from __future__ import annotations

from typing import TYPE_CHECKING

from grader.batch.store import Store
from grader.files import remove_drafts

if TYPE_CHECKING:
    from pathlib import Path

DATABASE = "grades.db"
PAGES = "feedback"
GRADEBOOKS = "gradebook"
ANNOTATED = "annotated"


def open_store(out: Path) -> Store:
    """Open the folder's database, and tidy up after a run that was killed while it wrote.

    Raises ``GraderError`` as ``Store`` does, when another run is at work on the folder, say.
    """
    store = Store(out / DATABASE)
    for folder in (out, out / PAGES, out / GRADEBOOKS, out / ANNOTATED):
        remove_drafts(folder)
    return store
