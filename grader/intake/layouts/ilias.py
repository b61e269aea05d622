"""ILIAS' download of an exercise's submissions: a folder a student, names in ASCII.

``Homework_1/Abgaben/Mueller_Joerg_jmueller_3003/Verspaetete Abgabe - mlp.ipynb``: last name, first
name, login and ILIAS' own number, ä as ae. Files of equal names get `` (2)``, `` (3)`` in the order
of their upload, before the word for a late one is put in front. A team's work lies in
``Team 12/Mueller_Joerg_jmueller_3003``, under whoever uploaded it. The names of the folders above
are in the language of whoever downloads.

Source: ILIAS-eLearning/ILIAS, Modules/Exercise/classes/class.ilExSubmission.php 03cc48ed,
``downloadAllAssignmentFiles``, and in newer versions ``copySubmissionFilesToDir`` of the same
component's submission manager. The words for "late", "team" and the folder in languages other than
German and English were not read in a source.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from grader.intake.layouts.levels import NAMED, is_file_at, longer_logins, name_at
from grader.intake.model import Layout, Owner
from grader.intake.names import stem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.intake.layouts.levels import Levels
    from grader.intake.model import Item, Parts, Tree

_NAME = re.compile(r"(?P<names>[^\W\d_][^\d_]*(?:_[^\d_]+)+)_(?P<login>[^_]+)_(?P<number>\d+)")
# Of a name that has no letters in ASCII only the "_" is left.
_PERSON = re.compile(r"(?P<names>[^\d]*)_(?P<login>[^_]+)_(?P<number>\d+)")
_TEAM = re.compile(
    r"(?i)(?:team|équipe|equipe|equipo|squadra|gruppo|gruppe|group|grupo|tým|zespół) \d+"
)
_ABOVE = frozenset({"abgaben", "submissions", "einreichungen", "soumissions", "entregas"})
_LATE = re.compile(
    r"(?i)(?=[^-]*(?:late|versp|tard|retard|ritard|laat|atras|spóź|spoz|pozd|늦|지각|遅|迟))"
    r"[^-]{3,60}? - "
)
_NUMBERED = re.compile(r"(.+) \((\d{1,9})\)")
_ENOUGH = 2


def layout(tree: Tree, levels: Levels) -> Layout | None:
    """Recognise an ILIAS download, zipped or unpacked."""
    depths = levels.depths(_NAME.fullmatch)
    depth = next((d for d in depths if _is_surely_ilias(levels.paths(d), tree, d)), None)
    if depth is None:
        return None
    members: defaultdict[str, dict[str, Owner]] = defaultdict(dict)
    for item in (*tree.notebooks, *tree.others):
        team, person = _team(item, depth), _person(item, depth)
        if team and person:
            members[team][person.id] = person

    def whose(item: Item) -> Owner | None:
        person = _person(item, depth)
        if person is None:
            return None
        # The name that ILIAS gave: the file's, or that of the zip which holds it.
        given = item.parts[depth + 1]
        late = _LATE.match(given)
        own = stem(given[late.end() :] if late else given)
        numbered = _NUMBERED.fullmatch(own)
        attempt = (int(numbered[2]) if numbered else 1,)
        own = numbered[1] if numbered else own
        own = own if is_file_at(item, depth + 1) else stem(item.name)
        team = _team(item, depth)
        if team:
            people = tuple(members[team].values())
            return Owner(team, team, own, attempt, bool(late), team=True, members=people)
        return Owner(person.id, person.name, own, attempt, bool(late), person.ids)

    return Layout("an ILIAS download", whose, depth=depth)


def _person(item: Item, depth: int) -> Owner | None:
    found = _PERSON.fullmatch(name_at(item, depth))
    if found is None or is_file_at(item, depth):
        return None
    names = [name for name in found["names"].split("_") if name]
    login = found["login"]
    return Owner(login, " ".join(names), ids=longer_logins(names, login))


def _team(item: Item, depth: int) -> str:
    above = name_at(item, depth - 1) if depth > 0 else ""
    return above if _TEAM.fullmatch(above) else ""


def _is_surely_ilias(paths: Sequence[Parts], tree: Tree, depth: int) -> bool:
    """Whether names of this form are ILIAS': ``hw_kim_minsu_1`` is a form that people use, too."""
    found = [found for path in paths if (found := _NAME.fullmatch(path[-1]))]
    if len(found) >= _ENOUGH:
        numbers = Counter(one["number"] for one in found)
        firsts = {one["names"].partition("_")[0] for one in found}
        if len(numbers) == len(found) and len(firsts) > 1:
            return True
    above = {name_at(item, depth - 1 if depth else NAMED) for item in tree.notebooks}
    return all(name.casefold() in _ABOVE or _TEAM.fullmatch(name) for name in above)
