"""Late work: the deduction stands by itself in every output, and no wrong grade leaves."""

from __future__ import annotations

import json
import re
from html import unescape

import pytest

from grader.classroom.policy_example import POLICY_EXAMPLE
from tests.batch.grading import by_student, grade, table
from tests.batch.late_class import FIRST, HANDED_IN, LateClass, extension
from tests.batch.marked import notebook
from tests.batch.one_class import files


@pytest.fixture
def late(tmp_path) -> LateClass:
    return LateClass(tmp_path)


RULES = [
    # rules, and everyone's points: kim, lee, choi, park
    ({}, "90 70 80 0"),
    ({"grace_minutes": "15"}, "90 80 80 0"),
    ({"loss_a_day": '"10 %"'}, "90 72 80 12"),
    ({"floor": "40"}, "90 70 80 40"),
    ({"max_days": "3", "beyond": '"stop"'}, "90 70 80 30"),
    ({"max_days": "1", "beyond": '"zero"'}, "90 70 0 0"),
    ({"loss_a_day": "0"}, "90 80 100 60"),
    # The download's times are on the clocks of the class, wherever that is.
    ({"zone": '"America/New_York"'}, "90 70 80 0"),
    # A due date elsewhere: 14:59 on the 1st in Seoul is as late as 23:59 there.
    ({"due": "2025-03-01T14:59:00"}, "80 70 80 0"),
]


@pytest.mark.parametrize(("rules", "points"), RULES)
def test_everyone_has_the_points_that_are_left(late, rules, points):
    late.decide(**rules)
    late.graded()
    expected = dict(zip(HANDED_IN, points.split(), strict=True))
    assert late.points() == late.book() == expected
    for id_, line in by_student(late.out).items():
        worth = HANDED_IN[id_][0]
        assert sum(check["score"] for check in line["checks"]) == worth, "no check loses points"
        assert f"{line['score']:g}" == expected[id_]
        assert line["deduction"]["points"] == worth - line["score"]
        assert float(late.row(id_)["deduction"]) == worth - line["score"]
        assert re.search(rf"<b>{expected[id_]}</b> <span>/ 100 points", late.page(id_))


def test_the_deduction_stands_by_itself_in_every_output(late):
    late.decide(extension("choi", days="2", by='"Kim"', reason='"ill, <b>seen</b>"'))
    ran = late.graded(*FIRST, "--annotated", "--format", "nbgrader")
    lee, choi = late.row("lee"), late.row("choi")
    assert (lee["handed_in"], lee["days_late"], lee["deduction"], lee["late"]) == (
        *("2025-03-02 00:10:00+09:00", "1", "10", "yes"),
    )
    assert (choi["days_late"], choi["deduction"], choi["late"]) == ("0", "0", "no")
    lines = by_student(late.out)
    assert lines["lee"]["deduction"] == {
        "points": 10.0,
        "days": 1,
        "due": "2025-03-01 23:59:00+09:00",
        "handed_in": "2025-03-02 00:10:00+09:00",
        "why_open": None,
        "extension": None,
    }
    assert lines["choi"]["deduction"]["extension"] == {"reason": "ill, <b>seen</b>", "by": "Kim"}
    page = unescape(late.page("lee"))
    assert "was handed in at 2025-03-02 00:10:00 (UTC+09:00): 1 day late." in page
    assert "10 of 80 points are taken off: 10 points for each day that has begun." in page
    page = late.page("choi")
    assert "A later due date for you" in page
    assert "due for you at 2025-03-03 23:59:00 (UTC+09:00)" in unescape(page)
    assert "<b>seen</b>" not in page
    assert "Handed in late" not in late.page("kim")
    notebook_text = (late.out / "annotated" / "lee.ipynb").read_text(encoding="utf-8")
    assert "Handed in late" in notebook_text
    report = (late.out / "report.html").read_text(encoding="utf-8")
    assert "late 1 day, \N{MINUS SIGN}10" in report
    assert "ill, &lt;b&gt;seen&lt;/b&gt;" in report
    exported = {row["student_id"]: row for row in table(late.out / "nbgrader.csv")}["lee"]
    assert [exported[name] for name in ("raw_score", "late_submission_penalty", "score")] == [
        *("80", "10", "70")
    ]
    assert "1 day late, 10 points off" in ran.out
    assert "due 2025-03-03 23:59:00+09:00: ill, <b>seen</b> (Kim)" in ran.out


