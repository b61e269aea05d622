"""Attacks on the trusted process: files, archives and names that are hostile before anything runs.

Each function makes its attack in a folder, fails where it got through, and returns what stopped it.
"""

from __future__ import annotations

import csv
import io
import json
import os
import re
import stat
import zipfile
from contextlib import redirect_stderr, redirect_stdout
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest

from grader.cli import main
from grader.errors import NotebookError
from grader.notebook.read import read_notebook
from tests.attacks.notebooks import wrong
from tests.cli.test_bad_input import FILES
from tests.notebooks import code, solved, write

if TYPE_CHECKING:
    from pathlib import Path

_OPTIONS = ["--assignment", "mlp", "--seed", "7", "--device", "cpu"]
_MARKUP = "\x1b]0;owned\x07\x1b[2J<script>alert(1)</script>[red]x[/red]\u202e\n::error::stolen"
# A class, its message and its output, each of them all of that.
SHOUTING = """
def attack():
    print(TEXT)
    raise type("<img src=x onerror=alert(1)>", (RuntimeError,), {})(TEXT)
""".replace("TEXT", repr(_MARKUP))
_NAMES = (
    '=HYPERLINK("http:evil.example")',
    "<img src=x onerror=alert(1)>",
    "\x1b[2J\x1b[31mred\x07",
    "[bold red]markup[bold]",
    "gpj.\u202eexe.kim",
    "::error::stolen",
)
_SYMLINK = (stat.S_IFLNK | 0o777) << 16


def unreadable_notebooks(folder: Path, _planted: dict[str, Any]) -> str:
    """Files that are no notebook, and those that only look like one: one error each."""
    files = FILES | {
        "nan": json.dumps({**code(["x"]), "nbformat": float("nan")}).encode(),
        "objects": b'{"a":' * 100_000,
        "a million cells": json.dumps(code(["x"] * 10_001)).encode(),
        "surrogates": b'{"nbformat": 4, "cells": "\\ud800"}',
    }
    for name, data in files.items():
        (folder / "input.ipynb").write_bytes(data)
        _refused(folder / "input.ipynb", name)
    os.mkfifo(folder / "fifo.ipynb")
    (folder / "input.ipynb").unlink()
    (folder / "input.ipynb").symlink_to("/dev/zero")
    for path in (folder / "fifo.ipynb", folder / "input.ipynb"):
        assert "regular file" in _refused(path, path.name)
        path.unlink()
    return f"{len(files) + 2} named errors"


def _refused(path: Path, name: str) -> str:
    """Return why a file can't be read as a notebook."""
    with pytest.raises(NotebookError) as refused:
        read_notebook(path)
    assert refused.value.hint, name
    return refused.value.message


def archives(folder: Path, planted: dict[str, Any]) -> str:
    """An archive with a bomb, links, names that lead elsewhere, and one honest notebook."""
    good = json.dumps(solved())
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("good.ipynb", good)
        archive.writestr("../outside/escaped.ipynb", good)
        archive.writestr("/tmp/poison_of_a_zip.ipynb", good)
        link = zipfile.ZipInfo("link.ipynb")
        link.external_attr = _SYMLINK
        archive.writestr(link, planted["answers"])
        archive.writestr("bomb.ipynb", bytes(300 << 20))
        archive.writestr("twice.ipynb", good)
        with mock.patch("warnings.warn"):
            archive.writestr("twice.ipynb", json.dumps(wrong()))
    (folder / "class.zip").write_bytes(data.getvalue())
    said, reports = _class(folder, folder / "class.zip")
    (folder / "class.zip").unlink()
    assert [r["score"] for r in reports if r["submission"]["path"].endswith("good.ipynb")] == [100]
    for name in ("escaped", "poison", "link", "bomb"):
        assert all(r["score"] == 0 for r in reports if name in r["submission"]["path"]), name
    # Of two entries of one name the last counts, and is listed for the TA.
    assert [r["score"] < 50 for r in reports if "twice" in r["submission"]["path"]] == [True]
    assert planted["backwards"][::-1] not in said
    return "each entry named, the rest graded"


def names_and_texts(folder: Path, _planted: dict[str, Any]) -> str:
    """Students' names, class names, messages and outputs that a page or terminal would obey."""
    (folder / "class").mkdir()
    notebook = json.dumps(wrong(SHOUTING))
    for name in _NAMES:
        (folder / "class" / f"{name}.ipynb").write_text(notebook, encoding="utf-8")
    said, reports = _class(folder, folder / "class")
    assert len(reports) == len(_NAMES)
    assert not {"\x1b", "\u202e"} & set(said)
    for path in (folder / "class").iterdir():
        path.unlink()
    (folder / "class").rmdir()
    return "escaped in every output"


def workflow_commands(folder: Path, _planted: dict[str, Any]) -> str:
    """A message that gives orders to the CI service that reads our log."""
    path = write(wrong(SHOUTING), folder, "input.ipynb")
    elsewhere = {"GITHUB_STEP_SUMMARY": "summary", "GITHUB_OUTPUT": "output"}
    values = {name: str(folder / file) for name, file in elsewhere.items()}
    with mock.patch.dict(os.environ, {"GITHUB_ACTIONS": "true", **values}):
        said = _said([str(path), "--github", *_OPTIONS])
    fence = ""
    for line in said.splitlines():
        begun = re.fullmatch(r"::stop-commands::(\w{32})", line)
        if fence or begun:
            fence = "" if line == f"::{fence}::" else fence or str(begun and begun[1])
        elif line.lstrip().startswith("::"):
            assert re.match(r"::(error|warning|notice) (file|line|title)=", line), line
    for file in (path, *(folder / name for name in elsewhere.values())):
        file.unlink(missing_ok=True)
    return "fenced, and escaped"


def _class(folder: Path, path: Path) -> tuple[str, list[dict[str, Any]]]:
    """Grade a class; return all that was said and written, and its reports; nothing is left."""
    out, before = folder / "graded", _all(folder)
    said = _said([str(path), "-o", str(out), "--isolation", "auto", *_OPTIONS])
    reports = [json.loads(line) for line in (out / "results.jsonl").read_text().splitlines()]
    for row in csv.reader((out / "grades.csv").read_text(encoding="utf-8-sig").splitlines()):
        assert not [cell for cell in row if re.match(r"[=+@\t\r]", cell)], row
    for page in (out / "report.html", *(out / "feedback").glob("*.html")):
        text = page.read_text(encoding="utf-8")
        assert not [mark for mark in ("<script>alert", "<img", "\x1b", "\u202e") if mark in text]
        assert "Content-Security-Policy" in text
        said += re.sub("<[^>]*>", "", text)
    for file in sorted(out.rglob("*"), reverse=True):
        (file.rmdir if file.is_dir() else file.unlink)()
    out.rmdir()
    assert _all(folder) == before, _all(folder) ^ before
    return said, reports


def _all(folder: Path) -> set[str]:
    """Return what lies in a folder, but for what Matplotlib keeps for itself."""
    return {str(file) for file in folder.rglob("*") if "matplotlib" not in file.parts}


def _said(arguments: list[str]) -> str:
    """Return what a command writes; it ends as a command does that graded something."""
    out, errors = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(errors):
        status = main(arguments)
    assert status in (0, 1), (status, errors.getvalue())
    assert "Traceback" not in errors.getvalue()
    return out.getvalue() + errors.getvalue()


INPUTS = {
    "notebooks that are none": unreadable_notebooks,
    "archives": archives,
    "names and texts": names_and_texts,
    "workflow commands": workflow_commands,
}
