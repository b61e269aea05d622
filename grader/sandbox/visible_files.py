"""Which files a confined process may read: Python, its packages and what they need, no answers."""

from __future__ import annotations

import os
import sys
from functools import cache
from glob import glob
from pathlib import Path

# Libraries, the loader's cache, time zones, and the files that tell the number of processors and
# the size of memory.
_SYSTEM = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64"),
    *("/nix/store", "/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo"),
    *("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/loadavg"),
    *("/proc/sys/vm/overcommit_memory", "/sys/devices/system/cpu", "/sys/devices/system/node"),
    *("/dev/null", "/dev/urandom", "/dev/random"),
)
# What the NVIDIA driver opens: its devices, and the files that describe the GPUs.
_GPU_DEVICES = ("/dev/nvidia*", "/dev/dxg")
_GPU_FACTS = (
    *("/proc/driver/nvidia", "/proc/devices", "/proc/sys/vm/max_map_count"),
    *("/sys/bus/pci", "/sys/class/pci_bus", "/sys/devices", "/sys/module/nvidia*"),
    *("/usr/share/nvidia", "/etc/nvidia", "/usr/local/cuda*"),
)
# Only these parts of a prefix, which may be /usr or a home folder.
_PREFIX_PARTS = ("lib", "lib64", "pyvenv.cfg")
_PACKAGES = frozenset({"site-packages", "dist-packages"})
# The parts of the package that run in a worker. The others compute the right answers or, like the
# words and the course's files, contain them.
_OWN = ("probes", "sandbox")
_DEPTH = 16  # links may form a circle


@cache
def readable() -> tuple[str, ...]:
    """Return the files and folders that may be read, folders with everything below them."""
    found = [os.path.realpath(root) for root in roots()]
    for answers in hidden():
        found = [part for path in found for part in _without(path, answers)]
    return tuple(dict.fromkeys((*found, *own())))


def roots() -> list[str]:
    """Return the existing system and Python paths; the answers may lie below one of them."""
    return [path for path in (*_SYSTEM, *interpreter(), *loader_path()) if os.path.lexists(path)]


def hidden() -> tuple[str, ...]:
    """Return the folders that hold the answers: the whole checkout, and every installed copy."""
    package = package_folder()
    places = (path for path in sys.path if Path(path).name in _PACKAGES)
    copies = (os.path.realpath(Path(place, Path(package).name)) for place in places)
    found = (copy for copy in copies if Path(copy, "sandbox").is_dir())
    return tuple(dict.fromkeys((_answers_of(package), *found)))


def listable() -> tuple[str, ...]:
    """Return folders that may be listed with all their subfolders, though not all can be read.

    Python lists a folder to find a module in it. Where the packages are allowed one by one it could
    not list their folder, and would find only modules that it had looked for before.
    """
    parents = (Path(folder).parent for folder in hidden())
    return tuple(str(parent) for parent in parents if parent.name in _PACKAGES)


def interpreter() -> tuple[str, ...]:
    """Return the folders that Python and its packages are in."""
    prefixes = dict.fromkeys((sys.prefix, sys.exec_prefix, sys.base_prefix, sys.base_exec_prefix))
    parts = [str(Path(prefix, part)) for prefix in prefixes for part in _PREFIX_PARTS]
    packages = [path for path in sys.path if Path(path).name in _PACKAGES]
    standard = str(Path(os.__file__).parent)
    return tuple(path for path in (*parts, standard, *packages) if os.path.lexists(path))


def gpu_devices() -> list[str]:
    """Return the device files that CUDA reads and writes."""
    return _existing(_GPU_DEVICES)


def gpu_facts() -> list[str]:
    """Return the other files that CUDA reads."""
    return _existing(_GPU_FACTS)


def _existing(patterns: tuple[str, ...]) -> list[str]:
    return [path for pattern in patterns for path in glob(pattern)]  # noqa: PTH207  # absolute


def package_folder() -> str:
    """Return the folder of the package that this file is part of."""
    return str(Path(__file__).resolve().parent.parent)


def loader_path() -> list[str]:
    """Return the folders in ``LD_LIBRARY_PATH``, where cluster modules keep libraries."""
    folders = os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)
    return [folder for folder in folders if Path(folder).is_absolute() and folder != "/"]


def own() -> list[str]:
    """Return the folders of the package that a worker needs."""
    return _own(package_folder())


def _own(package: str) -> list[str]:
    return [str(Path(package, name)) for name in _OWN]


def _answers_of(package: str) -> str:
    parent = Path(package).parent
    return package if parent.name in _PACKAGES else str(parent)


def _without(root: str, answers: str, depth: int = _DEPTH) -> list[str]:
    """Return ``root``, or the entries below it that do not hold ``answers``.

    Rules can only allow, so a folder is hidden by allowing all its siblings. A checkout is hidden
    as a whole, since the answers lie beside the package, but a virtual environment below it is
    allowed.
    """
    if root == answers or (depth < _DEPTH and root.startswith(answers + os.sep)):  # through a link
        return []
    if not answers.startswith(root + os.sep) or depth == 0:
        return [root]
    try:
        entries = sorted(os.scandir(root), key=lambda entry: entry.name)
    except OSError:
        return []
    paths = [os.path.realpath(entry) if entry.is_symlink() else entry.path for entry in entries]
    return [part for path in paths for part in _without(path, answers, depth - 1)]
