"""JUnit XML: the schema that pytest's own is tested with, and nothing that a reader chokes on."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import xmlschema

from grader.reports.junit import render

from . import samples
from .hostile import HOSTILE, hostile_report

# From pytest's sources, testing/example_scripts; its licence (MIT) is in it.
SCHEMA = xmlschema.XMLSchema(Path(__file__).with_name("junit-10.xsd"))


def parsed(*reports, unread=()) -> ET.Element:
    text = render(reports, unread)
    SCHEMA.validate(ET.fromstring(text))
    return ET.fromstring(text)


@pytest.mark.parametrize("name", ["PERFECT", "DESIGN", "EVERY_STATUS"])
def test_a_suite_has_a_case_for_each_check_and_counts_right(name):
    report = getattr(samples, name)
    (suite,) = parsed(report)
    assert suite.get("name") == "submission.ipynb"
    cases = suite.findall("testcase")
    assert [case.get("name") for case in cases] == [check.id for check in report.checks]
    assert {case.get("classname") for case in cases} == {"mlp.submission"}
    assert suite.get("tests") == str(len(cases))
    for tag, count in (("failure", "failures"), ("error", "errors"), ("skipped", "skipped")):
        assert suite.get(count) == str(len(suite.findall(f".//{tag}")))


def test_no_two_cases_are_called_the_same_whatever_the_notebooks_are_called():
    paths = ["kim/hw.ipynb", "kim/hw.py", "kim_hw.ipynb", "kim.hw.ipynb", "lee/hw.ipynb"]
    paths += ["./lee/hw.ipynb", "../lee/hw.ipynb", "/lee/hw.ipynb", "kim/hw_2.ipynb", "a\\b.ipynb"]
    reports = [
        replace(samples.PERFECT, submission=replace(samples.PERFECT.submission, path=path))
        for path in paths
    ]
    suites = parsed(*reports, unread=[("kim/hw.ipynb", "is empty"), ("kim/hw.ipynb", "is empty")])
    called = [
        (case.get("classname"), case.get("name"))
        for suite in suites
        for case in suite.findall("testcase")
    ]
    assert len(set(called)) == len(called) == 5 * len(paths) + 2
    assert called[0] == ("mlp.kim.hw", "layer_shapes")


def test_only_the_graders_own_fault_is_an_error():
    (suite,) = parsed(samples.EVERY_STATUS)
    outcomes = {
        outcome.get("type"): outcome.tag for case in suite.findall("testcase") for outcome in case
    }
    assert outcomes.pop("internal_error") == "error"
    assert outcomes.pop(None) == "skipped", "a person grades it"
    assert set(outcomes.values()) == {"failure"}
    assert len(outcomes) == 7, "every status but passed"


def test_a_failure_says_what_the_terminal_says():
    (suite,) = parsed(samples.DESIGN)
    failure = suite.find("testcase[@name='eval_accuracy']/failure")
    assert failure.get("message") == "0 / 20: the batch size is written into view()"
    assert failure.text.startswith("accuracy logic · cell 7, line 8\n")
    assert "    8 │     batch_in.view(256, 28*28).to(device)\n      │                   ^^^" in (
        failure.text
    )
    assert "hint: let PyTorch work out" in failure.text


def test_what_the_verdict_depends_on_are_properties():
    (suite,) = parsed(samples.DESIGN)
    facts = {item.get("name"): item.get("value") for item in suite.find("properties")}
    assert facts["score"] == "56"
    assert facts["max_score"] == "100"
    assert facts["seed"] == "20240917"


def test_a_notebook_without_a_report_is_an_error():
    perfect, unread = parsed(samples.PERFECT, unread=[("a/b.ipynb", "b.ipynb is empty")])
    assert perfect.get("errors") == "0"
    assert unread.get("name") == "a/b.ipynb"
    assert unread.find("testcase/error").get("message") == "b.ipynb is empty"


def test_hostile_text_stays_text():
    text = render([hostile_report()], [(HOSTILE, HOSTILE)])
    root = parsed(hostile_report(), unread=[(HOSTILE, HOSTILE)])
    tags = {"testsuites", "testsuite", "properties", "property", "testcase", "failure", "error"}
    assert {element.tag for element in root.iter()} == tags
    assert "\x1b" not in text
    text.encode("utf-8")  # no halves of surrogate pairs


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a\x1bb", "a#x1Bb"),
        ("\0", "#x00"),
        ("\ufffe", "#xFFFE"),
        ("\udcff", "#xDCFF"),
        ("]]>&<", "]]>&<"),
        ("\U0001f600 한국어", "\U0001f600 한국어"),
    ],
)
def test_what_xml_forbids_is_shown(written, shown):
    (suite,) = parsed(samples.report(samples.check(), path=written))
    assert suite.get("name") == shown


def test_no_report_at_all_is_an_empty_document():
    assert list(parsed()) == []
