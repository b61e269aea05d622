"""What was asked for once about a class's folder, and is asked for again by every later run.

A roster, a gradebook and a groups file are kept with their content: where the file is gone, a later
run works with the copy. Where it is still there, it is read as it is then.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import sys
import zlib
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from grader.batch.settings import settings_of
from grader.batch.stored import DAMAGE
from grader.cli.forgettable import FORGETTABLE
from grader.decode import decode
from grader.detail import FULL
from grader.errors import GraderError
from grader.temporary import temporary_folder
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from contextlib import ExitStack

    from grader.batch.store import Store
    from grader.cli.given import Arguments

_ASKED, _KEPT = "asked", "kept file "
_FILES = ("roster", "groups", "times", "gradebooks")
_OPTIONS = (*_FILES, "columns", "format", "zips", "show_answers", "detail")
# Options that the results depend on; ``ClassSettings`` keeps these.
_SETTINGS = ("device", "isolation", "timeout", "data", "python")
_MOST_BYTES = 16 * 1024 * 1024  # of a file; the content of a larger one is not kept


@dataclass(frozen=True)
class Remembered:
    """What a folder remembers: options by their places, PATHs as seen from ``home``.

    ``only`` are the PATHs that were named for single students, by the students' ids, each after
    the folder that they are seen from; ``named`` means that the user named the assignment.
    """

    options: Mapping[str, Any] = field(default_factory=dict)
    home: str = ""
    paths: tuple[str, ...] = ()
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    named: bool = False

    @property
    def paths_here(self) -> tuple[str, ...]:
        """The PATHs as seen from the working folder."""
        return from_here(self.home, self.paths)

    @property
    def only_here(self) -> dict[str, tuple[str, ...]]:
        """The PATHs of single students as seen from the working folder."""
        return {id_: from_here(home, paths) for id_, (home, *paths) in self.only.items()}

    def with_paths(self, paths: tuple[str, ...]) -> Remembered:
        """Return the same with other PATHs, as given now."""
        return replace(self, home=here(), paths=paths)

    def with_only(self, students: Iterable[str], paths: tuple[str, ...]) -> Remembered:
        """Return the same with PATHs for single students, as given now."""
        return replace(self, only={**self.only, **dict.fromkeys(students, (here(), *paths))})

    def note(self, store: Store) -> None:
        """Keep it, and the content of its files, in the folder's database."""
        for path in _files(self.options):
            with suppress(OSError, ValueError):
                with Path(path).open("rb") as file:
                    content = file.read(_MOST_BYTES + 1)
                if len(content) <= _MOST_BYTES:
                    packed = base64.b64encode(zlib.compress(content)).decode("ascii")
                    store.note(_kept(path), packed)
        plain = {
            "options": dict(self.options),
            "home": self.home,
            "paths": self.paths,
            "only": {id_: list(paths) for id_, paths in self.only.items()},
            "named": self.named,
        }
        store.note(_ASKED, json.dumps(plain))


def here() -> str:
    """Return the working folder."""
    return os.getcwd()  # noqa: PTH109 - a path of any text


def from_here(home: str, paths: Sequence[str]) -> tuple[str, ...]:
    """Return paths that were given in ``home`` as seen from the working folder."""
    if home == here():
        return tuple(paths)
    return tuple(os.path.join(home, path) for path in paths)  # noqa: PTH118 - paths of any text


def remembered(store: Store) -> Remembered:
    """Return what a folder's database remembers."""
    return store.plain(_ASKED, _from_plain) or Remembered()


def _from_plain(plain: Any) -> Remembered:
    """Return what ``note`` wrote; raises ``ValueError`` for anything else."""
    found = decode(Remembered, {"named": False, **plain})
    options = dict(found.options)
    if isinstance(column := options.pop("column", None), str):  # as an earlier version wrote it
        options["columns"] = [column]
    for name, value in options.items():
        several = decode(tuple[str, ...], value) if isinstance(value, list) else ()
        if name not in _OPTIONS or not (several or isinstance(value, (str, bool))):
            raise ValueError(name)
    return replace(found, options=options)


