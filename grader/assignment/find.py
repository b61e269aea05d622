"""Finds assignments: our own, and those of the course that the working folder is in."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from grader.assignment.load import RUBRIC, read_assignment
from grader.decode import suggestion
from grader.errors import AssignmentError

if TYPE_CHECKING:
    from grader.assignment.model import Assignment

_REFERENCE = "reference"


def course_files() -> Path:
    """Return the folder that holds ``reference/`` and ``student_templates/``.

    A wheel carries both inside the package; a checkout has them beside it.
    """
    package = Path(__file__).resolve().parent.parent
    shipped = package / "_shipped"
    return shipped if (shipped / "reference").is_dir() else package.parent


def all_assignments(root: Path | None = None) -> tuple[Assignment, ...]:
    """Load every assignment under the ``reference/`` of a course's folder.

    Without ``root`` these are our own and those of the course that the working folder is in, which
    come first and stand in the place of our own of the same id. Raises ``AssignmentError`` when
    there is none, or when one's files are wrong.
    """
    roots = [root] if root is not None else _roots()
    folders = [folder for one in roots for folder in _folders(one)]
    if not folders:
        raise AssignmentError(
            f"there is no assignment in {roots[0] / _REFERENCE}",
            "name the folder in which reference/ lies",
        )
    found: dict[str, Assignment] = {}
    for folder in folders:
        one = read_assignment(folder.resolve())
        found.setdefault(one.id, one)
    return tuple(found.values())


def known_assignments() -> tuple[str, ...]:
    """Return the names of the assignments that ``load_assignment`` finds by name."""
    return tuple(sorted({folder.name for root in _roots() for folder in _folders(root)}))


def load_assignment(name: str) -> Assignment:
    """Load an assignment by its name under ``reference/`` or by the path of its folder.

    Raises ``AssignmentError`` when there is none, or when its files are wrong.
    """
    return read_assignment(assignment_folder(name))


def assignment_folder(name: str) -> Path:
    """Return the folder of an assignment, given its name under ``reference/`` or its path.

    A name is looked for in the course that the working folder is in, then among our own. Raises
    ``AssignmentError`` when there is none.
    """
    places = [Path(name)]
    if re.fullmatch(r"[\w-]+", name):
        places = [*(root / _REFERENCE / name for root in _roots()), *places]
    folder = next((place for place in places if (place / RUBRIC).is_file()), None)
    if folder is None:
        raise AssignmentError(
            f"there is no assignment {name!r}",
            suggestion(name, known_assignments())
            or f"name one of {', '.join(known_assignments())}, or give a folder that holds an "
            "assignment.toml",
        )
    return folder.resolve()


def lasting_name(assignment: Assignment) -> str:
    """Return what names an assignment from every working folder: its path, if it is not ours."""
    ours = assignment.folder.parent == (course_files() / _REFERENCE).resolve()
    return assignment.folder.name if ours else str(assignment.folder)


def _roots() -> list[Path]:
    """Return the folders in whose ``reference/`` assignments are looked for, in that order."""
    try:
        here = Path.cwd()
    except OSError:  # it was removed
        return [course_files()]
    around = next((one for one in (here, *here.parents) if _folders(one)), None)
    ours = course_files()
    return [ours] if around is None or around.resolve() == ours.resolve() else [around, ours]


def _folders(root: Path) -> list[Path]:
    return sorted(path.parent for path in (root / _REFERENCE).glob(f"*/{RUBRIC}"))
