"""What was observed without a package is not taken for what is observed with it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from grader.fingerprint import installed

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_any_package_makes_another_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", [*sys.path, str(tmp_path), str(tmp_path / "no_such_folder")])
    before = installed.__wrapped__()
    assert installed.__wrapped__() == before
    (tmp_path / "einops-0.8.1.dist-info").mkdir()
    assert installed.__wrapped__() != before
