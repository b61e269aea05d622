"""Devices that are only pretended: tensors that remember where they were brought.

Nothing moves. A notebook is told a GPU, its tensors say that they lie there, and what would stop
on a real one because its tensors lie apart is noted, and goes on.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch
from torch.overrides import TorchFunctionMode

from grader.probes.environment.lines import student_line
from grader.probes.environment.transforms import in_transform

if TYPE_CHECKING:
    from collections.abc import Iterator

CPU, GPU = "cpu", "cuda:0"
_MOST = 20
_PLACE, _LINE = "_brought_to", "_brought_at"
_TENSOR = torch.Tensor
# These read a place instead of computing: the getters of a tensor's attributes, and methods.
_DEVICE, _IS_CUDA = _TENSOR.device.__get__, _TENSOR.is_cuda.__get__  # type: ignore[attr-defined]
_SET_DATA = _TENSOR.data.__set__  # type: ignore[attr-defined]
# These leave torch, which only tensors on the CPU can.
_LEAVING = {"numpy", "__array__"}
# These put values where the tensor lies, or may have their indices on the CPU.
_MAY_MIX = {"copy_", "__getitem__", "__setitem__", "__set__", "type_as"}
# What a model's own ``to`` asks of a parameter before and after.
_MAY_MIX.add("_has_compatible_shallow_copy_type")
# These take a single number from the CPU, and none from elsewhere to the CPU.
_COMPUTING = {"add", "sub", "mul", "div", "truediv", "floordiv", "and", "or", "xor"}
_COMPUTING |= {"eq", "ne", "lt", "le", "gt", "ge"}


class Pretended(TorchFunctionMode):
    """Keeps the place of every tensor while it is entered, and notes where places are mixed.

    A note has ``what`` ("input" of a model, "mixed" or "leaving"), the places ``got``, and the
    ``line`` of student code, as a frame of ``Namespace.describe``: that of a move to another place
    than the notebook is ``told``, else the one that would stop.
    """

    def __init__(self, told: str = GPU) -> None:
        super().__init__()
        self.told = told
        self.muted = False
        self.transformed = False
        self.notes: list[dict[str, Any]] = []

    def note(self, what: str, *got: str, line: list[int] | None = None) -> None:
        """Note what would stop on real devices, once a line, unless it is ``muted``.

        Within a transform tensors are wrapped, and say nothing of where they were brought.
        """
        if in_transform():
            return
        note = {"what": what, "got": sorted(set(got)), "line": line or student_line()}
        if note not in self.notes and len(self.notes) < _MOST and not self.muted:
            self.notes.append(note)

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        """Run a PyTorch function on the CPU, and say of its results where they would lie."""
        kwargs = kwargs or {}
        name = getattr(func, "__name__", "")
        if func is torch.device:
            return func(*args, **kwargs)  # no tensor: this only names one
        if func in (_DEVICE, _IS_CUDA) or name == "get_device":
            return _said(func, name, place_of(args[0]))
        self.transformed |= in_transform()
        given = list(_tensors((args, kwargs)))
        tensors = [tensor for tensor in given if not self.lost(tensor)]
        places = {
            place_of(tensor) for tensor in tensors if tensor.dim() or _counts(name, tensor, args)
        }
        if name in _LEAVING and places - {CPU}:
            self.note("leaving", *places)
        elif len(places) > 1 and not self._moves(name, kwargs) and name not in _MAY_MIX:
            moves = [vars(t).get(_LINE) for t in tensors if place_of(t) != self.told]
            self.note("mixed", *places, line=moves[0] if len(moves) == 1 else None)
        target = _target(name, args, kwargs)
        if name == "cuda":
            result = args[0]
        else:
            named = {key: _on_cpu(value) for key, value in kwargs.items()}
            numbered = name == "to" and len(args) > 1 and type(args[1]) is int
            rest = (CPU, *args[2:]) if numbered else args[1:]
            result = func(*args[:1], *(_on_cpu(arg) for arg in rest), **named)
        where = target or next(iter(sorted(places - {CPU})), None) or _scalar_place(tensors)
        if func == _SET_DATA:  # as a model's ``to`` does with each parameter
            put(args[0], place_of(args[1]))
            vars(args[0])[_LINE] = moved_at(args[1])
        elif any(result is tensor for tensor in tensors):
            # A move makes another tensor; what changes a tensor leaves it where it is.
            if target is None or place_of(result) == target == self.told:
                return result
            result = result.view(result.shape)
        # What is made of plain numbers lies where this line puts it, as what is moved does.
        if (target is not None or not given) and isinstance(result, torch.Tensor):
            vars(result)[_LINE] = student_line()
        unknown = where == CPU and target is None and len(tensors) < len(given)
        return result if unknown else put(result, where)

    def lost(self, tensor: torch.Tensor) -> bool:
        """Whether a tensor came out of a transform, which does not say where it lies."""
        return self.transformed and _PLACE not in vars(tensor)

    @staticmethod
    def _moves(name: str, kwargs: Any) -> bool:
        return name in ("to", "cuda", "cpu") or kwargs.get("device") is not None


def place_of(value: Any) -> str:
    """Return where a tensor was brought, the CPU by default."""
    place: str = vars(value).get(_PLACE, CPU) if isinstance(value, torch.Tensor) else CPU
    return place


def moved_at(tensor: Any) -> list[int] | None:
    """Return the line of student code that brought a tensor where it lies, if one did."""
    line: list[int] | None = vars(tensor).get(_LINE)
    return line


def put(value: Any, place: str) -> Any:
    """Say of a tensor, or of all tensors in a tuple or list, that they lie at a place."""
    if isinstance(value, torch.Tensor):
        vars(value)[_PLACE] = place
    elif isinstance(value, (tuple, list)):
        for item in value:
            put(item, place)
    return value


@contextmanager
def pretended_gpu(*, there: bool) -> Iterator[None]:
    """Have ``torch.cuda.is_available`` say that there is a GPU while this lasts."""
    original = torch.cuda.is_available
    if there:
        torch.cuda.is_available = lambda: True
    try:
        yield
    finally:
        torch.cuda.is_available = original


def _tensors(value: Any, depth: int = 3) -> Iterator[torch.Tensor]:
    """Yield the tensors in arguments, also those in their lists."""
    if isinstance(value, torch.Tensor):
        yield value
    elif depth and isinstance(value, (tuple, list)):
        for item in value:
            yield from _tensors(item, depth - 1)
    elif depth and isinstance(value, dict):
        yield from _tensors(list(value.values()), depth)


def _counts(name: str, number: torch.Tensor, args: Any) -> bool:
    """Whether a single number's place matters: off the CPU, or where the result has to be put."""
    plain = name.strip("_")
    if plain not in _COMPUTING and not (name.startswith("__i") and plain[1:] in _COMPUTING):
        return False
    inside = plain[0] == "i" or (name.endswith("_") and not name.startswith("__"))
    return place_of(number) != CPU or (inside and number is args[0])


