"""A check of an assignment's own in a class: judged anew when its file changes."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any

import pytest

from grader.assignment import load_assignment
from grader.cli import main
from grader.fingerprint import folder_digest
from tests.checks.plain_python import notebook
from tests.own.course import CHECK, write_course

if TYPE_CHECKING:
    from pathlib import Path


def _points(folder: Path) -> dict[str, Any]:
    lines = (folder / "results.jsonl").read_text(encoding="utf-8").splitlines()
    reports = [json.loads(line) for line in lines]
    return {
        os.path.basename(one["submission"]["path"]): one["checks"][0]["status"]  # noqa: PTH119
        for one in reports
    }


def test_a_changed_check_is_judged_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, workers: Any, capsys: Any
) -> None:
    del workers
    monkeypatch.chdir(tmp_path)
    folder = write_course(tmp_path / "reference" / "double")
    hand_ins = tmp_path / "class"
    hand_ins.mkdir()
    for name, answer in (("ann", "x + x"), ("kim", "3 * x")):
        cell = f"def double(x):\n    answer1 = {answer}\n    return answer1\n"
        path = hand_ins / f"{name}.ipynb"
        path.write_text(json.dumps(notebook([cell])), encoding="utf-8")
    told = ["--assignment", "double", "--isolation", "basic", "--seed", "3"]
    assert main([str(hand_ins), "-o", "graded", *told]) == 0
    assert _points(tmp_path / "graded") == {"ann.ipynb": "passed", "kim.ipynb": "failed"}
    milder = CHECK.replace("got - 3 * x", "got - 4 * x").replace("abs(got - want)", "abs(0 * got)")
    write_course(folder, milder)
    assert main(["rescore", "graded"]) == 0
    assert _points(tmp_path / "graded") == {"ann.ipynb": "passed", "kim.ipynb": "passed"}
    write_course(folder, CHECK.replace("def judge(", "def judge(judged, "))
    capsys.readouterr()
    assert main(["rescore", "graded"]) == 2
    assert 'judge gets nothing called "judged"' in capsys.readouterr().err


def test_its_digest_and_path_do_not_depend_on_the_working_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write_course(tmp_path / "reference" / "double")
    here = load_assignment(str(folder)).checks[0].own
    before = folder_digest(folder)
    monkeypatch.chdir(tmp_path)
    there = load_assignment(str(folder)).checks[0].own
    assert here == there is not None
    assert there.path == "reference/double/checks/twice.py"
    (folder / "checks" / "twice.py").write_text(CHECK + "\n# more\n", encoding="utf-8")
    assert folder_digest(folder) != before


@pytest.mark.parametrize(
    ("find", "put", "told"),
    [
        ("torch.as_tensor(x)", "torch.as_tensor(x).nothing", ", line 32: AttributeError"),
        ("list[Array]", "list[int]", ": of the solved notebook the probe returns"),
        ("list[Array]", "tuple[Array, Array]", ": of the solved notebook the probe returns"),
        ("student(_tensor(x))", "student(None)", ": the solved notebook raises TypeError"),
    ],
)
def test_a_probe_that_fails_for_the_solved_notebook_is_told_with_its_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    workers: Any,
    capsys: Any,
    find: str,
    put: str,
    told: str,
) -> None:
    del workers
    monkeypatch.chdir(tmp_path)
    assert find in CHECK
    wrong = CHECK.replace(find, put)
    folder = write_course(tmp_path / "reference" / "double", wrong)
    assert main(["--assignment", "double", str(folder / "plain.ipynb")]) == 2
    said = capsys.readouterr().err
    assert f"reference/double/checks/twice.py{told}" in said
    assert "Traceback" not in said
