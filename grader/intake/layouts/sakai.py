"""Sakai's "Download all": a folder a student, named ``Kim, Minsu(mkim42)``.

``Homework 1/Kim, Minsu(mkim42)/Submission attachment(s)/mlp.ipynb``, and beside that folder
``timestamp.txt`` (an instant in UTC), ``comments.txt``, ``…_submissionText.html`` and the folder
``Feedback Attachment(s)``, whose files are the instructor's. Several submitters are joined with
``; ``. A group's folder has the group's title, and ``members.txt`` in it names its members in the
same form; an anonymous submission's has its id. Without folders all is in the file's name:
``Kim, Minsu(mkim42)_Submission attachment(s)_mlp.ipynb``. Equal names get ``+1``, ``+2``.

Both folders' names are translated ("Feedback-Anhänge", "Adjuntos al comentario"): the instructor's
is known by a word for feedback, or else by being the rarer one.

Source: sakaiproject/sakai, AssignmentServiceImpl.java 00701f68 (``zipSubmissions``,
``zipGroupSubmissions``, ``zipAttachments``) and the translations assignment_de_DE.properties
0701e73b, assignment_es.properties 015519ef. Other languages' words were not read in a source.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from grader.intake.layouts.levels import NAMED, is_file_at, name_at
from grader.intake.model import Layout, Owner
from grader.intake.names import decode, stem

if TYPE_CHECKING:
    from grader.intake.layouts.levels import Levels
    from grader.intake.model import Item, Parts, Tree

_PERSON = r"[^;]*?,[^;()]*\([^()\s]{2,}\)"
_PEOPLE = re.compile(rf"(?P<who>{_PERSON}(?:; {_PERSON})*)(?:_(?P<rest>.+))?")
_ONE = re.compile(r"\s*(?P<last>[^;]*?),(?P<first>[^;()]*)\((?P<eid>[^()]+)\)")
_FEEDBACK = re.compile(
    r"(?i)feedback|comment|coment|kommentar|rückmeld|retroal|retroac|rétroac|återkoppl|"
    r"terugkoppel|geri bildirim|отзыв|フィードバック|コメント|피드백|의견|反馈|回馈|评语|評語"
)
_MEMBERS = "members.txt"
_TIME, _LONGEST_TIME = "timestamp.txt", 60
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?Z")  # Java's Instant
_MARKS = frozenset({_MEMBERS, "comments.txt", "feedbackText.html"})
_NOT = "the instructor's feedback, not a submission"


def layout(tree: Tree, levels: Levels) -> Layout | None:
    """Recognise a Sakai download, zipped or unpacked, whole or one student's folder."""
    depth = levels.outermost(_PEOPLE.fullmatch, NAMED)
    marked: set[Parts] = set()
    if depth is None:
        marked = {item.parts[:-1] for item in tree.others if item.name in _MARKS}
        depth = levels.outermost_path(lambda path: path in marked)
        if depth is None:
            return None
    elif levels.outermost(_PEOPLE.fullmatch, depth + 1) == depth + 1:
        depth += 1  # the assignment's title is of that form, too: "Homework 1, part 2 (MLP)"
    teams, times = _teams(tree, depth), _times(tree, depth)
    feedback = _feedback_folders(tree, depth)

    def whose(item: Item) -> Owner | None:
        folder = item.parts[: depth + 1]
        time = times.get(folder, "")
        if folder not in marked:
            owner = _owner(item, depth)
            return owner and replace(owner, time=time)
        people = teams.get(folder, ())
        return Owner(
            folder[-1],
            folder[-1] if people else "",
            stem(item.name),
            team=bool(people),
            members=people,
            time=time,
        )

    def why_not(item: Item) -> str:
        if is_file_at(item, depth):
            found = _PEOPLE.fullmatch(item.name)
            kind = (found["rest"] or "").partition("_")[0] if found else ""
            return _NOT if _FEEDBACK.search(kind) else ""
        below = item.parts[depth + 1 :]
        return _NOT if len(below) > 1 and below[0] in feedback else ""

    return Layout("a Sakai download", whose, why_not, depth=depth)


def _owner(item: Item, depth: int) -> Owner | None:
    found = _PEOPLE.fullmatch(name_at(item, depth))
    people = _people(found["who"]) if found else ()
    if not found or not people:
        return None
    rest = found["rest"] if is_file_at(item, depth) else None
    own = stem(rest.partition("_")[2] or rest if rest else item.name)
    if len(people) == 1:
        return Owner(people[0].id, people[0].name, own)
    together = ", ".join(person.name for person in people)
    return Owner(name_at(item, depth), together, own, team=True, members=people)


def _people(text: str) -> tuple[Owner, ...]:
    """Return the people of ``Kim, Minsu(mkim42); Lee, Seoyeon(slee)``."""
    return tuple(
        Owner(one["eid"].strip(), f"{one['first'].strip()} {one['last'].strip()}".strip())
        for one in map(_ONE.fullmatch, text.split(";"))
        if one
    )


def _teams(tree: Tree, depth: int) -> dict[Parts, tuple[Owner, ...]]:
    return {
        item.parts[:-1]: _people(decode(tree.read(item), "cp1252").strip())
        for item in tree.others
        if item.name == _MEMBERS and len(item.parts) == depth + 2
    }


def _times(tree: Tree, depth: int) -> dict[Parts, str]:
    """Return by folder when its submission was made; a form that names no zone is not read."""
    found = {
        item.parts[:-1]: decode(tree.read(item)[:_LONGEST_TIME], "cp1252").strip()
        for item in tree.others
        if item.name == _TIME and len(item.parts) == depth + 2
    }
    return {folder: text for folder, text in found.items() if _INSTANT.fullmatch(text)}


def _feedback_folders(tree: Tree, depth: int) -> set[str]:
    """Return the names of the folders, in the students', that hold the instructor's files."""
    students: defaultdict[str, set[Parts]] = defaultdict(set)
    for item in tree.notebooks + tree.others:
        if len(item.parts) > depth + 2:
            students[item.parts[depth + 1]].add(item.parts[: depth + 1])
    known = {name for name in students if _FEEDBACK.search(name)}
    if known or len(students) != 2:
        return known if len(known) < len(students) else set()
    rarer, usual = sorted(students, key=lambda name: len(students[name]))
    return {rarer} if len(students[rarer]) < len(students[usual]) else set()
