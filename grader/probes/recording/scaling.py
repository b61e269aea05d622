"""Watches gradient scalers: by what the gradients were divided, and which steps were skipped."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

GradScaler: Any = torch.amp.GradScaler

# The place of ``enabled`` among the arguments of a scaler after its device.
_ENABLED = 4


@contextmanager
def watched_scalers(
    unscaled: Callable[[float], None], skipped: Callable[[], None]
) -> Iterator[None]:
    """Report each division of gradients by its scale, and each step that a scaler left out.

    A scaler multiplies the loss, and divides the gradients before the step that it then makes; it
    makes none where a gradient is not finite. All this is PyTorch's own rule. Every scaler is
    switched on, as a notebook has it on a graphics card: what leaves it out is wrong there.
    """
    begin = GradScaler.__init__
    unscale, step = GradScaler._unscale_grads_, GradScaler._maybe_opt_step  # noqa: SLF001

    def noted_unscale(self: Any, optimizer: Any, inverse: Any, *args: Any, **kwargs: Any) -> Any:
        unscaled(1.0 / float(inverse))
        return unscale(self, optimizer, inverse, *args, **kwargs)

    def noted_step(self: Any, optimizer: Any, state: Any, *args: Any, **kwargs: Any) -> Any:
        if sum(float(value) for value in state["found_inf_per_device"].values()):
            skipped()
        return step(self, optimizer, state, *args, **kwargs)

    def switched_on(self: Any, _device: str = "cuda", *args: Any, **kwargs: Any) -> None:
        begin(self, "cpu", *args[:_ENABLED], **{**kwargs, "enabled": True})

    GradScaler.__init__ = switched_on
    GradScaler._unscale_grads_ = noted_unscale
    GradScaler._maybe_opt_step = noted_step  # noqa: SLF001
    try:
        yield
    finally:
        GradScaler.__init__ = begin
        GradScaler._unscale_grads_ = unscale
        GradScaler._maybe_opt_step = step  # noqa: SLF001
