"""The JSON report: the contract's keys, always; nothing that a terminal or a pipe could trip on."""

from __future__ import annotations

import json
import os
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.report import Report
from grader.reports import json_report

from . import samples
from .hostile import hostile_report

CONTRACT = {
    "": {
        *("schema", "assignment", "submission", "environment"),
        *("score", "max_score", "checks", "notes"),
    },
    "submission": {"path", "sha256", "student"},
    "environment": {"python", "torch", "device", "threads", "seed", "dataset", "isolation"},
    "check": {"id", "title", "status", "score", "max_score", "seconds", "findings"},
    "finding": {
        *("code", "severity", "blank", "cell", "line"),
        *("message", "hint", "got", "expected"),
    },
}
# Added compatibly, and documented in grader/report.py.
EXTENSIONS = {
    "": {"title"},
    "submission": set(),
    "environment": {"layers", "unprotected"},
    "check": set(),
    "finding": {"summary", "why", "column", "end_column", "excerpt", "cell_line"},
}


@pytest.mark.parametrize("name", ["PERFECT", "DESIGN", "EVERY_STATUS"])
def test_keys_are_the_contract_and_its_extensions(name):
    data = json.loads(json_report.to_text(getattr(samples, name)))
    assert data["schema"] == "grader-report/1"
    objects = [("", data), ("submission", data["submission"]), ("environment", data["environment"])]
    objects += [("check", check) for check in data["checks"]]
    found = [item for check in data["checks"] for item in check["findings"]] + data["notes"]
    objects += [("finding", item) for item in found]
    for kind, item in objects:
        assert set(item) == CONTRACT[kind] | EXTENSIONS[kind], kind


def test_text_is_indented_ascii_and_ends_in_a_newline():
    text = json_report.to_text(hostile_report())
    assert text.isascii()
    assert not any(ord(char) < 32 and char != "\n" for char in text)
    assert "\x7f" not in text
    assert text.startswith('{\n  "schema": "grader-report/1",\n')
    assert text.endswith("}\n")
    data = json.loads(text)
    assert data["submission"]["path"] == hostile_report().submission.path, "nothing is lost"


def test_numbers_that_json_lacks_are_strings():
    odd = [float("nan"), float("inf"), -float("inf"), 1e300, 0.5, 20.0]
    found = samples.finding(got=odd, expected={"nested": (float("nan"), None)})
    text = json_report.to_text(samples.report(samples.check("learns", "failed", 0, found)))
    item = json.loads(text, parse_constant=pytest.fail)["checks"][0]["findings"][0]
    assert item["got"] == ["NaN", "Infinity", "-Infinity", 1e300, 0.5, 20]
    assert item["expected"] == {"nested": ["NaN", None]}


def test_lines_are_one_compact_report_each():
    text = json_report.to_lines([samples.PERFECT, samples.DESIGN, hostile_report()])
    rows = text.splitlines()
    assert len(rows) == text.count("\n") == 3
    assert [json.loads(row)["score"] for row in rows] == [100, 56, 0]
    assert '": ' not in rows[0]


def test_write_one_and_several(tmp_path):
    target = tmp_path / "out.json"
    json_report.write(str(target), [samples.DESIGN])
    assert target.read_text() == json_report.to_text(samples.DESIGN)
    json_report.write(str(target), [samples.DESIGN], lines=True)
    assert target.read_text() == json_report.to_lines([samples.DESIGN])
    json_report.write(str(target), [samples.DESIGN, samples.PERFECT])
    assert target.read_text() == json_report.to_lines([samples.DESIGN, samples.PERFECT])
    assert [file.name for file in tmp_path.iterdir()] == ["out.json"]


def test_dash_is_stdout(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    json_report.write("-", [samples.DESIGN])
    assert capsys.readouterr().out == json_report.to_text(samples.DESIGN)
    assert list(tmp_path.iterdir()) == []


def test_a_failed_write_leaves_the_old_file_and_no_draft(tmp_path, monkeypatch):
    target = tmp_path / "out.json"
    target.write_text("old")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.replace", full)
    with pytest.raises(GraderError, match="No space left on device"):
        json_report.write(str(target), [samples.DESIGN])
    assert target.read_text() == "old"
    assert [file.name for file in tmp_path.iterdir()] == ["out.json"]


def test_file_mode_follows_the_umask(tmp_path):
    before = os.umask(0o027)
    try:
        json_report.write(str(tmp_path / "out.json"), [samples.PERFECT])
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out.json").stat().st_mode) == 0o640


def test_a_link_stays_a_link_and_a_device_a_device(tmp_path):
    link = tmp_path / "link.json"
    link.symlink_to(tmp_path / "real.json")
    json_report.write(str(link), [samples.PERFECT])
    assert link.is_symlink()
    assert json.loads((tmp_path / "real.json").read_text())["score"] == 100
    json_report.write("/dev/null", [samples.PERFECT])
    assert stat.S_ISCHR(Path("/dev/null").stat().st_mode)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing/out.json", "folder does not exist"),
        ("", "it is a folder"),
        ("homework.ipynb", "must not take the place of a notebook"),
        ("x\0y", "null"),
        ("file/out.json", "folder does not exist"),
    ],
)
def test_bad_destinations_are_refused_before_grading(tmp_path, name, words):
    (tmp_path / "file").write_text("")
    with pytest.raises(GraderError, match=words) as caught:
        json_report.check_destination(f"{tmp_path}/{name}")
    assert caught.value.hint


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_without_permission_is_refused(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(GraderError, match="permission denied"):
        json_report.check_destination(str(tmp_path / "out.json"))


def test_student_is_kept():
    named = replace(samples.PERFECT.submission, student="김철수")
    data = json.loads(json_report.to_text(replace(samples.PERFECT, submission=named)))
    assert data["submission"]["student"] == "김철수"


@pytest.mark.parametrize("name", ["PERFECT", "DESIGN", "EVERY_STATUS"])
def test_a_report_comes_back_from_its_own_json(name):
    report = getattr(samples, name)
    text = json_report.to_text(report)
    again = Report.from_json(json.loads(text))
    assert json_report.to_text(again) == text
    assert again == report


def test_what_is_no_report_does_not_come_back_as_one():
    with pytest.raises(ValueError, match="grader-report/1"):
        Report.from_json({"schema": "grader-report/9"})


def test_a_report_with_another_form_does_not_come_back():
    data = samples.DESIGN.to_json()
    data["checks"][0]["status"] = "pased"
    with pytest.raises(ValueError, match=r"checks\.0\.status: it has to be one of \"passed\""):
        Report.from_json(data)
    data = samples.DESIGN.to_json()
    data["submission"]["grade"] = 1
    with pytest.raises(ValueError, match="no such key"):
        Report.from_json(data)


@pytest.mark.parametrize("data", [[], None, "x", {}])
def test_what_is_no_report_is_refused(data):
    with pytest.raises(ValueError, match="not a grader-report/1"):
        Report.from_json(data)


def test_keys_beside_a_report_are_not_read():
    """A line of ``results.jsonl`` says the group, too, and a later version may say more."""
    assert Report.from_json({**samples.DESIGN.to_json(), "group": "a"}) == samples.DESIGN
