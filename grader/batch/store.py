"""A batch's database, ``grades.db``: results by student, observations by program.

Each result is one transaction, so that a run that is killed loses no finished result.
"""

from __future__ import annotations

import json
import sqlite3
import sys
import threading
from dataclasses import asdict
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any, TypeVar

from grader import quoting
from grader.batch.stored import DAMAGE, result_of, summed, unsummed
from grader.classroom import HandedIn
from grader.classroom.names import ANNOTATED, DATABASE
from grader.decode import decode
from grader.errors import GraderError
from grader.files import remove_drafts
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from typing_extensions import Self

    from grader.batch.stored import Result

_Read = TypeVar("_Read")
PAGES, GRADEBOOKS, _HANDED_IN = "feedback", "gradebook", "handed in"

# Raised with every change of the tables or of their content; a file of another version is emptied.
_VERSION = 2
_APPLICATION = 0x67726164  # "grad": SQLite's header names the program that a file belongs to
_TABLES = """
CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE observations (key TEXT PRIMARY KEY, answers BLOB NOT NULL);
CREATE TABLE results (
    student TEXT PRIMARY KEY, sha256 TEXT NOT NULL, settings TEXT NOT NULL, outputs TEXT,
    body BLOB NOT NULL
);
CREATE INDEX same_outputs ON results (outputs);
"""


