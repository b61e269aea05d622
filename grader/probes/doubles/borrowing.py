"""The judge's own models borrow what a student's class has beside its layers."""

from __future__ import annotations

import types
from typing import Any

import torch
from torch import nn


class _Known:
    """Lets ``isinstance(M, MultiLayerPerceptronClass)`` hold."""

    __class__ = property(lambda self: vars(self).get("lender") or type(self))


class Borrower(_Known, nn.Module):
    """A model that answers for what it lacks as an object of a student's class would.

    ``M.predict(x)``, ``M.device`` and the like then do with the judge's model what they do with
    the student's. Layers and numbers are never borrowed: they are what the judge brings.
    """

    lender: type | None = None

    def borrow_from(self, lender: Any) -> None:
        """Take a student's class, if it is one, to answer for what is missing here."""
        if isinstance(lender, type) and issubclass(lender, nn.Module):
            vars(self)["lender"] = lender

    def __getattr__(self, name: str) -> Any:
        """Look where PyTorch keeps layers and parameters, then at the lender."""
        try:
            return super().__getattr__(name)
        except AttributeError:
            if self.lender is None or name.startswith("__"):
                raise
        for kind in self.lender.__mro__[: self.lender.__mro__.index(nn.Module)]:
            if name in vars(kind):
                return _bound(vars(kind)[name], self)
        value = getattr(self.lender(), name)
        if not isinstance(value, (nn.Module, torch.Tensor)):
            vars(self)[name] = value
            return value
        raise AttributeError(f"'Model' object has no attribute '{name}'")


class Standing(type):
    """The class of a class that stands for the student's: calling it gives what ``make`` gives."""

    def __call__(cls, *_args: Any, **_kwargs: Any) -> Any:
        """Make one as the judge wants it, whatever it is given."""
        return vars(cls)["make"]()

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, cls.__mro__[1])


def standing_for(model: type[nn.Module], make: Any) -> type:
    """Return a class to give in place of the student's: what it makes is of the class ``model``."""
    return types.new_class(
        "Model", (model,), {"metaclass": Standing}, lambda body: body.update(make=make)
    )


def _bound(found: Any, model: nn.Module) -> Any:
    """Return a method of a class as the method of an object, a property as its value."""
    getter = getattr(type(found), "__get__", None)
    return found if getter is None else getter(found, model, type(model))
