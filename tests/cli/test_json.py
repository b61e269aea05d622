"""--json: all that there is on stdout, or a file beside the printed report."""

from __future__ import annotations

import json

import pytest

from grader.cli import main

pytestmark = pytest.mark.usefixtures("engine")


@pytest.mark.parametrize("names", ["ok", "fail", "ok fail", "ok html", "grader"])
def test_json_to_stdout_is_all_there_is(names, capsys):
    paths = [f"{name}.ipynb" for name in names.split()]
    main(["--json", "-", *paths])
    out = capsys.readouterr().out
    reports = [json.loads(out)] if len(paths) == 1 else [json.loads(x) for x in out.splitlines()]
    assert [item["submission"]["path"] for item in reports] == [
        path for path in paths if not path.startswith("html")
    ]


def test_json_to_stdout_is_empty_when_nothing_was_graded(capsys):
    assert main(["--json", "-", "html.ipynb"]) == 2
    assert capsys.readouterr().out == ""


def test_json_file_beside_the_printed_report(tmp_path, capsys):
    target = tmp_path / "report.json"
    assert main(["fail.ipynb", "--json", str(target)]) == 1
    assert json.loads(target.read_text())["score"] == 0
    assert target.read_text().startswith("{\n  ")
    assert capsys.readouterr().out.startswith("mlp  fail.ipynb")


def test_json_file_of_several_is_json_lines_even_if_one_was_read(tmp_path):
    target = tmp_path / "results.jsonl"
    assert main(["ok.ipynb", "html.ipynb", "--json", str(target)]) == 1
    assert len(target.read_text().splitlines()) == 1
    assert json.loads(target.read_text())["submission"]["path"] == "ok.ipynb"
