"""Stands in for PyTorch's compiler, which takes as long to import as all the rest of PyTorch.

An optimizer imports ``torch._dynamo`` at its first step, only to exclude itself from compiled code.
Nothing is compiled here, so a stand-in suffices. Reading any other attribute of it, as a later
version of PyTorch may, imports the compiler after all.
"""

from __future__ import annotations

import importlib
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_NAME = "_dynamo"
_COMPILER = f"torch.{_NAME}"


class _Uncompiled(ModuleType):
    """Has the functions that an optimizer calls; every other name is the compiler's own."""

    def __init__(self) -> None:
        super().__init__(_COMPILER)
        self.__path__: list[str] = []  # a package: what is in it is found by ``_Inside``

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):  # read by code that inspects all modules
            raise AttributeError(name)
        return getattr(_compiler(), name)

    @staticmethod
    def graph_break(*_args: object, **_kwargs: object) -> None:
        """Do nothing: there is no graph to break."""

    @staticmethod
    def disable(function: Any = None, *_args: object, **_kwargs: object) -> Callable[..., Any]:
        """Return the function unchanged: it is not compiled."""
        return function if function is not None else lambda later: later


class _Inside(MetaPathFinder, Loader):
    """Finds submodules of the compiler, by importing the compiler first."""

    def find_spec(
        self, name: str, _path: Sequence[str] | None, _target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not name.startswith(f"{_COMPILER}.") or not _stands_in():
            return None
        compiler = _compiler()
        if name in sys.modules:
            return ModuleSpec(name, self, is_package=hasattr(sys.modules[name], "__path__"))
        return PathFinder.find_spec(name, compiler.__path__)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        # Imported with the compiler; executing it again would make a second module.
        return sys.modules[spec.name]

    def exec_module(self, module: ModuleType) -> None:
        """Leave it as it is."""


def _stands_in() -> bool:
    return isinstance(sys.modules.get(_COMPILER), _Uncompiled)


def _compiler() -> ModuleType:
    """Import the compiler in place of the stand-in, which stays where that fails."""
    stand_in = sys.modules.get(_COMPILER)
    if not isinstance(stand_in, _Uncompiled):
        return importlib.import_module(_COMPILER)
    del sys.modules[_COMPILER]
    delattr(torch, _NAME)  # set again by the import
    try:
        return importlib.import_module(_COMPILER)
    except BaseException:
        # A submission may have changed what the compiler looks at.
        _put_in_place(stand_in)
        raise


def _put_in_place(module: ModuleType) -> None:
    sys.modules[_COMPILER] = module
    setattr(torch, _NAME, module)


def without_compiler() -> None:
    """Make ``import torch._dynamo`` find the stand-in, unless it was imported before."""
    if _COMPILER not in sys.modules:
        _put_in_place(_Uncompiled())
        sys.meta_path.insert(0, _Inside())
