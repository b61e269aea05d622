"""The command line's options, parsed into data."""

from __future__ import annotations

import argparse
import os
import re
from dataclasses import dataclass, fields
from difflib import get_close_matches
from typing import TYPE_CHECKING, NoReturn

from grader import __version__
from grader.cli import values
from grader.errors import GraderError
from grader.reports.file_formats import FILE_FORMATS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_EPILOG = """\
examples:
  grade submission.ipynb                        grade one notebook
  grade --json report.json submission.ipynb     and keep the report as JSON
  grade --json - submission.ipynb | jq .score   JSON alone, for scripts
  grade section1/*.ipynb                        one after another, then a summary
  grade submissions.zip -o graded               a whole class, with feedback for everyone
  grade submission.ipynb --annotated pages      and the notebook with the findings in it
  grade rescore graded                          the same with a changed rubric, nothing run
  grade new my_homework                         the files of a new assignment
  grade doctor                                  what protects this machine

exit status:
  0  every check passed (several notebooks: every one was graded)
  1  points were lost (several notebooks: some could not be read)
  2  wrong usage, or nothing could be graded
  3  the grader itself failed; these points are not final
"""


@dataclass(frozen=True)
class Arguments:
    """The command line's arguments.

    ``files`` has a destination for each of ``FILE_FORMATS`` that was asked for. ``annotated`` is a
    folder, empty where the option was given without one.
    """

    paths: tuple[str, ...]
    json: str | None
    files: Mapping[str, str]
    github: bool
    device: str
    seed: int | None
    isolation: str | None
    timeout: float | None
    data: str | None
    python: str | None
    assignment: str | None
    annotated: str | None
    batch: BatchArguments


@dataclass(frozen=True)
class BatchArguments:
    """The arguments for a whole class; ``out`` is the folder of its results."""

    out: str | None
    roster: str | None
    gradebooks: tuple[str, ...]
    column: str | None
    format: str | None
    zips: tuple[str, ...]
    show_answers: bool
    grouping: bool
    jobs: int | None
    scheduler: str | None


def is_batch(arguments: Arguments) -> bool:
    """Whether a class is graded, not single notebooks."""
    return arguments.batch.out is not None or any(map(_holds_several, arguments.paths))


def _holds_several(path: str) -> bool:
    if os.path.isdir(path):  # noqa: PTH112 - a path of any text
        return True
    if path.endswith(".ipynb"):
        return False
    from grader.intake import has_archive_name  # noqa: PLC0415 - only for what is no notebook

    return has_archive_name(path)


def parse(argv: Sequence[str] | None) -> Arguments:
    """Return the arguments of ``argv`` (``None``: the program's own).

    Raises ``GraderError`` for wrong usage; ``--help`` and ``--version`` raise ``SystemExit``.
    """
    given = vars(_parser().parse_args(argv))
    batch = {field.name: given.pop(field.name) for field in fields(BatchArguments)}
    for several in ("gradebooks", "zips"):
        batch[several] = tuple(batch[several])
    files = {name: given.pop(name) for name in FILE_FORMATS}
    arguments = Arguments(
        paths=tuple(given.pop("paths")),
        files={name: destination for name, destination in files.items() if destination is not None},
        **given,
        batch=BatchArguments(**batch),
    )
    if not arguments.paths:
        hint = "grade submission.ipynb"
        if arguments.annotated:  # it was probably the notebook
            hint += " --annotated DIR: the folder comes after the option"
        raise GraderError("no notebook was named", hint)
    _refuse_what_needs_a_folder(arguments)
    _refuse_another_folder(arguments)
    if arguments.batch.scheduler is not None and not is_batch(arguments):
        # Ignoring it would run programs on this machine that were meant for the cluster.
        raise GraderError(
            "--scheduler is for a whole class", "grade FOLDER --scheduler ADDRESS, or add -o OUT"
        )
    return arguments


def parse_rescore(argv: Sequence[str]) -> Arguments:
    """Return the arguments of ``grade rescore OUT``; raises ``GraderError`` for wrong usage."""
    out = [text for text in argv[:1] if not text.startswith("-")]
    if not out:
        raise GraderError("no folder was named", hint="grade rescore OUT")
    return parse([out[0], "-o", out[0], *argv[1:]])


def _refuse_what_needs_a_folder(arguments: Arguments) -> None:
    """Raise ``GraderError`` for an option that writes into OUT if OUT was not named."""
    batch = arguments.batch
    asked = {
        "--gradebook": batch.gradebooks,
        "--format": batch.format,
        "--zip": batch.zips,
        "--show-answers": batch.show_answers,
    }
    for option, value in asked.items():
        if value and batch.out is None:
            raise GraderError(
                f"{option} writes into the class's folder, and none was named",
                hint=f"grade -o OUT {option} …",
            )


