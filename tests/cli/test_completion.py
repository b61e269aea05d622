"""Completion, in the shells that are there: commands, options, values and files."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from grader.cli import main
from grader.cli.commands import COMMANDS
from grader.cli.completion import SHELLS

from .stand_in import error_of

# What bash does at the press of the key, without a terminal.
BASH = r"""
eval "$(grade completion bash)"
COMP_LINE=$1; COMP_POINT=${#1}
read -ra COMP_WORDS <<<"$1"
[[ $1 == *' ' ]] && COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_python_argcomplete grade "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD-1]}"
printf '%s\n' "${COMPREPLY[@]}"
"""
FISH = "grade completion fish | source; complete --do-complete $argv[1]"
ASKING = {"bash": ["bash", "-c", BASH, "bash"], "fish": ["fish", "-c", FISH]}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "submission.ipynb").touch()
    (tmp_path / "graded").mkdir()
    command = tmp_path / "bin" / "grade"
    command.parent.mkdir()
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m grader "$@"\n')
    command.chmod(0o755)
    return tmp_path


def completed(shell, line, folder):
    if shutil.which(shell) is None:
        pytest.skip(f"{shell} is not installed")
    root = Path(__file__).parents[2]
    path = os.pathsep.join((str(folder / "bin"), os.environ["PATH"]))
    told = subprocess.run(
        [*ASKING[shell], line],
        cwd=folder,
        env={**os.environ, "PATH": path, "PYTHONPATH": str(root), "HOME": str(folder)},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return {one.split("\t")[0].strip() for one in told.stdout.splitlines() if one.strip()}


@pytest.mark.parametrize(
    ("line", "there", "not_there"),
    [
        ("grade ", {*COMMANDS, "submission.ipynb", "graded/"}, {"--help"}),
        ("grade --de", {"--device", "--detail"}, {"--data"}),
        ("grade submission.ipynb --detail ", {"score", "hint", "full"}, {"submission.ipynb"}),
        ("grade --assignment m", {"mlp"}, {"cnn"}),
        ("grade rescore graded --ro", {"--roster"}, {"--device"}),
        ("grade template ", {"build", "check"}, {"lint"}),
        ("grade new --w", {"--with-check"}, {"--watch"}),
        ("grade audit --on", {"--only"}, {"--output"}),
    ],
)
def test_a_shell_completes_what_fits(folder, line, there, not_there):
    for shell in ASKING if line in {"grade ", "grade --de"} else ("bash",):
        found = completed(shell, line, folder)
        assert there <= found
        assert not found & not_there


@pytest.mark.parametrize("shell", SHELLS)
def test_what_is_printed_is_a_script_of_that_shell(shell, capsys):
    assert main(["completion", shell]) == 0
    script = capsys.readouterr().out
    assert ("complete --command grade" if shell == "fish" else "compdef") in script
    if shutil.which(shell):
        subprocess.run([shell, "-n"], input=script, text=True, timeout=20, check=True)


@pytest.mark.parametrize(
    ("argv", "error"), [([], "no shell"), (["tcsh"], "invalid choice: 'tcsh'")]
)
def test_another_shell_is_refused(argv, error, capsys):
    assert main(["completion", *argv]) == 2
    told, hint = error_of(capsys)
    assert error in told
    assert hint
