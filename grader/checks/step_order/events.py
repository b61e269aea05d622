"""Sorts the events of a training loop into batches."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from grader.checks.step_order.trace import Trace

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.checks.step_order.observation import Event
    from grader.checks.step_order.trace import Line

_UPDATES = ("zero_grad", "backward", "step")
# What is noted beside the events of a batch.
_BESIDE = frozenset(
    {
        *(
            "reset",
            "test_batch",
            "elsewhere",
            "changed",
            "made",
            "stopped",
            "other",
            "again",
            "copy",
        ),
        *("nothing_stored", "step_elsewhere", "altered_while_scaled"),
    }
)


def read_trace(events: Sequence[Event]) -> Trace:
    """Sort a worker's events into batches; events before the first batch do not count."""
    reader = _Reader()
    for event in events:
        reader.read(event)
    # Batches before the first noted pass make one of their own.
    lengths = [len(reader.batches) - sum(reader.sizes), *reader.sizes]
    counts = Counter(name for batch in reader.batches for name in batch)
    # Without a second backward nothing shows whether gradients were left over.
    return Trace(
        batches=tuple(map(tuple, reader.batches)),
        epochs=max(len(reader.sizes), 1),
        counts={name: counts[name] for name in ("forward", *_UPDATES)},
        clean=reader.clean and reader.backwards > 1,
        # Where there was never anything to clear, the line that clears did its part.
        cleared=reader.cleared or (reader.began_clean and reader.backwards < 2),
        first_epoch=reader.sizes[0] if reader.sizes else 0,
        resets=reader.resets,
        on_test=reader.on_test,
        on_both=_on_both(events),
        left=_left(events),
        places=tuple((k, size) for size in lengths for k in range(size)),
        elsewhere=sum(event[0] == "elsewhere" for event in events),
        inside=sum(event[0] == "epoch" and "inside" in event for event in events),
        changed=sum(event[0] == "changed" for event in events),
        lines=tuple(map(tuple, reader.lines)),
        done_at={name: tuple(found) for name, found in reader.done_at.items()},
    )


class _Reader:
    """What was read so far."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.lines: list[list[Line | None]] = []
        self.sizes: list[int] = []
        self.done_at: dict[str, list[Line]] = {}
        self.clean = True
        self.cleared = self.began_clean = False
        self.backwards = self.resets = 0
        self.test = self.on_test = False
        # A test batch that is drawn after the training batch was used is worked on by itself.
        self.used = self.apart = False

    def read(self, event: Event) -> None:
        name, at = str(event[0]), line_of(event)
        self.on_test = self.on_test or (self.test and name == "backward")
        self.test = name == "test_batch" or (self.test and name != "batch")
        self.apart = self.test and (self.apart or (name == "test_batch" and self.used))
        self.used = name == "forward" or (self.used and name != "batch")
        if self.apart and name in _UPDATES:
            self.note("on_test", at)
        elif name == "reset":
            if self.backwards:
                self.resets += 1
                self.note(name, at)
        elif name in _BESIDE:
            self.note(name, at)
        elif name == "epoch":
            self.sizes.append(0)
        elif name == "batch":
            self.begin()
        else:
            self.happen(name, event, at)

    def note(self, name: str, at: Line | None) -> None:
        if at is not None:
            self.done_at.setdefault(name, []).append(at)

    def begin(self) -> None:
        self.batches.append([])
        self.lines.append([])
        if self.sizes:
            self.sizes[-1] += 1

    def happen(self, name: str, event: Event, at: Line | None) -> None:
        if name == "zero_grad":
            self.cleared = self.cleared or (bool(event[1]) and bool(event[2]))
            self.began_clean = self.began_clean or bool(event[1])
            if not event[1]:
                return
        if not self.batches:
            return
        if name == "backward":
            # Of a batch that is worked on in parts the first shows what was left over.
            goes_on = [one for one in self.batches[-1] if one in _UPDATES][-1:] == ["backward"]
            self.clean = self.clean and (self.backwards == 0 or goes_on or bool(event[1]))
            self.backwards += 1
        self.batches[-1].append(name)
        self.lines[-1].append(at)


def line_of(event: Event) -> Line | None:
    """Return the line that led to an event, as its last item tells it."""
    found = re.fullmatch(r"@(\d{1,6}):(\d{1,6})", str(event[-1]))
    return (int(found[1]), int(found[2])) if found else None


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
