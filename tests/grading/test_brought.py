"""What a right notebook brings along costs it nothing."""

from __future__ import annotations

from typing import Any

import pytest

from tests.attacks.brought import RIGHT, TURNED


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_update_may_start_from_any_weights(name: str, grade: Any) -> None:
    report = grade(RIGHT[name].notebook())
    assert {check.id: check.score for check in report.checks} == {
        check.id: check.max_score for check in report.checks
    }


@pytest.mark.slow  # torchvision takes long to import
def test_pictures_that_are_turned_in_the_loop_are_learned(grade: Any) -> None:
    checks = {check.id: check for check in grade(TURNED.notebook()).checks}
    assert checks["learns"].status == "passed"
