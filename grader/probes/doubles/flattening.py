"""Gives the judge's own models rows where a student's own model would lay images out itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn

if TYPE_CHECKING:
    from grader.probes.doubles.borrowing import Borrower

_ROWS = 2


class _ReachedError(BaseException):
    """Ends a forward pass at its first layer; no ``except Exception`` stops it."""

    def __init__(self, inputs: Any) -> None:
        super().__init__()
        self.inputs = inputs


def rows_as_in_forward(model: Borrower, inputs: Any, first: str, arguments: dict[str, Any]) -> Any:
    """Return images of any shape as rows (N, D), if the ``forward`` of the model's lender does so.

    It does where its layer ``first`` is given the same for the images as for the rows. All other
    inputs come back as they are. ``arguments`` may be needed to make an object of the lender's.
    """
    if model.lender is None or not isinstance(inputs, torch.Tensor) or inputs.dim() < _ROWS:
        return inputs
    layer: Any = model.get_submodule(first)
    width = layer.in_features
    if inputs.numel() % width or (inputs.dim() == _ROWS and inputs.shape[1] == width):
        return inputs
    rows = inputs.reshape(-1, width)
    own = _own(model, arguments)
    of_images, of_rows = (_reaching(model.lender, own, given, first) for given in (inputs, rows))
    same = isinstance(of_images, torch.Tensor) and isinstance(of_rows, torch.Tensor)
    return rows if same and torch.equal(of_images, of_rows) else inputs


def _own(model: Borrower, arguments: dict[str, Any]) -> nn.Module:
    """Return an object of the lender's, made once; the judge's model where none can be made."""
    if "_own" not in vars(model):
        made: Any = None
        with torch.random.fork_rng(devices=[]):
            for given in ({}, arguments):
                try:
                    made = made or model.lender(**given)  # type: ignore[misc]
                except Exception:  # noqa: BLE001, S112 - a wrong size is another check's matter
                    continue
        vars(model)["_own"] = made if isinstance(made, nn.Module) else model
    own: nn.Module = vars(model)["_own"]
    return own


def _reaching(lender: type[Any], model: nn.Module, inputs: torch.Tensor, first: str) -> Any:
    """Return what a layer is given in a forward pass, ``None`` where that does not come to it."""
    layer = getattr(model, first, None)
    if not isinstance(layer, nn.Module):
        return None

    def reached(_layer: nn.Module, given: tuple[Any, ...]) -> None:
        raise _ReachedError(next(iter(given), None))

    hook = layer.register_forward_pre_hook(reached, prepend=True)
    try:
        with torch.no_grad():
            lender.forward(model, inputs)
    except _ReachedError as end:
        return end.inputs
    except Exception:  # noqa: BLE001 - a forward that fails is another check's matter
        return None
    finally:
        hook.remove()
    return None
