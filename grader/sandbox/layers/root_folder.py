"""A root folder of the process's own, where the kernel has no Landlock.

It holds Python, its packages and what they need, and nothing else. What Landlock does with rules is
done here with mounts, for kernels before Linux 5.13 and distributions that leave Landlock out. The
fork server builds the folder once, in mounts that only it and its children have; each child adds
its own files and makes the folder its root.
"""

from __future__ import annotations

import os
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from grader.sandbox import namespaces, visible_files
from grader.sandbox.layers.base import Context, Effect, Layer, LayerUnavailable, Threat, linux_only
from grader.sandbox.layers.landlock import version as landlock_version
from grader.sandbox.syscall import checked, libc, machine, mount, syscall

if TYPE_CHECKING:
    from collections.abc import Iterable

_READ_ONLY, _NO_SETUID, _NO_DEVICES, _NO_PROGRAMS = 1, 2, 4, 8
_REMOUNT, _BIND, _RECURSIVE = 0x20, 0x1000, 0x4000
_DETACH = 2
_PIVOT_ROOT = {"x86_64": 155, "aarch64": 41}
# Flags that a remount must keep, as statvfs reports them (include/linux/statfs.h) and as mount
# takes them. The last three are about access times.
_LOCKED = (
    *((2, _NO_SETUID), (4, _NO_DEVICES), (8, _NO_PROGRAMS)),
    *((1 << 10, 1 << 10), (1 << 11, 1 << 11), (1 << 12, 1 << 21)),
)
_LINKS = 40  # as many as the kernel follows


def apply(context: Context) -> Effect | None:
    """Add this process's own files to the server's folder and make that the root."""
    place, reason = _built()
    if reason:
        raise LayerUnavailable(reason)
    try:
        # From here on no other process sees what is mounted.
        namespaces.unshare(namespaces.NEW_MOUNTS)
        mount(None, "/", None, namespaces.RECURSIVE | namespaces.PRIVATE, None)
        show(place, context.scratch, writable=True)
        show_process(place)
        if context.cuda:
            for path in visible_files.gpu_devices():
                show(place, path, writable=True)
            for path in visible_files.gpu_facts():
                show(place, os.path.realpath(path))
        move_in(place)
        os.chdir(context.scratch)
    except OSError as error:
        raise LayerUnavailable(str(error)) from None
    return None


@cache
def _built() -> tuple[str, str]:
    """Build the folder once; return its path and an empty reason, or why it can't be built."""
    state = namespaces.state()
    if "mount" not in state.entered:
        return "", state.reason or "the server has no mounts of its own"
    place = tempfile.mkdtemp(prefix="root-")
    try:
        build(place)
    except OSError as error:
        return "", str(error)
    return place, ""


def build(place: str) -> None:
    """Build the folder at ``place``, which is empty; raises ``OSError``.

    This process must have its own mount namespace and the right to mount.
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
    # Python lists a package's folder to find modules; tools that count processes list /proc.
    for listed in (visible_files.package_folder(), "/proc"):
        _make(Path(place + listed))
        Path(place + listed).chmod(0o755)


def show(place: str, path: str, *, writable: bool = False) -> None:
    """Bind ``path``, a real file or folder, into the folder at ``place``."""
    target = Path(place + path)
    if Path(path).is_dir():
        _make(target)
    else:
        _make(target.parent)
        target.touch()
    mount(path, str(target), None, _BIND | _RECURSIVE, None)
    if not writable:
        held = os.statvfs(target).f_flag
        flags = sum(wanted for told, wanted in _LOCKED if held & told) | _NO_SETUID
        mount(None, str(target), None, _REMOUNT | _BIND | _READ_ONLY | flags, None)


def show_process(place: str) -> None:
    """Bind this process's own folder of ``/proc`` to ``/proc/self``, and no other process's."""
    target = Path(f"{place}/proc/self")
    _make(target)
    mount(f"/proc/{os.getpid()}", str(target), None, _BIND, None)


def move_in(place: str) -> None:
    """Make the folder at ``place`` this process's root and unmount the old root."""
    mount(None, place, None, _REMOUNT | _BIND | _READ_ONLY | _NO_SETUID | _NO_DEVICES, None)
    os.chdir(place)
    name = machine()
    assert name is not None
    # With "." twice the old root is stacked on the new one, so it needs no folder of its own.
    syscall("pivot_root", _PIVOT_ROOT[name], b".", b".")
    checked(libc().umount2(b".", _DETACH), "umount")
    os.chdir("/")


def _make(folder: Path) -> None:
    """Make a folder and its parents with mode 0311: they can be entered, but not listed."""
    for part in (*reversed(folder.parents), folder):
        if not part.exists():
            part.mkdir()
            part.chmod(0o311)


def _reach(place: str, path: str) -> Iterable[str]:
    """Yield the real path behind ``path``; copy the links on the way into ``place``."""
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


def _unavailable() -> str | None:
    if reason := linux_only():
        return reason
    if landlock_version():
        return "Landlock does what it would do"
    return None if machine() else "this machine's system calls are not known"


def _prepare() -> None:
    _built()


LAYER = Layer(
    name="root",
    does="sees a root folder of its own, with Python and its packages, where there is no Landlock",
    stops=frozenset({Threat.READS, Threat.WRITES}),
    unavailable=_unavailable,
    apply=apply,
    prepare=_prepare,
)
