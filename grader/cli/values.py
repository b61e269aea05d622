"""Parses the values of options for ``argparse``; each function raises ``GraderError``."""

from __future__ import annotations

import re

from grader import options
from grader.errors import GraderError


def _told(option: str, text: str) -> str:
    return f"{option} {options.shown(text)}"


def device(text: str) -> str:
    """Return the device to train on."""
    return options.device(text, _told("--device", text))


def seed(text: str) -> int:
    """Return a seed."""
    number = int(text) if re.fullmatch(r"\d{1,19}", text, re.ASCII) else None
    return options.seed(number, _told("--seed", text))


def isolation(text: str) -> str:
    """Return a level of isolation."""
    return options.isolation(text, _told("--isolation", text))


def timeout(text: str) -> float:
    """Return a time limit in seconds."""
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    return options.timeout(seconds, _told("--timeout", text))


def folder(text: str) -> str:
    """Return the path of an existing folder."""
    return options.folder(text, _told("--data", text))


def jobs(text: str) -> int:
    """Return how many notebooks to grade at a time."""
    if not re.fullmatch(r"[1-9]\d{0,3}", text, re.ASCII):
        raise GraderError(
            f"{_told('--jobs', text)}: not a number of notebooks", "1 or more: --jobs 4"
        )
    return int(text)
