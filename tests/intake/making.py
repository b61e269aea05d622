"""Makes downloads and archives as learning platforms, students and attackers make them."""

from __future__ import annotations

import io
import os
import tarfile
import zipfile
from typing import TYPE_CHECKING

from grader.intake import find_submissions

if TYPE_CHECKING:
    from pathlib import Path

    from grader.classroom import HandedIn

NOTEBOOK = b'{"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": []}'


def folder(root: Path, *names: str, data: bytes = NOTEBOOK, time: float | None = None) -> Path:
    """Write files below ``root``, each with its own name at its end."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data + name.encode())
        if time is not None:
            os.utime(path, (time, time))
    return root


def zipped(path: Path, *names: str, time: tuple = (2024, 5, 1, 12, 0, 0)) -> Path:
    """Write a zip of files, each with its own name at its end."""
    path.write_bytes(zip_bytes(*names, time=time))
    return path


def zip_bytes(*names: str, time: tuple = (2024, 5, 1, 12, 0, 0)) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name, time), NOTEBOOK + name.encode())
    return buffer.getvalue()


def tarred(path: Path, *names: str, mode: str = "w:gz") -> Path:
    """Write a tar of files, each with its own name at its end."""
    with tarfile.open(path, mode) as archive:
        for name in names:
            add(archive, name, NOTEBOOK + name.encode())
    return path


def add(archive: tarfile.TarFile, name: str, data: bytes = b"", **about) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    for key, value in about.items():
        setattr(info, key, value)
    archive.addfile(info, io.BytesIO(data))


def found(*paths: Path, roster: Path | None = None) -> HandedIn:
    return find_submissions([str(p) for p in paths], roster=None if roster is None else str(roster))


def ids(handed_in: HandedIn) -> list[str]:
    return [attempt.student.id for attempt in handed_in.counted]


def reasons(handed_in: HandedIn) -> dict[str, str]:
    """Return what is unclear, by the last part of where."""
    return {one.origin.rpartition("/")[2]: one.reason for one in handed_in.unclear}
