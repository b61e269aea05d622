"""A TA's decisions: in every output, and there to stay."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from grader.classroom import file_name
from tests.batch.grading import by_student, grade, table

if TYPE_CHECKING:
    from tests.batch.conftest import GradedClass, SharedWorkers

REASON = 'she showed it, "=1+1" <b>in the lab</b>'


@pytest.fixture
def decided(own: GradedClass) -> tuple[GradedClass, str, str]:
    """A class with a decision for one student and one for a group, written and applied."""
    lines = by_student(own.out)
    groups: dict[str, list[str]] = {}
    for id_, line in lines.items():
        groups.setdefault(line["group"] or "", []).append(id_)
    group = max((name for name in groups if name), key=lambda name: len(groups[name]))
    student = next(id_ for id_, line in lines.items() if line["group"] not in {group, None})
    (own.out / "overrides.toml").write_text(
        f"""
[[student]]
id = "{student}"
checks.learns = 7.5
reason = '''{REASON}'''
by = "Kim"

[[group]]
id = "{group}"
score = 61
reason = "as the sheet said"
""",
        encoding="utf-8",
    )
    own.again()
    return own, student, group


def test_it_is_in_every_output(
    decided: tuple[GradedClass, str, str], workers: SharedWorkers
) -> None:
    own, student, group = decided
    assert workers.started == 0, "a decision runs no code"
    lines, rows = by_student(own.out), {row["id"]: row for row in table(own.out / "grades.csv")}
    line = lines[student]
    assert line["override"]["reason"] == REASON
    others = sum(c["score"] for c in line["checks"] if c["id"] != "learns")
    assert line["score"] == others + 7.5
    assert float(rows[student]["learns"]) == 7.5
    assert float(rows[student]["score"]) == line["score"]
    assert (rows[student]["override_reason"], rows[student]["override_by"]) == (REASON, "Kim")
    page = (own.out / "feedback" / f"{file_name(student)}.html").read_text(encoding="utf-8")
    assert "in the lab" in page
    assert "<b>in the lab</b>" not in page
    report = (own.out / "report.html").read_text(encoding="utf-8")
    assert "in the lab" in report
    assert "as the sheet said" in report
    for id_, one in lines.items():
        in_group = one["group"] == group
        assert (one["score"] == 61 and float(rows[id_]["score"]) == 61) or not in_group
        assert (one["override"] is not None) is (in_group or id_ == student)


@pytest.mark.slow
def test_it_is_kept_when_the_class_is_graded_anew(
    decided: tuple[GradedClass, str, str], workers: SharedWorkers
) -> None:
    own, student, _ = decided
    before = (own.out / "overrides.toml").read_bytes()
    (own.out / "grades.db").unlink()
    for path in own.download.iterdir():
        if f"_{student}_" not in path.name:
            path.unlink()
    own.again()
    assert workers.started == 1
    assert by_student(own.out)[student]["override"]["reason"] == REASON
    assert (own.out / "overrides.toml").read_bytes() == before


def test_a_decision_about_nobody_is_said(own: GradedClass) -> None:
    text = '[[student]]\nid = "nobody"\nscore = 1\nreason = "x"\n'
    (own.out / "overrides.toml").write_text(text, encoding="utf-8")
    assert "nobody" in own.again().err


def test_a_slip_is_told_before_anything_is_graded(own: GradedClass, workers: SharedWorkers) -> None:
    (own.out / "overrides.toml").write_text("[[student]\n", encoding="utf-8")
    (own.out / "grades.db").unlink()
    ran = grade(own.download, "-o", own.out)
    assert ran.status == 2
    assert ran.err.count("error: ") == 1
    assert "overrides.toml" in ran.err
    assert workers.ran == 0