def test_without_a_policy_nothing_changes_and_an_example_lies_there(late):
    late.graded()
    assert late.points() == late.book() == {id_: str(n) for id_, (n, _) in HANDED_IN.items()}
    assert (late.out / "policy.toml").read_text(encoding="utf-8") == POLICY_EXAMPLE
    assert {line["deduction"] for line in by_student(late.out).values()} == {None}
    assert [late.row("park")[name] for name in ("handed_in", "days_late", "deduction")] == [""] * 3
    assert "Handed in late" not in late.page("park")


def test_rescore_follows_the_policy_and_says_why(late):
    late.graded()
    before = files(late.out)
    late.decide()
    ran = late.graded("rescore", "g")
    assert (
        late.points() == late.book() == dict(zip(HANDED_IN, ("90", "70", "80", "0"), strict=True))
    )
    assert "points changed for 3" in ran.out
    assert "Lee (lee): 80 → 70; lateness: none → 1 day late, 10 points off" in ran.out
    late.decide(extension("lee"), loss_a_day="5")
    ran = late.graded("rescore", "g")
    assert "1 day late, 10 points off → due 2025-03-04 23:59:00+09:00: ill" in ran.out
    assert late.points()["lee"] == "80"
    (late.out / "policy.toml").write_text(POLICY_EXAMPLE, encoding="utf-8")
    late.graded("rescore", "g")
    assert files(late.out) == before, "nothing of it stays"


def test_an_override_is_of_the_work_and_lateness_is_taken_off_it(late):
    late.decide(loss_a_day='"10 %"')
    (late.out / "overrides.toml").write_text(
        '[[student]]\nid = "lee"\nscore = 50\nreason = "seen"\n'
        '[[student]]\nid = "choi"\nchecks.learns = 0\nreason = "copied"\n'
    )
    late.graded()
    assert (late.points()["lee"], late.points()["choi"]) == ("45", "64")
    page = unescape(late.page("lee"))
    assert "had counted 80 points; 50 are yours, before what is taken off below." in page
    assert "5 of 50 points are taken off: 10 % of them for each day" in page


def test_nothing_is_taken_off_where_no_time_is_known_and_a_person_is_told(late):
    (late.home / "in" / "hana.ipynb").write_bytes(notebook(50))
    late.decide(extension("hana"))
    ran = late.graded()
    assert late.points()["hana"] == "50"
    row = late.row("hana")
    assert (row["handed_in"], row["days_late"], row["deduction"]) == ("", "", "0")
    assert "of 1 of 5 hand-ins it is not known when they were made" in ran.err
    report = (late.out / "report.html").read_text(encoding="utf-8")
    assert "Not certain when it was handed in" in report
    assert "not known" not in late.page("hana")
    ran = late.graded("rescore", "g", *late.times("hana,2025-03-06 10:00\n"))
    assert late.points()["hana"] == "30"
    assert "not known" not in ran.err


def test_a_file_of_times_counts_before_the_download_and_is_remembered(late):
    late.decide()
    late.graded(*FIRST, *late.times("kim,2025-03-01 14:58:01Z\nlee,2025-03-01 23:00\n"))
    assert late.points() == {"kim": "90", "lee": "80", "choi": "80", "park": "0"}
    late.times("kim,2025-03-02 14:58:01Z\n")
    ran = late.graded("-o", "g")
    assert "as before: --times times.csv" in ran.err
    assert late.points()["kim"] == "80"
    (late.home / "times.csv").unlink()
    assert "is gone: the copy" in late.graded("rescore", "g").err
    assert late.points()["kim"] == "80"
    late.graded("rescore", "g", "--forget", "times")
    assert late.points()["kim"] == "90"


def test_of_several_attempts_the_time_of_the_one_that_counts_decides(late):
    late.hand_in("kim", "2025-03-02-10-00-00", notebook(70))
    late.hand_in("lee", "2025-03-03-10-00-00", notebook(0, blank=True))
    late.decide()
    late.graded()
    # kim's last one counts, and is late; of lee the later one is blank, so the earlier counts.
    assert late.points()["kim"] == "60"
    assert (late.row("lee")["handed_in"][:10], late.points()["lee"]) == ("2025-03-02", "70")
    # One time a student does not say which attempt it is of.
    late.graded("rescore", "g", *late.times("kim,2025-03-02 10:00\nlee,2025-03-03 10:00\n"))
    assert late.points()["kim"] == "60"
    assert (late.row("lee")["handed_in"], late.points()["lee"]) == ("", "80")
    report = (late.out / "report.html").read_text(encoding="utf-8")
    assert "an earlier attempt counts" in report


