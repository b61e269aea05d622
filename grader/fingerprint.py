"""Digests of what observations and reports depend on, beside program and challenge.

``observing_environment`` covers what runs programs and answers, ``grading_code`` all code that
turns answers into a report.
"""

from __future__ import annotations

import hashlib
import json
import platform
import sys
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_PACKAGE = Path(__file__).resolve().parent
# The packages whose code runs in a worker, or decides how one runs.
_INSIDE = ("probes", "sandbox")
_GPUS = "nvidia[0-9]*"
_PACKAGES = ("torch", "numpy", "torchvision", "tqdm", "scipy", "matplotlib", "pandas")


def observing_environment(
    ready: Mapping[str, Any], layers: Iterable[str], machine: Mapping[str, Any] | None = None
) -> str:
    """Return a digest of the code, versions, processor and layers that observations depend on.

    ``ready`` is the workers' report; ``machine`` is ``installed()`` on the machine where they run,
    if that is another one.
    """
    facts = {
        "ready": dict(ready),
        "layers": sorted(layers),
        "code": probing_code(),
        "machine": installed() if machine is None else dict(machine),
    }
    return _digest(facts)


def probing_code() -> str:
    """Return a digest of the grader's code that runs in a worker, or decides how one runs."""
    return _own_code(*_INSIDE)


def grading_code() -> str:
    """Return a digest of all of the grader's code and words."""
    return _own_code("")


def folder_digest(folder: Path) -> str:
    """Return a digest of all files in a folder, such as an assignment's."""
    return _files(folder)  # not cached: an instructor edits them


@cache
def installed() -> dict[str, Any]:
    """Return Python, packages and processor, on which the last digits of results depend."""
    return {
        "python": sys.version,
        "packages": {name: _version(name) for name in _PACKAGES},
        "environment": _environment(),
        "machine": [platform.system(), platform.machine()],
        "processor": _processor(),
        "gpu": _text("/proc/driver/nvidia/version"),
        "gpus": sorted(path.name for path in Path("/dev").glob(_GPUS)),
    }


def _version(package: str) -> str | None:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return None


def _environment() -> str:
    """Return a digest of all installed packages, since a notebook may import any."""
    found = {path.name for folder in sys.path for path in Path(folder).glob("*.dist-info")}
    return _digest({"installed": sorted(found)})


def _processor() -> list[str]:
    """Return the processor's name and instruction sets, by which numeric libraries choose."""
    lines = (_text("/proc/cpuinfo") or platform.processor()).splitlines()
    told = ("model name", "flags", "Features", "CPU part", "CPU implementer")
    return sorted({line for line in lines if line.startswith(told)}) or lines[:1]


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""


@cache
def _own_code(*rooms: str) -> str:
    return _files(*(_PACKAGE / room for room in rooms))


def _files(*folders: Path) -> str:
    total = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            inside = path.relative_to(folder)
            if not path.is_file() or "__pycache__" in inside.parts or "_shipped" in inside.parts:
                continue
            data = path.read_bytes()
            total.update(f"{inside.as_posix()}\0{len(data)}\0".encode())
            total.update(data)
    return total.hexdigest()


def _digest(facts: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()
