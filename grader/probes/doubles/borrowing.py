"""Lets the judge's own models answer for methods and attributes of a student's class."""

from __future__ import annotations

import dis
import functools
import types
from typing import Any

import torch
from torch import nn


class _Known:
    """Lets ``isinstance(M, MultiLayerPerceptronClass)`` hold."""

    __class__ = property(lambda self: vars(self).get("lender") or type(self))


class _Mode:
    """A method that switches the mode; ``on_mode`` is told when it is named, and when called."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __get__(self, model: Any, _kind: type) -> Any:
        if model is None:
            return getattr(nn.Module, self.name)
        told = model.on_mode(self.name)

        def switched(*args: Any, **kwargs: Any) -> Any:
            # PyTorch's own ``eval`` would look ``train`` up.
            result = nn.Module.train(model, *(args if self.name == "train" else (False,)), **kwargs)
            told["called"], told["training"] = True, model.training
            return result

        return switched


class Borrower(_Known, nn.Module):
    """A model that takes the attributes which it lacks from a student's class, its ``lender``.

    ``M.predict(x)``, ``M.device`` and the like then work as on the student's model. Layers and
    tensors are never borrowed: those are the judge's. ``on_mode`` returns a dict for each ``train``
    and ``eval`` that is looked up; a call notes in it that it was ``called``, and whether the model
    is ``training`` then.
    """

    lender: type | None = None
    on_mode: Any = staticmethod(lambda _name: {})
    train, eval = _Mode("train"), _Mode("eval")

    def borrow_from(self, lender: Any) -> None:
        """Take a student's class as the lender; ignore anything else."""
        if isinstance(lender, type) and issubclass(lender, nn.Module):
            vars(self)["lender"] = lender

    def __getattr__(self, name: str) -> Any:
        """Look among layers and parameters, then at the lender's attributes."""
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


def keep_as_lender_does(model: Borrower, x: Any) -> None:
    """Set the attributes of a model that its lender's ``forward`` sets, such as hidden values."""
    forward = getattr(model.lender, "forward", None)
    if vars(model).get("keeping") or not _sets_attributes(getattr(forward, "__code__", None)):
        return
    vars(model)["keeping"] = True
    try:
        forward(model, x)  # type: ignore[misc]
    except Exception:  # noqa: BLE001, S110 - a forward that fails is another check's matter
        pass
    finally:
        vars(model)["keeping"] = False


@functools.lru_cache(maxsize=8)
def _sets_attributes(code: Any) -> bool:
    if code is None:
        return False
    return any(one.opname in ("STORE_ATTR", "STORE_SUBSCR") for one in dis.get_instructions(code))


class Standing(type):
    """The metaclass of a stand-in for the student's class: calling that returns ``make()``."""

    def __call__(cls, *_args: Any, **_kwargs: Any) -> Any:
        """Return the judge's object, whatever the arguments."""
        return vars(cls)["make"]()

    def __instancecheck__(cls, instance: object) -> bool:
        return isinstance(instance, cls.__mro__[1])


def standing_for(model: type[nn.Module], make: Any) -> type:
    """Return a stand-in for the student's class: its objects, made by ``make``, are ``model``s."""
    return types.new_class(
        "Model", (model,), {"metaclass": Standing}, lambda body: body.update(make=make)
    )


def _bound(found: Any, model: nn.Module) -> Any:
    """Return a class's attribute as an object has it: a bound method, a property's value."""
    getter = getattr(type(found), "__get__", None)
    return found if getter is None else getter(found, model, type(model))
