"""Graded students for the tests of pages."""

from __future__ import annotations

import json

from grader.assignment import load_assignment
from grader.classroom import Graded, Override, Student
from grader.grading.submission import open_submission
from grader.notebook.read import Cell, parse_notebook
from grader.report import Severity, Status
from tests.notebooks import solved
from tests.reports import samples

HOSTILE = (
    "</script><script>alert(1)</script>",
    '"><img src=x onerror=alert(2)>',
    "' onmouseover='alert(3)",
    "</title></style></code></pre><svg onload=alert(4)>",
    "{{ 7 * 7 }}{% raw %}",
    "--><!--",
    "javascript:alert(5)",
    "&lt;b&gt;&amp;",
    "\u202egnp.exe\u2066",
    "\x1b[31mred\x1b[0m\x07\x08",
    "a\0b",
    "\ud800\udfff",
    "=cmd|' /C calc'!A0",
    "../../etc/passwd",
)
ALL_HOSTILE = " ".join(HOSTILE)

LOOP = """\
for batch_in, batch_out in train_iter:
    y_pred = M(batch_in.view(-1, 28*28).to(device))
    loss_out = loss(y_pred, batch_out.to(device))
    # update
    loss_out.backward()
    optm.step()
    loss_val_sum += loss_out"""
EVALUATION = """\
def func_eval(model, data_iter, device):
    with torch.no_grad():
        for batch_in, batch_out in data_iter:
            model_pred = model(
                batch_in.view(256, 28*28).to(device)
            )"""

VIEW = samples.finding(
    "hard_coded_batch",
    'The last batch of 40 images raises "shape is invalid".',
    cell=1,
    line=5,
    column=30,
    end_column=33,
    summary="the batch size is written into view()",
    why="Not every batch is a whole one.",
    hint="let PyTorch work out the number of images in a batch",
    excerpt=samples.lines(4, *EVALUATION.split("\n")[3:5]),
)
NEVER_CLEARED = samples.finding(
    "missing_zero_grad",
    "From the second batch on your weights drift (18 % off after 2 batches).",
    cell=2,
    line=5,
    summary="gradients are never cleared",
    hint="something has to happen once per batch before backward()",
    got=1.5,
    expected=0.25,
    excerpt=samples.lines(5, *LOOP.split("\n")[4:6]),
)
NO_LINE = samples.finding(
    "learns_too_little",
    "After 60 batches 4 of 10 images are recognised.",
    severity=Severity.PARTIAL,
    summary="learns, but slowly",
    hint="put the update right first",
)
CHANGED = samples.finding(
    "given_code_changed", "The model class was changed.", severity=Severity.INFO, cell=1, line=1
)
REPORT = samples.report(
    samples.check("layer_shapes"),
    samples.check("forward_output"),
    samples.check("eval_accuracy", Status.FAILED, 0, VIEW),
    samples.check("step_order", Status.FAILED, 0, NEVER_CLEARED),
    samples.check("learns", Status.PARTIAL, 12.5, NO_LINE),
    notes=[CHANGED],
)
NOT_A_NOTEBOOK = samples.report(
    *(samples.check(name, Status.ERROR, 0) for name in samples.TITLES),
    notes=[
        samples.finding(
            "unreadable", "mlp.ipynb is JSON, but not a notebook", hint="Is it the right file?"
        )
    ],
)


def cells(*sources):
    return tuple(Cell(number, "code", source) for number, source in enumerate(sources, 1))


def graded(report=REPORT, **fields):
    known = {
        "student": Student("20231234", "Kim Minji"),
        "origin": "class.zip/Kim Minji_4711_assignsubmission_file/mlp.ipynb",
        "group": "group-of-this-program",
        "cells": cells(EVALUATION, LOOP),
    }
    return Graded(report=report, **(known | fields))


def found(source, *findings, **fields):
    """A student with these findings in a notebook of one cell."""
    check = samples.check("step_order", Status.FAILED, 0, *findings)
    return graded(samples.report(check), cells=cells(source), **fields)


def perfect():
    """A student who filled in the real notebook."""
    notebook = parse_notebook(json.dumps(solved()).encode(), "mlp.ipynb")
    parts = open_submission(notebook, load_assignment("mlp")).titles_by_cell
    return graded(samples.PERFECT, cells=notebook.cells, parts=parts)


def hostile():
    """A student in whose every word there is something that no page may obey."""
    text = ALL_HOSTILE
    finding = samples.finding(
        text,
        text,
        cell=1,
        line=1,
        column=2,
        end_column=9,
        summary=text,
        why=text,
        hint=text + "!",
        got=text,
        expected={text: [text]},
    )
    check = samples.check("step_order", Status.FAILED, 0, finding, title=text)
    report = samples.report(check, path=text, dataset=text, torch=text, device=text)
    return graded(
        report,
        student=Student(text, text, text, text),
        origin=text,
        cells=cells(text.replace("\n", " ") + "\n" + text),
        parts={1: (text,)},
        late=True,
        override=Override(text, score=1, checks={text: 3.0}, by=text),
    )