class Store:
    """One batch's database, and its ``AnswerStore``; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        """Open the file, or make it.

        Raises ``GraderError`` when another run has it open, or when another program made it.
        """
        self._path = path
        self._lock = threading.RLock()
        self._damaged: set[str] = set()
        try:
            # No implicit transactions; the lock above serialises the threads.
            self._db = sqlite3.connect(
                path, timeout=1.0, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise self._cannot(error) from error
        try:
            self._prepare()
        except sqlite3.Error as error:
            self._db.close()
            raise self._cannot(error) from error

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()

    def close(self) -> None:
        """Close the file, so that another run may open it."""
        with self._lock:
            self._db.close()

    def fetch(self, key: str) -> bytes | None:
        """Return the answers that were observed under a key."""
        row = self._row("SELECT answers FROM observations WHERE key = ?", key)
        answers = None if row is None else unsummed(row[0])
        if row is not None and answers is None:
            self.forget(key)
            self._tell_damage("what programs answered")
        return answers

    def keep(self, key: str, answers: bytes) -> None:
        """Keep answers under their key."""
        self._do("INSERT OR REPLACE INTO observations VALUES (?, ?)", key, summed(answers))

    def forget(self, key: str) -> None:
        """Forget the answers under a key."""
        self._do("DELETE FROM observations WHERE key = ?", key)

    def fact(self, name: str) -> str | None:
        """Return what was noted about the whole batch under a name."""
        row = self._row("SELECT value FROM facts WHERE name = ?", name)
        return None if row is None else str(row[0])

    def plain(self, name: str, read: Callable[[Any], _Read]) -> _Read | None:
        """Return what ``read`` makes of a fact in JSON; ``None`` for none, or for a damaged one."""
        text = self.fact(name)
        try:
            return None if text is None else read(json.loads(text))
        except DAMAGE:
            self._tell_damage(f'"{name}"')
            return None

    def note(self, name: str, value: str) -> None:
        """Note something about the whole batch."""
        self.note_all({name: value})

    def note_all(self, facts: Mapping[str, str]) -> None:
        """Note several things about the whole batch, all or none of them."""
        rows = ", ".join(["(?, ?)"] * len(facts))  # in one statement, which is one transaction
        self._do(f"INSERT OR REPLACE INTO facts VALUES {rows}", *chain(*facts.items()))  # noqa: S608

    def note_handed_in(self, handed_in: HandedIn) -> None:
        """Note who handed in what: ``grade rescore`` has no folder to look at."""
        self.note(_HANDED_IN, json.dumps(asdict(handed_in), default=str))

    def handed_in(self) -> HandedIn | None:
        """Return who handed in what, ``None`` where nothing was noted."""
        return self.plain(_HANDED_IN, partial(decode, HandedIn))

    def done(self, student: str) -> tuple[str, str] | None:
        """Return the digests of the bytes and settings of a student's result, if there is one."""
        found = self.result(student)
        return None if found is None else (found.sha256, found.settings)

    def put(self, student: str, result: Result) -> None:
        """Store a student's result in place of the last."""
        self._do(
            "INSERT OR REPLACE INTO results VALUES (?, ?, ?, ?, ?)",
            *(student, result.sha256, result.settings, result.outputs, result.body),
        )

    def result(self, student: str) -> Result | None:
        """Return a student's result."""
        row = self._row("SELECT * FROM results WHERE student = ?", student)
        found = None if row is None else result_of(row)
        if row is not None and found is None:
            self._do("DELETE FROM results WHERE student = ?", student)
            self._tell_damage(f"the result of {quoting.name(student)}")
        return found

    def same_outputs(self) -> dict[str, tuple[str, ...]]:
        """Return the students who handed in the same outputs, by the digest of the outputs."""
        found: dict[str, list[str]] = {}
        for outputs, student in self._rows(
            "SELECT outputs, student FROM results WHERE outputs IN (SELECT outputs FROM results"
            " WHERE outputs IS NOT NULL GROUP BY outputs HAVING count(*) > 1) ORDER BY student"
        ):
            found.setdefault(outputs, []).append(student)
        return {outputs: tuple(students) for outputs, students in found.items()}

    def keep_only(self, students: Iterable[str]) -> None:
        """Delete the results of everyone else, who is no longer in the class."""
        wanted = set(students)
        for (student,) in self._rows("SELECT student FROM results"):
            if student not in wanted:
                self._do("DELETE FROM results WHERE student = ?", student)

    def _prepare(self) -> None:
        """Lock the file for as long as it is open, and make its tables."""
        # The operating system holds the lock, so a killed run leaves none behind.
        self._db.execute("PRAGMA locking_mode = EXCLUSIVE")
        self._db.text_factory = lambda data: data.decode(errors="replace")
        application = self._db.execute("PRAGMA application_id").fetchone()[0]
        tables = [row[0] for row in self._db.execute("SELECT name FROM sqlite_master")]
        if tables and application != _APPLICATION:
            # Before anything is set: the journal's mode would stay in the other program's file.
            raise sqlite3.DatabaseError("it is another program's")
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("BEGIN IMMEDIATE")
        version = self._db.execute("PRAGMA user_version").fetchone()[0]
        if version != _VERSION:
            for table in {"facts", "observations", "results"} & set(tables):
                self._db.execute(f"DROP TABLE {table}")
            for statement in _TABLES.split(";")[:-1]:
                self._db.execute(statement)
            self._db.execute(f"PRAGMA application_id = {_APPLICATION}")
            self._db.execute(f"PRAGMA user_version = {_VERSION}")
        self._db.execute("COMMIT")

    def _tell_damage(self, what: str) -> None:
        """Say once that something is damaged and counts as missing."""
        if what not in self._damaged:
            self._damaged.add(what)
            told = f"{DATABASE} holds {what} damaged: it counts as missing, and is made anew"
            print(told, file=sys.stderr)  # noqa: T201 - stdout is for reports

    def _row(self, statement: str, *values: str) -> Any:
        return next(iter(self._rows(statement, *values)), None)

    def _do(self, statement: str, *values: Any) -> None:
        self._rows(statement, *values)

    def _rows(self, statement: str, *values: Any) -> list[Any]:
        """Execute a statement and return its rows; raises ``GraderError``."""
        try:
            with self._lock:
                return self._db.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            raise self._cannot(error) from error

    def _cannot(self, error: sqlite3.Error) -> GraderError:
        name = printable(str(self._path), 200)
        if "locked" in str(error):
            return GraderError(
                f"another run is at work on {name}", "wait until it has ended, or stop it"
            )
        return GraderError(
            f"cannot use {name}: {error}",
            "is the disk full? else delete the file, and everything is graded anew",
        )


def open_store(out: Path) -> Store:
    """Open the database of a batch's folder, and remove the drafts that a killed run left there.

    Raises ``GraderError`` as ``Store`` does, when another run is at work on the folder, say, and
    where a file has the name of a folder that is written to.
    """
    for folder in (out / PAGES, out / GRADEBOOKS, out / ANNOTATED):
        if folder.is_file():
            shown = printable(str(folder), 200)
            raise GraderError(f"{shown} is a file, and results need a folder", "move it away")
    store = Store(out / DATABASE)
    for folder in (out, out / PAGES, out / GRADEBOOKS, out / ANNOTATED):
        remove_drafts(folder)
    return store
