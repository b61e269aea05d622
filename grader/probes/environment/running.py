"""Runs a student's statements in a namespace, and describes their exceptions as plain data."""

from __future__ import annotations
import __future__

import ast
import functools
import random
import warnings
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from grader.probes.doubles.loaders import Prepared
from grader.probes.environment.imports import notebook_builtins
from grader.probes.environment.lines import entry_of
from grader.probes.environment.no_cuda import without_cuda
from grader.probes.environment.threads import waited_threads

if TYPE_CHECKING:
    from collections.abc import Collection

MESSAGE_LIMIT = 2000
_TRACE_LIMIT = 20
_RECENT = 128
# The roles whose objects a notebook may wrap and call by the same name.
_LOADERS = ("train_batches", "test_batches")
# No annotation is evaluated, as it is from Python 3.14 on unless somebody asks for it.
_LAZY = __future__.annotations.compiler_flag


class Enough(BaseException):
    """Ends a student's loop when the budget is spent; no ``except Exception`` stops it."""


class StudentError(Exception):
    """The submission raised; ``data`` is what ``Namespace.describe`` returns for it."""

    def __init__(self, data: dict[str, Any]) -> None:
        super().__init__("the submission raised")
        self.data = data


class Namespace:
    """One namespace in which a program's statements run, as in a fresh notebook kernel."""

    def __init__(
        self, program: dict[str, Any], seed: int, provided: dict[str, Any], devices: Any = None
    ) -> None:
        """Bind each role's names to the object that ``provided`` has for the role's id.

        Everything runs within ``devices``, by default on the CPU whatever GPU the program names.
        """
        self._devices = devices
        seed_everything(seed)
        # An earlier program in this process may have switched them off.
        torch.set_grad_enabled(True)
        self.program = program
        # Shared by all runs of one check.
        self.missing: list[str] = program.setdefault("missing", [])
        self.failures: dict[str, StudentError] = {}
        self.namespace: dict[str, Any] = {
            "__name__": "__main__",
            "__builtins__": notebook_builtins(self.missing, program),
        }
        self._given = {
            name: provided[role]
            for role, names in program["roles"].items()
            if role in provided
            for name in names
        }
        self.namespace.update(self._given)
        roles = program["roles"]
        self._wrapped = {name for role in _LOADERS for name in roles.get(role, ())}
        self._made: dict[str, Any] = {}

    def define(self, without: Collection[int] = ()) -> None:
        """Run all but the part's loop and ``without``; raises ``StudentError`` where it fails."""
        wanted = (number for number in self._numbers() if number not in without)
        self._run([number for number in wanted if not self._is_loop(number)])

    def loop(self) -> None:
        """Run the part's own statements that are no definitions: its loop."""
        for number in self._numbers():
            if self._is_loop(number):
                self.namespace.update(self._given)
                self.execute(number)

    def own(self, role: str) -> list[Any]:
        """Return what the notebook itself made for a role, where the judge's stands in for it."""
        return [self._made[n] for n in self.program["roles"].get(role, ()) if n in self._made]

    def own_class(self) -> Any:
        """Return the notebook's own model class, where the judge's stands in for it."""
        names = self.program["roles"].get("model_class", ())
        own = {**self.namespace, **dict.fromkeys(self._given), **self._made}
        return next((own[n] for n in names if isinstance(own.get(n), type)), None)

    def call(self, function: Any, *args: Any, **kwargs: Any) -> Any:
        """Call student code; raises ``StudentError`` for anything that it raises."""
        try:
            places = self._devices or without_cuda(self.program)
            with warnings.catch_warnings(), waited_threads(), places:
                warnings.simplefilter("ignore")
                return function(*args, **kwargs)
        except Enough:
            raise
        except BaseException as error:  # noqa: BLE001 - a student's code may raise anything
            raise StudentError(self.describe(error)) from None

    def execute(self, number: int) -> None:
        """Run one statement in the namespace."""
        text, pick, _ = self.program["entries"][number]
        # A failure to compile is the student's error, as an exception is.
        code = self.call(_compiled, text, pick, number)
        self.call(exec, code, self.namespace)

    def describe(self, error: BaseException) -> dict[str, Any]:
        """Return an exception as plain data: type, message, and the frames of student code.

        A frame is the number of an entry and, in place of a line, that of a node in it.
        """
        frames = []
        trace = error.__traceback__
        while trace is not None:
            entry = entry_of(trace.tb_frame.f_code.co_filename)
            if entry is not None:
                frames.append([entry, trace.tb_lineno])
            trace = trace.tb_next
        entry = entry_of(error.filename) if isinstance(error, SyntaxError) else None
        if isinstance(error, SyntaxError) and entry is not None:
            frames.append([entry, error.lineno or 1])
            error = SyntaxError(error.msg)  # without its line, which is not the notebook's
        data = {
            "type": type(error).__name__[:100],
            "message": _text(error),
            "frames": frames[:_TRACE_LIMIT] + frames[_TRACE_LIMIT:][-1:],
        }
        cause = self.failures.get(getattr(error, "name", None) or "")
        if isinstance(error, NameError) and cause:
            data["cause"] = f"{cause.data['type']}: {cause.data['message']}"[:300]
        return data

    def _run(self, numbers: list[int]) -> None:
        """Run in order; a statement that lacks a name is tried again after the others."""
        pending = numbers
        while pending:
            failed = []
            for number in pending:
                try:
                    self.execute(number)
                    self._keep_wrapped(number)
                except StudentError as error:
                    failed.append((number, error))
            self._made |= {
                name: self.namespace[name]
                for name, given in self._given.items()
                if self.namespace.get(name, given) is not given
            }
            self.namespace.update(self._given)
            again = [number for number, error in failed if error.data["type"] == "NameError"]
            if again and len(again) < len(pending):
                pending = again
                self._forget([pair for pair in failed if pair[0] not in again])
                continue
            self._forget(failed)
            return

    def _keep_wrapped(self, number: int) -> None:
        """Let what a statement has put around the judge's object stand in for it from here on."""
        names = [n for n in ast.walk(self.statement(number)) if isinstance(n, ast.Name)]
        stored = {node.id for node in names if isinstance(node.ctx, ast.Store)}
        loaded = {node.id for node in names if isinstance(node.ctx, ast.Load)}
        for name in stored & self._wrapped:
            if name in loaded or isinstance(self.namespace.get(name), Prepared):
                self._given[name] = self.namespace[name]

    def _forget(self, failed: list[tuple[int, StudentError]]) -> None:
        """Raise a failure of the part's own; of helpers, note the names that stay unbound."""
        for number, error in failed:
            if self._own(number):
                raise error
            for node in ast.walk(self.statement(number)):
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                    self.failures[node.id] = error

    def _numbers(self) -> range:
        return range(len(self.program["entries"]))

    def _own(self, number: int) -> bool:
        return bool(self.program["entries"][number][2])

    def _is_loop(self, number: int) -> bool:
        definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
        return self._own(number) and not isinstance(self.statement(number), definitions)

    def statement(self, number: int) -> ast.stmt:
        """Return an entry's syntax tree, each node on a line of its own: its number, from 1."""
        text, pick, _ = self.program["entries"][number]
        return _parsed(text, pick)


