"""Parses the values of options for ``argparse``; each function raises ``GraderError``."""

from __future__ import annotations

import math
import re
from pathlib import Path

from grader.errors import GraderError

ISOLATIONS = ("auto", "strict", "basic", "none")
_BIGGEST_SEED = 2**63 - 1
_LONG = 60  # characters of a wrong value that are repeated


def _wrong(option: str, text: str, what: str, hint: str) -> GraderError:
    short = " ".join(text.split())
    short = short if len(short) <= _LONG else short[:_LONG] + "…"
    return GraderError(f"{option} {short}: {what}", hint)


def device(text: str) -> str:
    """Return the device to train on."""
    if not re.fullmatch(r"auto|cpu|cuda(:\d{1,3})?", text, re.ASCII):
        raise _wrong("--device", text, "no such device", "auto, cpu, cuda or cuda:0")
    return text


def seed(text: str) -> int:
    """Return a seed."""
    if not re.fullmatch(r"\d{1,19}", text, re.ASCII) or int(text) > _BIGGEST_SEED:
        raise _wrong("--seed", text, "not a seed", f"a whole number from 0 to {_BIGGEST_SEED}")
    return int(text)


def isolation(text: str) -> str:
    """Return a level of isolation."""
    if text not in ISOLATIONS:
        raise _wrong("--isolation", text, "no such isolation", "auto, strict, basic or none")
    return text


def timeout(text: str) -> float:
    """Return a time limit in seconds."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = math.nan
    if not (seconds > 0 and math.isfinite(seconds)):
        raise _wrong("--timeout", text, "not a time limit", "seconds, more than 0: --timeout 60")
    return seconds


def folder(text: str) -> str:
    """Return the path of an existing folder."""
    try:
        found = Path(text).is_dir()
    except (OSError, ValueError):  # a name that is too long, or has a NUL in it
        found = False
    if not found:
        raise _wrong("--data", text, "no such folder", "name the folder that holds the data set")
    return text


def jobs(text: str) -> int:
    """Return how many notebooks to grade at a time."""
    if not re.fullmatch(r"[1-9]\d{0,3}", text, re.ASCII):
        raise _wrong("--jobs", text, "not a number of notebooks", "1 or more: --jobs 4")
    return int(text)
