"""Which of two names or times is the later version, as far as they tell."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from grader.intake.model import Claim

# Words by which students call a version the last or an old one, in the languages of classes seen.
_FINAL = re.compile(
    r"(?i)(?<![a-z])(?:final(?:e|ly|version)?|finished|finish|fini|last|latest|done|complete[d]?"
    r"|submit|submission|submitted|handin|solution|abgabe|fertig|endversion|endg[uü]ltig|lösung"
    r"|entrega|entregar|rendu|definitiv[eo]?|consegna)(?![a-z])"
    r"|최종|수정본|완성|제출|완료|最终|最終|提交|提出|完成"
)
_OLD = re.compile(
    r"(?i)(?<![a-z])(?:old|older|backup|bak|draft|outdated|previous|veraltet|entwurf"
    r"|sicherung|ancien|brouillon|viejo|borrador|vecchio|bozza)(?![a-z])"
    r"|백업|초안|이전|옛|旧|备份|草稿|下書き"
)
_VERSION = re.compile(r"(?i)(?<![a-z])(?:v|ver|version|rev)[ ._-]?(\d{1,9})")
_NUMBER = re.compile(r"\d+")
_DATE = re.compile(r"(?<!\d)20\d\d([-_. ]?)(?:0[1-9]|1[0-2])\1(?:0[1-9]|[12]\d|3[01])(?!\d)")
# Unpacking or copying one student's files takes less than this.
_APART = 60.0


@dataclass(frozen=True)
class NameHints:
    """What a name says of its version; ``number`` is that behind a word such as ``v``."""

    final: bool
    old: bool
    number: int


def hints(name: str) -> NameHints:
    """Return what a name, or the names of folders and a file, says of the version."""
    numbers = [int(found) for found in _VERSION.findall(name)]
    return NameHints(bool(_FINAL.search(name)), bool(_OLD.search(name)), max(numbers, default=0))


def without_version(name: str) -> str:
    """Return a name without the words and dates that tell only which version it is."""
    for telling in (_DATE, _VERSION, _FINAL, _OLD):
        name = telling.sub(" ", name)
    return name


def is_date(text: str) -> bool:
    """Whether a text is nothing but a date, such as 20250301."""
    return bool(_DATE.fullmatch(text))


def folders_below(claims: Sequence[Claim]) -> dict[Claim, str]:
    """Return those folders of each notebook that not all of them are in, with a last slash."""
    folders = [claim.item.parts[:-1] for claim in claims]
    shared = 0
    while len({folder[: shared + 1] for folder in folders}) == 1 and len(folders[0]) > shared:
        shared += 1
    return {claim: "".join(f"{part}/" for part in claim.item.parts[shared:-1]) for claim in claims}


def numbers_in(names: Mapping[Claim, str]) -> dict[Claim, tuple[int, ...]]:
    """Return the numbers in names that differ in nothing else; empty ones for other names."""
    alike = len({_NUMBER.sub("", name).casefold() for name in names.values()}) == 1
    return {
        claim: tuple(int(digits[:18]) for digits in _NUMBER.findall(name)) if alike else ()
        for claim, name in names.items()
    }


def saved(claims: Sequence[Claim]) -> dict[Claim, int]:
    """Return numbers that order notebooks by their files' times, as far as these tell anything.

    Times within a minute are those of an unpacking or a checkout and get the same number; so do
    all if one of them has no time.
    """
    if any(not claim.item.time for claim in claims):
        return dict.fromkeys(claims, 0)
    ranks: dict[Claim, int] = {}
    rank, before = 0, None
    for claim in sorted(claims, key=lambda claim: claim.item.time or 0):
        time = claim.item.time or 0
        rank += before is not None and time - before > _APART
        before = time
        ranks[claim] = rank
    return ranks


def unpacked(claims: Iterable[Claim]) -> frozenset[int]:
    """Return the PATHs whose files on disk all have the time of their unpacking or copying."""
    times: defaultdict[int, list[float]] = defaultdict(list)
    for claim in claims:
        if claim.item.member is None:
            times[claim.tree].append(claim.item.time or 0)
    return frozenset(
        tree
        for tree, found in times.items()
        if len(found) > 1 and max(found) - min(found) <= _APART
    )
