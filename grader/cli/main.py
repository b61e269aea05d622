"""``main``: runs a command and returns its exit status; users' errors print no traceback."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from grader.cli.arguments import COMPLETING, parse
from grader.cli.commands import COMMANDS
from grader.cli.console import complain, complain_of_ourselves, silence
from grader.cli.given import is_batch
from grader.cli.process import StoppedError, orderly
from grader.errors import EXIT_INTERNAL, EXIT_USAGE, GraderError
from grader.own_limits import by_a_limit

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.cli.given import Arguments

EXIT_INTERRUPTED = 130  # what a shell reports for a program that Ctrl-C ended


def main(argv: Sequence[str] | None = None) -> int:
    """Run ``grade`` and return its exit status."""
    with orderly():
        try:
            return _main(argv)
        except KeyboardInterrupt as stopped:
            # No rich is needed for some words.
            print("; ".join(["interrupted", *map(str, stopped.args)]), file=sys.stderr)  # noqa: T201
            return stopped.status if isinstance(stopped, StoppedError) else EXIT_INTERRUPTED


def _main(argv: Sequence[str] | None) -> int:
    # The judge's matrices are small: several threads would only wait for each other.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    try:
        if COMPLETING in os.environ:
            from grader.cli.completion import complete_line  # noqa: PLC0415 - for shells alone

            complete_line()
        given = list(sys.argv[1:] if argv is None else argv)
        if given and given[0] in COMMANDS:
            # Imported only when needed: some import much.
            module, function = COMMANDS[given[0]].split(":")
            command: Callable[[list[str]], int] = getattr(import_module(module), function)
            return command(given[1:])
        arguments = parse(given)
        from grader.cli.course_options import with_course_options  # noqa: PLC0415 - see below

        arguments = with_course_options(arguments)
        # Imported after parsing, so that `grade --help` and usage errors are fast.
        if is_batch(arguments):
            return _grade_class(arguments)
        if arguments.watch:
            from grader.cli.watch import watch  # noqa: PLC0415

            return watch(arguments)
        from grader.cli.grade import run  # noqa: PLC0415

        return run(arguments)
    except GraderError as error:
        complain(error)
        return EXIT_USAGE
    except SystemExit as leaving:  # --help, --version
        return leaving.code if isinstance(leaving.code, int) else 0
    except BrokenPipeError:  # nobody reads stdout any more
        silence(sys.stdout)
        return EXIT_USAGE
    except Exception as error:  # noqa: BLE001 - any other exception is the grader's own fault
        if limited := by_a_limit(error):
            complain(limited)
            return EXIT_USAGE
        complain_of_ourselves(error)
        return EXIT_INTERNAL


def _grade_class(arguments: Arguments) -> int:
    """Grade a class; who interrupts it is told that nothing that is done is lost."""
    from grader.cli.early import started_ahead  # noqa: PLC0415 - after usage errors

    try:
        with started_ahead(arguments) as runner:
            from grader.cli.grade_class import run_batch  # noqa: PLC0415

            return run_batch(arguments, runner)
    except KeyboardInterrupt as stopped:
        from grader.cli.course_options import is_begun  # noqa: PLC0415

        if is_begun(arguments.batch.out):
            stopped.args = ("the same command goes on where it stopped",)
        raise
