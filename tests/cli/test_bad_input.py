"""Files that cannot be graded: one error, one hint, exit status 2, and never a traceback."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from grader.cli import main
from tests.notebooks import code, solved, write

if TYPE_CHECKING:
    from pathlib import Path


def notebook(**changes: Any) -> bytes:
    return json.dumps({**code(["x = 1"]), **changes}).encode()


FILES: dict[str, bytes] = {
    "empty": b"",
    "not_json": b"import torch\nprint(1)\n",
    "truncated": json.dumps(solved()).encode()[:5000],
    "html": b"<!DOCTYPE html><html><body>Sign in</body></html>",
    "a_list": b"[]",
    "no_code": json.dumps({**code([]), "cells": []}).encode(),
    "r": notebook(metadata={"kernelspec": {"name": "ir", "language": "R"}}),
    "format_99": notebook(nbformat=99),
    "brackets": b"[" * 100_000,
    "invalid_utf8": b'{"cells": "\xff\xfe\xfa"}',
    "source_null": notebook(cells=[{"cell_type": "code", "source": None, "metadata": {}}]),
    "giant_integer": b'{"nbformat": ' + b"9" * 100_000 + b"}",
    "twice": b'{"nbformat": 4, "nbformat": 4, "cells": []}',
}


@pytest.mark.parametrize("name", FILES)
def test_one_error_and_one_hint(name: str, tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / f"{name}.ipynb"
    path.write_bytes(FILES[name])
    refused(path, capsys)


def test_a_folder_named_like_a_notebook(tmp_path: Path, capsys: Any) -> None:
    (tmp_path / "x.ipynb").mkdir()
    refused(tmp_path / "x.ipynb", capsys)


def test_a_missing_file(tmp_path: Path, capsys: Any) -> None:
    refused(tmp_path / "nothing.ipynb", capsys)


def test_a_file_of_200_megabytes(tmp_path: Path, capsys: Any) -> None:
    path = tmp_path / "large.ipynb"
    with path.open("wb") as file:
        file.truncate(200 * 10**6)
    refused(path, capsys)


def refused(path: Path, capsys: Any) -> None:
    assert main([str(path)]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("error: ") == 1
    assert said.err.count("hint: ") == 1
    assert "Traceback" not in said.err


def test_a_bad_file_does_not_stop_the_others(tmp_path: Path, capsys: Any) -> None:
    good = write(solved(), tmp_path, "good.ipynb")
    bad = tmp_path / "bad.ipynb"
    bad.write_bytes(b"")
    assert main([str(bad), str(good), "--json", "-", "--device", "cpu"]) == 1
    said = capsys.readouterr()
    assert [json.loads(line)["score"] for line in said.out.splitlines()] == [100]
    assert said.err.count("error: ") == 1


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--device", "cuda:99"], "no device cuda:99"),
        (["--assignment", "nothing"], "no assignment"),
        (["--data", "/nowhere"], "nowhere"),
    ],
)
def test_what_is_not_there_is_named(
    options: list[str], words: str, tmp_path: Path, capsys: Any
) -> None:
    path = write(solved(), tmp_path)
    assert main([str(path), *options]) == 2
    said = capsys.readouterr()
    assert words in said.err
    assert "hint: " in said.err
    assert "Traceback" not in said.err
