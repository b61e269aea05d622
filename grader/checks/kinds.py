"""The kinds of checks, by name: every module of this folder that has a ``KIND``.

A new kind is a file here, its probe in ``probes/`` and its words in ``words/en/``, each named
after it.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from grader.checks.own import own_kind

if TYPE_CHECKING:
    from grader.assignment import Check
    from grader.checks.kind import Kind


def _found() -> dict[str, Kind]:
    # ``pkgutil`` would find the same, and is imported by nothing else when a grading starts.
    paths = (path for path in Path(__file__).parent.iterdir() if path.suffix in ("", ".py"))
    names = sorted(path.stem for path in paths if not path.stem.startswith(("_", ".")))
    modules = {name: import_module(f"{__package__}.{name}") for name in names}
    return {name: module.KIND for name, module in modules.items() if hasattr(module, "KIND")}


KINDS = _found()


def kind_of(check: Check) -> Kind:
    """Return the kind of a check: the assignment's own, or one of ours.

    Raises ``AssignmentError`` where the instructor's file goes wrong.
    """
    return KINDS[check.kind] if check.own is None else own_kind(check.own)
