"""Imports are given code: whoever lost their cell has lost no answer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.notebooks import cell, code, solved, sources


def lost(report: Any) -> list[str]:
    return [f.code for c in report.checks for f in c.findings]


def test_a_notebook_without_its_first_cell_gets_its_points_and_a_note(grade: Any) -> None:
    notebook = solved()
    notebook["cells"].remove(cell(notebook, "import torch.nn as nn"))
    report = grade(notebook)
    assert (report.score, lost(report)) == (100, [])
    notes = [note for note in report.notes if note.code == "imports_missing"]
    assert len(notes) == 1
    assert all(name in notes[0].message for name in ("F", "nn", "torch"))


@pytest.mark.parametrize("gone", ["import torch.nn as nn", "import torch.nn.functional as F"])
def test_one_import_that_is_missing(gone: str, grade: Any) -> None:
    notebook = code([text.replace(gone, "") for text in sources(solved())])
    report = grade(notebook)
    assert report.score == 100
    assert [note.code for note in report.notes] == ["imports_missing"]


def test_what_the_notebook_binds_itself_is_its_own(grade: Any) -> None:
    """A name that is bound to something else stays that, and what nobody imports stays unknown."""
    wrong = [text.replace("import torch.nn.functional as F", "F = 3") for text in sources(solved())]
    report = grade(code(wrong))
    assert report.score < 100
    assert "imports_missing" not in [note.code for note in report.notes]
    unknown = [text.replace("F.relu(", "G.relu(") for text in sources(solved())]
    report = grade(code(unknown))
    assert "raises" in lost(report)
