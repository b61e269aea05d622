"""Reads the events of a training loop: per batch, what was done in which order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from grader.checks.step_order.observation import Event

Batch = tuple[str, ...]

_UPDATES = ("zero_grad", "backward", "step")
_PASS = ("forward", "backward", "step")


@dataclass(frozen=True)
class Trace:
    """The events of each batch by name, and what the whole shows.

    ``clean``: every ``backward`` after the first found the gradients cleared, by whatever means.
    ``cleared``: some ``zero_grad`` cleared this model's gradients when there were any. ``left``:
    the parameters whose gradients every later ``backward`` found uncleared. ``places``: each
    batch's number in its epoch, and the epoch's length. ``resets`` counts how often the parameters
    were initialised after training had begun. ``on_test``: backward ran on test batches;
    ``on_both``: it did so beside a training batch. ``elsewhere`` counts the backward calls that
    reached no parameter. ``inside``: a pass over the batches began within another one.
    """

    batches: tuple[Batch, ...]
    epochs: int
    counts: dict[str, int]
    clean: bool
    cleared: bool
    first_epoch: int
    resets: int = 0
    on_test: bool = False
    on_both: bool = False
    left: frozenset[str] = frozenset()
    places: tuple[tuple[int, int], ...] = ()
    elsewhere: int = 0
    inside: bool = False

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
        """Whether an event that belongs to every batch happens once an epoch at most.

        It has to be at the beginning or end of an epoch; in the middle it depends on something
        else.
        """
        several = len(self.batches) > self.epochs
        left_over = name != "zero_grad" or not self.clean
        at_its_ends = all(
            number in (0, length - 1)
            for batch, (number, length) in zip(self.batches, self.places, strict=True)
            if name in batch
        )
        return several and left_over and 0 < self.counts[name] <= self.epochs and at_its_ends

    def left_out(self, name: str) -> int:
        """Return how many batches lack an event that others have."""
        without = sum(name not in batch for batch in self.batches)
        return without if without < len(self.batches) else 0

    def doubled(self, name: str) -> Batch | None:
        """Return a batch in which an event happens more than once."""
        # A batch that is trained on several times has several forward passes too.
        return self._first(lambda batch: batch.count(name) > max(1, batch.count("forward")))

    def repeated(self) -> int:
        """Return how often each batch goes through forward, backward and step."""
        found = {tuple(batch.count(name) for name in _PASS) for batch in self.batches}
        often = {count for counts in found for count in counts}
        return often.pop() if len(often) == 1 else 1

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
    """Return a batch's events in words."""
    return " → ".join(batch)


def read_trace(events: Sequence[Event]) -> Trace:
    """Sort a worker's events into batches; events before the first batch do not count."""
    batches: list[list[str]] = []
    sizes: list[int] = []
    clean = True
    backwards = 0
    cleared = began_clean = False
    resets = 0
    test, on_test = False, False
    for event in events:
        name = str(event[0])
        on_test = on_test or (test and name == "backward")
        test = name == "test_batch" or (test and name != "batch")
        if name in ("reset", "test_batch", "elsewhere"):
            resets += name == "reset" and backwards > 0
            continue
        if name == "epoch":
            sizes.append(0)
        elif name == "batch":
            batches.append([])
            if sizes:
                sizes[-1] += 1
        elif name == "zero_grad":
            cleared = cleared or (bool(event[1]) and bool(event[2]))
            began_clean = began_clean or bool(event[1])
            if batches and event[1]:
                batches[-1].append(name)
        elif batches:
            batches[-1].append(name)
            if name == "backward":
                clean = clean and (backwards == 0 or bool(event[1]))
                backwards += 1
    # Batches before the first noted pass make one of their own.
    lengths = [len(batches) - sum(sizes), *sizes]
    counts = Counter(name for batch in batches for name in batch)
    # Without a second backward nothing shows whether gradients were left over.
    return Trace(
        batches=tuple(tuple(batch) for batch in batches),
        epochs=max(len(sizes), 1),
        counts={name: counts[name] for name in ("forward", *_UPDATES)},
        clean=clean and backwards > 1,
        # Where there was never anything to clear, the line that clears did its part.
        cleared=cleared or (began_clean and backwards < 2),
        first_epoch=sizes[0] if sizes else 0,
        resets=resets,
        on_test=on_test,
        on_both=_on_both(events),
        left=_left(events),
        places=tuple((k, size) for size in lengths for k in range(size)),
        elsewhere=sum(event[0] == "elsewhere" for event in events),
        inside=any(event[0] == "epoch" and len(event) > 1 for event in events),
    )


def _on_both(events: Sequence[Event]) -> bool:
    """Whether backward runs on a test batch that was drawn after backward on a training batch.

    Where both are drawn together, backward may be on the training batch.
    """
    seen: set[str] = set()
    for event in events:
        name = str(event[0])
        if name == "batch":
            seen = set()
        elif name == "test_batch" and "backward" in seen:
            seen.add(name)
        elif name == "backward":
            if "test_batch" in seen:
                return True
            seen.add(name)
    return False


def _left(events: Sequence[Event]) -> frozenset[str]:
    """Return the parameters that every ``backward`` after the first found uncleared."""
    found = [frozenset(map(str, event[2:])) for event in events if event[0] == "backward"]
    return frozenset.intersection(*found[1:]) if len(found) > 1 else frozenset()


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
