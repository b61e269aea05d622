"""``policy.toml`` is written by hand: every slip is named with file, line, key and what to do."""

from __future__ import annotations

import re

import pytest

from grader.batch.policy_file import load_policy
from grader.classroom.policy import Loss, PointsOrShare
from grader.classroom.policy_example import POLICY_EXAMPLE
from grader.errors import GraderError

STUDENTS = ("kim", "20231234", "이서연")
RULES = {"due": "2025-03-01T23:59:00", "zone": '"Europe/Berlin"', "loss_a_day": "10"}
ILL = {"id": '"kim"', "days": "3", "reason": '"ill"'}


def lines(fields, **changes) -> str:
    merged = {**fields, **changes}
    return "".join(f"{key} = {value}\n" for key, value in merged.items() if value is not None)


def rules(extension: dict[str, str | None] | None = None, **changes) -> str:
    more = "" if extension is None else f"\n[[extension]]\n{lines(ILL, **extension)}"
    return lines(RULES, **changes) + more


@pytest.fixture
def read(tmp_path):
    def read(text: str | bytes):
        path = tmp_path / "policy.toml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return load_policy(path, 100.0, STUDENTS)

    return read


def test_everything_that_it_may_say_is_read(read):
    policy, zone = read(
        rules(
            {"by": '"Kim"'},
            grace_minutes="15",
            loss_a_day='"10 %"',
            floor='"50%"',
            max_days="5",
            beyond='"zero"',
        )
    )
    assert str(zone) == "Europe/Berlin"
    assert policy.due.isoformat() == "2025-03-01T23:59:00+01:00"
    assert policy.grace.total_seconds() == 900
    share = PointsOrShare(50, percent=True)
    assert policy.loss == Loss(PointsOrShare(10, percent=True), share, 5, to_zero=True)
    extension = policy.extension(" kim")
    assert (extension.due.isoformat(), extension.reason, extension.by) == (
        *("2025-03-04T23:59:00+01:00", "ill", "Kim"),
    )
    assert policy.extension("lee") is None


@pytest.mark.parametrize(
    "text",
    [
        rules(zone=None, due="2025-03-01T23:59:00+09:00"),
        rules(due="2025-03-01 23:59:00+01:00"),
        rules(floor="40"),
        rules(max_days="5", beyond='"stop"'),
        rules(loss_a_day="0"),
        rules(zone='"UTC"'),
        rules({"days": None, "due": "2025-03-08T12:00:00"}),
        rules({"id": "20231234"}),
        rules({"id": '"\u110b\u1175\u1109\u1165\u110b\u1167\u11ab"'}),  # as macOS takes it apart
        b"\xef\xbb\xbf" + rules().replace("\n", "\r\n").encode(),
    ],
)
def test_other_forms_are_read(read, text):
    assert read(text) is not None


@pytest.mark.parametrize("text", ["", "\n# nothing\n", POLICY_EXAMPLE])
def test_without_a_rule_there_is_no_policy(read, text, tmp_path):
    assert read(text) is None
    assert load_policy(tmp_path / "none.toml", 100.0, ()) is None


def test_the_example_is_right_when_its_marks_are_taken_away(read):
    found = [
        line.removeprefix("#").strip()
        for line in POLICY_EXAMPLE.splitlines()
        if re.match(r"#   (\[\[|\w+ = )", line)
    ]
    policy, _ = read("\n".join(found))
    assert list(policy.extensions) == ["20231234"]
    assert policy.loss.max_days == 5
    assert max(map(len, POLICY_EXAMPLE.splitlines())) <= 100


