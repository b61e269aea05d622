"""A root folder of a process's own: Python, its packages and what they need, and nothing else.

What Landlock does with rules is done here with mounts, for kernels that have no Landlock: before
Linux 5.13, and where a distribution leaves it out. The fork server puts the folder together once,
in mounts that only it and its children have; each child adds its own files and moves in.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from grader.sandbox import visible_files
from grader.sandbox.syscall import checked, libc, machine, mount, syscall

if TYPE_CHECKING:
    from collections.abc import Iterable

_READ_ONLY, _NO_SETUID, _NO_DEVICES, _NO_PROGRAMS = 1, 2, 4, 8
_REMOUNT, _BIND, _RECURSIVE = 0x20, 0x1000, 0x4000
_DETACH = 2
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
# What a mount has and may not lose where the kernel holds it to that: each as statvfs tells it
# (include/linux/statfs.h) and as mount wants it. The last three are about access times.
_HELD = (
    *((2, _NO_SETUID), (4, _NO_DEVICES), (8, _NO_PROGRAMS)),
    *((1 << 10, 1 << 10), (1 << 11, 1 << 11), (1 << 12, 1 << 21)),
)
_LINKS = 40  # as many as the kernel follows before it takes them for a circle


def build(place: str) -> None:
    """Put the folder together at ``place``, which is empty; raises ``OSError``.

    This process must have mounts of its own, and the right to change them.
    """
    mount("grader", place, "tmpfs", _NO_SETUID | _NO_DEVICES, "size=4m,mode=311")
    roots = sorted({path for root in visible_files.roots() for path in _reach(place, root)})
    for path in roots:
        if not any(path.startswith(f"{other}{os.sep}") for other in roots):
            show(place, path)
    for hidden in visible_files.hidden():
        if Path(place + hidden).is_dir():
            flags = _NO_SETUID | _NO_DEVICES
            mount("grader", place + hidden, "tmpfs", flags, "size=1m,mode=311")
            for path in roots:
                if path.startswith(f"{hidden}{os.sep}"):
                    show(place, path)
    for path in visible_files.own():
        if not os.path.lexists(place + path):
            show(place, path)
    # Python lists the folder in which it looks for a module; what counts processes lists /proc.
    for listed in (visible_files.package_folder(), "/proc"):
        _make(Path(place + listed))
        Path(place + listed).chmod(0o755)


def show(place: str, path: str, *, writable: bool = False) -> None:
    """Have ``path``, a real file or folder, in the folder at ``place`` too."""
    target = Path(place + path)
    if Path(path).is_dir():
        _make(target)
    else:
        _make(target.parent)
        target.touch()
    mount(path, str(target), None, _BIND | _RECURSIVE, None)
    if not writable:
        held = os.statvfs(target).f_flag
        flags = sum(wanted for told, wanted in _HELD if held & told) | _NO_SETUID
        mount(None, str(target), None, _REMOUNT | _BIND | _READ_ONLY | flags, None)


def show_process(place: str) -> None:
    """Have what the kernel tells of this process under ``/proc/self``, and of no other."""
    target = Path(f"{place}/proc/self")
    _make(target)
    mount(f"/proc/{os.getpid()}", str(target), None, _BIND, None)


def move_in(place: str) -> None:
    """Make the folder at ``place`` the root of this process, and let go of the old one."""
    mount(None, place, None, _REMOUNT | _BIND | _READ_ONLY | _NO_SETUID | _NO_DEVICES, None)
    os.chdir(place)
    name = machine()
    assert name is not None
    # The old root lies over the new one then, and is taken off it: no folder is needed for it.
    syscall("pivot_root", _PIVOT_ROOT[name], b".", b".")
    checked(libc().umount2(b".", _DETACH), "umount")
    os.chdir("/")


def _make(folder: Path) -> None:
    """Make a folder and those above it, each to be passed through, not to be listed."""
    for part in (*reversed(folder.parents), folder):
        if not part.exists():
            part.mkdir()
            part.chmod(0o311)


def _reach(place: str, path: str) -> Iterable[str]:
    """Yield what a path leads to, and make in ``place`` the links on the way to it."""
    left = path
    for _ in range(_LINKS):
        link = next(
            (p for p in (*reversed(Path(left).parents), Path(left)) if p.is_symlink()), None
        )
        if link is None:
            if os.path.lexists(left):
                yield left
            return
        copy = Path(f"{place}{link}")
        _make(copy.parent)
        with suppress(FileExistsError):
            copy.symlink_to(link.readlink())
        rest = os.path.relpath(left, link)
        left = os.path.normpath(link.parent / link.readlink() / rest)
