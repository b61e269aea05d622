"""What an observation depends on beside program and challenge, so that none is taken for another's.

Two sums: ``observing_environment`` for what runs and answers, ``grading_code`` for all that turns
answers into a report.
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
# The rooms whose code runs in a worker, or decides how one runs.
_INSIDE = ("probes", "sandbox")
_GPUS = "nvidia[0-9]*"
_PACKAGES = ("torch", "numpy", "torchvision", "tqdm", "scipy", "matplotlib", "pandas")


def observing_environment(
    ready: Mapping[str, Any], layers: Iterable[str], machine: Mapping[str, Any] | None = None
) -> str:
    """Return a sum over the code, versions, processor and layers that observations depend on.

    ``ready`` is what the workers said of themselves; ``machine`` what is installed where they
    run, if that is elsewhere.
    """
    facts = {
        "ready": dict(ready),
        "layers": sorted(layers),
        "code": probing_code(),
        "machine": installed() if machine is None else dict(machine),
    }
    return _sum(facts)


def probing_code() -> str:
    """Return a sum over the grader's own code that runs in a worker, or decides how one runs."""
    return _own_code(*_INSIDE)


def grading_code() -> str:
    """Return a sum over all of the grader's own code and words."""
    return _own_code("")


def folder_sum(folder: Path) -> str:
    """Return a sum over all files of a folder: an assignment's, say."""
    return _files(folder)  # each time anew: an instructor edits them


@cache
def installed() -> dict[str, Any]:
    """Return Python, packages and processor: they decide the last digits of every number."""
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
    """Return a sum over all packages: a notebook may import any, and do nothing without it."""
    found = {path.name for folder in sys.path for path in Path(folder).glob("*.dist-info")}
    return _sum({"installed": sorted(found)})


def _processor() -> list[str]:
    """Return the processor's name and its instruction sets: numeric libraries choose by them."""
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


def _sum(facts: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True, default=str).encode()).hexdigest()
