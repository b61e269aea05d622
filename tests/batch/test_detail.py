"""``--detail`` of a class: students' pages are told less, and who grades keeps everything."""

from __future__ import annotations

import pytest

from grader.report import Status
from tests.batch import marked
from tests.batch.late_class import FIRST, LateClass
from tests.reports import samples

FINDING = samples.finding("odd", "seen there", summary="what is wrong", hint="the way to mend it")


@pytest.fixture
def late(tmp_path, monkeypatch) -> LateClass:
    as_planted = marked._report

    def report(*arguments, **options):
        from dataclasses import replace  # noqa: PLC0415

        made = as_planted(*arguments, **options)
        first = replace(made.checks[0], status=Status.FAILED, findings=(FINDING,))
        return replace(made, checks=(first, *made.checks[1:]))

    monkeypatch.setattr(marked, "_report", report)
    return LateClass(tmp_path)


def told(late: LateClass) -> tuple[bool, bool]:
    page = late.page("kim")
    whole = (late.out / "annotated" / "kim.ipynb").read_text(encoding="utf-8")
    found = tuple(words in page for words in ("seen there", "the way to mend it"))
    assert found == tuple(words in whole for words in ("seen there", "the way to mend it"))
    return found


def test_pages_tell_as_much_as_was_asked_for_from_then_on(late):
    late.graded(*FIRST, "--annotated", "--detail", "score")
    assert told(late) == (False, False)
    results = (late.out / "results.jsonl").read_text(encoding="ascii")
    report = (late.out / "report.html").read_text(encoding="utf-8")
    assert "the way to mend it" in results
    assert "seen there" in report
    assert "as before: --detail score" in late.graded("-o", "g").err.replace(
        "--gradebook book.csv ", ""
    )
    assert told(late) == (False, False)
    late.graded("rescore", "g", "--detail", "hint")
    assert told(late) == (True, False)
    late.graded("rescore", "g", "--forget", "detail")
    assert told(late) == (True, True)


def test_answers_and_less_than_everything_contradict_each_other(late):
    ran = late.grade(*FIRST, "--show-answers", "--detail", "hint")
    assert (ran.status, "--detail hint" in ran.err) == (2, True)
    late.graded(*FIRST, "--show-answers")
    ran = late.grade("rescore", "g", "--detail", "score")
    assert (ran.status, "--show-answers" in ran.err) == (2, True)
    late.graded("rescore", "g", "--detail", "score", "--forget", "show-answers")
