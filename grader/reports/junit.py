"""Reports as JUnit XML, shaped as pytest's: a test suite a notebook, a test case a check.

A check that lost points is a ``failure``. A fault of the grader or a file that could not be graded
is an ``error``; what a person grades is ``skipped``. Classes are named after the notebooks, since
consumers fold cases of equal class and name, also those of several files.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from grader import points
from grader.report import Status
from grader.reports.terminal import findings_text, headline

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

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
    named = [(report.assignment, report.submission.path) for report in reports]
    names = iter(_class_names([*named, *(("grader", path) for path, _ in unread)]))
    for report in reports:
        root.append(_suite(report, next(names)))
    for path, reason in unread:
        root.append(_unread(path, reason, next(names)))
    ET.indent(root)
    return '<?xml version="1.0" encoding="utf-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def _class_names(notebooks: Iterable[tuple[str, str]]) -> list[str]:
    """Return a name for each assignment and path, of which no two are equal: ``mlp.kim.hw1``.

    Dots part packages for consumers that draw trees.
    """
    names: list[str] = []
    used: Counter[str] = Counter()
    for assignment, path in notebooks:
        stem = re.sub(r"\.(?:ipynb|py|md|qmd|Rmd)$", "", path)
        parts = (part.replace(".", "_") for part in re.split(r"[/\\]+", stem))
        name = ".".join([assignment, *(part for part in parts if part.strip("_"))])
        while used[name]:
            used[name] += 1
            name += f"_{used[name]}"
        used[name] += 1
        names.append(name)
    return names


def _suite(report: Report, class_name: str) -> ET.Element:
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
        suite.append(_case(class_name, check))
    return suite


def _case(class_name: str, check: CheckResult) -> ET.Element:
    case = ET.Element("testcase", classname=_shown(class_name), name=_shown(check.id))
    case.set("time", f"{check.seconds or 0:.3f}")
    if check.status is Status.INTERNAL_ERROR:
        _add_outcome(case, "error", headline(check), findings_text(check), str(check.status))
    elif check.status is Status.NEEDS_GRADING:
        ET.SubElement(case, "skipped", message=_shown(headline(check)))
    elif points.lost_points(check):
        _add_outcome(case, "failure", headline(check), findings_text(check), str(check.status))
    return case


def _unread(path: str, reason: str, class_name: str) -> ET.Element:
    suite = _suite_element(path, tests=1, failures=0, errors=1)
    case = ET.SubElement(suite, "testcase", classname=_shown(class_name), name="notebook")
    case.set("time", "0.000")
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
