"""A bundle of each system, and a grader in it that gives everyone the report that a test wants."""

from __future__ import annotations

import os
from zipfile import ZipFile

import pytest

from grader.assignment import load_assignment
from grader.autograders import graded
from grader.autograders.classroom50 import bundle
from grader.autograders.edition import full_edition
from grader.autograders.gradescope import autograder_zip
from grader.autograders.settings import SETTINGS, Settings
from tests.reports import samples


@pytest.fixture(scope="session")
def mlp():
    return load_assignment("mlp")


@pytest.fixture(scope="session")
def packed(mlp, tmp_path_factory):
    """The zip as a teacher builds it without options."""
    edition = full_edition(mlp)
    path = tmp_path_factory.mktemp("built") / "mlp.zip"
    path.write_bytes(autograder_zip(edition, mlp, Settings(edition.folder), None))
    return path


@pytest.fixture(scope="session")
def published(mlp, tmp_path_factory):
    """The folder as a teacher builds it without options."""
    edition = full_edition(mlp)
    folder = tmp_path_factory.mktemp("published") / "mlp"
    for name, data in bundle(edition, Settings(edition.folder)).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    return folder


@pytest.fixture
def autograder(packed, tmp_path):
    """A folder laid out as Gradescope's /autograder is, with nothing handed in yet."""
    root = tmp_path / "autograder"
    (root / "submission").mkdir(parents=True)
    (root / "results").mkdir()
    with ZipFile(packed) as archive:
        archive.extractall(root / "source")
    return root


@pytest.fixture
def settings(autograder, mlp):
    """Change the settings of the bundle there."""

    def change(**changed):
        written = Settings(full_edition(mlp).folder, **changed).written()
        (autograder / "source" / SETTINGS).write_bytes(written)

    return change


@pytest.fixture
def verdict(monkeypatch):
    """Have a report, or an exception, take the place of grading; nothing of a notebook runs."""

    def gives(what=samples.DESIGN):
        class Stand:
            def __init__(self, *_, **__):
                pass

            def __enter__(self):
                return self

            def __exit__(self, *_):
                pass

            def grade_notebook(self, _notebook, path):
                if isinstance(what, Exception):
                    raise what
                return samples.replace(
                    what, submission=samples.SubmissionInfo(os.fspath(path), "ab" * 32)
                )

        monkeypatch.setattr(graded, "Grader", Stand)

    return gives
