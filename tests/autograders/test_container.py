"""Containers that are too small are refused before anything is graded."""

from __future__ import annotations

import pytest

from grader.autograders.container import LEAST_BYTES, require_memory
from grader.errors import GraderError


@pytest.mark.parametrize("name", ["memory.max", "memory/memory.limit_in_bytes"])
@pytest.mark.parametrize(
    ("limit", "enough"),
    [
        (805_306_368, False),  # Gradescope's default
        (LEAST_BYTES - 1, False),
        (LEAST_BYTES, True),
        (9_223_372_036_854_771_712, True),  # none, as the first version says it
        ("max", True),
        ("", True),
    ],
)
def test_the_limit(name, limit, enough, tmp_path):
    (tmp_path / name).parent.mkdir(exist_ok=True)
    (tmp_path / name).write_text(f"{limit}\n")
    if enough:
        require_memory(tmp_path)
        return
    with pytest.raises(GraderError, match="of memory, and grading may take 2 GB"):
        require_memory(tmp_path)


def test_no_limit(tmp_path):
    require_memory(tmp_path)
