"""A session that grades by file name, and what it makes the command line say."""

from __future__ import annotations

from pathlib import Path

from grader.errors import GraderError, InternalError, NotebookError
from grader.report import CheckResult, Environment, Report, Status, SubmissionInfo


def make_report(path: str, status: Status = Status.PASSED) -> Report:
    score = 20.0 if status is Status.PASSED else 0.0
    return Report(
        assignment="mlp",
        submission=SubmissionInfo(path=path, sha256="00"),
        environment=Environment("3.11", "2.15", "cpu", 1, 7, "uci-digits", "strict"),
        score=score,
        max_score=20.0,
        checks=(CheckResult("learns", "learns", status, score, 20.0, 0.1),),
    )


class FakeSession:
    """Grades by file name, and remembers what it was made with."""

    made: dict | None = None
    graded: list
    closed = False

    def __init__(
        self,
        assignment=None,
        *,
        device="auto",
        seed=None,
        isolation="auto",
        timeout=None,
        data=None,
        python=None,
    ):
        options = locals()
        del options["self"]
        type(self).made = options
        if device == "cuda:7":
            raise GraderError("this machine has no cuda:7", hint="--device cpu")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        type(self).closed = True

    def grade(self, path, progress=lambda _: None):
        type(self).graded.append(path)
        progress("running")
        name = Path(path).name
        if name.startswith("html"):
            raise NotebookError(f"{path} is not a notebook: it is a web page", hint="download it")
        if name.startswith("bug"):
            raise ZeroDivisionError("division \x1b[31mby zero")
        if name.startswith("refused"):
            raise GraderError("this machine confines nothing", hint="--isolation basic")
        if name.startswith("ours"):
            raise InternalError("the sandbox did not start")
        if name.startswith("interrupt"):
            raise KeyboardInterrupt
        print("a stray print of the engine or of a library")
        statuses = {"fail": Status.FAILED, "part": Status.PARTIAL, "grader": Status.INTERNAL_ERROR}
        return make_report(path, statuses.get(name.split(".")[0], Status.PASSED))


def error_of(capsys) -> tuple[str, str]:
    """Return the error's and the hint's sentence after checking the shape of all of stderr."""
    out, err = capsys.readouterr()
    assert out == ""
    error, empty, hint, *rest = err.splitlines()
    assert error.startswith("error: ")
    assert empty == ""
    assert hint.startswith("hint: ")
    assert rest == []
    return error.removeprefix("error: "), hint.removeprefix("hint: ")