def test_points_that_are_open_stay_open(late):
    late.hand_in("park", HANDED_IN["park"][1], b"no notebook")
    late.decide()
    late.grade()
    row = late.row("park")
    assert (row["score"], row["deduction"], row["days_late"]) == ("", "", "8")
    assert late.book()["park"] == ""
    assert by_student(late.out)["park"]["deduction"]["points"] is None


BROKEN = [
    ({"zone": ""}, "", (), "policy.toml, line 1: due: it names no time zone"),
    # The due date has a zone, and the download has none.
    ({"zone": "", "due": "2025-03-01T23:59:00+09:00"}, "", (), "names no time zone"),
    ({"loss_a_day": '"x"'}, "", (), "policy.toml, line 3: loss_a_day"),
    ({}, extension("hana"), (), 'nobody in the class has the id "hana"'),
    ({}, extension("\\u001b[31mx"), (), "nobody in the class has the id"),
    ({}, "[[extension]]\n", (), '"id" is missing'),
    ({}, "x", (), "not valid TOML"),
    ({}, "", ("kim,03/04/2025 10:00\n",), "line 2: 03/04/2025 10:00 is no date and time with"),
    ({}, "", ("kim,2025-03-01 10:00\nkim,2025-03-02 10:00\n",), "a second time of kim"),
    ({"zone": '"Europe/Berlin"'}, "", ("kim,2025-10-26 02:30\n",), "there twice"),
    ({"zone": '"Europe/Berlin"'}, "", ("kim,2025-03-30 02:30\n",), "never there"),
    ({}, "", ("nobody,2025-03-01 10:00\n",), "no time of anybody in the class"),
]


@pytest.mark.parametrize(("rules", "text", "times", "says"), BROKEN)
def test_what_is_not_clear_is_an_error_before_anything_is_written(late, rules, text, times, says):
    late.graded()
    before = files(late.out)
    late.hand_in("kim", "2025-03-02-10-00-00", notebook(10))
    late.decide(text, **rules)
    before["policy.toml"] = (late.out / "policy.toml").read_bytes()
    more = late.times(times[0]) if times else ()
    for command in ((*FIRST, *more), ("rescore", "g", *more)):
        ran = late.grade(*command)
        assert ran.status == 2
        assert ran.err.count("error: ") == 1
        assert says in ran.err
        assert "hint: " in ran.err
        assert "\x1b" not in ran.err
        assert files(late.out) == before
    (late.out / "policy.toml").write_text(POLICY_EXAMPLE, encoding="utf-8")
    late.graded("rescore", "g")
    assert late.points()["kim"] == "90", "the run that was refused has changed nothing"


def test_who_has_not_handed_in_may_have_an_extension_with_a_roster(late):
    (late.home / "roster.csv").write_text(
        "id,name\n" + "".join(f"{id_},{id_.title()}\n" for id_ in (*HANDED_IN, "hana"))
    )
    late.decide(extension("hana"))
    assert late.graded(*FIRST, "--roster", "roster.csv")
    assert late.row("hana")["score"] == ""


def test_times_without_a_policy_are_said_to_do_nothing(late):
    ran = late.graded(*FIRST, *late.times("kim,2025-03-05 10:00\n"))
    assert "--times has no effect" in ran.err
    assert late.points()["kim"] == "90"
    ran = late.grade("in", "--times", "times.csv")
    assert (ran.status, "policy.toml" in ran.err) == (2, True)


def test_diff_of_two_folders_names_lateness(late):
    late.graded()
    (late.home / "old.jsonl").write_bytes((late.out / "results.jsonl").read_bytes())
    late.decide()
    late.graded("rescore", "g")
    ran = grade("diff", "old.jsonl", "g/results.jsonl", usual=(), home=late.home)
    assert "lateness: none → 8 days late, 60 points off" in ran.out


def test_results_are_json_that_scripts_read(late):
    late.decide()
    ran = late.graded(*FIRST, "--json", "-")
    lines = [json.loads(line) for line in ran.out.splitlines()]
    assert {line["submission"]["student"]: line["score"] for line in lines}["lee"] == 70
