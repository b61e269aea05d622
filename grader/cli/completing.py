"""Completes a line for a shell: a parser's options and their values, commands and files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from grader.cli.forgettable import FORGETTABLE
from grader.options import ISOLATIONS

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable, Mapping


def answer(parser: argparse.ArgumentParser, *, commands: Iterable[str] = ()) -> None:
    """Let a parser complete the line; ``commands`` may stand where a path does."""
    import argcomplete  # noqa: PLC0415 - at the press of a key alone
    from argcomplete.completers import FilesCompleter  # noqa: PLC0415

    def first(prefix: str, **_: Any) -> list[str]:
        return [*commands, *FilesCompleter()(prefix)]

    known: Mapping[str, object] = {
        "isolation": ISOLATIONS,
        "device": ("auto", "cpu", "cuda"),
        "forget": tuple(FORGETTABLE),
        "action": ("build", "check"),
        "assignments": _assignments,
        "assignment": _assignments,
        "paths": first,
    }
    for action in parser._actions:  # noqa: SLF001 - argparse tells them in no other way
        values = known.get(action.dest)
        if callable(values):
            action.completer = values  # type: ignore[attr-defined]
        elif isinstance(values, tuple):
            action.completer = lambda *, _values=values, **_: _values  # type: ignore[attr-defined]
    argcomplete.autocomplete(parser, always_complete_options=False)


def _assignments(**_: Any) -> list[str]:
    from grader.assignment import known_assignments  # noqa: PLC0415 - for this option alone

    return list(known_assignments())
