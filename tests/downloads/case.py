"""A download as data: what lies where, the command, and the right outcome.

``cases/NAME.toml`` holds

- ``source``: where the layout was read;
- ``command``: the arguments of ``grade``, without ``-o``;
- ``files``: by path, the points planted in a notebook, ``"blank 7"`` for an unfilled one, or a
  text; what lies below a name that ends in ``.zip`` is packed;
- ``encoding``: of the texts that are not UTF-8, by path;
- ``points``: by a student's id, name or address, the points in ``grades.csv``; -1 is an empty cell;
- ``missing``: who is listed there as missing, by the same keys;
- ``column``, ``cells``: of the gradebook, the index of the column, and by a cell of the row what
  stands there now; every other cell must be as it was;
- ``told``, ``untold``: what the terminal says, and does not say, blanks and line ends aside;
- ``zipped``: the names in the zip of feedback;
- ``status``: the exit status, 0 if it is not given.
"""

from __future__ import annotations

import io
import re
import sys
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.batch.marked import notebook

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

CASES = sorted((Path(__file__).parent / "cases").glob("*.toml"))
_BLANK = re.compile(r"blank (\d+)")
_TIME = (2025, 3, 2, 12, 0, 0)


@dataclass(frozen=True)
class Case:
    """One download and its right outcome; see the module."""

    source: str
    command: list[str]
    files: dict[str, int | str]
    points: dict[str, float]
    encoding: dict[str, str] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    column: int = -1
    cells: dict[str, str] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)
    untold: list[str] = field(default_factory=list)
    zipped: list[str] | None = None
    status: int = 0

    @classmethod
    def read(cls, path: Path) -> Case:
        """Read a case; an unknown key is an error."""
        return cls(**tomllib.loads(path.read_text(encoding="utf-8")))

    def write(self, home: Path) -> None:
        """Lay the download out below ``home``, every file with the same time."""
        packed: dict[str, dict[str, bytes]] = {}
        for path, what in self.files.items():
            data = self._data(path, what)
            outer, zipped, inner = path.partition(".zip/")
            if zipped:
                packed.setdefault(outer + ".zip", {})[inner] = data
            else:
                _save(home / path, data)
        for path, members in packed.items():
            _save(home / path, archive(members))

    def _data(self, path: str, what: Any) -> bytes:
        if isinstance(what, int):
            return notebook(what)
        blank = _BLANK.fullmatch(what)
        if blank:
            return notebook(int(blank[1]), blank=True)
        return str(what).encode(self.encoding.get(path, "utf-8"))


def archive(members: dict[str, bytes]) -> bytes:
    """Return a zip; what lies below a name that ends in ``.zip`` is a zip within it."""
    whole: dict[str, bytes] = {}
    inner: dict[str, dict[str, bytes]] = {}
    for path, data in members.items():
        outer, zipped, rest = path.partition(".zip/")
        if zipped:
            inner.setdefault(outer + ".zip", {})[rest] = data
        else:
            whole[path] = data
    whole |= {path: archive(below) for path, below in inner.items()}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as into:
        for path, data in whole.items():
            into.writestr(zipfile.ZipInfo(path, _TIME), data)
    return made.getvalue()


def _save(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
