"""The command line as data: options, their limits, and what to type instead of a wrong one."""

from __future__ import annotations

import argparse
import math
import re
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from grader import __version__
from grader.errors import GraderError

if TYPE_CHECKING:
    from collections.abc import Sequence

ISOLATIONS = ("auto", "strict", "basic", "none")
_BIGGEST_SEED = 2**63 - 1
_LONG = 60  # characters of a wrong value that are repeated

_EPILOG = """\
examples:
  grade submission.ipynb                        grade one notebook
  grade --json report.json submission.ipynb     and keep the report as JSON
  grade --json - submission.ipynb | jq .score   JSON alone, for scripts
  grade section1/*.ipynb                        one after another, then a summary
  grade doctor                                  what protects this machine

exit status:
  0  every check passed (several notebooks: every one was graded)
  1  points were lost (several notebooks: some could not be read)
  2  wrong usage, or nothing could be graded
  3  the grader itself failed; these points are not final
"""


@dataclass(frozen=True)
class Arguments:
    """What was asked for on the command line."""

    paths: tuple[str, ...]
    json: str | None
    device: str
    seed: int | None
    isolation: str
    timeout: float | None
    data: str | None
    assignment: str | None


def parse(argv: Sequence[str] | None) -> Arguments:
    """Return the arguments of ``argv`` (``None``: the program's own).

    Raises ``GraderError`` for wrong usage; ``--help`` and ``--version`` raise ``SystemExit``.
    """
    given = vars(_parser().parse_args(argv))
    return Arguments(paths=tuple(given.pop("paths")), **given)


class Parser(argparse.ArgumentParser):
    """An argument parser that raises what the rest of the program raises."""

    def error(self, message: str) -> NoReturn:
        """Turn argparse's sentence into ours, with a hint that helps."""
        if message.startswith("the following arguments are required"):
            raise GraderError("no notebook was named", hint="grade submission.ipynb")
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
    add("paths", nargs="+", metavar="PATH", help="a notebook to grade")
    add("--json", metavar="FILE", help="write JSON too; with - only JSON, on stdout")
    where = "run them on auto (default), cpu, cuda or cuda:N"
    add("--device", type=device, default="auto", metavar="WHERE", help=where)
    add("--seed", type=seed, metavar="N", help="draw the same weights and inputs as another run")
    isolation = "confine them: auto (default), strict, basic or none"
    add("--isolation", type=_isolation, default="auto", metavar="HOW", help=isolation)
    add("--timeout", type=_timeout, metavar="S", help="seconds that one check may take")
    add("--data", type=_folder, metavar="DIR", help="the folder that holds the data set")
    add("--assignment", metavar="NAME", help="which assignment: its name, or its folder")
    add("--version", action="version", version=f"grader {__version__}")
    return parser


def _wrong(option: str, text: str, what: str, hint: str) -> GraderError:
    short = " ".join(text.split())
    short = short if len(short) <= _LONG else short[:_LONG] + "…"
    return GraderError(f"{option} {short}: {what}", hint)


def device(text: str) -> str:
    """Read the name of a device; raises ``GraderError`` for anything else."""
    if not re.fullmatch(r"auto|cpu|cuda(:\d{1,3})?", text, re.ASCII):
        raise _wrong("--device", text, "no such device", "auto, cpu, cuda or cuda:0")
    return text


def seed(text: str) -> int:
    """Read a seed; raises ``GraderError`` for anything else."""
    if not re.fullmatch(r"\d{1,19}", text, re.ASCII) or int(text) > _BIGGEST_SEED:
        raise _wrong("--seed", text, "not a seed", f"a whole number from 0 to {_BIGGEST_SEED}")
    return int(text)


def _isolation(text: str) -> str:
    if text not in ISOLATIONS:
        raise _wrong("--isolation", text, "no such isolation", "auto, strict, basic or none")
    return text


def _timeout(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not (seconds > 0 and math.isfinite(seconds)):
        raise _wrong("--timeout", text, "not a time limit", "seconds, more than 0: --timeout 60")
    return seconds


def _folder(text: str) -> str:
    try:
        found = Path(text).is_dir()
    except (OSError, ValueError):  # a name that is too long, or has a NUL in it
        found = False
    if not found:
        raise _wrong("--data", text, "no such folder", "name the folder that holds the data set")
    return text
