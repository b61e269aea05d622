"""``grade new NAME``: writes the files of a new assignment, ready to be graded and changed."""

from __future__ import annotations

import argparse
import re
import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from grader.cli.arguments import Parser
from grader.cli.console import writing
from grader.errors import EXIT_PASSED, GraderError
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_FOLDER, _TEMPLATES = Path("reference"), Path("student_templates")
_FILES = ("notebook.ipynb", "assignment.toml", "mistakes.toml", "alternatives.toml")
_CHECK_LINE = "  checks/moves_along.py\n                      a check of your own\n"
# What one check more changes: it takes points of another's, and notices a listed mistake.
_AVERAGING = 'parts = ["averaging"]'
_ROW = '    "| average | 50 | `average` returns the mean | 2 |\\n",\n'
_OWN_ROW = '    "| moves along | 10 | its result moves as the numbers do | 2 |\\n",\n'
_WITH_CHECK_IN = {
    "assignment.toml": (f"points = 50\n{_AVERAGING}", f"points = 40\n{_AVERAGING}"),
    "mistakes.toml": ('average = "failed"', 'average = "failed", moves_along = "failed"'),
    "notebook.ipynb": (_ROW, _ROW.replace("50", "40") + _OWN_ROW),
    "alternatives.toml": ("", ""),
}
_EPILOG = """\
The files are reference/NAME/ with a solved notebook of two blanks, and the students' notebook made
from it, student_templates/NAME.ipynb. Its audit is green as it stands.
"""
_NEXT = """\
wrote {folder}:
  assignment.toml     parts, blanks, checks and points
  mistakes.toml       wrong answers, and what a student is told
  alternatives.toml   right answers in other words
{check}  {name}.ipynb
                      the solved notebook: '# ANSWER n' at the end of a line makes it blank n
and {template}, the students' notebook made from it;
reference/schemas lets an editor complete and check these files

next:
  1. grade the solved notebook; it gets full marks now, and should after every change:
       grade --assignment {folder} {folder}/{name}.ipynb
  2. write your own notebook, and say in assignment.toml what is graded
  3. build the students' notebook anew:
       grade template build
  4. see what is wrong with these files, all of it at once:
       grade lint {folder}
  5. see that every wrong answer loses its points, and that none is overlooked:
       grade audit --assignment {folder}
"""


def new(arguments: Sequence[str]) -> int:
    """Write ``reference/NAME/`` and its student's notebook here, and say what to do next.

    Raises ``GraderError`` for a name that can't be one, or where there is something already.
    """
    parser = Parser(
        prog="grade new",
        usage="grade new [--with-check] NAME",
        description="Write the files of a new assignment.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("names", nargs="*", metavar="NAME", help="a letter, then letters, digits, - and _")
    own = "also write a check of your own, reference/NAME/checks/moves_along.py, with comments that"
    add("--with-check", action="store_true", help=f"{own} say how one is made")
    options = parser.parse_args(arguments)
    names, with_check = options.names, options.with_check
    if len(names) != 1:
        raise GraderError("grade new takes one name, the assignment's", "grade new my_homework")
    name = names[0]
    if not re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]{0,63}", name):
        shown = printable(name, 60)
        raise GraderError(
            f"{shown} cannot be an assignment's name",
            "a letter, then letters, digits, - and _: grade new my_homework",
        )
    from grader.assignment import load_assignment  # noqa: PLC0415 - after wrong usage
    from grader.rubric.documents import write_schemas  # noqa: PLC0415
    from grader.template.build import notebook_text, student_notebook  # noqa: PLC0415

    folder = _FOLDER / name
    template = _TEMPLATES / f"{name}.ipynb"
    for there in (folder, template):
        if there.exists():
            raise GraderError(
                f"{there} is there already, and nothing was changed", "choose another name"
            )
    try:
        folder.mkdir(parents=True)
        for file, text in _texts(with_check=with_check):
            target = folder / file.replace("notebook", name)
            target.parent.mkdir(exist_ok=True)
            target.write_text(text.replace("@NAME@", name), encoding="utf-8", newline="\n")
        write_schemas(_FOLDER)
        template.parent.mkdir(exist_ok=True)
        student = notebook_text(student_notebook(load_assignment(str(folder))))
        template.write_text(student, encoding="utf-8", newline="\n")
    except OSError as error:
        raise GraderError(f"cannot write {folder}: {error.strerror or error}") from error
    with writing():
        told = {"folder": folder.as_posix(), "template": template.as_posix(), "name": name}
        sys.stdout.write(_NEXT.format(**told, check=_CHECK_LINE if with_check else ""))
    return EXIT_PASSED


def _texts(*, with_check: bool) -> Iterator[tuple[str, str]]:
    """Yield the files of a new assignment, by their names in its folder."""
    skeleton = files("grader.skeleton")
    for file in _FILES:
        text = (skeleton / file).read_text(encoding="utf-8")
        if with_check:
            text = text.replace(*_WITH_CHECK_IN[file])
            if file == "assignment.toml":
                text += (skeleton / "with_check.toml").read_text(encoding="utf-8")
        yield file, text
    if with_check:
        # Not a module of the grader's: it imports PyTorch, for the half that runs in a sandbox.
        text = (skeleton / "moves_along.txt").read_text(encoding="utf-8")
        yield "checks/moves_along.py", text
