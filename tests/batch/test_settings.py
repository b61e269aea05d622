"""A class is graded as what most of its notebooks are; a stray one is told so."""

from __future__ import annotations

import json
import shutil
import zipfile
from pathlib import Path
from typing import Any

import pytest

from grader.assignment import load_assignment
from grader.batch.settings import recognise_class
from grader.cli import main
from grader.errors import GraderError
from grader.intake import Archives, find_submissions
from tests.notebooks import code, solved, sources, write

LINE = load_assignment("linear_regression")


def line() -> dict[str, Any]:
    return code(sources(json.loads(LINE.reference.read_text(encoding="utf-8"))))


def a_class(folder: Path, **notebooks: dict[str, Any]) -> Path:
    folder.mkdir()
    for student, notebook in notebooks.items():
        write(notebook, folder, f"{student}.ipynb")
    return folder


def recognised(folder: Path, one_is_there: Any = lambda: None) -> Any:
    with Archives() as archives:
        handed_in = find_submissions([str(folder)], archives=archives)
        return recognise_class(handed_in, archives, one_is_there)


def test_the_majority_decides(tmp_path: Path) -> None:
    folder = a_class(tmp_path / "class", ann=line(), ben=line(), cem=solved())
    (folder / "dan.ipynb").write_text("<html>", encoding="utf-8")
    found = recognised(folder)
    assert (found.id, found.alike, found.seen) == ("linear_regression", 2, 3)


@pytest.mark.parametrize("name", ["of/zoe.zip", "zoe.zip"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_hand_in_has_one_vote(tmp_path: Path, name: str, *, packed: bool) -> None:
    folder = a_class(tmp_path / "class", ann=solved(), ben=solved(), cem=solved())
    (folder / name).parent.mkdir(exist_ok=True)
    with zipfile.ZipFile(folder / name, "w") as archive:
        for number in range(30):
            archive.writestr(f"{number}.ipynb", json.dumps(line()))
    if packed:  # the whole class as one download
        folder = Path(shutil.make_archive(str(tmp_path / "all"), "zip", folder))
    found = recognised(folder)
    assert (found.id, found.alike, found.seen) == ("mlp", 3, 4)


def test_the_first_that_belongs_to_any_is_told(tmp_path: Path) -> None:
    told: list[int] = []
    recognised(a_class(tmp_path / "one", ann=line(), ben=line()), lambda: told.append(1))
    assert told == [1]
    with pytest.raises(GraderError):
        recognised(a_class(tmp_path / "none", ann=code(["1"])), lambda: told.append(2))
    assert told == [1]


def test_no_majority_is_an_error_that_names_the_assignments(tmp_path: Path) -> None:
    with pytest.raises(GraderError, match="1 of 2 belong") as error:
        recognised(a_class(tmp_path / "half", ann=line(), cem=solved()))
    assert "--assignment linear_regression" in (error.value.hint or "")
    with pytest.raises(GraderError, match="they show none"):
        recognised(a_class(tmp_path / "none", ann=code(["x = 1"])))


@pytest.mark.usefixtures("workers")
def test_a_class_end_to_end(tmp_path: Path, capsys: Any) -> None:
    folder = a_class(tmp_path / "class", ann=line(), ben=line(), cem=solved())
    out = tmp_path / "out"
    options = ["--seed", "1", "--device", "cpu", "--isolation", "basic", "-o", str(out)]
    assert main([str(folder), *options]) == 1
    said = capsys.readouterr()
    assert "assignment: Linear regression by hand, as 2 of 3 hand-ins show" in said.err
    assert "Linear regression by hand" in said.out
    lines = (out / "results.jsonl").read_text(encoding="ascii").splitlines()
    reports = {r["submission"]["path"][-9:]: r for r in map(json.loads, lines)}
    assert {r["assignment"] for r in reports.values()} == {"linear_regression"}
    assert [reports[f"{name}.ipynb"]["score"] for name in ("ann", "ben", "cem")] == [100, 100, 0]
    assert "another assignment" in reports["cem.ipynb"]["notes"][0]["message"]
    assert {c["status"] for c in reports["cem.ipynb"]["checks"]} == {"error"}
    # Going on needs no notebook to be recognised again.
    (folder / "ben.ipynb").unlink()
    main([str(folder), *options, "--replace"])
    assert "notebooks show" not in capsys.readouterr().err
