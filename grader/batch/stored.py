"""How a class's database holds its values, and what is read from damaged ones: nothing.

A disk, a copy or a hand may change a value of a file whose structure stays whole. Such a value is
as if it had never been there: what it held is graded, or asked for, anew.
"""

from __future__ import annotations

import json
import zlib
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from grader.decode import decode
from grader.notebook.read import Cell
from grader.report import Report

if TYPE_CHECKING:
    from collections.abc import Sequence

# What reading a damaged value raises.
DAMAGE = (
    *(ArithmeticError, AttributeError, LookupError, MemoryError, RecursionError, TypeError),
    *(ValueError, zlib.error),
)
_SUM = 4  # bytes of a checksum before what it is of


@dataclass(frozen=True)
class Result:
    """The report on one notebook, with the digests of its bytes and of the settings.

    ``settings`` is empty where the grader itself failed: the next run grades the notebook again.
    ``outputs`` is the digest of the outputs saved in the notebook, if there are any.
    """

    sha256: str
    settings: str
    report: Report
    group: str = ""
    cells: tuple[Cell, ...] = ()
    parts: tuple[tuple[int, tuple[str, ...]], ...] = ()
    outputs: str | None = None

    @property
    def body(self) -> bytes:
        """All but the digests, compressed, which adds a checksum."""
        body = {
            "report": self.report.to_json(),
            "group": self.group,
            "cells": [asdict(cell) for cell in self.cells],
            "parts": self.parts,
        }
        return zlib.compress(json.dumps(body).encode("ascii"))


def result_of(row: Sequence[Any]) -> Result | None:
    """Return the result in a row of the database, ``None`` for a damaged one."""
    try:
        _, sha256, settings, outputs, body = row
        plain = json.loads(zlib.decompress(body))
        return Result(
            sha256=str(sha256),
            settings=str(settings),
            report=Report.from_json(plain["report"]),
            group=decode(str, plain["group"]),
            cells=decode(tuple[Cell, ...], plain["cells"]),
            parts=decode(tuple[tuple[int, tuple[str, ...]], ...], plain["parts"]),
            outputs=None if outputs is None else str(outputs),
        )
    except DAMAGE:
        return None


def summed(answers: bytes) -> bytes:
    """Return answers behind their checksum: one changed number would be a wrong grade."""
    return zlib.crc32(answers).to_bytes(_SUM, "big") + answers


def unsummed(kept: Any) -> bytes | None:
    """Return the answers behind a checksum, ``None`` for damaged ones."""
    if not isinstance(kept, bytes):
        return None
    answers = kept[_SUM:]
    return answers if kept[:_SUM] == zlib.crc32(answers).to_bytes(_SUM, "big") else None
