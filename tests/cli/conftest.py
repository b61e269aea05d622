"""The stand-in for the engine, for tests of the command line alone."""

from __future__ import annotations

import sys
import types

import pytest

from .stand_in import FakeSession


@pytest.fixture
def engine(monkeypatch):
    """Put a stand-in in the engine's place, and return it."""
    for name in ("GRADER_DEBUG", "GITHUB_ACTIONS", "FORCE_COLOR", "NO_COLOR", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    fake = type("Fake", (FakeSession,), {"graded": []})
    module = types.ModuleType("grader.grading.session")
    module.Session = fake
    monkeypatch.setitem(sys.modules, "grader.grading.session", module)
    return fake
