"""The Classroom result: what the reporter of GitHub Classroom needs to find."""

from __future__ import annotations

import base64
import json

import jsonschema
import pytest

from grader.report import Status
from grader.reports.github_classroom import to_output
from tests.action.log import obeyed

from . import samples
from .hostile import hostile_report

TEST = {
    "type": "object",
    "additionalProperties": False,
    "required": [
        *("name", "status", "score", "message"),
        *("test_code", "filename", "line_no", "duration"),
    ],
    "properties": {
        "name": {"type": "string"},
        "status": {"enum": ["pass", "fail", "error"]},
        "score": {"type": "number"},
        "message": {"type": ["string", "null"]},
        "test_code": {"type": "string"},
        "filename": {"type": "string"},
        "line_no": {"type": "integer"},
        "duration": {"type": "number"},
    },
}
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["version", "status", "max_score", "tests"],
    "properties": {
        "version": {"const": 1},
        "status": {"enum": ["pass", "fail", "error"]},
        "max_score": {"type": "number"},
        "tests": {"type": "array", "items": TEST},
    },
}


def result(output: str) -> dict:
    data = json.loads(base64.b64decode(output, validate=True), parse_constant=pytest.fail)
    jsonschema.validate(data, SCHEMA)
    return data


@pytest.mark.parametrize(
    ("reports", "unread", "status"),
    [
        ([samples.PERFECT], [], "pass"),
        ([samples.DESIGN], [], "fail"),
        ([samples.PERFECT, samples.DESIGN], [], "fail"),
        ([samples.EVERY_STATUS], [], "error"),
        ([], [("x.ipynb", "it is empty")], "error"),
        ([samples.PERFECT], [("x.ipynb", "it is empty")], "error"),
    ],
)
def test_status(reports, unread, status):
    data = result(to_output(reports, unread))
    assert data["status"] == status
    assert data["max_score"] == sum(report.max_score for report in reports)
    assert sum(test["score"] for test in data["tests"]) == pytest.approx(
        sum(report.score for report in reports)
    ), "the reporter adds them up"


def test_tests_are_there_without_any():
    assert result(to_output([]))["tests"] == []


def test_each_status_of_a_check():
    tests = result(to_output([samples.EVERY_STATUS]))["tests"]
    assert [test["status"] for test in tests] == ["pass", *["fail"] * 8, "error"]
    assert tests[0]["message"] is None
    assert tests[2]["message"].startswith("0 / 20: gradients are never cleared\nupdate order")


def test_messages_are_no_commands_in_the_reporters_log():
    found = samples.finding(
        message="It raised\n::error::forged\n##[add-mask]x", hint="\t::debug::x"
    )
    report = samples.report(samples.check("x", Status.FAILED, 0, found), path="::error::forged")
    for test in result(to_output([report], [("::error::x", "::error::x")]))["tests"]:
        for text in test.values():
            assert not obeyed(str(text))


def test_hostile():
    (test,) = result(to_output([hostile_report()]))["tests"]
    assert "\x1b" not in test["message"]
    assert test["message"].isprintable() or "\n" in test["message"]


def test_a_result_fits_into_an_environment_variable():
    many = to_output([samples.DESIGN] * 80)
    assert len(many) < 128 * 1024
    tests = result(many)["tests"]
    assert len(tests) == 400
    assert {test["message"] for test in tests} <= {None, "", "…"}
