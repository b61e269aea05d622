"""The command line's options, parsed into data."""

from __future__ import annotations

import argparse
import os
import re
from dataclasses import fields
from typing import TYPE_CHECKING, Any, NoReturn

from grader import __version__
from grader.cli import values
from grader.cli.contradictions import refuse_contradictions
from grader.cli.forgettable import FORGETTABLE
from grader.cli.given import Arguments, BatchArguments
from grader.detail import DETAILS
from grader.errors import GraderError
from grader.options import did_you_mean
from grader.reports.file_formats import FILE_FORMATS

if TYPE_CHECKING:
    from collections.abc import Sequence

COMPLETING = "_ARGCOMPLETE"  # in the environment while a shell asks how a line may go on
_EPILOG = """\
examples:
  grade submission.ipynb                        grade one notebook
  grade --json report.json submission.ipynb     and keep the report as JSON
  grade --json - submission.ipynb | jq .score   JSON alone, for scripts
  grade section1/*.ipynb                        one after another, then a summary
  grade submissions.zip -o graded               a whole class, with feedback for everyone
  grade submission.ipynb --annotated pages      and the notebook with the findings in it
  grade submission.ipynb --watch                again at every save, while you work on it
  grade -o graded --only kim                    one student of it anew, all outputs with it
  grade all/ -o course --course                 a class's notebooks of several assignments

commands (each has --help):
  grade rescore OUT          judge a graded class again, after a change of points or words
  grade diff OLD NEW         whose points differ between two graded folders, and why
  grade new NAME             write the files of a new assignment
  grade lint [NAME|DIR ...]  what is wrong with an assignment's files, all of it at once
  grade schema               write JSON Schemas of these files, for editors
  grade audit                is every point of every assignment still right?
  grade template build|check make the students' notebooks from the solved ones, or check them
  grade gradescope build     make Gradescope's autograder for an assignment
  grade classroom50 build    make Classroom 50's
  grade doctor               what protects this machine, and what grades here
  grade completion SHELL     what makes bash, zsh or fish complete all this

exit status:
  0  every check passed (several notebooks: every one was graded)
  1  points were lost (several notebooks: some could not be read)
  2  wrong usage, or nothing could be graded
  3  the grader itself failed; these points are not final
"""


def parse(argv: Sequence[str] | None) -> Arguments:
    """Return the arguments of ``argv`` (``None``: the program's own).

    Raises ``GraderError`` for wrong usage; ``--help`` and ``--version`` raise ``SystemExit``.
    """
    given = vars(main_parser().parse_args(argv))
    batch = {field.name: given.pop(field.name) for field in fields(BatchArguments)}
    for several in ("gradebooks", "columns", "zips", "only", "forget", "assignments"):
        batch[several] = tuple(batch[several])
    files = {name: given.pop(name) for name in FILE_FORMATS}
    arguments = Arguments(
        paths=tuple(given.pop("paths")),
        files={name: destination for name, destination in files.items() if destination is not None},
        assignment=next(iter(batch["assignments"]), None),
        **given,
        batch=BatchArguments(**batch),
    )
    refuse_contradictions(arguments)
    return arguments


def parse_rescore(argv: Sequence[str]) -> Arguments:
    """Return the arguments of ``grade rescore OUT``; raises ``GraderError`` for wrong usage."""
    if {"-h", "--help"} & {*argv}:
        parse(["--help"])
    out = [text for text in argv[:1] if not text.startswith("-")]
    if not out:
        raise GraderError("no folder was named", hint="grade rescore OUT")
    return parse(["-o", out[0], *argv[1:]])


class Parser(argparse.ArgumentParser):
    """An argument parser that raises ``GraderError``, and completes a line for a shell."""

    def parse_args(self, *given: Any, **named: Any) -> Any:
        """Parse, or answer the shell that calls the command to complete a line."""
        if COMPLETING in os.environ:
            from grader.cli.completing import answer  # noqa: PLC0415 - at the press of a key alone

            answer(self)
        return super().parse_args(*given, **named)

    def error(self, message: str) -> NoReturn:
        """Raise argparse's message as ``GraderError`` with a hint."""
        unknown = re.match(r"unrecognized arguments: (\S+)", message)
        if unknown:
            known = [option for action in self._actions for option in action.option_strings]
            near = did_you_mean(unknown[1].split("=")[0], known)
            hint = near or f"{self.prog} --help lists the options"
            raise GraderError(f"there is no option {unknown[1]}", hint=hint)
        # "argument --seed: expected one argument" reads better without its first word.
        raise GraderError(message.removeprefix("argument "), hint=f"{self.prog} --help shows how")


def main_parser() -> Parser:
    """Return the parser of ``grade PATH``."""
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
    classroom = "write Classroom 50's result.json and release-body.md there too"
    add("--classroom50", metavar="DIR", help=classroom)
    github = "annotate the notebook, in a GitHub workflow, and write the step's summary and outputs"
    add("--github", action="store_true", help=github)
    device = "run them on auto (default), cpu, cuda or cuda:N"
    add("--device", type=values.device, metavar="WHERE", help=device)
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
    named = "its name, or its folder (default: recognised); for a course one of several"
    add("--assignment", dest="assignments", action="append", default=[], metavar="NAME", help=named)
    much = "what students are told: score (points alone), hint (what is wrong) or full (default)"
    add("--detail", choices=DETAILS, help=much)
    again = "grade again whenever the notebook is saved, until Ctrl+C"
    add("--watch", action="store_true", help=again)
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
    teams = "CSV that says who hands in together: team, and id, name or e-mail of a member"
    add("--groups", metavar="FILE", help=teams)
    times = "CSV that says when each handed in (id, time), for policy.toml in OUT: late work"
    add("--times", metavar="FILE", help=times)
    book = "fill in the CSV that Canvas or Moodle exported (a copy, in OUT)"
    add("--gradebook", dest="gradebooks", action="append", default=[], metavar="FILE", help=book)
    column = "the gradebook's column, if it leaves that open; of a course ASSIGNMENT=NAME for each"
    add("--column", dest="columns", action="append", default=[], metavar="NAME", help=column)
    add("--format", choices=("nbgrader",), help="write the table that nbgrader exports, too")
    back = "zip the feedback as this system takes it back"
    add("--zip", dest="zips", action="append", default=[], choices=("canvas", "moodle"), help=back)
    add("--show-answers", action="store_true", help="show students the expected answers")
    add("--jobs", type=values.jobs, metavar="N", help="so many at a time (default: processors)")
    alone = "run every notebook by itself, also those with the same code"
    add("--no-grouping", dest="grouping", action="store_false", default=None, help=alone)
    anew = "grade this student of OUT anew (id or name), with PATH from there; everyone else stays"
    add("--only", action="append", default=[], metavar="STUDENT", help=anew)
    gone = "drop the students of OUT who are not in PATH any more"
    add("--replace", action="store_true", help=gone)
    forget = f"stop using what OUT remembers: {', '.join(FORGETTABLE)}"
    add("--forget", action="append", default=[], metavar="OPTION", help=forget)
    add("--scheduler", metavar="ADDRESS", help="run the programs on a Dask cluster")
    course = "sort the hand-ins by assignment: a folder for each in OUT, and one index and table"
    add("--course", action="store_true", help=course)
