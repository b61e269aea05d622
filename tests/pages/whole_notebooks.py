"""Whole notebooks for tests of annotated ones: with outputs, old, hostile, huge."""

from __future__ import annotations

import base64
import json
import struct
import zlib
from dataclasses import replace

from grader.notebook.read import parse_notebook
from tests.pages import classroom
from tests.reports import samples


def png(width=2, height=2):
    def chunk(kind, data):
        body = kind + data
        return struct.pack(">I", len(data)) + body + struct.pack(">I", zlib.crc32(body))

    rows = zlib.compress(b"".join(b"\0" + b"\x20\x60\xa0" * width for _ in range(height)))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


PNG = base64.b64encode(png()).decode()
BOMB = base64.b64encode(png()[:16] + struct.pack(">II", 60_000, 60_000) + png()[24:]).decode()
JPEG = base64.b64encode(
    b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00"
    b"\xff\xc0\x00\x0b\x08\x00\x02\x00\x03\x01\x01\x11\x00\xff\xd9"
).decode()


def stream(text, name="stdout"):
    return {"output_type": "stream", "name": name, "text": text}


def display(**data):
    named = {key.replace("_", "/", 1).replace("svg", "svg+xml"): v for key, v in data.items()}
    return {"output_type": "display_data", "metadata": {}, "data": named}


def code(source, *outputs, **more):
    cell = {"cell_type": "code", "metadata": {}, "source": source, "execution_count": 1}
    return {**cell, "outputs": list(outputs), **more}


def text(source, **more):
    return {"cell_type": "markdown", "metadata": {}, "source": source, **more}


def notebook(*cells, **metadata):
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": metadata, "cells": list(cells)}
    return json.dumps(whole).encode()


def graded(data, *findings, **fields):
    """A student who handed in these bytes, and the bytes."""
    read = parse_notebook(data, "mlp.ipynb")
    check = samples.check("step_order", *([samples.Status.FAILED, 0] if findings else []))
    report = samples.report(replace(check, findings=findings))
    report = replace(report, submission=replace(report.submission, sha256=read.sha256))
    return classroom.graded(report, cells=read.cells, **fields), data


# Each would show that it ran by its title, or that it was fetched by a request.
RUNS = "document.title = 'ran'"
AWAY = "https://example.org"
ATTACKS = (
    f"<script>{RUNS}</script>",
    f'<img src=x onerror="{RUNS}">',
    f"<img src='{AWAY}/pixel.png'>",
    f"<svg onload=\"{RUNS}\"><image href='{AWAY}/x.svg'/></svg>",
    f'<iframe srcdoc="<script>parent.{RUNS}</script>"></iframe>',
    f"<link rel=stylesheet href={AWAY}/x.css>",
    f"<style>@import '{AWAY}/y.css'; body {{display: none}}</style>",
    f'<a href="javascript:{RUNS}">press</a> [press](javascript:{RUNS.replace(" ", "")})',
    f"<base href={AWAY}><meta http-equiv=refresh content='0;url={AWAY}'>",
    f"<form action={AWAY}><button>send</button></form>",
    f"![remote]({AWAY}/remote.png) [paper](https://example.org/paper?a=1&b=2) <//example.org/x>",
    "<div id=code class=score style='position:fixed;inset:0'>over all</div>",
    "</div></section></main></body></html><!-- <p>",
    "<math><mtext></table><mglyph><style><!--</style><img title='--&gt;&lt;img onerror=x&gt;'>",
    "{{ 7 * 7 }}{% raw %} $\\href{javascript:alert(1)}{x}$",
)


def hostile():
    """A student whose every cell, output, name and number is an attack."""
    attacks = "\n\n".join(ATTACKS)
    outputs = [
        stream(attacks),
        stream("\x1b]8;;https://example.org\x07link\x1b]8;;\x07\x1b[31mred\x1b[0m", attacks),
        *(display(text_html=a, text_plain=a, text_markdown=a, text_latex=a) for a in ATTACKS),
        display(image_svg=f"<svg xmlns='http://www.w3.org/2000/svg' onload=\"{RUNS}\"/>"),
        display(image_png=base64.b64encode(b"<script>alert(1)</script>").decode()),
        display(image_png=f'"><script>{RUNS}</script>', image_jpeg=BOMB),
        display(**{"application_javascript": RUNS, "application_vnd.jupyter.widget-view+json": {}}),
        {"output_type": "error", "ename": attacks, "evalue": attacks, "traceback": [attacks]},
        {"output_type": "execute_result", "execution_count": attacks, "data": attacks},
        {"output_type": attacks, "data": 7},
        [],
        None,
    ]
    attached = {attacks: {"image/svg+xml": "x"}, "x.png": {"image/png": "no"}}
    cells = [
        code(
            f"x = 1  # {attacks}".replace("\n", " "), *outputs, id="code", metadata={"x": attacks}
        ),
        text(attacks + "\n![a](attachment:x.png) ![b](attachment:gone.png)", attachments=attached),
        {"cell_type": "raw", "metadata": {"raw_mimetype": "text/html"}, "source": attacks},
        {"cell_type": "<script>", "metadata": attacks, "source": attacks},
        *(text(attack, id="code") for attack in ATTACKS),
    ]
    finding = samples.finding(
        classroom.ALL_HOSTILE, attacks, cell=1, line=1, column=0, summary=attacks, hint=attacks
    )
    return graded(
        notebook(*cells, title=attacks, widgets={"x": attacks}),
        finding,
        student=classroom.Student(attacks, attacks),
        origin=attacks,
        parts={1: (attacks,)},
    )


def huge():
    """A student whose notebook is as large as they come."""
    line = "x = '" + "y" * 500 + "'\n"
    picture = display(image_png=PNG)
    outputs = [stream("z" * 6000), stream("word " * 500), picture] * 40
    cells = [code(line * 3, *outputs) for _ in range(25)]
    cells += [text("word *word* " * 2000) for _ in range(60)]
    cells += [code("pass", stream("out\n")) for _ in range(500)]
    return graded(notebook(*cells), samples.finding(cell=500, line=1, message="far below"))
