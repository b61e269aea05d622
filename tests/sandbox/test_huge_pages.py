from __future__ import annotations

import sys

import pytest

from grader.sandbox.huge_pages import _OWN, collapse_into_huge_pages

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has the call")


@pytest.mark.slow
def test_what_lies_in_memory_stays_as_it_is():
    held = bytearray(range(256)) * (1 << 16)
    small = [str(number) for number in range(100_000)]
    collapse_into_huge_pages()
    assert held == bytearray(range(256)) * (1 << 16)
    assert small == [str(number) for number in range(100_000)]


@pytest.mark.parametrize(
    ("line", "own"),
    [
        ("7f0000000000-7f0000400000 rw-p 00000000 00:00 0 ", True),
        ("55d000000000-55d000400000 rw-p 00000000 00:00 0          [heap]", True),
        ("7f0000000000-7f0000400000 rw-s 00000000 00:00 0 ", False),
        ("7f0000000000-7f0000400000 r--p 00000000 00:00 0 ", False),
        ("7f0000000000-7f0000400000 rw-p 00001000 fe:00 77  /usr/lib/libtorch.so", False),
        ("7ffc00000000-7ffc00021000 rw-p 00000000 00:00 0          [stack]", False),
    ],
)
def test_only_memory_of_its_own_is_moved(line, own):
    assert bool(_OWN.match(line)) is own


def test_a_server_that_has_moved_its_memory_forks_as_before(new_bench):
    bench = new_bench("fork")
    answers = [bench.run("environment")["environment"].value for _ in range(12)]
    assert [answer["USER"] for answer in answers] == ["student"] * 12
