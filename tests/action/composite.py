"""Runs a composite action's steps as GitHub's runner does, as far as action.yml needs it.

``if`` conditions and expressions are evaluated in the few forms that occur there; anything else is
an error, so that a new form cannot pass unread.
"""

from __future__ import annotations

import os
import re
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

if TYPE_CHECKING:
    from pathlib import Path

_EXPRESSION = re.compile(r"\$\{\{\s*(.*?)\s*\}\}")
# What `shell: bash` means to the runner.
_BASH = ("bash", "--noprofile", "--norc", "-eo", "pipefail")


@dataclass
class Ran:
    """What an action left behind: of its steps those that ran, and what they printed."""

    status: int = 0
    steps: list[str] = field(default_factory=list)
    log: str = ""
    outputs: dict[str, str] = field(default_factory=dict)
    summary: str = ""


def load(path: Path) -> dict:
    return YAML(typ="safe").load(path)


def run_action(action: dict, *, folder: Path, variables: dict[str, str], inputs: dict) -> Ran:
    """Run the steps until one fails, with their files in ``folder``; ``uses`` steps do nothing."""
    known = {name: str(entry.get("default", "")) for name, entry in action["inputs"].items()}
    assert set(inputs) <= set(known), "an input that the action does not have"
    context = {f"inputs.{name}": value for name, value in (known | inputs).items()}
    context["steps.python.outputs.python-path"] = variables["PYTHON_PATH"]
    ran = Ran()
    for number, step in enumerate(action["runs"]["steps"]):
        if not _holds(step.get("if"), context):
            continue
        ran.steps.append(step["name"])
        if "uses" not in step:
            _run_step(step, folder / f"step-{number}", variables, context, ran)
        if ran.status:
            break
    # Outputs are set after a step that failed, too.
    ran.outputs = {
        name: _filled(entry["value"], context) for name, entry in action["outputs"].items()
    }
    return ran


def _run_step(step: dict, files: Path, variables: dict, context: dict, ran: Ran) -> None:
    assert step["shell"] == "bash"
    files.mkdir()
    for name in ("GITHUB_OUTPUT", "GITHUB_ENV", "GITHUB_PATH", "GITHUB_STEP_SUMMARY"):
        (files / name).touch()
        variables = {**variables, name: str(files / name)}
    script = files / "script.sh"
    script.write_text(step["run"])
    environment = {name: _filled(value, context) for name, value in step.get("env", {}).items()}
    done = subprocess.run(
        [*_BASH, str(script)],
        cwd=variables["GITHUB_WORKSPACE"],
        env={"PATH": os.environ["PATH"], **variables, **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    ran.status = done.returncode
    ran.log += done.stdout
    ran.summary += (files / "GITHUB_STEP_SUMMARY").read_text()
    for row in (files / "GITHUB_OUTPUT").read_text().splitlines():
        name, equals, value = row.partition("=")
        assert equals, f"not an output: {row}"
        context[f"steps.{step['id']}.outputs.{name}"] = value


def _filled(text: str, context: dict[str, str]) -> str:
    return _EXPRESSION.sub(lambda found: _value(found[1], context), text)


def _value(expression: str, context: dict[str, str]) -> str:
    if expression.startswith("steps."):
        return context.get(expression, "")  # of a step that did not run
    return context[expression]


def _holds(condition: str | None, context: dict[str, str]) -> bool:
    if condition is None:
        return True
    expression = _EXPRESSION.fullmatch(condition)[1]
    equal = re.fullmatch(r"(inputs\.[a-z-]+) == '(\w+)'", expression)
    if equal:
        return context[equal[1]] == equal[2]
    among = re.fullmatch(r"!contains\(fromJSON\('\[(.*)\]'\), (inputs\.[a-z-]+)\)", expression)
    return context[among[2]] not in re.findall(r'"(\w+)"', among[1])
