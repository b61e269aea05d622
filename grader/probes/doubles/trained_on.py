"""What a loop is trained on, images or rows of any form, and how a model takes it.

Both forms have the same methods: the data set, the loss, what the judge's model makes of an input,
and the rows of numbers by which inputs are known again.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import nn
from torch.nn.functional import embedding
from torch.utils.data import TensorDataset

from grader.probes.doubles.pictures import Pictures, images_tensor

# An image has more axes than a row of its pixels.
_IMAGE = 3


class TrainedImages:
    """uint8 images with a label each, as torchvision's data sets have them."""

    def __init__(self, challenge: dict[str, Any]) -> None:
        self.challenge = challenge

    def data(self, order: np.ndarray | None = None) -> Any:
        """Return the data set; item k is number ``order[k]``."""
        last = list(self.challenge["weights"].values())[-1][1]
        return Pictures(
            self.challenge["inputs"],
            self.challenge["image"],
            self.challenge["targets"],
            order,
            classes=len(last),
        )

    def loss(self) -> nn.Module:
        """Return the notebook's loss."""
        return nn.CrossEntropyLoss(reduction=self.challenge["reduction"])

    def known(self) -> torch.Tensor:
        """Return the rows by which the images are known again."""
        images = self.challenge["inputs"]
        return images_tensor(images, images.shape[1:])

    def width(self) -> int:
        """Return how many numbers the model's first layer takes."""
        return int(self.challenge["inputs"].shape[1])

    def rows(self, inputs: Any) -> torch.Tensor | None:
        """Return what a model is given as rows (N, D), ``None`` for what is no batch."""
        if not isinstance(inputs, torch.Tensor) or inputs.dim() < 2:
            return None
        return inputs.detach().flatten(1).to("cpu", torch.float32)

    def taken(self, x: torch.Tensor) -> torch.Tensor:
        """Return what the first layer is given: images are flattened."""
        return x.flatten(1) if x.dim() >= _IMAGE else x

    def given(self, outputs: torch.Tensor) -> torch.Tensor:
        """Return the model's output as the notebook has it."""
        return outputs

    def errors(self, gradient: torch.Tensor) -> torch.Tensor:
        """Return a gradient at the output with a row for each image."""
        return gradient


class TrainedRows:
    """Rows of floats or of token ids, with targets of any shape; see ``RowForm``."""

    def __init__(self, challenge: dict[str, Any]) -> None:
        self.challenge, self.form = challenge, challenge["form"]
        table = self.form["table"]
        self.table = None if table is None else torch.from_numpy(table.copy())

    def data(self, order: np.ndarray | None = None) -> Any:
        """Return the data set; item k is number ``order[k]``."""
        columns = (self.challenge["inputs"], self.challenge["targets"])
        chosen = (column if order is None else column[order] for column in columns)
        return RowsDataset(*(torch.from_numpy(column.copy()) for column in chosen))

    def loss(self) -> nn.Module:
        """Return the notebook's loss."""
        made: nn.Module = getattr(nn, self.form["loss"])(reduction=self.challenge["reduction"])
        return made

    def known(self) -> torch.Tensor:
        """Return the rows by which the inputs are known again: one for each place."""
        return self._flat(self.taken(torch.from_numpy(self.challenge["inputs"].copy())))

    def width(self) -> int:
        """Return how many numbers the model's first layer takes."""
        return int(next(iter(self.challenge["weights"].values()))[0].shape[1])

    def rows(self, inputs: Any) -> torch.Tensor | None:
        """Return what a model is given as rows of numbers, ``None`` for what is no batch."""
        if not isinstance(inputs, torch.Tensor) or inputs.dim() < 2:
            return None
        return self._flat(self.taken(inputs.detach())).to("cpu", torch.float32)

    def taken(self, x: torch.Tensor) -> torch.Tensor:
        """Return what the first layer is given: numbers for tokens, places before numbers."""
        if self.table is not None:
            x = embedding(x, self.table.to(x.device))
        elif self.form["positions"] and self.form["features"] == "first":
            return x.movedim(1, -1)
        if self.form["positions"] or x.dim() < 2:
            return x
        return x.flatten(1)

    def given(self, outputs: torch.Tensor) -> torch.Tensor:
        """Return the model's output (N, ..., O) as the notebook has it."""
        form, classes = self.form, self.form["classes"]
        if not classes:
            flat, output = outputs.flatten(1), form["output"]
            # A row of another length than the notebook's keeps its own.
            whole = flat.shape[1] == int(np.prod(output))
            return flat.reshape(-1, *output) if whole else outputs.squeeze(-1)
        if not form["positions"]:
            outputs = outputs.reshape(*outputs.shape[:-1], *form["target"], classes)
        return outputs.movedim(-1, 1) if form["scores"] == "first" else outputs

    def errors(self, gradient: torch.Tensor) -> torch.Tensor:
        """Return a gradient at the output row by row, the scores of a place side by side."""
        if self.form["classes"] and self.form["scores"] == "first" and gradient.dim() > 1:
            gradient = gradient.movedim(1, -1)
        return gradient.flatten(1) if gradient.dim() > 1 else gradient.reshape(-1, 1)

    def _flat(self, x: torch.Tensor) -> torch.Tensor:
        return x.reshape(-1, x.shape[-1])


class RowsDataset(TensorDataset):
    """Rows and their targets."""


RowsDataset.__name__ = RowsDataset.__qualname__ = "TensorDataset"


TrainedOn = TrainedImages | TrainedRows


def drawn_data(challenge: dict[str, Any], order: np.ndarray) -> Any:
    """Return the data of a training in an order (K,), which may have a row several times."""
    inputs, targets = challenge["train_inputs"], challenge["train_targets"]
    if challenge["form"] is None:
        return Pictures(inputs, challenge["image"], targets, order)
    return RowsDataset(*(torch.from_numpy(column[order]) for column in (inputs, targets)))


def held_back_of(challenge: dict[str, Any]) -> torch.Tensor:
    """Return what a training holds back, as a model takes it."""
    inputs = challenge["held_back"]
    if challenge["form"] is None:
        return images_tensor(inputs, inputs.shape[1:])
    return torch.from_numpy(inputs.copy())


def trained_on(challenge: dict[str, Any]) -> TrainedOn:
    """Return the form of a challenge's data."""
    return TrainedImages(challenge) if challenge.get("form") is None else TrainedRows(challenge)
