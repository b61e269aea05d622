"""Zips of students' pages, under the names by which Moodle and Canvas assign them to students.

Both systems take files under the names of their own download of submissions, and read only the ids
in these names:

- Moodle, "Upload multiple feedback files in a zip": a folder
  ``<name>_<participant id>_assignsubmission_file`` (before Moodle 4.1 with a trailing underscore);
  its files become the participant's feedback files.
- Canvas, "Upload Submissions": ``<name>[_LATE]_<user id>_<attachment id>_<own name>``, for
  anonymous assignments ``[LATE_]anon_<anonymous id>_<attachment id>_<own name>``. Canvas attaches
  the file to a comment, and shows it under the name of the *submission* that the attachment id
  stands for. It ignores names whose last part begins with "link", so ours never keeps a student's.
"""

from __future__ import annotations

import io
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING

from grader.errors import GraderError
from grader.files import save
from grader.pages.feedback import feedback_file
from grader.text import printable

if TYPE_CHECKING:
    import os
    from collections.abc import Callable, Iterable

    from grader.classroom import Graded

_MOODLE = re.compile(r"([^_]+_[0-9]+_assignsubmission_[a-z]+)(?:(_?)|_(.+))")
_CANVAS = re.compile(
    r"((?:LATE_)?anon_[A-Za-z0-9]+_[0-9]+|(?:[^_]+_)*?[0-9]+_[0-9]+)_.*", re.DOTALL
)
_PAGE = "feedback.html"
# Zip's earliest date, so that the same pages give the same bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def moodle_zip(
    path: str | os.PathLike[str], graded: Iterable[Graded], pages: str | os.PathLike[str]
) -> list[Graded]:
    """Zip the pages in the folder ``pages`` for Moodle; return the students that it left out.

    Their submissions did not come from a Moodle download, or share one, or may be another person's.
    There is no zip if none is certain. Raises ``GraderError`` if no submission came from Moodle, if
    a page is missing, or if ``path`` cannot be written. The same pages give the same bytes.
    """
    return _zip(path, graded, pages, _moodle_name, "Moodle")


def canvas_zip(
    path: str | os.PathLike[str], graded: Iterable[Graded], pages: str | os.PathLike[str]
) -> list[Graded]:
    """Zip the pages in the folder ``pages`` for Canvas, as ``moodle_zip`` does for Moodle."""
    return _zip(path, graded, pages, _canvas_name, "Canvas")


def _moodle_name(part: str) -> str | None:
    found = _MOODLE.fullmatch(part)
    if found is None:
        return None
    folder, underscore, own_name = found.groups()
    # Moodle can also put all files into one folder; the file's own name then follows the mark.
    return f"{folder}_{_PAGE}" if own_name else f"{folder}{underscore}/{_PAGE}"


def _canvas_name(part: str) -> str | None:
    found = _CANVAS.fullmatch(part)
    return None if found is None else f"{found[1]}_{_PAGE}"


_NAMES = {"canvas": ("Canvas", _canvas_name), "moodle": ("Moodle", _moodle_name)}


def refuse_foreign(system: str, origins: Iterable[str]) -> None:
    """Raise ``GraderError`` if no submission has a name of the ``system``'s download."""
    shown, name_for = _NAMES[system]
    if all(_name(origin, name_for) is None for origin in origins):
        raise _foreign(shown)


def _zip(
    path: str | os.PathLike[str],
    graded: Iterable[Graded],
    pages: str | os.PathLike[str],
    name_for: Callable[[str], str | None],
    system: str,
) -> list[Graded]:
    files: dict[str, Path] = {}
    left_out = []
    known = False
    for one in graded:
        name = _name(one.origin, name_for)
        known |= name is not None
        if name is None or name in files or _may_be_anothers(one, name):
            left_out.append(one)
        else:
            files[name] = feedback_file(pages, one)
    if not known:
        raise _foreign(system)
    if files:
        save(Path(path), _packed(files))
    else:
        Path(path).unlink(missing_ok=True)  # an earlier run's
    return left_out


def _foreign(system: str) -> GraderError:
    return GraderError(
        f"no submission has a name that {system} would know again",
        hint=f"grade {system}'s own download of all submissions, unpacked or as it is",
    )


def _may_be_anothers(one: Graded, name: str) -> bool:
    """Whether the system would attach a page to somebody else than the student, or to one of many.

    An id in doubt is a number of the name with more behind it.
    """
    number, _, more = one.student.id.partition(" (")
    return bool(one.team) or (bool(more) and number in re.split(r"[_/]", name))


def _name(origin: str, name_for: Callable[[str], str | None]) -> str | None:
    """Return ``name_for`` of the innermost part of a submission's origin that has a name."""
    for part in reversed(re.split(r"[/\\]", origin)):
        # It becomes a path on somebody's disk, so drop what no file name can hold.
        name = name_for(part) if part.isprintable() else None
        if name is not None:
            return re.sub(r'[:<>"|?*]', "-", name)
    return None


def _packed(files: dict[str, Path]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, file in sorted(files.items()):
            about = zipfile.ZipInfo(name, _NO_TIME)
            about.compress_type = zipfile.ZIP_DEFLATED
            about.create_system = 3  # Unix, on every system
            about.external_attr = 0o644 << 16
            archive.writestr(about, _read(file))
    return packed.getvalue()


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError as error:
        raise GraderError(
            f"cannot read {printable(str(file), 200)}: {error.strerror or error}",
            hint="write the pages before they are zipped",
        ) from error
