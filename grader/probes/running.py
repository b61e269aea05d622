"""Runs a student's statements and says plainly what went wrong where."""

from __future__ import annotations

import ast
import builtins
import random
import sys
import warnings
from typing import Any

import numpy as np
import torch

from grader.probes.imports import student_import
from grader.probes.no_cuda import without_cuda

MESSAGE_LIMIT = 2000
_TRACE_LIMIT = 20


class Enough(BaseException):
    """Ends a student's loop when the budget is spent; no ``except Exception`` stops it."""


class StudentError(Exception):
    """The submission raised; ``data`` is the plain description of what and where."""

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__("the submission raised")
        self.data = data


class Runner:
    """One namespace in which a program's statements run, as in a fresh notebook kernel."""

    def __init__(self, program: dict[str, Any], seed: int, provided: dict[str, Any]) -> None:
        """Prepare ``provided``: role id to the object that stands for it."""
        seed_everything(seed)
        self.program = program
        self.missing: list[str] = []
        self.failures: dict[str, str] = {}
        self.namespace: dict[str, Any] = {
            "__name__": "__main__",
            "__builtins__": _builtins(self.missing),
        }
        self._given = {
            name: provided[role]
            for role, names in program["roles"].items()
            if role in provided
            for name in names
        }
        self.namespace.update(self._given)
        self._trees: dict[str, ast.Module] = {}

    def define(self) -> None:
        """Run everything but the closing loop; raises ``StudentError`` for the part's failure."""
        self._run([entry for entry in self.program["entries"] if not self._is_loop(entry)])

    def loop(self) -> None:
        """Run the part's own statements that are no definitions."""
        for entry in self.program["entries"]:
            if self._is_loop(entry):
                self.namespace.update(self._given)
                self.execute(entry)

    def call(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        """Call student code; raises ``StudentError`` for whatever it raises."""
        try:
            with warnings.catch_warnings(), without_cuda(self.program):
                warnings.simplefilter("ignore")
                return function(*args, **kwargs)
        except Enough:
            raise
        except BaseException as error:  # noqa: BLE001 - a student's code may raise anything
            raise StudentError(self.describe(error)) from None

    def execute(self, entry: list[Any]) -> None:
        """Run one statement in the namespace."""
        key, cell, pick, _ = entry
        node = self._tree(key).body[pick]
        code = compile(ast.Module([node], []), f"<cell {cell}>", "exec", dont_inherit=True)
        self.call(exec, code, self.namespace)

    def describe(self, error: BaseException) -> dict[str, Any]:
        """Return an exception as plain data: type, message and the student's lines it passed."""
        frames = []
        trace = error.__traceback__
        while trace is not None:
            name = trace.tb_frame.f_code.co_filename
            if name.startswith("<cell ") and name[6:-1].isdigit():
                frames.append([int(name[6:-1]), trace.tb_lineno])
            trace = trace.tb_next
        if isinstance(error, SyntaxError) and str(error.filename).startswith("<cell "):
            frames.append([int(str(error.filename)[6:-1]), error.lineno or 1])
        data = {
            "type": type(error).__name__[:100],
            "message": _text(error),
            "frames": frames[:_TRACE_LIMIT] + frames[_TRACE_LIMIT:][-1:],
        }
        cause = self.failures.get(getattr(error, "name", None) or "")
        if isinstance(error, NameError) and cause:
            data["cause"] = cause
        if self.missing:
            data["missing"] = sorted(set(self.missing))[:20]
        return data

    def _run(self, entries: list[list[Any]]) -> None:
        """Run in order; what fails for a name that comes later is tried again after the rest."""
        pending = entries
        while pending:
            failed = []
            for entry in pending:
                try:
                    self.execute(entry)
                except StudentError as error:
                    failed.append((entry, error))
            self.namespace.update(self._given)
            again = [entry for entry, error in failed if error.data["type"] == "NameError"]
            if again and len(again) < len(pending):
                pending = again
                self._forget([pair for pair in failed if pair[0] not in again])
                continue
            self._forget(failed)
            return

    def _forget(self, failed: list[tuple[list[Any], StudentError]]) -> None:
        """Forgive the failures of helpers, remembering which names they would have bound."""
        for entry, error in failed:
            if entry[3]:
                raise error
            for node in ast.walk(self._tree(entry[0]).body[entry[2]]):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    self.failures[node.id] = f"{error.data['type']}: {error.data['message']}"[:300]

    def _is_loop(self, entry: list[Any]) -> bool:
        node = self._tree(entry[0]).body[entry[2]]
        definition = isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))
        return bool(entry[3]) and not definition

    def _tree(self, key: str) -> ast.Module:
        if key not in self._trees:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                self._trees[key] = ast.parse(self.program["sources"][key])
        return self._trees[key]


def seed_everything(seed: int) -> None:
    """Seed every generator that a notebook draws from."""
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002 - notebooks use the global generator
    torch.manual_seed(seed)


def _text(error: BaseException) -> str:
    """Return an exception's message, cut; a hostile ``__str__`` gets no say."""
    try:
        text = str(error)
        return text[:MESSAGE_LIMIT] if type(text) is str else ""
    except BaseException:  # noqa: BLE001 - __str__ is the student's code too
        return "(its message could not be read)"


def _builtins(missing: list[str]) -> dict[str, Any]:
    """Return the builtins a notebook has: ``display`` and ``get_ipython`` do nothing here."""
    own = dict(vars(builtins))
    own["__import__"] = lambda *args, **kwargs: student_import(missing, *args, **kwargs)
    own["display"] = lambda *_args, **_kwargs: None
    own["get_ipython"] = lambda: student_import([], "IPython")
    own["exit"] = own["quit"] = sys.exit
    return own
