"""Makes a notebook's own ``DataLoader`` of the judge's data set yield the judge's batches."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from torch.utils import data

if TYPE_CHECKING:
    from collections.abc import Iterator

    from grader.probes.doubles.batches import Batches

_DataLoader = data.DataLoader
_watched: list[tuple[Any, Batches]] = []


class Prepared(_DataLoader[Any]):
    """The judge's batches of what a notebook has made of all the judge's images, in their order."""

    def __init__(self, dataset: Any, batches: Batches) -> None:
        super().__init__(dataset, batch_size=max(batches.sizes))
        self.batches = batches

    def __len__(self) -> int:
        return len(self.batches)

    def __iter__(self) -> Iterator[Any]:  # type: ignore[override]
        return self.batches.over(self.dataset)


def _prepared(dataset: Any) -> Prepared | None:
    """Return the judge's batches of tensors with a row for each of the judge's images."""
    if not isinstance(dataset, data.TensorDataset):
        return None
    same = (batches for its, batches in _watched if len(its) == len(dataset))
    batches = next(same, None)
    return None if batches is None else Prepared(dataset, batches)


class _Watching(type):
    """Makes the judge's batches instead of a loader of the judge's data."""

    def __call__(cls, dataset: Any = None, *args: Any, **kwargs: Any) -> Any:
        """Return the judge's batches, whatever size and order is asked for, or else a loader."""
        known = (batches for its, batches in _watched if its is dataset and cls is _Loader)
        ours = next(known, None) or (_prepared(dataset) if cls is _Loader else None)
        return ours or super().__call__(dataset, *args, **kwargs)

    def __instancecheck__(cls, instance: object) -> bool:
        return (
            isinstance(instance, _DataLoader) if cls is _Loader else cls in type(instance).__mro__
        )


class _Loader(data.DataLoader[Any], metaclass=_Watching):
    """PyTorch's loader, as notebooks see it."""


for _class in (Prepared, _Loader):
    _class.__name__ = _class.__qualname__ = "DataLoader"


@contextmanager
def watched_loaders(*known: tuple[Any, Batches]) -> Iterator[None]:
    """Replace loaders of the judge's data sets by these batches while this lasts.

    A notebook may make them in a function, or with workers, which cannot be started here.
    """
    _watched[:] = known
    data.DataLoader = data.dataloader.DataLoader = _Loader  # type: ignore[misc]
    try:
        yield
    finally:
        data.DataLoader = data.dataloader.DataLoader = _DataLoader  # type: ignore[misc]
        _watched.clear()
