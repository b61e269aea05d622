"""The ``import`` of student code: plotting modules and missing ones are replaced by stand-ins."""

from __future__ import annotations

import builtins
import sys
from typing import Any

import tqdm

from grader.probes.environment.absent import Absent, NotInstalled, Tracker

# Plots, widgets and Colab's services: slow to import, and no verdict depends on them.
LOOKED_AT = frozenset(
    {
        *("IPython", "google", "ipywidgets", "matplotlib", "mpl_toolkits", "plotly", "seaborn"),
        *("tensorboard", "wandb"),
    }
)


def student_import(
    missing: list[str],
    name: str,
    globals_: Any = None,
    locals_: Any = None,
    fromlist: Any = (),
    level: int = 0,
) -> Any:
    """Import a module as ``__import__`` does, for student code only: libraries import as ever.

    Adds the names of modules that are not installed to ``missing``.
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
        missing.append(root)
        return NotInstalled(name)


def _plain_tqdm() -> None:
    """Replace tqdm's notebook bar, which needs a browser's widgets, by the plain one."""
    for name in ("auto", "autonotebook", "notebook"):
        sys.modules[f"tqdm.{name}"] = tqdm
        setattr(tqdm, name, tqdm)


def notebook_builtins(missing: list[str]) -> dict[str, Any]:
    """Return a notebook's builtins; ``display`` and ``get_ipython`` do nothing here."""
    own = dict(vars(builtins))
    own["__import__"] = lambda *args, **kwargs: student_import(missing, *args, **kwargs)
    # With an id it returns a handle, whose ``update`` a notebook may call.
    own["display"] = lambda *_args, **how: Absent("display") if how.get("display_id") else None
    own["get_ipython"] = lambda: student_import([], "IPython")
    own["exit"] = own["quit"] = sys.exit
    return own
