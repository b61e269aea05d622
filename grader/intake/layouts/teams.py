"""The library "Student Work" of a class in Microsoft Teams, from SharePoint or synchronised.

``Student Work/Submitted files/Minsu Kim/Homework 1/Version 2/mlp.ipynb``: the student, the
assignment, and a folder each time it was turned in; synchronised copies call the library
``CS101 - Student Work`` and may lack the versions. ``Working files`` beside it holds drafts that
were not turned in. The library holds every assignment of the class.

Sources, as Microsoft's own is closed: lwchkg/teams_assignment_explorer README.md 1c2d4806 (the
folders), a public dashboard for these folders (``Working files`` are drafts, no version folder).
The names in languages other than English were not read in a source; there the versions tell.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from grader.intake.layouts.assignments import of_one
from grader.intake.model import Layout, Owner
from grader.intake.names import stem

if TYPE_CHECKING:
    from grader.intake.layouts.levels import Levels
    from grader.intake.model import Item, Parts, Tree

_SUBMITTED = frozenset(
    {
        *("submitted files", "eingereichte dateien", "abgegebene dateien", "fichiers envoyés"),
        *("fichiers remis", "archivos enviados", "archivos entregados", "ficheiros submetidos"),
        *("arquivos enviados", "file inviati", "file consegnati", "ingediende bestanden"),
        *("제출된 파일", "제출한 파일", "提出されたファイル", "提出済みファイル", "已提交的文件"),
    }
)
_DRAFTS = frozenset(
    {
        *("working files", "arbeitsdateien", "fichiers de travail", "archivos de trabajo"),
        *("ficheiros de trabalho", "arquivos de trabalho", "file di lavoro", "werkbestanden"),
        *("작업 파일", "作業ファイル", "工作文件"),
    }
)
_VERSION = re.compile(r"(?i)(?:versi(?:on|ón|one|e)|versão|버전|バージョン|版本) ?(\d{1,9})")
_BELOW = 2  # from the student to the version: the assignment lies between
_DRAFT = "a draft that was not turned in (Working files)"


def layout(tree: Tree, levels: Levels) -> Layout | None:
    """Recognise the library, or one folder of it, zipped or unpacked."""
    names = _SUBMITTED | _DRAFTS
    marked = levels.outermost(lambda name: name.casefold() in names)
    if marked is not None:
        depth = marked + 1
    elif tree.notebooks and all(_SUBMITTED & set(_called(item)) for item in tree.notebooks):
        depth = 0
    else:
        versions = levels.outermost(_VERSION.fullmatch)
        if versions is None or versions < _BELOW:
            return None
        depth = versions - _BELOW

    def whose(item: Item) -> Owner | None:
        trail = _trail(item, depth)
        if len(trail) <= 1:  # a loose file
            return None
        version = next(filter(None, map(_VERSION.fullmatch, trail[1:4])), None)
        return Owner(
            trail[0],
            trail[0],
            stem(item.name),
            (int(version[1]),) if version else (),
        )

    def is_draft(item: Item) -> bool:
        return marked is not None and item.parts[marked].casefold() in _DRAFTS

    def assignment(item: Item) -> str:
        trail = _trail(item, depth)
        return trail[1] if len(trail) > _BELOW else ""

    of_another = of_one(
        tree, [item for item in tree.notebooks if not is_draft(item)], assignment, whose
    )

    def why_not(item: Item) -> str:
        return _DRAFT if is_draft(item) else of_another(item)

    return Layout("Teams' library of student work", whose, why_not, depth=depth)


def _trail(item: Item, depth: int) -> Parts:
    """Return an item's path from the student on."""
    if depth == 0:
        called = _called(item)
        for place in range(len(called) - 1, -1, -1):
            if called[place] in _SUBMITTED:
                return (*item.above[place + 1 :], *item.parts)
    return item.parts[depth:]


def _called(item: Item) -> list[str]:
    return [name.casefold() for name in item.above]
