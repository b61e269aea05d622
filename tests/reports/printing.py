"""Reports as they are printed, for tests that read them."""

from __future__ import annotations

import io

from rich.console import Console

from grader.report import Status
from grader.reports.terminal import print_report

from . import samples


def shown(report, width=80, **console) -> str:
    stream = io.StringIO()
    print_report(report, Console(file=stream, width=width, **console))
    return stream.getvalue()


def encoded(report, encoding, width=80) -> str:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding, errors="strict", write_through=True)
    print_report(report, Console(file=stream, width=width))
    return raw.getvalue().decode(encoding)


def failing(*findings, status=Status.FAILED):
    return samples.report(samples.check("eval_accuracy", status, 0, *findings))
