"""What the tests of printed reports share."""

from __future__ import annotations

import pytest


@pytest.fixture
def no_workflow(monkeypatch):
    """Take away what the surroundings say about streams: CI, colours, a width."""
    for name in ("GITHUB_ACTIONS", "NO_COLOR", "FORCE_COLOR", "COLUMNS", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