@functools.lru_cache(maxsize=_RECENT)
def _parsed(text: str, pick: int) -> ast.stmt:
    """Return an entry's syntax tree, see ``Namespace.statement``.

    Cached, as a check runs the same few statements in several namespaces.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        statement = ast.parse(text).body[pick]
    for line, node in enumerate(ast.walk(statement), start=1):
        if hasattr(node, "lineno"):
            vars(node).update(lineno=line, end_lineno=line, col_offset=0, end_col_offset=0)
    return statement


@functools.lru_cache(maxsize=_RECENT)
def _compiled(text: str, pick: int, number: int) -> Any:
    module = ast.Module([_parsed(text, pick)], [])
    return compile(module, f"<entry {number}>", "exec", _LAZY, dont_inherit=True)


def seed_everything(seed: int) -> None:
    """Seed every generator that a notebook draws from.

    Where CUDA is not initialised, ``torch.manual_seed`` would queue a call with its stack trace
    each time, which takes longer than all the rest; ``perform`` queues the one that is needed.
    """
    random.seed(seed)
    np.random.seed(seed % 2**32)  # noqa: NPY002 - notebooks use the global generator
    if torch.cuda.is_initialized():
        torch.manual_seed(seed)
    else:
        torch.default_generator.manual_seed(seed)


def _text(error: BaseException) -> str:
    """Return a message, cut; a ``__str__`` that raises or lies has no effect."""
    try:
        text = str(error)
        return text[:MESSAGE_LIMIT] if type(text) is str else ""
    except BaseException:  # noqa: BLE001 - __str__ is the student's code too
        return "(its message could not be read)"


def statements_of(program: dict[str, Any]) -> list[tuple[ast.stmt, bool]]:
    """Return the syntax tree of every entry of a program, and whether it is the part's own."""
    return [(_parsed(text, pick), bool(own)) for text, pick, own in program["entries"]]
