"""Dates and times as systems write them: the zone is known, or there is an error."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from grader.classroom.instants import InstantError, days_later, instant, named_zone

BERLIN, SEOUL, LORD_HOWE = map(ZoneInfo, ("Europe/Berlin", "Asia/Seoul", "Australia/Lord_Howe"))

READ = [
    ("2025-03-01 23:58:01", BERLIN, "2025-03-01T23:58:01+01:00"),
    ("2025-03-01T23:58", SEOUL, "2025-03-01T23:58:00+09:00"),
    ("2025/3/1 9:05", SEOUL, "2025-03-01T09:05:00+09:00"),
    ("2025-07-01 23:58:01", BERLIN, "2025-07-01T23:58:01+02:00"),
    ("2025-03-01 23:58:01.123456789 -08:00", BERLIN, "2025-03-02T08:58:01+01:00"),
    ("2025-03-01 23:58:01 +0900", None, "2025-03-01T23:58:01+09:00"),
    ("2025-03-01T14:58:01.5Z", SEOUL, "2025-03-01T23:58:01+09:00"),
    ("2025-03-01 14:58:01 UTC", None, "2025-03-01T14:58:01+00:00"),
    ("2025-03-01 23:58:01 Asia/Seoul", BERLIN, "2025-03-01T15:58:01+01:00"),
    ("2025-07-01 23:58:01 CEST", BERLIN, "2025-07-01T23:58:01+02:00"),
    # The hour that is there twice, told apart by the zone's own words and by the offset.
    ("2025-10-26 02:30:00 CEST", BERLIN, "2025-10-26T02:30:00+02:00"),
    ("2025-10-26 02:30:00 CET", BERLIN, "2025-10-26T02:30:00+01:00"),
    ("2025-10-26 02:30:00 +01:00", BERLIN, "2025-10-26T02:30:00+01:00"),
    # Seconds are as fine as a time is told: a fraction makes nothing late.
    ("2025-03-01 23:59:00.999", BERLIN, "2025-03-01T23:59:00+01:00"),
]


@pytest.mark.parametrize(("text", "zone", "means"), READ)
def test_a_time_is_read_in_the_zone_that_it_names_or_the_class_has(text, zone, means):
    assert instant(text, zone).isoformat() == means


REFUSED = [
    ("2025-03-01 23:58:01", None, "names no time zone"),
    ("2025-03-01 23:58:01 CST", None, "no certain zone"),
    ("2025-03-01 23:58:01 XYZ", BERLIN, "does not call it"),
    ("2025-03-01 23:58:01 CEST", BERLIN, "does not call it"),
    ("2025-03-30 02:30:00 CEST", BERLIN, "does not call it"),
    ("2025-03-01 23:58:01 No/Where", None, "no certain zone"),
    ("2025-10-26 02:30:00", BERLIN, "there twice in Europe/Berlin"),
    ("2025-03-30 02:30:00", BERLIN, "never there in Europe/Berlin"),
    ("2025-04-06 01:45:00", LORD_HOWE, "there twice"),  # half an hour is changed there
    ("03/04/2025 23:58", BERLIN, "year first"),
    ("1.3.2025 23:58", BERLIN, "year first"),
    ("2025-03-01 11:58 PM", BERLIN, "does not call it"),
    ("2025-03-01", BERLIN, "year first"),
    ("23:58", BERLIN, "year first"),
    ("yesterday", BERLIN, "year first"),
    ("", BERLIN, "year first"),
    ("2025-02-30 10:00", BERLIN, "no date and time that there is"),
    ("2025-03-01 24:00", BERLIN, "no date and time that there is"),
    ("0025-03-01 10:00", BERLIN, "in the year 25"),
    ("2025-03-01 10:00 +99:00", None, "no certain zone"),
    ("2025-03-01 10:00 ../../etc/passwd", None, "year first"),
]


@pytest.mark.parametrize(("text", "zone", "why"), REFUSED)
def test_what_is_not_certain_is_refused(text, zone, why):
    with pytest.raises(InstantError, match=why):
        instant(text, zone)


@pytest.mark.parametrize(
    ("due", "days", "later"),
    [
        ("2025-03-29 23:59", 1, "2025-03-30T23:59:00+02:00"),  # a night of 23 hours
        ("2025-10-25 23:59", 1, "2025-10-26T23:59:00+01:00"),  # and one of 25
        ("2025-03-29 02:30", 1, "2025-03-30T03:30:00+02:00"),  # never there: the later one
        ("2025-10-25 02:30", 1, "2025-10-26T02:30:00+01:00"),  # there twice: the later one
        ("2024-02-28 12:00", 1, "2024-02-29T12:00:00+01:00"),
        ("2025-12-31 12:00", 1, "2026-01-01T12:00:00+01:00"),
    ],
)
def test_a_day_later_is_the_same_time_on_the_clocks(due, days, later):
    moment = datetime.fromisoformat(due).replace(tzinfo=BERLIN)
    assert days_later(moment, days).isoformat() == later


@pytest.mark.parametrize("name", ["", "Nowhere", "../UTC", "Europe", "a\0b", "Europe/Berln"])
def test_no_zone_is_made_of_what_is_none(name):
    assert named_zone(name) is None
