"""Imports for student code: what is only looked at, or is not installed, does nothing."""

from __future__ import annotations

import builtins
import sys
from types import ModuleType
from typing import Any

import tqdm

# Plots, widgets and Colab's services: slow to import, of no weight for a verdict.
LOOKED_AT = frozenset(
    {"IPython", "google", "ipywidgets", "matplotlib", "plotly", "seaborn", "tensorboard", "wandb"}
)


class Absent(ModuleType):
    """Stands for a module that isn't there: every attribute and every call is harmless."""

    def __init__(self, name: str = "absent") -> None:
        super().__init__(name)
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return Absent(name)

    def __call__(self, *args: Any, **_kwargs: Any) -> Any:
        """Return what was wrapped (an iterator, a decorated function), else another nothing."""
        if (
            args
            and (callable(args[0]) or hasattr(args[0], "__iter__"))
            and not isinstance(args[0], str)
        ):
            return args[0]
        return Absent()

    def __iter__(self) -> Any:
        return iter((Absent(), Absent()))

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_details: object) -> None:
        return None

    def __getitem__(self, _key: object) -> Any:
        return Absent()

    def __bool__(self) -> bool:
        return False


def student_import(
    missing: list[str],
    name: str,
    globals_: Any = None,
    locals_: Any = None,
    fromlist: Any = (),
    level: int = 0,
) -> Any:
    """Import for student code only: the libraries' own imports must fail as they always do.

    The names of modules that are not installed are added to ``missing``.
    """
    root = name.partition(".")[0]
    if root in LOOKED_AT:
        return Absent(name)
    if root == "tqdm":
        _plain_tqdm()
    try:
        return builtins.__import__(name, globals_, locals_, fromlist, level)
    except ModuleNotFoundError as error:
        lost = (error.name or "").partition(".")[0]
        if lost != root and lost not in LOOKED_AT:
            raise
        missing.append(root)
        return Absent(name)


def _plain_tqdm() -> None:
    """Let tqdm's notebook bar, which needs a browser's widgets, be the plain one."""
    for name in ("auto", "autonotebook", "notebook"):
        sys.modules[f"tqdm.{name}"] = tqdm
        setattr(tqdm, name, tqdm)
