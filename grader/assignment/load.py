"""Reads an assignment's folder: the rubric, the mistakes, the alternatives and the words.

An unknown key is an error, and so is the name of something that does not exist: a typing mistake
must not switch a check off.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from grader.assignment.consistency import contradictions
from grader.assignment.entries import (
    AlternativeEntry,
    KnownNames,
    MistakeEntry,
    alternative_of,
    check_of,
    mistakes_of,
)
from grader.assignment.model import MARKER, Assignment, Blank, Mistake, Part, Role, Words
from grader.assignment.toml_file import TomlFile, read_toml, shown
from grader.decode import DecodingError, UnknownKeyError, decode, suggestion
from grader.errors import AssignmentError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

T = TypeVar("T")
U = TypeVar("U")

_RUBRIC, _MISTAKES = "assignment.toml", "mistakes.toml"
_REFERENCE = "reference"


@dataclass(frozen=True, kw_only=True)
class Rubric:
    """``assignment.toml`` as it is written; the checks hold options that only their kinds know.

    ``mistakes`` names the files that list mistakes, in the order in which they are tried. Without
    it that is ``mistakes.toml``, if there is one. ``marker`` is the comment that students find in
    a blank.
    """

    id: str
    title: str
    notebook: str
    data: str | None = None
    mistakes: tuple[str, ...] | None = None
    marker: str = MARKER
    roles: tuple[Role, ...] = ()
    parts: tuple[Part, ...]
    blanks: tuple[Blank, ...]
    checks: tuple[dict[str, Any], ...]


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
        one = _assignment(folder.resolve())
        found.setdefault(one.id, one)
    return tuple(found.values())


def known_assignments() -> tuple[str, ...]:
    """Return the names of the assignments that ``load_assignment`` finds by name."""
    return tuple(sorted({folder.name for root in _roots() for folder in _folders(root)}))


def load_assignment(name: str) -> Assignment:
    """Load an assignment by its name under ``reference/`` or by the path of its folder.

    A name is looked for in the course that the working folder is in, then among our own. Raises
    ``AssignmentError`` when there is none, or when its files are wrong.
    """
    places = [Path(name)]
    if re.fullmatch(r"[\w-]+", name):
        places = [*(root / _REFERENCE / name for root in _roots()), *places]
    folder = next((place for place in places if (place / _RUBRIC).is_file()), None)
    if folder is None:
        raise AssignmentError(
            f"there is no assignment {name!r}",
            suggestion(name, known_assignments())
            or f"name one of {', '.join(known_assignments())}, or give a folder that holds an "
            "assignment.toml",
        )
    return _assignment(folder.resolve())


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
    return sorted(path.parent for path in (root / _REFERENCE).glob(f"*/{_RUBRIC}"))


def _assignment(folder: Path) -> Assignment:
    file = read_toml(folder / _RUBRIC)
    rubric = file.decode(Rubric)
    checks = tuple(check_of(file, number, entry) for number, entry in enumerate(rubric.checks))
    for error in contradictions(rubric.roles, rubric.parts, rubric.blanks, checks):
        raise file.error(error)
    if not re.fullmatch(r"#[^\n]*\w[^\n]*", rubric.marker):
        hint = 'begin it with #, and say in it what to do: marker = "# YOUR CODE HERE"'
        raise file.error(DecodingError("it is no comment", hint, ("marker",)))
    if not (folder / rubric.notebook).is_file():
        hint = "it is the solved notebook, in the folder of assignment.toml"
        raise file.error(DecodingError("there is no such file", hint, ("notebook",)))
    known = KnownNames(
        blanks=[blank.number for blank in rubric.blanks],
        parts=[part.id for part in rubric.parts],
        checks=[check.id for check in checks],
    )
    return Assignment(
        id=rubric.id,
        title=rubric.title,
        folder=folder,
        reference=folder / rubric.notebook,
        # A course's folder holds both: reference/NAME and student_templates.
        template=folder.parent.parent / "student_templates" / rubric.notebook,
        data=folder / rubric.data if rubric.data is not None else None,
        roles=rubric.roles,
        parts=rubric.parts,
        blanks=rubric.blanks,
        checks=checks,
        mistakes=tuple(_mistakes(file, rubric, known)),
        alternatives=tuple(
            _entries(
                folder / "alternatives.toml",
                "alternatives",
                AlternativeEntry,
                lambda entry: [alternative_of(entry, known)],
            )
        ),
        words=_words(folder / "words.toml"),
        marker=rubric.marker,
    )


def _mistakes(rubric_file: TomlFile, rubric: Rubric, known: KnownNames) -> Iterator[Mistake]:
    """Yield the mistakes of every listed file, in the order of the list."""
    folder = rubric_file.path.parent
    listed = (_MISTAKES,) if rubric.mistakes is None else rubric.mistakes
    for number, name in enumerate(rubric.mistakes or ()):
        problem = None
        if name in listed[:number]:
            problem = f"{name} is listed twice"
        elif not (folder / name).resolve().is_relative_to(folder.resolve()):
            problem = f"{name} is not in the assignment's folder"
        if problem is not None:
            hint = "name each file once, as mistakes/PART.toml"
            raise rubric_file.error(DecodingError(problem, hint, ("mistakes", number)))
        if not (folder / name).is_file():
            hint = f"write {name}, or take it out of the list"
            error = DecodingError(f"there is no file {name}", hint, ("mistakes", number))
            raise rubric_file.error(error)
    for path in (folder / _MISTAKES, *sorted((folder / "mistakes").glob("*.toml"))):
        name = path.relative_to(folder).as_posix()
        if path.is_file() and name not in listed:
            raise AssignmentError(
                f"{shown(path)} is not read: assignment.toml does not list it",
                f'add "{name}" to mistakes = [ … ] in assignment.toml, or remove the file',
            )
    for path in (folder / name for name in listed):
        yield from _entries(path, "mistakes", MistakeEntry, lambda entry: mistakes_of(entry, known))


def _entries(path: Path, key: str, form: type[T], read: Callable[[T], Iterable[U]]) -> Iterator[U]:
    """Yield what each entry of a file's only list is read as; no file has no entries."""
    if not path.is_file():
        return
    file = read_toml(path)
    lists = file.decode(dict[str, tuple[dict[str, Any], ...]])
    for name in lists:
        if name != key:
            raise file.error(UnknownKeyError(name, suggestion(name, [key]) or f"it is {key}"))
    for number, plain in enumerate(lists.get(key, ())):
        with file.at(key, number):
            yield from read(decode(form, plain))


def _words(path: Path) -> dict[str, Words]:
    if not path.is_file():
        return {}
    return read_toml(path).decode(dict[str, Words])