def _refuse_another_folder(arguments: Arguments) -> None:
    """Refuse ``--annotated`` without a folder for notebooks, and with one for a class."""
    if arguments.annotated is None:
        return
    if not is_batch(arguments):
        if not arguments.annotated:
            raise GraderError(
                "--annotated needs a folder to write to", "grade submission.ipynb --annotated DIR"
            )
    elif arguments.batch.out is None:
        raise GraderError(
            "--annotated writes into the class's folder, and none was named",
            "grade PATH -o OUT --annotated",
        )
    elif arguments.annotated:
        shown = arguments.annotated[:200]
        raise GraderError(
            f"--annotated {shown}: a class's annotated notebooks go to OUT/annotated",
            "name no folder, and put the option last: grade PATH -o OUT --annotated",
        )


class Parser(argparse.ArgumentParser):
    """An argument parser that raises ``GraderError``."""

    def error(self, message: str) -> NoReturn:
        """Raise argparse's message as ``GraderError`` with a hint."""
        unknown = re.match(r"unrecognized arguments: (\S+)", message)
        if unknown:
            known = [option for action in self._actions for option in action.option_strings]
            close = get_close_matches(unknown[1].split("=")[0], known, n=1)
            hint = f"did you mean {close[0]}?" if close else f"{self.prog} --help lists the options"
            raise GraderError(f"there is no option {unknown[1]}", hint=hint)
        # "argument --seed: expected one argument" reads better without its first word.
        raise GraderError(message.removeprefix("argument "), hint=f"{self.prog} --help shows how")


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="grade",
        usage="grade [OPTION ...] PATH [PATH ...]",
        description="Grade fill-in-the-blank PyTorch notebooks.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("paths", nargs="*", metavar="PATH", help="a notebook, a folder or an archive")
    add("--json", metavar="FILE", help="write JSON too; with - only JSON, on stdout")
    for name, form in FILE_FORMATS.items():
        add(f"--{name}", metavar="FILE", help=form.help)
    github = "annotate the notebook, in a GitHub workflow, and write the step's summary and outputs"
    add("--github", action="store_true", help=github)
    device = "run them on auto (default), cpu, cuda or cuda:N"
    add("--device", type=values.device, default="auto", metavar="WHERE", help=device)
    add(
        "--seed",
        type=values.seed,
        metavar="N",
        help="draw the same weights and inputs as another run",
    )
    isolation = "confine them: auto (default), strict (default for a class), basic or none"
    add("--isolation", type=values.isolation, metavar="HOW", help=isolation)
    add("--timeout", type=values.timeout, metavar="S", help="seconds that one check may take")
    add("--data", type=values.folder, metavar="DIR", help="the folder that holds the data set")
    python = "a newer Python, asked about text that this one cannot read (default: those on PATH)"
    add("--python", metavar="PATH", help=python)
    annotated = "write the whole notebook with the findings there, as .html and .ipynb; for a class"
    annotated += " without DIR: into OUT/annotated"
    add("--annotated", nargs="?", const="", metavar="DIR", help=annotated)
    add("--assignment", metavar="NAME", help="its name, or its folder (default: recognised)")
    _add_batch_options(parser)
    add("--version", action="version", version=f"grader {__version__}")
    return parser


def _add_batch_options(parser: argparse.ArgumentParser) -> None:
    """Add the options for a whole class."""
    group = parser.add_argument_group("for a whole class (a folder, an archive, or with -o)")
    add = group.add_argument
    out = "keep results, feedback and report there; the same command goes on where it stopped"
    add("-o", "--output", dest="out", metavar="OUT", help=out)
    add("--roster", metavar="FILE", help="CSV that says who is who: id, name, e-mail, section")
    book = "fill in the CSV that Canvas or Moodle exported (a copy, in OUT)"
    add("--gradebook", dest="gradebooks", action="append", default=[], metavar="FILE", help=book)
    add("--column", metavar="NAME", help="the gradebook's column, if it leaves that open")
    add("--format", choices=("nbgrader",), help="write the table that nbgrader exports, too")
    back = "zip the feedback as this system takes it back"
    add("--zip", dest="zips", action="append", default=[], choices=("canvas", "moodle"), help=back)
    add("--show-answers", action="store_true", help="show students the expected answers")
    add("--jobs", type=values.jobs, metavar="N", help="so many at a time (default: processors)")
    alone = "run every notebook by itself, also those with the same code"
    add("--no-grouping", dest="grouping", action="store_false", help=alone)
    add("--scheduler", metavar="ADDRESS", help="run the programs on a Dask cluster")
