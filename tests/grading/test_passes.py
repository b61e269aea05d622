"""An evaluation that reads its batches twice is right as far as the order does not matter."""

from __future__ import annotations

from typing import Any

import pytest

from tests.notebooks import cell, changed

LOOP = "for batch_in, batch_out in data_iter:"
# What is put in place of the loop's head; which line needs the order of the pass before it.
TWICE = {
    "zip": (["for (batch_in, _), (_, batch_out) in zip(data_iter, data_iter):"], 0),
    "labels of an earlier pass": (
        [
            "labels = [y for _, y in data_iter]",
            "for (batch_in, _), batch_out in zip(data_iter, labels):",
        ],
        1,
    ),
    "labels by number": (
        [
            "labels = dict(enumerate(y for _, y in data_iter))",
            "for number, (batch_in, _) in enumerate(data_iter):",
            "    batch_out = labels[number]",
        ],
        1,
    ),
    "images by number": (
        [
            "images = [x for x, _ in data_iter]",
            "for number, (_, batch_out) in enumerate(data_iter):",
            "    batch_in = images[number]",
        ],
        1,
    ),
    "counted first": (["print(sum(len(y) for _, y in data_iter))", LOOP], None),
    "a look at one batch": (["print(next(iter(data_iter))[0].shape)", LOOP], None),
    "kept": (["data_iter = list(data_iter)", LOOP], None),
}


def in_place_of_the_loop(lines: list[str]) -> dict[str, Any]:
    return changed(LOOP, "\n        ".join(lines))


@pytest.mark.parametrize(("lines", "second"), TWICE.values(), ids=TWICE)
def test_a_second_pass(lines: list[str], second: int | None, grade: Any) -> None:
    report = grade(in_place_of_the_loop(lines))
    found = [f for check in report.checks for f in check.findings if f.code == "passes_apart"]
    assert (report.score, len(found)) == ((100, 0) if second is None else (80, 1))
    for finding in found:
        text = next(x.text for x in finding.excerpt if x.number == finding.line)
        assert text.strip() == lines[second or 0].strip()


@pytest.mark.parametrize("lines", [lines for lines, second in TWICE.values() if second is not None])
def test_loaders_that_do_not_shuffle(lines: list[str], grade: Any) -> None:
    notebook = in_place_of_the_loop(lines)
    loaders = cell(notebook, "test_iter = ")
    loaders["source"] = "".join(loaders["source"]).replace("shuffle=True", "shuffle=False")
    assert grade(notebook).score == 100
