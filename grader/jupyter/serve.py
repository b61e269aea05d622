"""The grader's own process: reads a request a line, grades, and stays warm for the next.

It ends with the kernel, whose end closes its standard input, and after a time without requests.
"""

from __future__ import annotations

import json
import os
import sys
import threading
from dataclasses import replace
from io import StringIO
from typing import TYPE_CHECKING, BinaryIO

from grader.errors import GraderError
from grader.grading.session import Session
from grader.pages.output import report_output
from grader.reports.terminal import print_report

if TYPE_CHECKING:
    from grader.jupyter.protocol import Reply, Request
    from grader.report import Report

_IDLE_SECONDS = 30 * 60  # after which the memory is worth more than a fast answer
_WIDTH = 100


class GradingServer:
    """Answers requests on a stream; keeps the session of the last request's options."""

    def __init__(self, answers: BinaryIO) -> None:
        """Start nothing yet."""
        self._answers = answers
        self._session: Session | None = None
        self._made_for: object = None

    def answer(self, request: Request) -> None:
        """Grade, and write how it ended."""
        try:
            report = self._graded(request)
            self.say({"html": report_output(report), "text": _as_text(report)})
        except GraderError as error:
            self.say({"error": error.message, "hint": error.hint})
        except Exception as error:  # noqa: BLE001 - the grader's own fault; the kernel lives on
            self.close()
            what = f"the grader itself failed: {type(error).__name__}: {error}"
            self.say({"error": what, "hint": "please report this together with the notebook"})

    def say(self, reply: Reply) -> None:
        """Write one reply."""
        self._answers.write(json.dumps(reply).encode() + b"\n")
        self._answers.flush()

    def close(self) -> None:
        """Stop the workers."""
        if self._session is not None:
            self._session.close()
            self._session = self._made_for = None

    def _graded(self, request: Request) -> Report:
        # A session is for one assignment, and another notebook may be of another.
        wanted = (request["name"], request["options"])
        if wanted != self._made_for:
            self.close()
            self._session, self._made_for = Session(**request["options"]), wanted  # type: ignore[arg-type]
        assert self._session is not None
        report = self._session.grade(request["path"], lambda text: self.say({"step": text}))
        return replace(report, submission=replace(report.submission, path=request["name"]))


def main() -> None:
    """Answer every line of standard input, on standard output."""
    answers = os.fdopen(os.dup(1), "wb")
    # Whatever a library prints must not stand between the answers.
    os.dup2(2, 1)
    server = GradingServer(answers)
    while True:
        idle = threading.Timer(_IDLE_SECONDS, _leave, [server])
        idle.daemon = True
        idle.start()
        line = sys.stdin.buffer.readline()
        idle.cancel()
        if not line:
            break
        server.answer(json.loads(line))
    server.close()


def _leave(server: GradingServer) -> None:
    server.close()
    os._exit(0)


def _as_text(report: Report) -> str:
    from rich.console import Console  # noqa: PLC0415

    text = StringIO()
    print_report(report, Console(file=text, width=_WIDTH, color_system=None, markup=False))
    return text.getvalue()
