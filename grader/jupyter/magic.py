"""The magic ``%grade``: grades the open notebook and shows the report below the cell."""

from __future__ import annotations

import argparse
import atexit
import os
import shlex
import sys
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from IPython.display import display

from grader.cli import values
from grader.cli.arguments import Parser
from grader.errors import GraderError
from grader.jupyter.open_notebook import open_notebook
from grader.jupyter.unsaved import Runs, words
from grader.jupyter.warm import WarmGrader
from grader.pages.output import progress_output, warnings_output

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from IPython.core.interactiveshell import InteractiveShell

    from grader.jupyter.open_notebook import OpenNotebook
    from grader.jupyter.protocol import Reply

_EPILOG = """\
Grades the saved file of the notebook that is open. Save it first. Your variables and
cells stay as they are: the grader runs your code in processes of its own.
"""


class GradeMagic:
    """What ``%load_ext grader`` adds to a session."""

    def __init__(self, shell: InteractiveShell) -> None:
        """Register the magic, and note from now on when cells run."""
        self._shell = shell
        self._runs = Runs(shell)
        self._grader = WarmGrader()
        shell.events.register("pre_run_cell", self._runs.note)
        shell.register_magic_function(self.grade, "line", "grade")  # type: ignore[arg-type]
        atexit.register(self._grader.close)

    def close(self) -> None:
        """Take back what was added."""
        self._shell.events.unregister("pre_run_cell", self._runs.note)
        self._shell.magics_manager.magics["line"].pop("grade", None)
        atexit.unregister(self._grader.close)
        self._grader.close()

    def grade(self, line: str) -> None:
        """Grade the open notebook: %grade [OPTION ...] [FILE.ipynb]; %grade --help lists them."""
        try:
            options = vars(_parser().parse_args(_words(line)))
            path = options.pop("path")
            notebook = open_notebook(self._shell, path)
            chosen = {name: value for name, value in options.items() if value is not None}
            self._grade(notebook, chosen)
        except GraderError as error:
            hint = f"\n\nhint: {error.hint}" if error.hint else ""
            print(f"error: {error.message}{hint}", file=sys.stderr)  # noqa: T201 - as the command
        except SystemExit:  # --help
            return

    def _grade(self, notebook: OpenNotebook, options: dict[str, str | int | float]) -> None:
        remarks = [notebook.remark] if notebook.remark else []
        if notebook.path is not None:
            remarks += filter(None, [words(self._runs.missing_in(notebook.path))])
        with _shown() as output:
            reply = _on_file(
                notebook,
                lambda path: self._grader.grade(
                    {"path": path, "name": notebook.name, "options": options}, output.step
                ),
            )
            output.html = warnings_output(remarks) + reply["html"]
            output.text = "\n\n".join([*remarks, reply["text"]])


@dataclass
class _Output:
    """What stands below the cell in the end: nothing, where the grading was stopped."""

    step: Callable[[str], None]
    html: str = ""
    text: str = ""


@contextmanager
def _shown() -> Iterator[_Output]:
    """Show below the cell what is being done, and afterwards what came of it in its place."""
    handle = display(_bundle(progress_output("starting"), ""), raw=True, display_id=True)
    assert handle is not None
    output = _Output(lambda text: handle.update(_bundle(progress_output(text), ""), raw=True))
    try:
        yield output
    finally:
        handle.update(_bundle(output.html, output.text), raw=True)


def _bundle(html: str, text: str) -> dict[str, str]:
    return {"text/html": html, "text/plain": text}


def _on_file(notebook: OpenNotebook, grade: Callable[[str], Reply]) -> Reply:
    """Grade a notebook's file; one that has none is written where nobody else can read it."""
    if notebook.path is not None:
        return grade(os.fspath(notebook.path.resolve()))
    with tempfile.TemporaryDirectory(prefix="grader-") as folder:
        path = Path(folder, "notebook.ipynb")
        path.write_text(notebook.text, encoding="utf-8")
        return grade(os.fspath(path))


def _words(line: str) -> list[str]:
    try:
        return shlex.split(line, posix=os.name == "posix")
    except ValueError as error:
        raise GraderError(f"%grade {line}: {error}", "close the quotation marks") from error


def _parser() -> argparse.ArgumentParser:
    parser = Parser(
        prog="%grade",
        description="Grade the open notebook.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("path", nargs="?", metavar="FILE", help="a notebook's file (default: the open one)")
    add("--assignment", metavar="NAME", help="its name, or its folder (default: recognised)")
    add("--device", type=values.device, metavar="WHERE", help="auto (default), cpu, cuda or cuda:N")
    add("--seed", type=values.seed, metavar="N", help="draw what another run drew")
    how = "confine the programs: auto (default), strict, basic or none"
    add("--isolation", type=values.isolation, metavar="HOW", help=how)
    add("--timeout", type=values.timeout, metavar="S", help="seconds that one check may take")
    add("--data", type=values.folder, metavar="DIR", help="the folder that holds the data set")
    return parser
