"""``--annotated``: for notebooks into a folder that is named, for a class into its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from grader.cli import main
from grader.notebook.read import read_notebook
from tests.notebooks import ROOT, changed, write

from .stand_in import error_of

if TYPE_CHECKING:
    from pathlib import Path

SAMPLE = ROOT / "tests" / "samples" / "submission.ipynb"
USUAL = ("--seed", "1", "--device", "cpu")


@pytest.mark.parametrize(
    ("words", "error", "hint"),
    [
        (["x.ipynb", "--annotated"], "needs a folder", "--annotated DIR"),
        (["--annotated", "x.ipynb"], "no notebook was named", "--annotated DIR"),
        (["--annotated", "FILE", "x.ipynb"], "is a file", "comes after the option"),
        (["x.ipynb", "--annotated", "FILE/pages"], "cannot make the folder", "--annotated DIR"),
        (["x.ipynb", "--annotated", "a\0b"], "cannot make the folder", "--annotated DIR"),
        ([".", "--annotated"], "the class's folder", "grade PATH -o OUT --annotated"),
        ([".", "-o", "OUT", "--annotated", "DIR"], "OUT/annotated", "name no folder"),
    ],
)
def test_wrong_usage_is_told_before_anything_is_graded(
    words: list[str], error: str, hint: str, tmp_path: Path, engine: Any, capsys: Any
) -> None:
    (tmp_path / "FILE").write_text("")
    words = [w.replace("FILE", str(tmp_path / "FILE")).replace("OUT", str(tmp_path)) for w in words]
    assert main(words) == 2
    said = error_of(capsys)
    assert error in said[0].replace(str(tmp_path), "OUT")
    assert hint in said[1]
    assert engine.graded == []


@pytest.mark.slow
def test_notebooks_of_one_name_have_files_of_their_own(tmp_path: Path, capsys: Any) -> None:
    paths = []
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        paths.append(str(shutil.copy(SAMPLE, tmp_path / folder)))
    (tmp_path / "broken.ipynb").write_text("[]")
    pages = tmp_path / "new" / "pages"
    options = ["--json", "-", "--annotated", str(pages), *USUAL]
    assert main([*paths, str(tmp_path / "broken.ipynb"), *options]) == 1
    out, err = capsys.readouterr()
    assert len([json.loads(line) for line in out.splitlines()]) == 2
    names = {path.name for path in pages.iterdir()}
    stems = ("submission", "submission-2")
    assert names == {f"{stem}.{ending}" for stem in stems for ending in ("html", "ipynb")}
    assert err.count("annotated: ") == 4
    assert f"not annotated, since there is no report on it: {tmp_path}/broken.ipynb" in err
    page = (pages / "submission-2.html").read_text(encoding="utf-8")
    assert "the batch size is written into" in page
    assert read_notebook(pages / "submission.ipynb").cells[0].source.startswith("# submission: ")


@pytest.mark.slow
def test_a_notebook_that_changes_meanwhile_is_not_annotated(
    tmp_path: Path, monkeypatch: Any, capsys: Any
) -> None:
    from grader.grading.session import Session  # noqa: PLC0415

    path = write(changed("optm.step()", "pass"), tmp_path)
    grade = Session.grade

    def then_change(self: Session, *arguments: Any, **options: Any) -> Any:
        report = grade(self, *arguments, **options)
        write(changed("optm.step()", "optm.step() or None"), tmp_path)
        return report

    monkeypatch.setattr(Session, "grade", then_change)
    assert main([str(path), "--annotated", str(tmp_path / "pages"), *USUAL]) == 2
    assert "was changed while it was graded" in capsys.readouterr().err
    assert list((tmp_path / "pages").iterdir()) == []


@pytest.mark.slow
def test_a_plain_report_imports_neither_nbformat_nor_nbconvert(tmp_path: Path) -> None:
    program = (
        "import sys; from grader.cli import main; code = main(sys.argv[1:]);"
        "slow = ('nbformat', 'nbconvert', 'bleach', 'mistune', 'traitlets');"
        "print([name for name in sys.modules if name.startswith(slow)], file=sys.stderr);"
        "sys.exit(code)"
    )
    report = str(tmp_path / "report.json")
    words = [sys.executable, "-c", program, str(SAMPLE), "--json", report, *USUAL]
    done = subprocess.run(words, check=False, capture_output=True, cwd=ROOT)
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == b"[]"


@pytest.mark.slow
def test_no_file_is_replaced_that_was_not_written_so(tmp_path: Path, capsys: Any) -> None:
    own = shutil.copy(SAMPLE, tmp_path / "own.ipynb")
    before = own.read_bytes()
    assert main([str(own), "--annotated", str(tmp_path), *USUAL]) == 2
    said = error_of(capsys)
    assert "own.ipynb is there already" in said[0]
    assert "another folder" in said[1]
    assert own.read_bytes() == before
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "own.html").write_text("a page of mine")
    assert main([str(own), "--annotated", str(pages), *USUAL]) == 2
    (pages / "own.html").unlink()
    for _ in range(2):  # what it wrote itself is replaced
        assert main([str(own), "--annotated", str(pages), *USUAL]) == 1
    assert sorted(path.name for path in pages.iterdir()) == ["own.html", "own.ipynb"]


def test_an_option_that_no_check_takes_is_no_notebooks_fault(tmp_path: Path, capsys: Any) -> None:
    rubric = ROOT / "reference" / "mlp"
    copy = shutil.copytree(rubric, tmp_path / "mlp")
    text = (copy / "assignment.toml").read_text()
    line = 'id = "forward_output"\n'
    (copy / "assignment.toml").write_text(text.replace(line, f"{line}batch_size = 3\n"))
    assert main([str(SAMPLE), str(SAMPLE), "--assignment", str(copy), *USUAL]) == 2
    err = capsys.readouterr().err
    assert err.count('has no key "batch_size"') == 1
    assert err.startswith("error: ")
    assert "submission.ipynb" not in err
