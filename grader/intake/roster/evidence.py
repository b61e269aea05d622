"""What an owner's ids and name say about who it is, and whether they contradict each other."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from grader.identity import names_fit, participant_number
from grader.intake.copies import without_copy_words
from grader.intake.names import letters
from grader.intake.roster.mentions import (
    mentioned_ids,
    mentioned_logins,
    mentioned_names,
    mentioned_short_ids,
)
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from grader.intake.model import Claim, Owner
    from grader.intake.roster.people import Roster

_NOBODY: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Known:
    """An owner that the layouts tell apart, with its notebooks."""

    owner: Owner
    claims: tuple[Claim, ...]
    id: str  # unique, unlike the owner's
    plain: bool = False  # only the name of a file or folder tells the owner

    @property
    def name(self) -> str:
        """The owner's name, empty if there is none."""
        return self.owner.name

    @property
    def trees(self) -> frozenset[int]:
        """The numbers of the trees that hold its notebooks."""
        return frozenset(claim.tree for claim in self.claims)


@dataclass(frozen=True)
class Evidence:
    """The students of the roster that an owner's ids and its name mean.

    ``loose`` means that only parts of the name are the same. ``fits`` is whether the name can be
    that of the one student whom the ids mean, None if that cannot be told. ``clash`` says which ids
    contradict each other. ``short`` means that the id is four digits among other words, which may
    also be a day or a course's number.
    """

    by_id: frozenset[str] = _NOBODY
    by_name: frozenset[str] = _NOBODY
    loose: bool = False
    fits: bool | None = None
    clash: str = ""
    short: bool = False

    @property
    def contradicts(self) -> bool:
        """Whether the ids mean somebody else than the name."""
        others = bool(self.by_name) and not self.by_name & self.by_id
        return bool(self.by_id) and (self.fits is False or others)

    @property
    def people(self) -> frozenset[str]:
        """The students who are meant: by ids, and among several of them by name."""
        return (self.by_id & self.by_name or self.by_id) or self.by_name


def distinct_owners(claims: Iterable[Claim], roster: Roster | None) -> list[Known]:
    """Return the owners that the layouts tell apart, each with a unique id."""
    names: defaultdict[str, defaultdict[str, list[Claim]]]
    names = defaultdict(lambda: defaultdict(list))
    for claim in claims:
        names[claim.owner.id][claim.owner.name].append(claim)
    found = []
    for id_, groups in names.items():
        nameless = groups.pop("", [])
        if len(groups) > 1:
            # Moodle numbers people anew for each assignment, so two downloads share numbers.
            found += [_known(group, f"{id_} ({name})") for name, group in groups.items()]
            found += [_known(nameless, id_)] if nameless else []
        else:
            (group,) = groups.values() or [[]]
            found.append(_known([*group, *nameless], id_))
    if roster is not None:
        words = _words_for_participants(roster)
        return [_nameless(one) if _is_no_name(one, words) else one for one in found]
    # "Participant" in anonymous submissions, in any language.
    alike = len(found) > 1 and len({one.name for one in found}) == 1
    return [_nameless(one) if alike else one for one in found]


def evidence(one: Known, roster: Roster) -> Evidence:
    """Return what the roster says of an owner."""
    return _of_label(one.owner.id, roster) if one.plain else _of_owner(one.owner, roster)


def mentioned(text: str, roster: Roster) -> Evidence:
    """Return whom a file's or folder's name means, by its words."""
    label = without_copy_words(text)
    exact = roster.having_id(label) | frozenset(roster.by_participant.get(label, ()))
    by_id = exact or mentioned_ids(label, roster)
    by_name = roster.having_name(label) or mentioned_names(label, roster)
    if not by_id:
        by_id = roster.having_login(label)
        # A login is often a first name, so that it says less than a whole name.
        by_id = by_id or (_NOBODY if by_name else mentioned_logins(label, roster))
    short = _NOBODY if by_id else mentioned_short_ids(label, roster)
    return Evidence(by_id or short, by_name, short=bool(short))


def _of_label(label: str, roster: Roster) -> Evidence:
    """Return whom the innermost telling part of ``folder/file`` means."""
    for part in reversed(label.split("/")):
        found = mentioned(part, roster)
        if found.by_id or found.by_name:
            return found
    return Evidence()


def _of_owner(owner: Owner, roster: Roster) -> Evidence:
    told: list[tuple[str, frozenset[str]]] = []
    if owner.participant:
        told.append((owner.id, frozenset(roster.by_participant.get(owner.id, ()))))
    else:
        told.append((owner.id, roster.having_id(owner.id) or roster.having_login(owner.id)))
    told += [(id_, roster.having_login(id_) or roster.having_id(id_)) for id_ in owner.ids]
    told = [(id_, people) for id_, people in told if people]
    by_name = roster.having_name(owner.name) if owner.name else _NOBODY
    loose = not by_name and not told
    if loose:
        by_name = roster.resembling(owner.name)
    by_id = frozenset.intersection(*(people for _, people in told)) if told else _NOBODY
    clash = ""
    if told and not by_id:
        clash = " and ".join(f"{printable(id_, 60)} is {_who(p, roster)}" for id_, p in told[:3])
    meant = by_id & by_name or by_id
    fits = None
    if owner.name and len(meant) == 1:
        fits = _fits(owner.name, roster.students[next(iter(meant))].name)
    return Evidence(by_id, by_name, loose, fits, clash)


def _fits(told: str, name: str) -> bool | None:
    """Whether a name fits, also one that lost its letters beyond ASCII: "mllerjrg"."""
    left = "".join(c for c in name if c.isascii())
    return names_fit(told, name) or (
        names_fit(told, left) if letters(left) else names_fit(told, name)
    )


def _who(people: frozenset[str], roster: Roster) -> str:
    return " or ".join(roster.students[id_].shown for id_ in sorted(people)[:2])


def _known(claims: list[Claim], id_: str) -> Known:
    owners = [claim.owner for claim in claims]
    owner = next((one for one in owners if one.name), owners[0])
    ids = dict.fromkeys(id_ for one in owners for id_ in one.ids)
    team = any(one.team for one in owners)
    members = next((one.members for one in owners if one.members), ())
    owner = replace(owner, ids=tuple(ids), team=team, members=members)
    return Known(owner, tuple(claims), id_, all(claim.plain for claim in claims))


def _nameless(one: Known) -> Known:
    return replace(one, owner=replace(one.owner, name=""))


def _is_no_name(one: Known, words: frozenset[str]) -> bool:
    """Whether the name is only "Participant", as in anonymous submissions."""
    return bool(one.name) and bool(participant_number(f"{one.name} 1", words))


def _words_for_participants(roster: Roster) -> frozenset[str]:
    """Return the words before the participant numbers of the roster."""
    named = (person for person in roster.people if person.participant)
    return frozenset(
        alias.rstrip("0123456789 _") for person in named for alias in person.aliases[:1]
    )
