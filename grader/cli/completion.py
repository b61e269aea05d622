"""``grade completion SHELL``: what a shell needs to complete the command, and its completions.

The script that a shell loads calls ``grade`` at every press of the key, with the line in the
environment. ``argcomplete`` reads it and answers; it is imported for nothing else.
"""

from __future__ import annotations

import argparse
import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING

from grader.cli.arguments import Parser, main_parser
from grader.cli.commands import COMMANDS
from grader.cli.completing import answer
from grader.cli.console import writing
from grader.errors import EXIT_PASSED, GraderError

if TYPE_CHECKING:
    from collections.abc import Sequence

SHELLS = ("bash", "zsh", "fish")
_EPILOG = """\
load it at every start of the shell:
  bash   echo 'eval "$(grade completion bash)"' >> ~/.bashrc
  zsh    echo 'eval "$(grade completion zsh)"' >> ~/.zshrc    (below compinit)
  fish   grade completion fish > ~/.config/fish/completions/grade.fish
"""


def completion(argv: Sequence[str]) -> int:
    """Print the script that makes a shell complete ``grade``; return the exit status.

    Raises ``GraderError`` for any other shell.
    """
    parser = Parser(
        prog="grade completion",
        usage="grade completion bash|zsh|fish",
        description="Print what makes a shell complete commands, options, their values and files.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("shell", nargs="?", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))
    shell = parser.parse_args(argv).shell
    if shell is None:
        raise GraderError("no shell was named", f"grade completion {'|'.join(SHELLS)}")
    from argcomplete.shell_integration import shellcode  # noqa: PLC0415 - for this command alone

    with writing():
        sys.stdout.write(shellcode(["grade"], shell=shell))
    return EXIT_PASSED


def complete_line() -> None:
    """Answer the shell that calls ``grade`` to complete a line; this ends the process."""
    line = os.environ.get("COMP_LINE", "")
    words = line[: int(os.environ.get("COMP_POINT") or len(line))].split()
    # The first word is a command once something follows it.
    command = words[1] if len(words) > 2 or (len(words) == 2 and line[-1:].isspace()) else ""
    if command not in COMMANDS:
        answer(main_parser(), commands=COMMANDS)
        return
    os.environ["_ARGCOMPLETE"] = "2"  # the words of the line from which the parser's begin
    if command == "rescore":  # it takes the options of grading, and a folder
        answer(main_parser())
    module, function = COMMANDS[command].split(":")
    getattr(import_module(module), function)([])  # its parser answers when it would parse
