"""The messages of a worker process: each has a kind, a task, a length and a body.

Every frame repeats a token that the trusted side drew for this process, so that other writes to the
descriptor break the protocol instead of giving an answer.
"""

from __future__ import annotations

import secrets
import struct
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from grader.sandbox.wire import Bounds, WireError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MAGIC = b"GRF1"
_HEADER = struct.Struct("<4s16sBIQ")
TOKEN_BYTES = 16


class FrameKind(IntEnum):
    """The kinds of frames."""

    STARTED = 1  # locked down and ready; the body holds the warm-up's result and the layers
    BEGIN = 2  # a task starts now; no body
    ANSWER = 3  # what the task returned
    FAILED = 4  # the task raised, or setting up did; the body is the traceback
    NO_MEMORY = 5  # the task ran out of memory; no body


@dataclass(frozen=True)
class Frame:
    """One message; ``task`` is the task's place in the order, from 0."""

    kind: FrameKind
    task: int
    body: bytes


def new_token() -> bytes:
    """Draw the token of one process."""
    return secrets.token_bytes(TOKEN_BYTES)


def pack(token: bytes, kind: FrameKind, task: int, body: bytes = b"") -> bytes:
    """Return the bytes of one frame."""
    return _HEADER.pack(_MAGIC, token, kind, task, len(body)) + body


class FrameReader:
    """Cuts the bytes that arrive, in any pieces, into frames."""

    def __init__(self, token: bytes, bounds: Bounds) -> None:
        """Accept only frames that carry ``token`` and stay within ``bounds``."""
        self._token = token
        self._bounds = bounds
        self._waiting = bytearray()
        self._seen = 0

    def feed(self, chunk: bytes) -> Iterator[Frame]:
        """Yield every frame that ``chunk`` completes.

        Raises ``WireError`` at the first malformed frame, after yielding the frames before it.
        """
        self._seen += len(chunk)
        self._waiting += chunk
        while len(self._waiting) >= _HEADER.size:
            magic, token, kind, task, length = _HEADER.unpack_from(self._waiting)
            if magic != _MAGIC or token != self._token:
                raise WireError("something else was written where the answer goes")
            if kind not in _KINDS:
                raise WireError(f"no frame is of kind {kind}")
            if length > self._bounds.frame_bytes:
                raise WireError(
                    f"an answer of {length} bytes, more than {self._bounds.frame_bytes}"
                )
            if len(self._waiting) < _HEADER.size + length:
                break
            body = bytes(self._waiting[_HEADER.size : _HEADER.size + length])
            del self._waiting[: _HEADER.size + length]
            yield Frame(FrameKind(kind), task, body)
        if self._seen > self._bounds.total_bytes:
            raise WireError(f"more than {self._bounds.total_bytes} bytes in all")


_KINDS = frozenset(FrameKind)