def _target(name: str, args: Any, kwargs: Any) -> str | None:
    """Return the place that a call asks for, ``None`` where it asks for none."""
    if name == "cpu":
        return CPU
    given = kwargs.get("device")
    if name == "cuda":
        given = args[1] if len(args) > 1 else given
        return GPU if given is None else _name(given)
    if name in ("to", "type_as"):
        asked = [*args[1:2], kwargs.get("other")]
        other = next((one for one in asked if isinstance(one, torch.Tensor)), None)
        if other is not None:
            return place_of(other)
        first = args[1] if len(args) > 1 else None
        given = first if isinstance(first, (str, torch.device, int)) else given
    return None if given is None else _name(given)


def _name(device: Any) -> str:
    """Return a device's full name: the first GPU where only "cuda" is asked for."""
    if isinstance(device, int):
        return f"cuda:{device}"
    device = torch.device(device)
    if device.type == CPU:
        return CPU
    return f"{device.type}:{device.index or 0}"


def _on_cpu(value: Any) -> Any:
    """Return an argument with the CPU for any other device."""
    if isinstance(value, torch.device):
        return torch.device(CPU) if value.type != CPU else value
    if isinstance(value, str) and value.partition(":")[0] in ("cuda", "mps", "xpu"):
        return CPU
    return value


def _scalar_place(tensors: list[torch.Tensor]) -> str:
    """Return the place of a result that was made of single numbers only."""
    places = sorted({place_of(tensor) for tensor in tensors} - {CPU})
    return places[0] if places else CPU


def _said(func: Any, name: str, place: str) -> Any:
    """Return what a tensor says of its place."""
    device = torch.device(place)
    if name == "get_device":
        return device.index if device.type == "cuda" else -1
    return device if func == _DEVICE else device.type == "cuda"