SLIPS = [
    # text, line, words of the error, words of the hint
    (rules(due=None), 1, '"due" is missing', "due = 2025"),
    (rules(loss_a_day=None), 1, '"loss_a_day" is missing', "0 takes nothing off"),
    (rules(due="2025-03-01"), 1, "due: it is a date without a time", "2025-03-01T23:59:00"),
    (rules(due='"2025-03-01 23:59"'), 1, "due: it is no date and time", "without quotation"),
    (rules(due="23:59:00"), 1, "due: it is no date and time", "2025-03-01T23:59:00"),
    (rules(due="0025-03-01T23:59:00"), 1, "due: it is in the year 25", "four digits"),
    (rules(due="2025-03-01T23:59"), 1, "not valid TOML", "with its seconds"),
    (rules(due="2025-03-30T02:30:00"), 1, "never there in Europe/Berlin", "another time"),
    (rules(due="2025-10-26T02:30:00"), 1, "there twice in Europe/Berlin", "another time"),
    (rules(due="2025-03-01T23:59:00+09:00"), 1, "due: it is 2025-03-01T15:59", "leave out"),
    (rules(due="2025-03-01T23:59:00Z"), 1, "due: it is 2025-03-02T00:59", "leave out"),
    (rules(zone=None), 1, "due: it names no time zone", 'zone = "Europe/Berlin"'),
    (rules(zone='""'), 2, "zone: it is empty", 'zone = "Europe/Berlin"'),
    (rules(zone='"Europe/Berln"'), 2, 'no time zone "Europe/Berln"', 'zone = "Europe/Berlin"'),
    (rules(zone='"seoul"'), 2, 'no time zone "seoul"', 'zone = "Asia/Seoul"'),
    (rules(zone='"EST"'), 2, 'no time zone "EST"', "Europe/Berlin"),
    (rules(zone='"+09:00"'), 2, "no time zone", "Europe/Berlin"),
    (rules(zone="9"), 2, "zone: it has to be a text, not 9", "example"),
    (rules(loss_a_day='"10"'), 3, 'a text without "%"', "loss_a_day = 10"),
    (rules(loss_a_day='"ten %"'), 3, "not from 0 to 100 %", "10 %"),
    (rules(loss_a_day='"101 %"'), 3, "not from 0 to 100 %", "10 %"),
    (rules(loss_a_day="101"), 3, "not from 0 to 100 points", "loss_a_day = 10"),
    (rules(loss_a_day="-1"), 3, "not from 0 to 100 points", "loss_a_day = 10"),
    (rules(loss_a_day="nan"), 3, "not from 0 to 100 points", "loss_a_day = 10"),
    (rules(loss_a_day="true"), 3, "not true", "example"),
    (rules(floor="400"), 4, "floor: it is not from 0 to 100 points", "floor = 10"),
    (rules(grace_minutes="-1"), 4, "grace_minutes: it has to be 0 or more", "0 or more"),
    (rules(grace_minutes="inf"), 4, "grace_minutes: inf is no amount", "0 or more"),
    (rules(grace_minutes='"15"'), 4, "grace_minutes: it has to be a number", "example"),
    (rules(max_days="3"), 4, 'it needs the key "beyond"', 'beyond = "zero"'),
    (rules(beyond='"zero"'), 4, 'it needs the key "max_days"', "max_days = 5"),
    (rules(max_days="0", beyond='"zero"'), 4, "max_days: it has to be 1 or more", "from 1"),
    (rules(max_days="1.5", beyond='"zero"'), 4, "a whole number", "example"),
    (rules(max_days="3", beyond='"nil"'), 5, 'one of "zero", "stop", not "nil"', "zero"),
    (rules(grace_minuts="5"), 4, 'no key "grace_minuts"', 'mean "grace_minutes"'),
    (rules(penalty="5"), 4, 'no key "penalty"', "loss_a_day"),
    (rules({"id": '"kin"'}), 6, 'nobody in the class has the id "kin"', 'mean "kim"'),
    (rules({"id": '"nobody"'}), 6, 'nobody in the class has the id "nobody"', "--roster"),
    (rules({"id": None}), 5, '"id" is missing', "add id"),
    (rules({"id": "true"}), 6, "id: it has to be a text or a whole number", "example"),
    (rules({"reason": None}), 5, '"reason" is missing', "add reason"),
    (rules({"reason": '" "'}), 8, "reason: it is empty", "write something"),
    (rules({"days": None}), 5, "it says neither due nor days", "days = 3"),
    (rules({"due": "2025-03-08T12:00:00"}), 5, "it says both due and days", "days = 3"),
    (rules({"days": "0"}), 7, "days: it has to be 1 or more", "from 1"),
    (rules({"days": "2.5"}), 7, "days: it has to be a whole number", "example"),
    (rules({"days": None, "due": "2025-02-01T12:00:00"}), 8, "not after the class's", "later"),
    (rules({"days": None, "due": "2025-10-26T02:30:00"}), 8, "there twice", "another time"),
    (rules({"resson": '"x"'}), 9, 'no key "resson"', 'mean "reason"'),
    (rules({}) + f"[[extension]]\n{lines(ILL)}", 10, "has an extension already", "keep one"),
    (rules({}).replace("[[extension]]", "[extension]"), 5, "extension: it has to be a list", "["),
    (rules({}).replace("extension", "extensions"), 5, 'no key "extensions"', 'mean "extension"'),
    (rules() + "x\n", 4, "not valid TOML", "quotation marks"),
    (rules(due="01.03.2025"), 1, "not valid TOML", "with its seconds"),
]


@pytest.mark.parametrize(("text", "line", "says", "hint"), SLIPS)
def test_a_slip_is_refused_with_its_line_and_a_hint(read, text, line, says, hint):
    with pytest.raises(GraderError) as caught:
        read(text)
    assert f"policy.toml, line {line}: " in caught.value.message
    assert says in caught.value.message
    assert hint in caught.value.hint


@pytest.mark.parametrize("data", [b'due = "\xff"\n', b"\xff\xfed\0u\0e\0"])
def test_what_is_no_text_is_refused(read, data):
    with pytest.raises(GraderError, match="not UTF-8"):
        read(data)


def test_a_folder_in_its_place_is_refused(tmp_path):
    with pytest.raises(GraderError, match="cannot read"):
        load_policy(tmp_path, 100.0, ())
