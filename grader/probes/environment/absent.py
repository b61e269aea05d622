"""Stand-ins for modules that are left out, so that code which uses them runs on.

Only plots, logs and prints depend on such modules. A stand-in supports every operation and
returns another stand-in.
"""

from __future__ import annotations

import inspect
import math
from opcode import opmap
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType

# As many values as most plotting calls return: a figure and its axes, the ends of an axis.
_USUAL = 2
_OPERATIONS = (
    *("add", "sub", "mul", "matmul", "truediv", "floordiv", "mod", "divmod", "pow"),
    *("lshift", "rshift", "and", "or", "xor"),
)
_OTHERS = ("neg", "pos", "abs", "invert", "round", "lt", "le", "gt", "ge", "eq", "ne")
_EXTENDED, _UNPACK, _UNPACK_STARRED = (
    opmap[name] for name in ("EXTENDED_ARG", "UNPACK_SEQUENCE", "UNPACK_EX")
)


class Absent(ModuleType):
    """Stands for a module and all that is in it: every attribute, call and item is another one.

    It is false and of length 0; as an ``int`` it is 1, as a ``float`` NaN.
    """

    __version__ = "0.0.0"

    def __init__(self, name: str = "absent") -> None:
        super().__init__(name)
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return self._other(name)

    def __delattr__(self, name: str) -> None:
        vars(self).pop(name, None)

    def __call__(self, *args: Any, **_kwargs: Any) -> Any:
        """Return a decorated function as it is, else another stand-in."""
        return args[0] if len(args) == 1 and callable(args[0]) else self._other()

    def __iter__(self) -> Iterator[Any]:
        """Yield as many stand-ins as the caller unpacks, by default two."""
        frame = inspect.currentframe()
        return iter(self._values(names_to_bind(frame.f_back if frame is not None else None)))

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_details: object) -> None:
        return None

    def __getitem__(self, _key: object) -> Any:
        return self._other()

    def __setitem__(self, _key: object, _value: object) -> None:
        return None

    def __delitem__(self, _key: object) -> None:
        return None

    def __contains__(self, _item: object) -> bool:
        return False

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return False

    def __int__(self) -> int:
        """Be one: a loop whose count comes from a slider runs once."""
        return 1

    __index__ = __trunc__ = __floor__ = __ceil__ = __int__

    def __float__(self) -> float:
        return math.nan

    def __complex__(self) -> complex:
        return complex(math.nan)

    def __array__(self, dtype: Any = None, copy: Any = None) -> np.ndarray:
        """Be one number for numpy, which would take it for an empty sequence."""
        kind = np.dtype(dtype).kind
        return np.array(math.nan if kind in "fc" else 1, dtype)

    def __hash__(self) -> int:
        return id(self)

    def __repr__(self) -> str:
        return "nothing"

    def __format__(self, _spec: str) -> str:
        return repr(self)

    def __reduce__(self) -> Any:
        return type(self), (self.__name__,)

    def __instancecheck__(self, _value: object) -> bool:
        """Have no instances, where it stands for a class."""
        return False

    def __mro_entries__(self, _bases: object) -> tuple[type, ...]:
        """Add no base to a class that is derived from it."""
        return ()

    def _values(self, count: int | None) -> Iterable[Any]:
        return [self._other() for _ in range(_USUAL if count is None else count)]

    def _other(self, name: str | None = None) -> Any:
        return type(self)(name or self.__name__)

    def _nothing(self, *_operands: object) -> Any:
        return self._other()


class NotInstalled(Absent):
    """Stands for a module that a notebook imports and this machine lacks.

    Called with an iterable it iterates over that: the loop behind a progress bar still runs.
    """

    def __init__(self, name: str = "absent", over: Any = None) -> None:
        super().__init__(name)
        self._over = over

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return a stand-in that iterates over the first argument, if that is iterable."""
        first = args[0] if args else None
        if isinstance(first, str) or callable(first) or not hasattr(type(first), "__iter__"):
            return super().__call__(*args, **kwargs)
        return NotInstalled(self.__name__, first)

    def __len__(self) -> int:
        return len(self._over) if hasattr(type(self._over), "__len__") else 0

    def _values(self, count: int | None) -> Iterable[Any]:
        return self._over if count is None and self._over is not None else super()._values(count)


def names_to_bind(frame: FrameType | None) -> int | None:
    """Return how many values a frame is about to unpack, ``None`` if it unpacks none.

    ``line, = ax.plot(x)`` and ``a, b, c = axes`` call ``iter`` alike; only the frame's instruction
    tells the number.
    """
    if frame is None:
        return None
    code, place = frame.f_code.co_code, frame.f_lasti
    # The high bytes of an argument stand in instructions before its own.
    while place >= 2 and code[place - 2] == _EXTENDED:
        place -= 2
    number = 0
    while 0 <= place < len(code) - 1:
        number = number << 8 | code[place + 1]
        if code[place] != _EXTENDED:
            break
        place += 2
    else:
        return None
    if code[place] == _UNPACK:
        return number
    if code[place] == _UNPACK_STARRED:
        # The names before the star, those after it, and the starred one.
        return (number & 0xFF) + (number >> 8) + 1
    return None


class SharedSettings(dict[str, Any]):
    """Settings that a notebook reads back, as keys or as attributes."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return self.get(name, Absent(name))

    def __setattr__(self, name: str, value: Any) -> None:
        self[name] = value


class Tracker(Absent):
    """Stands for ``wandb``, whose settings a notebook may read back."""

    def __init__(self, name: str = "wandb") -> None:
        super().__init__(name)
        self.config = SharedSettings()

    def init(self, *_args: Any, config: Any = None, **_kwargs: Any) -> Any:
        """Keep the settings of a run and return it."""
        self.config.update(config if isinstance(config, dict) else getattr(config, "__dict__", {}))
        run: Any = Absent("run")
        run.config = self.config
        return run

    def _other(self, name: str | None = None) -> Any:
        return Absent(name or self.__name__)


for _name in (*_OPERATIONS, *(f"r{operation}" for operation in _OPERATIONS), *_OTHERS):
    setattr(Absent, f"__{_name}__", Absent._nothing)  # noqa: SLF001 - its own
