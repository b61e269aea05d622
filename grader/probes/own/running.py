"""Runs the probes that come with a request, each the text of a half of an instructor's file."""

from __future__ import annotations

import inspect
import sys
import traceback
from types import ModuleType
from typing import TYPE_CHECKING, Any

from grader.probes.environment.lines import entry_of
from grader.probes.environment.running import Enough, Namespace, StudentError
from grader.probes.recording.plain import described

if TYPE_CHECKING:
    from collections.abc import Mapping

# The probes of this process, by path and text: a module, or why it could not be made.
_modules: dict[tuple[str, str], ModuleType | str] = {}


def prepare(tasks: Mapping[str, Mapping[str, Any]]) -> None:
    """Make the modules of a request's probes, before the first of its tasks runs student code."""
    for task in tasks.values():
        own = task.get("own")
        if own is not None and (own["path"], own["text"]) not in _modules:
            _modules[own["path"], own["text"]] = _made(own["path"], own["text"])


def _made(path: str, text: str) -> ModuleType | str:
    module = ModuleType(f"own_probe_{len(_modules)}")
    sys.modules[module.__name__] = module
    try:
        exec(compile(text, path, "exec", dont_inherit=True), vars(module))  # noqa: S102
    except Exception as error:  # noqa: BLE001 - an instructor's code may raise anything
        return _fault(path, error)
    return module


class StudentCode:
    """The student's function or class, to be called by a probe."""

    def __init__(self, runner: Namespace, part: Any, renamed: Mapping[str, str]) -> None:
        self._runner = runner
        self._part = part
        self._renamed = renamed

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the part; what it raises ends the probe, as the student's exception."""
        return self._runner.call(self._part, *args, **kwargs)

    def __getitem__(self, name: str) -> Any:
        """Return what the notebook's code binds to a name, or to the one given in its place."""
        return self._runner.namespace[self._renamed.get(name, name)]


def observe(task: dict[str, Any], seed: int) -> dict[str, Any]:
    """Run a task's probe; return what it saw, the student's exception, or its own fault."""
    own = task["own"]
    module = _modules[own["path"], own["text"]]
    if isinstance(module, str):
        return _told(fault=module)
    program = task["program"]
    runner = Namespace(program, seed, {})
    try:
        runner.define()
        given = {
            "student": StudentCode(
                runner, runner.namespace.get(program["name"]), program.get("renamed", {})
            ),
            "challenge": task["challenge"]["own"],
        }
        names = inspect.signature(module.probe).parameters
        seen = module.probe(**{name: given[name] for name in names})
        return _told(value=seen)
    except StudentError as error:
        return _told(error=error.data)
    except Enough:
        raise
    except BaseException as error:  # noqa: BLE001 - either's code may raise anything
        if _of_student(error, own["path"]):
            return _told(error=runner.describe(error))
        return _told(fault=_fault(own["path"], error))


def _told(
    *, error: dict[str, Any] | None = None, fault: str | None = None, value: Any = None
) -> dict[str, Any]:
    seen = error is None and fault is None
    return {
        "error": error,
        "fault": None if fault is None else described(fault),
        "value": described(value) if seen else None,
    }


def _of_student(error: BaseException, path: str) -> bool:
    """Whether the innermost line that is a student's or the probe's is the student's."""
    trace, theirs = error.__traceback__, False
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        if name == path or entry_of(name) is not None:
            theirs = name != path
        trace = trace.tb_next
    return theirs


def _fault(path: str, error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)
    lines = [frame.lineno for frame in frames if frame.filename == path]
    line = f", line {lines[-1]}" if lines else ""
    return f"{path}{line}: {type(error).__name__}: {error}"[:1000]