def with_remembered(
    arguments: Arguments, store: Store | None, stack: ExitStack, reads: Sequence[str] = _FILES
) -> tuple[Arguments, Remembered]:
    """Return the arguments with what the folder remembers, and what it shall remember from now on.

    Of the files those that this run ``reads`` are replaced, if they are gone, by copies that last
    as long as ``stack``.
    """
    before = remembered(store) if store is not None else Remembered()
    forgotten = {FORGETTABLE[name] for name in arguments.batch.forget}
    given = {name: getattr(arguments.batch, name) for name in _OPTIONS}
    options: dict[str, Any] = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in given.items()
        if value
    }
    options |= {name: _absolute(options[name]) for name in _FILES if name in options}
    if "gradebooks" in options or "gradebooks" in forgotten:
        # A column belongs to its gradebook.
        forgotten.add("columns")
    kept = {
        name: value
        for name, value in before.options.items()
        if name not in forgotten and name not in options
    }
    options = {**kept, **options}
    if "columns" in options and "gradebooks" not in options:
        raise GraderError(
            "--column names a column of a gradebook, and there is none", "--gradebook FILE"
        )
    if options.get("show_answers") and options.get("detail", FULL) != FULL:
        raise GraderError(
            f"--show-answers shows the answers, and --detail {options['detail']} keeps hints back",
            "give one of the two; --forget ends what was asked for before",
        )
    _tell({name: value for name, value in kept.items() if name in reads or name not in _FILES})
    now = replace(
        before,
        options=options,
        only={} if "only" in forgotten else before.only,
        named=before.named or arguments.assignment is not None,
    )
    readable = {
        name: _readable(value, store, stack) if name in reads else value
        for name, value in options.items()
    }
    batch = {name: _as_given(name, readable.get(name)) for name in _OPTIONS}
    begun = settings_of(store)
    if begun is not None and arguments.batch.grouping is None and "grouping" not in forgotten:
        batch["grouping"] = begun.grouping
    settings: dict[str, Any] = {
        name: getattr(begun, name)
        for name in _SETTINGS
        if begun is not None and getattr(arguments, name) is None and name not in forgotten
    }
    if begun is not None and arguments.assignment is None:
        settings["assignment"] = begun.assignment
    return replace(arguments, batch=replace(arguments.batch, **batch), **settings), now


def _as_given(name: str, value: Any) -> Any:
    if name in ("gradebooks", "zips", "columns"):
        return tuple(value or ())
    return bool(value) if name == "show_answers" else value


def _absolute(value: Any) -> Any:
    if isinstance(value, str):
        return os.path.abspath(value)  # noqa: PTH100 - a path of any text
    return [_absolute(path) for path in value]


def _files(options: Mapping[str, Any]) -> list[str]:
    found: list[str] = []
    for name in _FILES:
        value = options.get(name) or []
        found += [value] if isinstance(value, str) else value
    return found


def _kept(path: str) -> str:
    """Return the name of the fact that holds a file's content; any path has one."""
    return _KEPT + hashlib.sha256(os.fsencode(path)).hexdigest()


def _readable(value: Any, store: Store | None, stack: ExitStack) -> Any:
    """Return an option's value with a copy in the place of each file that is gone."""
    if not isinstance(value, str):
        return [_readable(one, store, stack) for one in value] if isinstance(value, list) else value
    content = store.fact(_kept(value)) if store is not None else None
    if content is None or os.path.lexists(value):
        return value
    folder = stack.enter_context(temporary_folder())
    copy = folder / Path(value).name
    try:
        copy.write_bytes(zlib.decompress(base64.b64decode(content)))
    except DAMAGE:
        return value  # whoever reads it says that it is gone
    told = f"{printable(value, 200)} is gone: the copy that the class's folder keeps is used"
    print(told, file=sys.stderr)  # noqa: T201 - stdout is for reports
    return str(copy)


def _tell(kept: Mapping[str, Any]) -> None:
    """Say on stderr which options are used though they were not given."""
    words = []
    for name, place in FORGETTABLE.items():
        value = kept.get(place)
        values = value if isinstance(value, list) else [value] if value else []
        for one in values:
            text = Path(one).name if place in _FILES else one
            shown = "" if one is True else f" {printable(text, 60)}"
            words.append(f"--{name}{shown}")
    if words:
        told = f"as before: {' '.join(words)} (--forget OPTION ends that)"
        print(told, file=sys.stderr)  # noqa: T201 - stdout is for reports
