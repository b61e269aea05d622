"""The judge's own models, which a student's function or loop is run on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import torch
from torch import nn
from torch.nn.functional import linear

from grader.probes.doubles.borrowing import Borrower, keep_as_lender_does
from grader.probes.doubles.flattening import rows_as_in_forward
from grader.probes.doubles.linear_layers import add_layers, make_linear, used_units
from grader.probes.doubles.model_input import as_rows
from grader.probes.environment.lines import student_line
from grader.probes.environment.transforms import behind_transforms, in_transform

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import numpy as np

    from grader.probes.doubles.trained_on import TrainedOn


class KnownClassifier(Borrower):
    """A linear classifier whose accuracy the judge knows; in train mode it gives other answers.

    Inputs of shape (B, D), or images of the shape ``takes``; logits of shape (B, C). It is built of
    layers like the notebook's, with ReLUs between them, so that calling these instead of the model
    gives the same scores. Each call of the model, or of its first layer by itself, is reported to
    ``on_call``. ``laid_out_at`` is the line that gave it images which only the student's own
    ``forward`` lays out as rows.
    """

    takes: Sequence[int] = ()
    laid_out_at: list[int] | None = None

    def __init__(
        self,
        weight: np.ndarray,
        bias: np.ndarray,
        layers: Sequence[tuple[str, int, int]],
        resets: Sequence[str],
        interface: dict[str, Any],
        on_call: Callable[[Any, nn.Module], None],
    ) -> None:
        super().__init__()
        vars(self).update(interface)
        self._like = interface
        vars(self).update(dict.fromkeys(resets, self._forget))
        self.on_call = on_call
        self.layer_names = [name for name, _, _ in layers]
        add_layers(self, layers)
        self._used = used_units(len(weight))  # private: a layer may have any other name
        self._held: list[int] = []
        self._cut: list[tuple[Any, Any]] = []
        self.become(weight, bias)
        first: nn.Module = getattr(self, self.layer_names[0])
        first.register_forward_pre_hook(lambda _layer, inputs: on_call(inputs[0], self))

    def become(self, weight: np.ndarray, bias: np.ndarray) -> None:
        """Take other weights (C, D) and biases (C,), as after training."""
        layers = [getattr(self, name) for name in self.layer_names]
        make_linear(layers, torch.from_numpy(weight), torch.from_numpy(bias))

    def _forget(self, *_args: object, **_kwargs: object) -> None:
        with torch.no_grad():
            for parameter in self.parameters():
                parameter.zero_()

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Classify; in train mode every class is one off, a disturbance as dropout is.

        Under autocast the scores have its type. They are computed exactly all the same: a notebook
        may compute in any precision, and none changes a prediction.
        """
        rows = self._rows(x)
        if rows is not x and not self.takes:
            self.laid_out_at = self.laid_out_at or student_line()
        x = rows
        self.on_call(x, self)
        if torch.is_autocast_enabled("cpu"):
            kind = torch.get_autocast_dtype("cpu")
            with torch.autocast("cpu", enabled=False):
                exact = x.to(next(self.parameters()).dtype) if x.is_floating_point() else x
                return self._scores(exact).to(kind)
        return self._scores(x)

    def _rows(self, x: torch.Tensor) -> torch.Tensor:
        if self.takes:
            return as_rows(x, self.takes)  # type: ignore[no-any-return]
        return rows_as_in_forward(self, x, self.layer_names[0], self._like)  # type: ignore[no-any-return]

    def _scores(self, logits: torch.Tensor) -> torch.Tensor:
        for number, (weight, bias) in enumerate(self._parts()):
            # Calling the layer would count as a call by the student.
            logits = linear(torch.relu(logits) if number else logits, weight, bias)
        return logits.roll(1, dims=-1) if self.training else logits

    def _parts(self) -> list[tuple[torch.Tensor, torch.Tensor]]:
        """Return the weight and bias of each layer, without the hidden units that are not used.

        They are cut out once, for as long as the parameters are the same: for a small batch this
        takes as long as the computing. What a backward pass needs is cut out anew.
        """
        layers: list[Any] = [self._modules[name] for name in self.layer_names]
        pairs = [(layer.weight, layer.bias) for layer in layers]
        # Within a transform parameters may have no data of their own, and are cut anew each time.
        lasting = not in_transform() and not torch.is_grad_enabled()
        held = [tensor.data_ptr() for pair in pairs for tensor in pair] if lasting else []
        if lasting and self._held == held:
            return self._cut
        last, used = len(pairs) - 1, self._used
        cut = [
            (
                weight[slice(None if n == last else used), slice(used if n else None)],
                bias[slice(None if n == last else used)],
            )
            for n, (weight, bias) in enumerate(pairs)
        ]
        if lasting and not torch.is_inference_mode_enabled():
            self._held, self._cut = held, cut
        return cut


