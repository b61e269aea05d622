"""Versions that nothing can be graded with are refused before anything runs."""

from importlib import metadata
from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.runners import versions


def test_the_oldest_is_what_the_package_declares():
    oldest = ".".join(map(str, versions.OLDEST_TORCH))
    declared = (Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8")
    assert f'"torch>={oldest}"' in declared


@pytest.mark.parametrize(
    ("version", "refused"),
    [
        ("2.2.2+cu121", True),
        ("2.3.1", True),
        ("2.4.0", False),
        ("2.14.1+cpu", False),
        ("3.0a1", False),
    ],
)
def test_an_old_pytorch(version, refused, monkeypatch):
    monkeypatch.setattr(metadata, "version", lambda _name: version)
    if refused:
        with pytest.raises(GraderError, match="too old") as told:
            versions.require_torch()
        assert version in told.value.message
        assert "2.4" in told.value.message
    else:
        versions.require_torch()


def test_no_pytorch(monkeypatch):
    def missing(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    with pytest.raises(GraderError, match="not installed"):
        versions.require_torch()


def test_what_the_workers_say_of_their_versions():
    versions.require_fitting({"misfit": ""})
    with pytest.raises(GraderError, match="can't work with NumPy") as told:
        versions.require_fitting({"misfit": "PyTorch 2.4.0 can't work with NumPy 3.0.0"})
    assert "pip install --upgrade" in (told.value.hint or "")
