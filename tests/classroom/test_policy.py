"""What late work loses: days begun by the clocks, grace, floor, a maximum of days, extensions."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.classroom.instants import instant
from grader.classroom.policy import Extension, Loss, PointsOrShare, Policy, lateness

BERLIN = ZoneInfo("Europe/Berlin")
TEN, TENTH = PointsOrShare(10), PointsOrShare(10, percent=True)


def policy(due="2025-03-01 23:59:00", grace=0, loss=None, **extensions) -> Policy:
    return Policy(
        instant(due, BERLIN), timedelta(minutes=grace), loss or Loss(TEN), extensions=extensions
    )


DAYS = [
    # due, grace in minutes, handed in, days late
    ("2025-03-01 23:59:00", 0, "2025-03-01 23:58:59", 0),
    ("2025-03-01 23:59:00", 0, "2025-03-01 23:59:00", 0),
    ("2025-03-01 23:59:00", 0, "2025-03-01 23:59:01", 1),
    ("2025-03-01 23:59:00", 0, "2025-03-02 23:59:00", 1),
    ("2025-03-01 23:59:00", 0, "2025-03-02 23:59:01", 2),
    ("2025-03-01 23:59:00", 0, "2024-12-24 10:00:00", 0),
    ("2025-03-01 23:59:00", 15, "2025-03-02 00:14:00", 0),
    ("2025-03-01 23:59:00", 15, "2025-03-02 00:14:01", 1),
    ("2025-03-01 23:59:00", 15, "2025-03-03 00:14:00", 1),
    ("2025-03-01 23:59:00", 15, "2025-03-03 00:14:01", 2),
    ("2025-03-01 23:59:00", 4320, "2025-03-04 23:59:00", 0),
    ("2025-03-01 23:59:00", 4320, "2025-03-04 23:59:01", 1),
    # The clocks go forward on 2025-03-30: the day has 23 hours, and is one day.
    ("2025-03-29 23:59:00", 0, "2025-03-30 23:59:00", 1),
    ("2025-03-29 23:59:00", 0, "2025-03-30 23:59:01", 2),
    ("2025-03-29 23:59:00", 0, "2025-04-05 23:59:00", 7),
    # They go back on 2025-10-26: it has 25.
    ("2025-10-25 23:59:00", 0, "2025-10-26 23:59:00", 1),
    ("2025-10-25 23:59:00", 0, "2025-10-26 23:59:01", 2),
    ("2025-10-26 01:30:00", 75, "2025-10-26 02:15:00 CEST", 0),
    ("2025-10-26 01:30:00", 75, "2025-10-26 02:15:00 CET", 1),
    # From another part of the world it is the same instant.
    ("2025-03-01 23:59:00", 0, "2025-03-02 07:59:00 +09:00", 0),
    ("2025-03-01 23:59:00", 0, "2025-03-02 07:59:01 +09:00", 1),
]


@pytest.mark.parametrize(("due", "grace", "handed_in", "days"), DAYS)
def test_days_that_have_begun_are_counted(due, grace, handed_in, days):
    said = lateness(policy(due, grace), "kim", instant(handed_in, BERLIN), why_open="", marked=True)
    assert said.days == days
    assert said.late == ["", "1 day late", f"{days} days late"][min(days, 2)]


LOSSES = [
    # rule, points of the work, days late, points lost
    (Loss(TEN), 90, 0, 0),
    (Loss(TEN), 90, 1, 10),
    (Loss(TEN), 90, 9, 90),
    (Loss(TEN), 90, 30, 90),
    (Loss(TEN), 5, 1, 5),
    (Loss(TEN), 0, 3, 0),
    (Loss(TENTH), 90, 1, 9),
    (Loss(TENTH), 90, 30, 90),
    (Loss(TENTH), 33.33, 1, 3.33),
    (Loss(TEN, floor=PointsOrShare(40)), 90, 30, 50),
    (Loss(TEN, floor=PointsOrShare(40)), 45, 1, 5),
    (Loss(TEN, floor=PointsOrShare(40)), 30, 3, 0),
    (Loss(TENTH, floor=PointsOrShare(50, percent=True)), 80, 9, 40),
    (Loss(TEN, max_days=3), 90, 3, 30),
    (Loss(TEN, max_days=3), 90, 4, 30),
    (Loss(TEN, max_days=3, to_zero=True), 90, 3, 30),
    (Loss(TEN, max_days=3, to_zero=True), 90, 4, 90),
    (Loss(TEN, floor=PointsOrShare(40), max_days=3, to_zero=True), 90, 4, 90),
    (Loss(PointsOrShare(0)), 90, 9, 0),
]


@pytest.mark.parametrize(("loss", "score", "days", "lost"), LOSSES)
def test_the_points_lost(loss, score, days, lost):
    assert loss.of(score, days) == lost


AMOUNTS = st.builds(PointsOrShare, st.floats(0, 100), st.booleans())
RULES = st.builds(Loss, AMOUNTS, st.none() | AMOUNTS, st.none() | st.integers(1, 30), st.booleans())


@given(RULES, st.floats(0, 100), st.integers(1, 60))
def test_nobody_loses_more_than_there_is_nor_less_the_later_it_is(loss, score, days):
    lost = loss.of(score, days)
    assert 0 <= lost <= score + 0.005
    assert loss.of(score, days + 1) >= lost


def test_an_extension_is_one_students_own_due_date():
    later = Extension(instant("2025-03-04 23:59:00", BERLIN), "ill")
    both = policy(kim=later)
    handed_in = instant("2025-03-04 20:00:00", BERLIN)
    kim, lee = (lateness(both, id_, handed_in, why_open="", marked=True) for id_ in ("kim", "lee"))
    assert (kim.days, kim.due, kim.extension) == (0, "2025-03-04 23:59:00+01:00", later)
    assert (lee.days, lee.due, lee.extension) == (3, "2025-03-01 23:59:00+01:00", None)
    assert not kim.doubt


def test_nothing_is_lost_where_no_time_is_known():
    said = lateness(policy(), "kim", None, why_open="nobody knows", marked=True)
    assert (said.days, said.lost(90), said.handed_in, said.why_open) == (0, 0, "", "nobody knows")


def test_a_mark_of_the_download_that_contradicts_the_policy_is_a_doubt():
    early = instant("2025-03-01 10:00:00", BERLIN)
    assert lateness(policy(), "kim", early, why_open="", marked=True).doubt
    assert not lateness(policy(), "kim", early, why_open="", marked=False).doubt
