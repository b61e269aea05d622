"""Which files a confined process may read: Python, its packages, what they need, no answers."""

from __future__ import annotations

import os
import sys
from functools import cache
from glob import glob
from pathlib import Path

# Libraries, the loader's index of them, time zones, and what tells how many processors and how
# much memory there are.
_SYSTEM = (
    *("/lib", "/lib64", "/usr/lib", "/usr/lib64", "/usr/local/lib", "/usr/local/lib64"),
    *("/nix/store", "/etc/ld.so.cache", "/etc/localtime", "/usr/share/zoneinfo"),
    *("/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/loadavg"),
    *("/proc/sys/vm/overcommit_memory", "/sys/devices/system/cpu", "/sys/devices/system/node"),
    *("/dev/null", "/dev/urandom", "/dev/random"),
)
# What the NVIDIA driver opens: its devices, and what tells which GPUs there are and where.
_GPU_DEVICES = ("/dev/nvidia*", "/dev/dxg")
_GPU_FACTS = (
    *("/proc/driver/nvidia", "/proc/devices", "/proc/sys/vm/max_map_count"),
    *("/sys/bus/pci", "/sys/class/pci_bus", "/sys/devices", "/sys/module/nvidia*"),
    *("/usr/share/nvidia", "/etc/nvidia", "/usr/local/cuda*"),
)
# Inside a prefix only these: a prefix may be a whole machine, or somebody's home.
_PREFIX_PARTS = ("lib", "lib64", "pyvenv.cfg")
_PACKAGES = frozenset({"site-packages", "dist-packages"})
# Of the package only what runs in a worker: its judges and challenges work out what is right, its
# words and the course's files say it.
_OWN = ("probes", "sandbox")
# Links may lead in circles.
_DEPTH = 16


@cache
def readable() -> tuple[str, ...]:
    """Return the files and folders that may be read, folders with all that is below them."""
    found = [os.path.realpath(root) for root in roots()]
    for answers in hidden():
        found = [part for path in found for part in _without(path, answers)]
    return tuple(dict.fromkeys((*found, *own())))


def roots() -> list[str]:
    """Return the files and folders that hold what may be read; the answers may be in one, too."""
    return [path for path in (*_SYSTEM, *interpreter(), *loader_path()) if os.path.lexists(path)]


def hidden() -> tuple[str, ...]:
    """Return the folders that hold the answers: the installed package, or a checkout as a whole.

    Beside a checkout there may be an installed copy, which holds them too.
    """
    package = package_folder()
    places = (path for path in sys.path if Path(path).name in _PACKAGES)
    copies = (os.path.realpath(Path(place, Path(package).name)) for place in places)
    found = (copy for copy in copies if Path(copy, "sandbox").is_dir())
    return tuple(dict.fromkeys((_answers_of(package), *found)))


def listable() -> tuple[str, ...]:
    """Return folders whose names may be listed, below them too, though not all can be read.

    Python looks for a module by listing the folder, so where packages are named one by one it
    would find none that was not looked for before.
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
    """Return the devices that CUDA reads and writes."""
    return _existing(_GPU_DEVICES)


def gpu_facts() -> list[str]:
    """Return what CUDA reads beside."""
    return _existing(_GPU_FACTS)


def _existing(patterns: tuple[str, ...]) -> list[str]:
    return [path for pattern in patterns for path in glob(pattern)]  # noqa: PTH207  # absolute


def package_folder() -> str:
    """Return the folder of the package that this file is part of."""
    return str(Path(__file__).resolve().parent.parent)


def loader_path() -> list[str]:
    """Return where a cluster's module system, say, keeps more libraries."""
    folders = os.environ.get("LD_LIBRARY_PATH", "").split(os.pathsep)
    return [folder for folder in folders if Path(folder).is_absolute() and folder != "/"]


def own() -> list[str]:
    """Return what a worker needs of the package itself."""
    return _own(package_folder())


def _own(package: str) -> list[str]:
    return [str(Path(package, name)) for name in _OWN]


def _answers_of(package: str) -> str:
    parent = Path(package).parent
    return package if parent.name in _PACKAGES else str(parent)


def _without(root: str, answers: str, depth: int = _DEPTH) -> list[str]:
    """Return ``root``, taken apart as far as it must be to leave out what holds the answers.

    Rules only ever add: what is to be hidden in a folder is hidden by naming all its siblings.
    An installed package is left out alone; a checkout is left out as a whole, for there the
    answers lie beside the package (but a virtual environment below it is what it is).
    """
    if root == answers or (depth < _DEPTH and root.startswith(answers + os.sep)):  # by a link
        return []
    if not answers.startswith(root + os.sep) or depth == 0:
        return [root]
    try:
        entries = sorted(os.scandir(root), key=lambda entry: entry.name)
    except OSError:
        return []
    paths = [os.path.realpath(entry) if entry.is_symlink() else entry.path for entry in entries]
    return [part for path in paths for part in _without(path, answers, depth - 1)]
