"""Hostile notebooks, from the text of a cell that defines ``attack``."""

from __future__ import annotations

import copy
from typing import Any

from tests.notebooks import changed, code, filled

UPDATE = "optm.zero_grad()"


def attacking(source: str, arena: dict[str, Any] | None = None) -> dict[str, Any]:
    """A solved notebook whose update loop calls ``attack``."""
    notebook = changed(UPDATE, f"{UPDATE}; attack()")
    known = {name: value for name, value in (arena or {}).items() if not callable(value)}
    return with_cell(notebook, source.replace("ARENA", repr(known)))


def wrong(source: str | None = None, arena: dict[str, Any] | None = None) -> dict[str, Any]:
    """A notebook with a mistake in every part, each part calling ``attack`` if there is one."""
    if source is None:
        return filled({2: "self.ydim, self.hdim", 3: "batch_in", 4: "y_trgt == y_trgt", 5: "pass"})
    answers = {
        2: "(attack(), self.ydim)[1], self.hdim",
        3: "(attack(), batch_in)[1]",
        4: "y_trgt == y_trgt",
        5: "attack()",
    }
    return with_cell(filled(answers), source.replace("OUTSIDE", repr((arena or {}).get("outside"))))


def with_cell(notebook: dict[str, Any], source: str) -> dict[str, Any]:
    """The notebook with one more code cell before its first."""
    cell = copy.deepcopy(code([source])["cells"][0])
    if notebook["nbformat_minor"] >= 5:
        cell["id"] = "attack"
    notebook["cells"].insert(0, cell)
    return notebook
