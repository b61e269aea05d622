"""``grade schema``: writes JSON Schemas of an assignment's files, and the reference page."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from grader.assignment.toml_file import shown
from grader.cli.arguments import Parser
from grader.cli.console import writing
from grader.errors import EXIT_PASSED, GraderError

if TYPE_CHECKING:
    from collections.abc import Sequence

_EPILOG = """\
The schemas are written into reference/schemas/. An editor that knows TOML (VS Code with "Even
Better TOML", or anything that runs Taplo) completes and checks a file whose first line names one:

  #:schema ../schemas/assignment.json       in reference/NAME/assignment.toml
  #:schema ../schemas/mistakes.json         in reference/NAME/mistakes.toml
  #:schema ../../schemas/mistakes.json      in reference/NAME/mistakes/PART.toml

`grade lint` checks the same, and more; `grade new` writes both.
"""


def schema(argv: Sequence[str]) -> int:
    """Write the schemas of a course, or the reference page; return the exit status.

    Raises ``GraderError`` for wrong usage and for files that can't be written.
    """
    parser = Parser(
        prog="grade schema",
        usage="grade schema [--root DIR] [--page FILE]",
        description="Write the JSON Schemas of an assignment's files, or a page about them.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    where = "the folder of reference/ (default: the current one)"
    parser.add_argument("--root", type=Path, default=Path(), metavar="DIR", help=where)
    page = "write the page about the files and the kinds of checks there, as Markdown"
    parser.add_argument("--page", type=Path, metavar="FILE", help=page)
    options = parser.parse_args(argv)
    from grader.rubric.documents import write_schemas  # noqa: PLC0415 - after --help

    reference = options.root / "reference"
    try:
        if options.page is not None:
            from grader.rubric.page import reference_page  # noqa: PLC0415

            options.page.write_text(reference_page(), encoding="utf-8", newline="\n")
            written = [options.page]
        elif not reference.is_dir():
            hint = "grade schema in a course's folder, or --root DIR"
            raise GraderError(f"there is no folder {reference}", hint)
        else:
            written = write_schemas(reference)
    except OSError as error:
        raise GraderError(f"cannot write: {error}", "name a folder that you may write to") from None
    with writing():
        for path in written:
            sys.stdout.write(f"wrote {shown(path)}\n")
    return EXIT_PASSED
