"""The benchmarks still run: they reach into what they measure, and nobody runs them every day."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.benchmarks import cold, endurance, memory, stages, trusted, whole_class
from tests.benchmarks.output import write_all

if TYPE_CHECKING:
    from pathlib import Path

    from tests.benchmarks.figures import Section

pytestmark = pytest.mark.weekly


def names(section: Section) -> set[str]:
    """Return what was measured; whatever takes time or memory takes some."""
    for figure in section.figures:
        if figure.unit in {"ms", "s", "MB"} and "growth" not in figure.name:
            assert all(value > 0 for value in figure.values), figure
    return {figure.name for figure in section.figures}


def test_one_notebook_cold() -> None:
    assert {"grade", "training"} <= names(cold.measure(1))


def test_a_class_alone() -> None:
    found = names(whole_class.measure(1, None, count=20, quick=True))
    assert {"grade, grouped", "grade, each by itself"} <= found


def test_each_stage(tmp_path: Path) -> None:
    section = stages.measure(2, tmp_path)
    expected = {"training", "check: step_order", "lock down", "judge", "a child's private memory"}
    assert expected <= names(section)
    assert write_all([section], tmp_path / "out")


def test_memory() -> None:
    assert "the process that judges" in names(memory.measure(10))


def test_many_in_a_row(tmp_path: Path) -> None:
    section = endurance.measure(10, tmp_path)
    growth = {f.name: f.median for f in section.figures if f.name.endswith("growth")}
    assert growth["processes: growth"] == growth["files in scratch: growth"] == 0


def test_hostile_notebooks() -> None:
    section = trusted.measure([2_000], quick=True)
    assert {f.name for f in section.figures if f.met} >= {"the slowest shape", "the largest shape"}
    assert next(f.median for f in section.figures if f.name.startswith("without")) == 0
