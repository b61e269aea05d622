"""A course with three assignments, to be broken: a new one, and copies of our two."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from grader.cli.new import new
from tests.notebooks import ROOT

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("course")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        assert new(["fresh"]) == 0
    for name in ("mlp", "linear_regression"):
        shutil.copytree(ROOT / "reference" / name, root / "reference" / name)
        shutil.copy(ROOT / "student_templates" / f"{name}.ipynb", root / "student_templates")
    return root


@pytest.fixture
def course(pristine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "course"
    shutil.copytree(pristine, root)
    monkeypatch.chdir(root)
    return root / "reference"
