"""Right answers in every form that real submissions have: full marks for each."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.grading import (
    forms_of_data,
    forms_of_devices,
    forms_of_experiments,
    forms_of_loops,
    forms_of_notebooks,
    forms_of_optimizers,
    forms_of_threads,
    forms_of_wrappers,
)
from tests.grading.forms_of_notebooks import with_cells
from tests.notebooks import solved, write

KINDS = [
    forms_of_notebooks,
    forms_of_optimizers,
    forms_of_loops,
    forms_of_wrappers,
    forms_of_data,
    forms_of_devices,
    forms_of_experiments,
    forms_of_threads,
]
FORMS = [form for kind in KINDS for form in kind.FORMS]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_full_marks(form: Any, grade: Any) -> None:
    report = grade(form())
    lost = {c.id: [f.message for f in c.findings] for c in report.checks if c.score < c.max_score}
    assert not lost
    assert report.score == report.max_score == 100


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("crlf", lambda s: s.replace("\n", "\r\n")),
        (
            "two_spaces",
            lambda s: re.sub(r"(?m)^( +)", lambda m: m.group()[: len(m.group()) // 2], s),
        ),
        (
            "tabs",
            lambda s: re.sub(
                r"^( {4})+", lambda m: "\t" * (len(m.group()) // 4), s, flags=re.MULTILINE
            ),
        ),
        (
            "comments",
            lambda s: (
                "# 과제: 다층 퍼셉트론\n"
                + s.replace("self.xdim = xdim", "self.xdim = xdim  # 입력 차원")
            ),
        ),
        ("indented", lambda s: "\n".join("    " + line for line in s.split("\n"))),
    ],
)
def test_layout_does_not_matter(name: str, change: Any, grade: Any) -> None:
    assert grade(with_cells(change)).score == 100, name


def test_cell_ids_and_metadata_do_not_matter(grade: Any) -> None:
    notebook = solved()
    for number, c in enumerate(notebook["cells"]):
        c["id"] = f"x{number}"
        c["metadata"] = {"id": "abc", "executionInfo": {"user": {"displayName": "Someone"}}}
    report = grade(notebook)
    assert report.score == 100
    assert "Someone" not in json.dumps(report.to_json())


def test_a_byte_order_mark_does_not_matter(grader: Any, tmp_path: Any) -> None:
    path = write(solved(), tmp_path)
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert grader.grade(path).score == 100
