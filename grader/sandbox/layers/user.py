"""Gives each submission a user id of its own, where the grader runs as root."""

from __future__ import annotations

import os
import secrets
import stat
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path

from grader.sandbox.bind_mounts import closed_to_others
from grader.sandbox.layers.base import (
    Context,
    Effect,
    Layer,
    LayerUnavailable,
    Threat,
    linux_only,
)
from grader.sandbox.layers.session import die_with
from grader.sandbox.syscall import PR_SET_KEEPCAPS, prctl
from grader.sandbox.visible_files import interpreter, package_folder

# Above the ids that distributions, containers and systemd use (systemd.io/UIDS-GIDS).
_FIRST, _COUNT = 0x70000000, 1 << 27
_ROOT = 0


def apply(context: Context) -> Effect | None:
    """Switch to a random user id; the layer "capabilities" drops the capabilities."""
    if os.getuid() != _ROOT:
        raise LayerUnavailable("only root can change its user id")
    if reason := _unreadable():
        raise LayerUnavailable(reason)
    if closed := closed_to_others(str(Path(context.scratch).parent.parent)):
        raise LayerUnavailable(f"only root can enter {closed}")
    identity = _FIRST + secrets.randbelow(_COUNT)
    try:
        above = Path(context.scratch).parent
        if not above.stat().st_mode & stat.S_IXOTH:
            above.chmod(0o711)  # can be entered, but not listed
        os.chown(context.scratch, identity, identity)
        prctl(PR_SET_KEEPCAPS, 1)  # clearing the bounding set needs them
        os.setgroups([])
        os.setresgid(identity, identity, identity)
        os.setresuid(identity, identity, identity)
        die_with(context.parent)
    except OSError as error:
        if os.getuid() != _ROOT:
            raise
        raise LayerUnavailable(str(error)) from None
    return Effect(str(identity))


@cache
def _unreadable() -> str | None:
    """Return why other users can't read all of Python, which the child imports from, or None."""
    for path in (*interpreter(), package_folder()):
        if closed := closed_to_others(path if Path(path).is_dir() else str(Path(path).parent)):
            return f"only root can enter {closed}"
    loaded = {getattr(module, "__file__", None) for module in tuple(sys.modules.values())}
    for file in loaded:
        with suppress(OSError, TypeError):
            if not Path(file).stat().st_mode & stat.S_IROTH:  # type: ignore[arg-type]
                return f"only root can read {file}"
    return None


def _prepare() -> None:
    if os.getuid() == _ROOT:
        _unreadable()


LAYER = Layer(
    name="user",
    does="has a user id of its own",
    stops=frozenset({Threat.SIGNALS}),
    unavailable=linux_only,
    apply=apply,
    prepare=_prepare,
)
