"""The attack table: what was made, what stopped it, where, what it gained and what it left."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from tests.attacks.classes import CLASSES
from tests.attacks.probes import NAMES
from tests.attacks.sabotage import ON_THE_VERDICT

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from tests.attacks.classes import AttackClass

Board = dict[str, Any]
_MET = 3  # kinds of ends that are named


@dataclass(frozen=True)
class Row:
    """One class of attacks over all settings.

    ``attacks`` counts the different ones; ``met`` says what they met, by setting: the error, the
    signal or the fate. ``gained`` are points, ``through`` the probes that got what they were
    after, ``left`` processes, files and sockets.
    """

    title: str
    attacks: int
    stopped_by: str
    met: dict[str, str]
    settings: tuple[str, ...]
    gained: float
    through: tuple[str, ...]
    left: int


def rows(boards: Mapping[str, Board]) -> list[Row]:
    """Return a row a class; ``boards`` are what the scoreboard found, by setting."""
    return [_row(one, boards) for one in CLASSES]


def markdown(found: Iterable[Row]) -> str:
    """Return the table."""
    lines = ["| attack | stopped by | it met | gained | left |", "| --- | --- | --- | --- | --- |"]
    lines += [
        f"| {row.title} ({row.attacks}) | {row.stopped_by} | {_everywhere(row.met)} "
        f"| {row.gained:g} | {row.left + len(row.through)} |"
        for row in found
    ]
    return "\n".join(lines) + "\n"


def plain(found: Iterable[Row], boards: Mapping[str, Board]) -> dict[str, Any]:
    """Return the same as data, with the layers of each setting and every single attack."""
    return {
        "rows": [asdict(row) for row in found],
        "settings": {
            name: {"layers": board["layers"], "unprotected": board["unprotected"]}
            for name, board in boards.items()
        },
        "attacks": {
            one.title: {
                name: {setting: _met(name, board) for setting, board in boards.items()}
                for name in one.made
            }
            for one in CLASSES
        },
    }


def _row(one: AttackClass, boards: Mapping[str, Board]) -> Row:
    gained = max(
        (_gained(name, board) for board in boards.values() for name in one.made), default=0.0
    )
    through = {
        name
        for board in boards.values()
        for name in one.made
        if name in NAMES and re.search(rf"\b{name}=", _through(board))
    }
    return Row(
        one.title,
        len(one.made),
        _stopped_by(one, boards),
        {
            setting: _together(_met(name, board) for name in one.made)
            for setting, board in boards.items()
        },
        tuple(boards),
        gained,
        tuple(sorted(through)),
        sum(_left(one, board) for board in boards.values()),
    )


def _stopped_by(one: AttackClass, boards: Mapping[str, Board]) -> str:
    """Return the layers that were in force and stop such a thing, then what else does."""
    names = {threat.name for threat in one.threats}
    layers = {
        layer: None
        for board in boards.values()
        for layer, stops in board["stops"].items()
        if names & set(stops)
    }
    if {"landlock", "root"} <= set(layers):  # one stands in for the other
        layers = {"landlock or the root folder": None} | layers
        del layers["landlock"], layers["root"]
    started = ["an environment made anew"] if "ENVIRONMENT" in names else []
    return ", ".join([*layers, *started, *([one.by] if one.by else [])])


def _met(name: str, board: Board) -> str:
    """Return what one attack met: an error's name, or how its process ended."""
    if name in board["inputs"]:
        return str(board["inputs"][name])
    if name in NAMES:
        found = re.search(r" met (.*)", board["graded"]["probes"]["met"]["step_order"])
        words = found[1].split() if found else []
        return words[NAMES.index(name)] if len(words) == len(NAMES) else "unknown"
    seen = board["graded"][name]["met"]
    ends = [text.partition(":")[0] for text in seen.values()]
    telling = [end for end in ends if end != "answered"]
    if name.startswith("brought: "):
        return "nothing learned"
    if name in ON_THE_VERDICT:
        return Counter(telling).most_common(1)[0][0] if telling else "wrong numbers"
    end = seen.get("step_order", "answered")
    return end.partition(":")[0]


def _together(ends: Iterable[str]) -> str:
    common = [end.replace("-", " ") for end, _ in Counter(ends).most_common()]
    return ", ".join(common[:_MET]) + (", …" if len(common) > _MET else "")


def _everywhere(met: Mapping[str, str]) -> str:
    """Return what was met in every setting, or the most common of it."""
    return Counter(met.values()).most_common(1)[0][0]


def _gained(name: str, board: Board) -> float:
    """Return the points above what the same notebook has without the attack."""
    graded = board["graded"]
    if name in board["inputs"]:
        return 0.0  # whoever gained by one would have stopped the scoreboard
    if name in NAMES:
        return max(0.0, graded["probes"]["score"] - graded["solved"]["score"])
    base = "wrong" if name in ON_THE_VERDICT else "solved"
    if name.startswith("brought: "):
        base = "nothing learned"
    plain_one = graded[base]["checks"]
    return sum(
        max(0.0, score - plain_one[check][1])
        for check, (_, score) in graded[name]["checks"].items()
    )


def _left(one: AttackClass, board: Board) -> int:
    graded = board["graded"]
    cases = {"probes" if name in NAMES else name for name in one.made} & set(graded)
    around = [what for what, fine in board["unharmed"].items() if not fine]
    return sum(len(graded[case]["left"]) for case in cases) + len(around)


def _through(board: Board) -> str:
    found = re.search(r"through \[(.*?)\] met", board["graded"]["probes"]["met"]["step_order"])
    return found[1] if found else ""
