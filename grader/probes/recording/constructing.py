"""Builds objects of a notebook's class as the notebook builds them, at sizes that are asked for."""

from __future__ import annotations

import ast
import inspect
from typing import TYPE_CHECKING, Any

from grader.probes.environment.running import Enough, Namespace, StudentError

if TYPE_CHECKING:
    from collections.abc import Mapping

_INIT = "__init__"
_EITHER = inspect.Parameter.POSITIONAL_OR_KEYWORD
_Given = tuple[tuple[Any, ...], dict[str, Any]]


class Builder:
    """Builds a part's class with the arguments that the notebook gives it.

    ``usual`` are the dims of the solved notebook. Each takes the place of the argument of its
    name, or, where the class calls its arguments otherwise, of the one that has its value in the
    notebook's own call. All other arguments are the notebook's.
    """

    def __init__(self, runner: Namespace, usual: Mapping[str, int]) -> None:
        """Define the class, and see how the notebook builds it; raises ``StudentError``."""
        makers = _makers(runner)
        runner.define(without=makers)
        self.runner = runner
        self.cls: Any = runner.namespace.get(runner.program["name"])
        self.last: Any = None
        self._given = self._arguments(makers)
        self._names = self._argument_names(usual)

    def build(self, dims: Mapping[str, int], *, known_only: bool = False) -> Any:
        """Return an object with these dims; ``known_only`` leaves out dims the class has not.

        Raises ``StudentError``; ``last`` is then the object as far as it was built.
        """
        given = {name: size for name, size in dims.items() if name in self._names or not known_only}
        args, kwargs = self._with(given)
        self.last = None
        with _Watched(self.cls, self):
            return self.runner.call(self.cls, *args, **kwargs)

    def _arguments(self, makers: list[int]) -> _Given:
        """Return the arguments of the notebook's own call of the class, which is not carried out.

        The class itself may use the notebook's object, which is then made after all.
        """
        seen = _Noted()
        with _Watched(self.cls, seen):
            for number in makers:
                try:
                    self.runner.execute(number)
                except (_Seen, StudentError):
                    continue
        if makers and _uses_its_object(self.runner):
            for number in makers:
                try:
                    self.runner.execute(number)
                except StudentError:
                    continue
        return seen.given

    def _argument_names(self, usual: Mapping[str, int]) -> dict[str, str]:
        """Return what the class calls each of the dims that it takes."""
        signature = _signature(self.cls)
        if signature is None:
            return {name: name for name in usual}
        parameters = signature.parameters
        if any(p.kind is p.VAR_KEYWORD for p in parameters.values()):
            return {name: name for name in usual}
        found = {name: name for name in usual if name in parameters}
        args, kwargs = self._given
        try:
            bound = signature.bind_partial(None, *args, **kwargs)
        except TypeError:
            return found
        bound.apply_defaults()
        for name, size in usual.items():
            values = bound.arguments.items()
            same = [key for key, v in values if type(v) is int and v == size and key not in usual]
            if name not in found and len(same) == 1:
                found[name] = same[0]
        return found

    def _with(self, dims: Mapping[str, int]) -> _Given:
        args, kwargs = self._given
        named = {self._names.get(name, name): size for name, size in dims.items()}
        signature = _signature(self.cls)
        if signature is None:
            return (), named
        try:
            bound = signature.bind_partial(None, *args, **kwargs)
        except TypeError:
            return (), named
        parameters = signature.parameters.values()
        by_place = [p.name for p in parameters if p.kind in (p.POSITIONAL_ONLY, _EITHER)]
        place = {name: number for number, name in enumerate(by_place)}
        values = list(bound.args[1:])
        for name in [*named]:
            at = place.get(name, 0) - 1
            if 0 <= at < len(values):
                values[at] = named.pop(name)
        return tuple(values), {**bound.kwargs, **named}


class _Seen(Enough):
    """Ends the notebook's own call of the class, whose arguments are known by then."""


class _Noted:
    """Keeps the arguments of a call, and ends it."""

    given: _Given = ((), {})
    last: Any = None

    def called(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        self.given = args, kwargs
        raise _Seen


class _Watched:
    """Tells ``to`` of each object of a class that is being made, while this lasts."""

    def __init__(self, cls: Any, to: Any) -> None:
        self.cls, self.to = cls, to
        self.own = isinstance(cls, type) and "__init__" in vars(cls)

    def __enter__(self) -> None:
        if not isinstance(self.cls, type):
            return
        self.original = original = vars(self.cls).get("__init__") or getattr(self.cls, _INIT)
        to = self.to

        def noted(this: Any, *args: Any, **kwargs: Any) -> None:
            to.last = this
            if isinstance(to, _Noted):
                to.called(args, kwargs)
            original(this, *args, **kwargs)

        self.cls.__init__ = noted  # type: ignore[misc]

    def __exit__(self, *_details: object) -> None:
        if not isinstance(self.cls, type):
            return
        if self.own:
            self.cls.__init__ = self.original  # type: ignore[misc]
        elif "__init__" in vars(self.cls):
            delattr(self.cls, "__init__")


def _makers(runner: Namespace) -> list[int]:
    """Return the statements that give the notebook's names for its model a value."""
    names = set(runner.program["roles"].get("model", ()))
    found = []
    for number, (_, _, own) in enumerate(runner.program["entries"]):
        statement = runner.statement(number)
        if own or not isinstance(statement, (ast.Assign, ast.AnnAssign)):
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        bound = {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}
        if bound & names:
            found.append(number)
    return found


def _uses_its_object(runner: Namespace) -> bool:
    """Whether the part's own statements read a name of the notebook's model."""
    names = set(runner.program["roles"].get("model", ()))
    entries = enumerate(runner.program["entries"])
    own = (runner.statement(number) for number, (_, _, mine) in entries if mine)
    return any(
        isinstance(node, ast.Name) and node.id in names
        for statement in own
        for node in ast.walk(statement)
    )


def _signature(cls: Any) -> inspect.Signature | None:
    try:
        return inspect.signature(cls.__init__)
    except Exception:  # noqa: BLE001 - a student's class may be anything
        return None
