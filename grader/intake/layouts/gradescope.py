"""Gradescope's "Export Submissions": numbered folders, and one file that tells whose they are.

``assignment_7023745_export/submission_301/mlp.ipynb``, and beside the folders
``submission_metadata.yml``, which Ruby wrote: by folder the ``:submitters`` with ``:name``,
``:sid`` and ``:email``, several for a group, and ``:created_at`` with the offset from UTC. Each
folder is the submission that counts; earlier ones are named in ``:history`` and not exported.

Sources, as Gradescope's own is closed: three public scripts that read the file (its place in the
export, its keys). Only the ``.yml`` beside the folders is read: a student may hand in a file of
that name.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from grader.intake.layouts.dates import date_in
from grader.intake.layouts.levels import name_at
from grader.intake.model import Layout, Owner
from grader.intake.names import decode, stem

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.intake.layouts.levels import Levels
    from grader.intake.model import Item, Parts, Tree

_FILE = "submission_metadata.yml"
_WANTED = (":submitters:", ":created_at:")
_TOP = re.compile(r"(?P<folder>[^\s:#-][^:]*):\s*")
_KEY = re.compile(r"  (?=[^\s-])")
# Strings alone, no objects, and no number made of an id such as 0123.
_LOADER: type[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def layout(tree: Tree, levels: Levels) -> Layout | None:
    """Recognise a Gradescope export, zipped or unpacked."""
    files = [item for item in tree.others if item.name == _FILE]
    depth = min((len(item.parts) - 1 for item in files), default=None)
    if depth is None:
        return None
    owners: dict[Parts, Owner] = {}
    for file in files:
        if len(file.parts) == depth + 1:
            for folder, owner in _owners(decode(tree.read(file), "utf-8")):
                place = (*file.parts[:-1], folder)
                owners[place] = owner
    if levels.outermost_path(lambda path: path in owners) != depth:
        return None

    def whose(item: Item) -> Owner | None:
        owner = owners.get(item.parts[: depth + 1])
        if owner is None and re.fullmatch(r"submission_\d+", name_at(item, depth)):
            return Owner(name_at(item, depth), own=stem(item.name))
        return owner and _with_own(owner, stem(item.name))

    return Layout("a Gradescope export", whose, depth=depth)


def _with_own(owner: Owner, own: str) -> Owner:
    return Owner(
        owner.id,
        owner.name,
        own,
        owner.attempt,
        ids=owner.ids,
        team=owner.team,
        members=owner.members,
        time=owner.time,
    )


def _owners(text: str) -> Iterator[tuple[str, Owner]]:
    """Yield each folder with its owner; an entry that cannot be read costs no other."""
    for folder, lines in _entries(text.splitlines()):
        try:
            entry = yaml.load("\n".join(lines), _LOADER)  # noqa: S506 - it makes strings alone
        except (yaml.YAMLError, RecursionError, ValueError):
            continue
        people = tuple(filter(None, map(_person, _list(entry, ":submitters"))))
        made = entry.get(":created_at") if isinstance(entry, dict) else ""
        time = made if isinstance(made, str) else ""
        attempt = date_in(time)
        if len(people) == 1:
            own = people[0]
            yield folder, Owner(own.id, own.name, "", attempt, ids=own.ids, time=time)
        elif people:
            name = ", ".join(person.name or person.id for person in people)
            yield folder, Owner(folder, name, "", attempt, team=True, members=people, time=time)


def _entries(lines: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each folder with the lines of the wanted keys: students' results are far longer."""
    folder, keep = "", False
    kept: list[str] = []
    for line in lines:
        top = _TOP.fullmatch(line)
        if top:
            if folder:
                yield folder, kept
            folder, kept, keep = top["folder"].strip("'\""), [], False
        elif folder:
            if _KEY.match(line):
                keep = line[2:].startswith(_WANTED)
            if keep:
                kept.append(line)
    if folder:
        yield folder, kept


def _list(entry: object, key: str) -> list[object]:
    found = entry.get(key) if isinstance(entry, dict) else None
    return found if isinstance(found, list) else []


def _person(entry: object) -> Owner | None:
    if not isinstance(entry, dict):
        return None
    sid, name, email = (
        value.strip() if isinstance(value := entry.get(key), str) else ""
        for key in (":sid", ":name", ":email")
    )
    main = sid or email or name
    return Owner(main, name, ids=(email,) if sid and email else ()) if main else None
