"""A class some of whom hand in their notebooks saved as text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import nbformat
import pytest

from tests.batch.grading import Ran, by_student, grade
from tests.notebooks import changed, solved, template, write
from tests.texts import FORMS

if TYPE_CHECKING:
    from pathlib import Path

    from tests.batch.conftest import SharedWorkers


@pytest.fixture
def graded(tmp_path: Path, workers: SharedWorkers) -> tuple[Ran, Path]:
    """Grade a class: two hand in the notebook, one of them its export too, three hand in text."""
    del workers
    wrong = changed("optm.step()", "optm.step")
    for student, notebook in (("kim", solved()), ("lee", wrong)):
        (tmp_path / "in" / student).mkdir(parents=True)
        write(notebook, tmp_path / "in" / student, "mlp.ipynb")
    texts = {
        "kim/mlp.py": FORMS["colab.py"](template()),
        "lee/helper.py": "def double(x):\n    return 2 * x\n",
        "park/mlp.py": FORMS["percent.py"](wrong),
        "choi/mlp.md": FORMS["nbconvert.md"](solved()),
        "jung/helper.py": "def double(x):\n    return 2 * x\n",
        "yoon/broken.py": b"\xff\xfe",
    }
    for name, text in texts.items():
        path = tmp_path / "in" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return grade(tmp_path / "in", "-o", tmp_path / "out", "--annotated"), tmp_path / "out"


def test_text_gets_what_the_notebook_gets(graded: tuple[Ran, Path]) -> None:
    ran, out = graded
    assert ran.status == 0
    found = by_student(out)
    assert {id_: one["score"] for id_, one in found.items()} == {
        "kim": 100,
        "choi": 100,
        **dict.fromkeys(("lee", "park"), found["lee"]["score"]),
    }
    assert found["kim"]["submission"]["path"].endswith("mlp.ipynb")
    mine, theirs = (
        [[x["code"] for x in c["findings"]] for c in found[who]["checks"]]
        for who in ("park", "lee")
    )
    assert mine == theirs


@pytest.mark.slow
def test_pages_show_the_lines_of_the_file(graded: tuple[Ran, Path], tmp_path: Path) -> None:
    _, out = graded
    text = (tmp_path / "in" / "park" / "mlp.py").read_text(encoding="utf-8").split("\n")
    line = 1 + next(n for n, words in enumerate(text) if words.strip() == "optm.step")
    for folder in ("feedback", "annotated"):
        page = (out / folder / "park.html").read_text(encoding="utf-8")
        assert f"line {line}" in page
        assert "Cell at line" in page
        assert ">Cell 2" not in page
    annotated = nbformat.read(out / "annotated" / "park.ipynb", 4)
    assert all(not cell.source.startswith("\n") for cell in annotated.cells)
    nbformat.validate(annotated)
