"""What the outputs of a class's folder were last written from."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from grader.batch.begun import OVER
from grader.batch.standing import RESULTS, from_plain, read_standings, to_plain
from grader.batch.store import GRADEBOOKS
from grader.decode import decode

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from grader.batch.standing import StudentStanding
    from grader.batch.store import Store

_RELEASED = "released"


@dataclass(frozen=True)
class Released:
    """The state that all outputs show: what it was graded by, the standings, further files."""

    state: Mapping[str, Any] = field(default_factory=dict)
    standings: Mapping[str, StudentStanding] = field(default_factory=dict)
    files: tuple[str, ...] = ()


def released(store: Store) -> Released | None:
    """Return the state that was written last, ``None`` if there is none."""
    return store.plain(_RELEASED, _from_plain)


def _from_plain(plain: Any) -> Released:
    state, files = decode(dict[str, Any], plain["state"]), decode(tuple[str, ...], plain["files"])
    return Released(state, from_plain(plain["standings"]), tuple(filter(_further, files)))


def _further(name: str) -> bool:
    """Whether a file is a gradebook, a zip and the like, of which some are no longer wanted."""
    inside = name.startswith((f"{GRADEBOOKS}/", "feedback-")) and ".." not in name.split("/")
    return inside or name == "nbgrader.csv"


def not_written_anew(out: Path, files: Iterable[Path]) -> tuple[str, ...]:
    """Return the gradebooks, zips and the like in a folder that are not among the ``files``.

    A version that remembered no options may have left them there, with the points of its time.
    """
    there = [*(out / GRADEBOOKS).glob("*"), *out.glob("feedback-*.zip"), *out.glob("nbgrader.csv")]
    return tuple(sorted(path.relative_to(out).as_posix() for path in {*there} - {*files}))


def release(
    store: Store, out: Path, state: Mapping[str, Any], files: Iterable[Path]
) -> tuple[Released, tuple[str, ...]]:
    """Note that the folder's outputs are written; return their state, and the files removed.

    Removed are the further files of the state before (gradebooks, zips) that are not among
    ``files``: nobody keeps them up to date any more.
    """
    before = released(store)
    standings = read_standings(out / RESULTS)
    further = tuple(filter(_further, (path.relative_to(out).as_posix() for path in files)))
    removed = tuple(name for name in before.files if name not in further) if before else ()
    for name in removed:
        with suppress(OSError):
            (out / name).unlink()
    now = Released(state, standings, further)
    plain = {"state": dict(state), "standings": to_plain(standings), "files": list(further)}
    store.note_all({_RELEASED: json.dumps(plain), **OVER})
    return now, removed
