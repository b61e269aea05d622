"""Reads the events of a training loop: per batch, what was done in which order."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Batch = tuple[str, ...]
# The entry of a program, and the node in it, as a worker counts them.
Line = tuple[int, int]

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
    reached no parameter. ``inside`` counts the passes that began within another one. ``changed``
    counts how often something beside a step had moved the parameters. ``lines`` are those of each
    batch's events; ``done_at`` those of what belongs to no batch, by the name of the event.
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
    inside: int = 0
    changed: int = 0
    lines: tuple[tuple[Line | None, ...], ...] = ()
    done_at: Mapping[str, tuple[Line, ...]] = field(default_factory=dict)

    @property
    def skipped(self) -> frozenset[int]:
        """The batches whose step was left out because a gradient was not finite."""
        return frozenset(k for k, batch in enumerate(self.batches) if "skipped" in batch)

    def line(self, name: str, batch: Batch | None = None, number: int = 0) -> tuple[Line, ...]:
        """Return the line of an event of a batch, counted from 0; the first batch that has it."""
        for events, lines in zip(self.batches, self.lines, strict=False):
            if batch is not None and events != batch:
                continue
            found = [at for event, at in zip(events, lines, strict=True) if event == name]
            if len(found) > number:
                at = found[number]
                return () if at is None else (at,)
        return ()

    @property
    def order(self) -> str:
        """The order of events within a batch, as most batches have it."""
        common = Counter(self.batches).most_common(1)
        return in_words(common[0][0]) if common else ""

    @property
    def in_order(self) -> bool:
        """Whether every batch has a backward for each forward, then one step, on cleared gradients.

        A batch that does not fit into memory is worked on in parts.
        """
        return (
            bool(self.batches)
            and all(
                _once(batch) and not _between(batch, "backward", "zero_grad", "step")
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
        done = {name, "skipped"} if name == "step" else {name}
        without = sum(not done & set(batch) for batch in self.batches)
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


def _once(batch: Batch) -> bool:
    done = [name for name in batch if name in ("backward", "step")]
    parts = done.count("backward")
    return done == ["backward"] * parts + ["step"] and 0 < parts <= max(1, batch.count("forward"))


def in_words(batch: Batch) -> str:
    """Return a batch's events in words."""
    return " → ".join(batch)


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
