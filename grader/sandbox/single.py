"""A spawned worker for one order: it starts, warms up, carries out the order, ends."""

from __future__ import annotations

import gc
import os
import struct
import threading
from typing import NoReturn

from grader.sandbox import child
from grader.sandbox.entry import close_package, load_entry

LENGTH = struct.Struct("<Q")


def main(entry_name: str) -> NoReturn:
    """Read the order from standard input and answer on the present standard output."""
    parent = os.getppid()
    order, answers = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDWR)
    os.dup2(nothing, 0)
    os.dup2(nothing, 1)  # nothing else prints into the answer
    data = _read(order, LENGTH.unpack(_read(order, LENGTH.size))[0])
    threading.Thread(target=_end_with_parent, args=(order,), daemon=True).start()
    entry = load_entry(entry_name)
    warm = entry.warm_up()
    close_package()
    gc.freeze()
    gc.enable()
    child.work(data, entry, warm, answers=answers, parent=parent, keep=(order,))


def _read(descriptor: int, length: int) -> bytes:
    """Read exactly ``length`` bytes; end the process if the input ends before."""
    data = bytearray()
    while len(data) < length:
        chunk = os.read(descriptor, min(length - len(data), 1 << 20))
        if not chunk:
            child.leave(70)
        data += chunk
    return bytes(data)


def _end_with_parent(lifeline: int) -> None:
    """End this process when the parent closes its end or dies."""
    os.read(lifeline, 1)
    child.leave(70)
