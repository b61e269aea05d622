"""Reports as JUnit XML, shaped as pytest's: a test suite a notebook, a test case a check.

A check that lost points is a ``failure``. A fault of the grader or a file that could not be graded
is an ``error``. Nothing is ever ``skipped``.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from grader import points
from grader.report import Status
from grader.reports.terminal import findings_text, headline

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from grader.report import CheckResult, Report

# Characters that XML 1.0 does not allow, even escaped.
_FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(
    reports: Sequence[Report], unread: Sequence[tuple[str, str]] = (), *, broken: bool = False
) -> str:
    """Return the XML document; ``unread`` are notebooks without a report, each with its reason.

    Characters that XML forbids are shown: an ESC as ``#x1B``. Who is at fault (``broken``) makes
    no difference here.
    """
    del broken
    root = ET.Element("testsuites", name="grader")
    for report in reports:
        root.append(_suite(report))
    for path, reason in unread:
        root.append(_unread(path, reason))
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def _suite(report: Report) -> ET.Element:
    errors = sum(check.status is Status.INTERNAL_ERROR for check in report.checks)
    lost = sum(points.lost_points(check) for check in report.checks)
    skipped = sum(check.status is Status.NEEDS_GRADING for check in report.checks)
    seconds = sum(check.seconds or 0 for check in report.checks)
    suite = _suite_element(
        report.submission.path, len(report.checks), lost - errors - skipped, errors
    )
    suite.set("skipped", str(skipped))
    suite.set("time", f"{seconds:.3f}")
    ran = report.environment
    facts = {
        "assignment": report.assignment,
        "score": points.points(report.score),
        "max_score": points.points(report.max_score),
        "sha256": report.submission.sha256,
        "seed": ran.seed,
        "torch": ran.torch,
        "device": ran.device,
        "isolation": ran.isolation,
    }
    _add_properties(suite, facts)
    for check in report.checks:
        suite.append(_case(report.assignment, check))
    return suite


def _case(assignment: str, check: CheckResult) -> ET.Element:
    case = ET.Element("testcase", classname=_shown(assignment), name=_shown(check.id))
    case.set("time", f"{check.seconds or 0:.3f}")
    if check.status is Status.INTERNAL_ERROR:
        _add_outcome(case, "error", headline(check), findings_text(check), str(check.status))
    elif check.status is Status.NEEDS_GRADING:
        ET.SubElement(case, "skipped", message=_shown(headline(check)))
    elif points.lost_points(check):
        _add_outcome(case, "failure", headline(check), findings_text(check), str(check.status))
    return case


def _unread(path: str, reason: str) -> ET.Element:
    suite = _suite_element(path, tests=1, failures=0, errors=1)
    case = ET.SubElement(suite, "testcase", classname="grader", name="notebook", time="0.000")
    _add_outcome(case, "error", reason, reason, "not_graded")
    return suite


def _suite_element(path: str, tests: int, failures: int, errors: int) -> ET.Element:
    counts = {"errors": errors, "failures": failures, "skipped": 0, "tests": tests}
    suite = ET.Element("testsuite", name=_shown(path))
    for name, count in counts.items():
        suite.set(name, str(count))
    return suite


def _add_properties(suite: ET.Element, facts: Mapping[str, object]) -> None:
    properties = ET.SubElement(suite, "properties")
    for name, value in facts.items():
        if value is not None:
            ET.SubElement(properties, "property", name=name, value=_shown(str(value)))


def _add_outcome(case: ET.Element, tag: str, message: str, text: str, kind: str) -> None:
    outcome = ET.SubElement(case, tag, message=_shown(message), type=kind)
    outcome.text = _shown(text)


def _shown(text: str) -> str:
    return _FORBIDDEN.sub(lambda found: f"#x{ord(found[0]):02X}", text)
