"""Finds the line of student code that changes a model beside its updates."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import torch

from grader.probes.environment.lines import entry_of

if TYPE_CHECKING:
    from collections.abc import Callable


class LastChange:
    """The last line after which a model was another one, or had other parameters.

    Lines of functions that are called on the way count for the line that calls them. What an
    optimizer does does not count.
    """

    def __init__(self, look: Callable[[], Any]) -> None:
        """``look`` returns the model that counts at the moment."""
        self.look = look
        self.seen = self._print()
        self.line: list[int] | None = None
        self.before: list[int] | None = None

    def begin(self) -> None:
        """Watch the code that is being run from here on, line by line."""
        if sys.gettrace() is not None:
            return
        self.seen = self._print()
        frame: Any = sys._getframe(1)  # noqa: SLF001 - nothing else traces frames under way
        while frame is not None:
            if entry_of(frame.f_code.co_filename) is not None:
                frame.f_trace = self._look
            frame = frame.f_back
        sys.settrace(self._call)

    def end(self) -> None:
        """Watch no longer."""
        if sys.gettrace() == self._call:
            sys.settrace(None)
        self._compare()

    def before_step(self) -> None:
        """Look whether the line that makes a step has changed the model before."""
        if self.before is not None:
            self._compare()

    def after_step(self) -> None:
        """Take what a step did for what is known."""
        if self.before is not None:
            self.seen = self._print()

    def _call(self, frame: Any, _event: str, _arg: Any) -> Any:
        top = frame.f_code.co_name == "<module>"
        return self._look if top and entry_of(frame.f_code.co_filename) is not None else None

    def _look(self, frame: Any, event: str, _arg: Any) -> Any:
        if event in ("line", "return"):
            self._compare()
            self.before = [entry_of(frame.f_code.co_filename) or 0, frame.f_lineno]
        return self._look

    def _compare(self) -> None:
        now = self._print()
        if now != self.seen and self.before is not None:
            self.line = self.before
        self.seen = now

    def _print(self) -> Any:
        model = self.look()
        parameters = list(model.parameters()) if isinstance(model, torch.nn.Module) else []
        return id(model), [(p.data_ptr(), p._version) for p in parameters]  # noqa: SLF001
