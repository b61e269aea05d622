"""The ``import`` of student code: plotting modules and missing ones are replaced by stand-ins."""

from __future__ import annotations

import ast
import builtins
import sys
from typing import TYPE_CHECKING, Any

import tqdm

from grader.probes.environment.absent import Absent, NotInstalled, Tracker

if TYPE_CHECKING:
    from collections.abc import Iterable

# Plots, widgets and Colab's services: slow to import, and no verdict depends on them.
LOOKED_AT = frozenset(
    {
        *("IPython", "google", "ipywidgets", "matplotlib", "mpl_toolkits", "plotly", "seaborn"),
        *("tensorboard", "wandb"),
    }
)

_CAUGHT = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})


def student_import(
    missing: list[str],
    replaced: set[str],
    name: str,
    globals_: Any = None,
    locals_: Any = None,
    fromlist: Any = (),
    level: int = 0,
) -> Any:
    """Import a module as ``__import__`` does, for student code only: libraries import as ever.

    Adds the names of modules that are not installed to ``missing``. One that the notebook has
    ``replaced`` where it is not installed fails once, as it would there.
    """
    root = name.partition(".")[0]
    if root in LOOKED_AT:
        return Tracker() if root == "wandb" else Absent(name)
    if root == "tqdm":
        _plain_tqdm()
    try:
        return builtins.__import__(name, globals_, locals_, fromlist, level)
    except ModuleNotFoundError as error:
        lost = (error.name or "").partition(".")[0]
        if lost != root and lost not in LOOKED_AT:
            raise
        if root in replaced:
            replaced.discard(root)
            raise
        missing.append(root)
        return NotInstalled(name)


def _plain_tqdm() -> None:
    """Replace tqdm's notebook bar, which needs a browser's widgets, by the plain one."""
    for name in ("auto", "autonotebook", "notebook"):
        sys.modules[f"tqdm.{name}"] = tqdm
        setattr(tqdm, name, tqdm)


def replaced_modules(texts: Iterable[str]) -> set[str]:
    """Return the modules that are imported where an ``except`` catches that they are missing."""
    return {
        root
        for text in texts
        if "except" in text and "import" in text
        for node in _tries(text)
        if any(_catches(handler) for handler in node.handlers)
        for statement in node.body
        for root in _imported(statement)
    }


def _tries(text: str) -> list[ast.Try]:
    try:
        tree = ast.parse(text)
    except SyntaxError:  # running it reports that
        return []
    return [node for node in ast.walk(tree) if isinstance(node, ast.Try)]


def _catches(handler: ast.ExceptHandler) -> bool:
    caught = handler.type
    kinds = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return caught is None or any(isinstance(k, ast.Name) and k.id in _CAUGHT for k in kinds)


def _imported(statement: ast.stmt) -> list[str]:
    if isinstance(statement, ast.Import):
        return [alias.name.partition(".")[0] for alias in statement.names]
    module = statement.module if isinstance(statement, ast.ImportFrom) else None
    return [module.partition(".")[0]] if module else []


def notebook_builtins(missing: list[str], program: dict[str, Any]) -> dict[str, Any]:
    """Return a notebook's builtins; ``display`` and ``get_ipython`` do nothing here."""
    replaced = replaced_modules(text for text, *_ in program["entries"])
    own = dict(vars(builtins))
    own["__import__"] = lambda *args, **kwargs: student_import(missing, replaced, *args, **kwargs)
    # With an id it returns a handle, whose ``update`` a notebook may call.
    own["display"] = lambda *_args, **how: Absent("display") if how.get("display_id") else None
    own["get_ipython"] = lambda: student_import([], set(), "IPython")
    own["exit"] = own["quit"] = sys.exit
    return own
