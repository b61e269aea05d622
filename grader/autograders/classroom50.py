"""Classroom 50's autograder: the folder that a teacher commits, and the grading of one checkout.

Source: foundation50/classroom50 at 0b4bcc00, the wiki's "Advanced Autograding", runner.py and
publish-pages.yaml. The folder lies in the organization's repository ``classroom50``, under
``CLASSROOM/autograders/ASSIGNMENT``. It is packed with ``tar -z`` and published without a password.
"""

from __future__ import annotations

import io
import json
import tarfile
from datetime import datetime, timezone
from importlib.resources import files
from typing import TYPE_CHECKING

from grader.assignment import load_assignment
from grader.autograders.graded import grade_hand_in
from grader.autograders.settings import SETTINGS, Settings, read_settings
from grader.autograders.unreadable import unreadable_report
from grader.autograders.wheel import wheel, wheel_name
from grader.detail import told
from grader.errors import GraderError
from grader.files import save
from grader.reports.classroom50 import RunIdentity, classroom50_files

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from grader.autograders.edition import Edition
    from grader.report import Report

ENTRY, RUNTIME = "autograder.py", "runtime.json"
_RUNTIME = {"runs-on": "ubuntu-latest", "python": "3.12"}
MOST_BYTES = 10 * 1024 * 1024  # MAX_FETCH_BYTES of runner.py


def bundle(edition: Edition, settings: Settings) -> dict[str, bytes]:
    """Return the folder's files by their names; raises ``GraderError`` if they are too many bytes.

    ``RUNTIME`` is for the command that adds the assignment, and does no harm among them.
    """
    content = {
        ENTRY: (files("grader.autograders") / "classroom50_entry.py").read_bytes(),
        SETTINGS: settings.written(),
        RUNTIME: (json.dumps(_RUNTIME, indent=2) + "\n").encode(),
        wheel_name(): wheel(),
        **edition.files,
    }
    size = packed_size(content)
    if size > MOST_BYTES:
        raise GraderError(
            f"packed, the bundle has {size / 1e6:.1f} MB, and Classroom 50 takes 10.5",
            "is there a large file in the assignment's folder?",
        )
    return content


def packed_size(content: Mapping[str, bytes]) -> int:
    """Return how many bytes the bundle has as Classroom 50 publishes it."""
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for name, data in content.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return len(packed.getvalue())


def run(bundle_folder: Path, checkout: Path, environment: Mapping[str, str]) -> Report:
    """Grade a checkout, write ``result.json`` and ``release-body.md`` into it; return the report.

    Raises an exception, and writes nothing, for whatever is not the student's to mend.
    """
    settings = read_settings(bundle_folder)
    identity = RunIdentity.from_environment(environment)
    assignment = load_assignment(str(bundle_folder / settings.folder))
    outcome = grade_hand_in(checkout, assignment, isolation=settings.isolation)
    if outcome.report is None:  # why is told in any case
        report = unreadable_report(assignment, "repository", outcome.reason)
    else:
        report = told(outcome.report, settings.detail)
    write_results(report, identity, checkout)
    return report


def write_results(report: Report, identity: RunIdentity, folder: Path) -> None:
    """Write both files for a report as the student is to read it."""
    now = datetime.now(timezone.utc)
    for name, text in classroom50_files(report, identity, now).items():
        save(folder / name, text.encode())
