"""Reads the events of a training loop: per batch, what was done in which order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

Batch = tuple[str, ...]

_UPDATES = ("zero_grad", "backward", "step")


@dataclass(frozen=True)
class Trace:
    """The events of each batch by name, and what the whole shows.

    ``clean``: every ``backward`` after the first found the gradients cleared, by whatever means.
    ``cleared``: some ``zero_grad`` cleared this model's gradients. ``resets``: how often the
    parameters were set anew after training had begun. ``on_test``: backward ran on test batches.
    """

    batches: tuple[Batch, ...]
    epochs: int
    counts: dict[str, int]
    clean: bool
    cleared: bool
    first_epoch: int
    resets: int = 0
    on_test: bool = False

    @property
    def order(self) -> str:
        """The order of events within a batch, as most batches have it."""
        common = Counter(self.batches).most_common(1)
        return in_words(common[0][0]) if common else ""

    @property
    def in_order(self) -> bool:
        """Whether every batch has one backward, then one step, on cleared gradients."""
        return (
            bool(self.batches)
            and all(
                [name for name in batch if name in ("backward", "step")] == ["backward", "step"]
                and not _between(batch, "backward", "zero_grad", "step")
                for batch in self.batches
            )
            and self.clean
        )

    def once_per_epoch(self, name: str) -> bool:
        """Whether something that belongs to every batch is done once an epoch at most."""
        several = len(self.batches) > self.epochs
        left_over = name != "zero_grad" or not self.clean
        return several and left_over and 0 < self.counts[name] <= self.epochs

    def left_out(self, name: str) -> int:
        """Return in how many batches something is not done that is done in others."""
        without = sum(name not in batch for batch in self.batches)
        return without if without < len(self.batches) else 0

    def doubled(self, name: str) -> Batch | None:
        """Return a batch in which something is done more than once."""
        # A batch that is trained on several times has several forward passes too.
        return self._first(lambda batch: batch.count(name) > max(1, batch.count("forward")))

    def cleared_before_step(self) -> Batch | None:
        """Return a batch whose gradients are cleared between backward and step."""
        return self._first(lambda batch: _between(batch, "backward", "zero_grad", "step"))

    def step_before_backward(self) -> Batch | None:
        """Return a batch that steps before its own backward."""
        return self._first(
            lambda batch: (
                "step" in batch[: batch.index("backward")] if "backward" in batch else False
            )
        )

    def _first(self, shows: Callable[[Batch], bool]) -> Batch | None:
        return next((batch for batch in self.batches if shows(batch)), None)


def in_words(batch: Batch) -> str:
    """Return a batch's events as a reader takes them in."""
    return " → ".join(batch)


def read_trace(events: list[list[Any]]) -> Trace:
    """Sort a worker's events into batches; what came before the first batch does not count."""
    batches: list[list[str]] = []
    sizes: list[int] = []
    clean = True
    backwards = 0
    cleared = False
    resets = 0
    test, on_test = False, False
    for event in events:
        name = str(event[0])
        on_test = on_test or (test and name == "backward")
        test = name == "test_batch" or (test and name != "batch")
        if name in ("reset", "test_batch"):
            resets += name == "reset" and backwards > 0
            continue
        if name == "epoch":
            sizes.append(0)
        elif name == "batch":
            batches.append([])
            if sizes:
                sizes[-1] += 1
        elif name == "zero_grad":
            cleared = cleared or bool(event[1])
            if batches and event[1]:
                batches[-1].append(name)
        elif batches:
            batches[-1].append(name)
            if name == "backward":
                clean = clean and (backwards == 0 or bool(event[1]))
                backwards += 1
    counts = Counter(name for batch in batches for name in batch)
    # A gradient that no second backward ever met was never seen to be left over.
    return Trace(
        batches=tuple(tuple(batch) for batch in batches),
        epochs=max(len(sizes), 1),
        counts={name: counts[name] for name in ("forward", *_UPDATES)},
        clean=clean and backwards > 1,
        cleared=cleared,
        first_epoch=sizes[0] if sizes else 0,
        resets=resets,
        on_test=on_test,
    )


def _between(batch: Batch, first: str, middle: str, last: str) -> bool:
    """Whether ``middle`` happens after a ``first`` and before the next ``last``."""
    armed = False
    for k, name in enumerate(batch):
        if name == first:
            armed = True
        elif name == last:
            armed = False
        elif name == middle and armed and last in batch[k:]:
            return True
    return False