class ScriptedClassifier(Borrower):
    """Returns the logits that it is told for the batch at hand, whatever its inputs.

    So do its layers, called one by one: the first looks the logits up, the last returns them.
    """

    def __init__(
        self,
        layers: Sequence[tuple[str, int, int]],
        resets: Sequence[str],
        interface: dict[str, Any],
        logits: Callable[[Any], torch.Tensor],
    ) -> None:
        super().__init__()
        vars(self).update(interface)
        self._like, self._first = interface, layers[0][0]
        vars(self).update(dict.fromkeys(resets, lambda *_args, **_kwargs: None))
        add_layers(self, layers)
        self.unused = nn.Parameter(torch.zeros(1))
        self.logits = logits
        self.told: torch.Tensor | None = None
        width = layers[0][1]

        def first(_layer: nn.Module, inputs: tuple[Any, ...]) -> torch.Tensor:
            self.told = self.logits(inputs[0])
            return torch.zeros(len(self.told), width)

        def last(_layer: nn.Module, _inputs: object, output: torch.Tensor) -> torch.Tensor:
            return output if self.told is None else self.told + 0 * self.unused

        getattr(self, layers[0][0]).register_forward_pre_hook(first)
        getattr(self, layers[-1][0]).register_forward_hook(last)

    def forward(self, *inputs: object, **named: object) -> torch.Tensor:
        """Return the logits of the current batch, shape (B, C)."""
        given = next(iter([*inputs, *named.values()]), None)
        rows = rows_as_in_forward(self, given, self._first, self._like)
        with behind_transforms(rows) as behind:
            told = self.logits(behind.rows)
        return behind.again(told) + 0 * self.unused


def let_go(*models: nn.Module | None) -> None:
    """Free the parameters of models that are used no more.

    They are in reference cycles with their hooks and would stay until the garbage collector runs:
    the next model would then take fresh memory, which takes longer than all its computation.
    """
    for model in models:
        for layer in model.modules() if model is not None else ():
            layer._parameters.clear()  # noqa: SLF001 - PyTorch has no public way


class StandInModel(Borrower):
    """A small network with the attributes of the notebook's model and the judge's weights.

    It takes and gives what the form of its data says. Its activation is tanh, so that it is no
    answer to the notebook's blanks.
    """

    on_copy: Any = staticmethod(lambda model: model)
    _form: TrainedOn

    def __init__(
        self,
        challenge: dict[str, Any],
        on_forward: Callable[[nn.Module], None],
        on_no_op: Callable[[], None],
        form: TrainedOn,
    ) -> None:
        super().__init__()
        vars(self).update(challenge["interface"])
        vars(self)["_form"] = form
        self.on_forward = on_forward
        self.layer_names = list(challenge["weights"])
        for name, (weight, bias) in challenge["weights"].items():
            layer = nn.Linear(weight.shape[1], weight.shape[0])
            with torch.no_grad():
                layer.weight.copy_(torch.from_numpy(weight))
                layer.bias.copy_(torch.from_numpy(bias))
            setattr(self, name, layer)
        for name in challenge["no_ops"]:
            # init_param() in a student's loop must not overwrite the judge's weights.
            setattr(self, name, lambda *_args, **_kwargs: on_no_op())

    def __deepcopy__(self, _memo: Any) -> StandInModel:
        """Return what the judge hands out for a copy."""
        return self.on_copy(self)  # type: ignore[no-any-return]

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return outputs for a batch of the data's form; doubles are taken, too."""
        self.on_forward(self)
        hidden = self._form.taken(x)
        if hidden.dtype is torch.float64:
            hidden = hidden.to(torch.float32)
        for name in self.layer_names[:-1]:
            hidden = torch.tanh(getattr(self, name)(hidden))
        output = self._form.given(getattr(self, self.layer_names[-1])(hidden))
        keep_as_lender_does(self, x)
        return output


for _stand_in in (KnownClassifier, ScriptedClassifier, StandInModel):
    # PyTorch's messages name classes; students do not know these.
    _stand_in.__name__ = _stand_in.__qualname__ = "Model"
    _stand_in.forward.__qualname__ = "Model.forward"
