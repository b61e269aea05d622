"""``pytest --submission x.ipynb``: the checks as tests, beside an instructor's own.

pytest imports this in every run. Without the option it adds a fixture and imports nothing more.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from grader.pytest_plugin.submission import SubmittedNotebook
    from grader.report import Report

_SUBMISSION: pytest.StashKey[SubmittedNotebook] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--submission`` and its options."""
    add = parser.getgroup("grader", "grading a notebook").addoption
    add("--submission", metavar="NOTEBOOK", help="grade it, and report its checks as tests")
    assignment = "which assignment: its name, or its folder"
    add("--submission-assignment", metavar="NAME", help=assignment)
    add("--submission-seed", type=int, metavar="N", help="draw the same inputs as another run")
    isolation = "confine the notebook's code: auto (default), strict, basic or none"
    levels = ("auto", "strict", "basic", "none")
    add("--submission-isolation", default="auto", choices=levels, metavar="HOW", help=isolation)


def pytest_configure(config: pytest.Config) -> None:
    """Take part in this run if there is a submission."""
    named = config.getoption("--submission")
    if named is None:
        return
    # As pytest makes its own paths absolute: a link stays a link.
    path = Path(os.path.abspath(config.invocation_params.dir / named))  # noqa: PTH100
    if not path.is_file():
        raise pytest.UsageError(f"--submission {named}: there is no such file")
    if (config.getoption("--submission-seed") or 0) < 0:
        raise pytest.UsageError("--submission-seed: not a seed, which is a whole number from 0")

    from grader.pytest_plugin.hooks import Hooks  # noqa: PLC0415
    from grader.pytest_plugin.submission import SubmittedNotebook  # noqa: PLC0415

    config.args[:] = _once(config.args, path, config.invocation_params.dir)
    config.stash[_SUBMISSION] = submission = SubmittedNotebook(path, config)
    config.pluginmanager.register(Hooks(submission), "grader-checks")


def _once(arguments: list[str], notebook: Path, folder: Path) -> list[str]:
    """Return the arguments without the notebook's own where one of its folders is named, too.

    The notebook is collected in any case. ``pytest . x.py`` of pytest 8 collects x.py alone, which
    would drop the folder's tests; pytest 9 mended that.
    """
    paths = [Path(os.path.abspath(folder / text.partition("::")[0])) for text in arguments]  # noqa: PTH100
    if not any(path in notebook.parents for path in paths):
        return arguments
    return [text for text, path in zip(arguments, paths, strict=True) if path != notebook]


@pytest.fixture(scope="session")
def submission_report(pytestconfig: pytest.Config) -> Report:
    """Return the ``grader.Report`` of the notebook that ``--submission`` names.

    Without the option a test that asks for it is skipped.
    """
    submission = pytestconfig.stash.get(_SUBMISSION, None)
    if submission is None:
        pytest.skip("needs --submission NOTEBOOK")

    from grader.pytest_plugin.items import report_of  # noqa: PLC0415

    return report_of(submission)
