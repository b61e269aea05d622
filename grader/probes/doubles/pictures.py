"""The judge's images as a data set that looks like torchvision's."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch.utils.data import Dataset

if TYPE_CHECKING:
    from collections.abc import Sequence

_FEW = 64
_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


def images_tensor(images: np.ndarray, shape: Sequence[int]) -> torch.Tensor:
    """Return uint8 images as float32 in [0, 1] of shape (N, *shape), as ``ToTensor`` gives them."""
    return torch.from_numpy(images.copy()).to(torch.float32).div_(255).reshape(-1, *shape)


class Pictures(Dataset[Any]):
    """Images in a drawn order, as a data set that converts an item when it is read.

    A training's batches together are several times larger than the images they are drawn from. It
    has the attributes of torchvision's data sets, which a notebook may read; setting ``transform``
    and the like has no effect.
    """

    root, train = "./data/", True
    target_transform = None

    def __init__(
        self,
        images: np.ndarray,
        shape: Sequence[int],
        labels: np.ndarray,
        order: np.ndarray | None = None,
        *,
        classes: int | None = None,
    ) -> None:
        """Hold uint8 images (N, H, W) or (N, D) and labels (N,); item k is number ``order[k]``.

        ``order`` (K,) is by default 0 to N - 1. ``shape`` is that of one image in the notebook.
        ``classes`` is their number, by default the largest label + 1.
        """
        self.images, self.shape, self.labels = images, tuple(shape), labels
        self.order = np.arange(len(labels)) if order is None else order
        self._count = int(labels.max()) + 1 if classes is None else classes

    def __len__(self) -> int:
        return len(self.order)

    def __getitem__(self, index: Any) -> tuple[torch.Tensor, Any]:
        chosen = self.order[index.numpy() if isinstance(index, torch.Tensor) else index]
        if self._few is not None and chosen.ndim:
            return _as_numbers(self._few[chosen]), torch.from_numpy(self.labels[chosen])
        images = _as_numbers(images_tensor(self.images[chosen], self.shape))
        if chosen.ndim == 0:  # one image, without a batch axis, and a plain number
            return images[0], int(self.labels[chosen])
        return images, torch.from_numpy(self.labels[chosen])

    @cached_property
    def _few(self) -> torch.Tensor | None:
        """All images as tensors, where they are few and many items are made of them."""
        few = len(self.images) <= _FEW < len(self.order)
        return images_tensor(self.images, self.shape) if few else None

    @cached_property
    def data(self) -> torch.Tensor:
        """All images as in the files: uint8, without the axis of a single channel."""
        shape = self.shape[1:] if self.shape[0] == 1 else self.shape
        return torch.from_numpy(self.images[self.order]).reshape(-1, *shape)

    @cached_property
    def targets(self) -> torch.Tensor:
        """All labels."""
        return torch.from_numpy(self.labels[self.order])

    @cached_property
    def classes(self) -> list[str]:
        """The names of the classes: MNIST's, where there are ten of one channel."""
        digits = self._count == len(_DIGITS) and self.shape[0] == 1
        return [f"{n} - {_DIGITS[n]}" if digits else str(n) for n in range(self._count)]

    @property
    def class_to_idx(self) -> dict[str, int]:
        """The number of each class by its name."""
        return {name: number for number, name in enumerate(self.classes)}

    def transform(self, image: Any) -> torch.Tensor:
        """Return one image as an item has it."""
        return _as_numbers(images_tensor(np.asarray(image, np.uint8), self.shape)[0])


def _as_numbers(images: torch.Tensor) -> torch.Tensor:
    """Return images in the type that ``ToTensor`` gives: the default one, which may be set."""
    return images.to(torch.get_default_dtype())
