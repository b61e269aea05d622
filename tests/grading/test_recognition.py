"""A notebook says itself which assignment it is, or is refused in words."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from grader.assignment import all_assignments, load_assignment
from grader.errors import GraderError, NotebookError
from grader.grading.grader import Grader
from grader.grading.recognise import recognise, refuse_another
from grader.grading.session import Session, grade
from grader.notebook.read import parse_notebook
from tests.notebooks import code, solved, sources, template, write

if TYPE_CHECKING:
    from grader.notebook.read import Notebook

ALL = all_assignments()
LINE = load_assignment("linear_regression")
MLP = load_assignment("mlp")


def read(notebook: dict[str, Any]) -> Notebook:
    return parse_notebook(json.dumps(notebook).encode(), "x.ipynb")


def line() -> list[str]:
    """The code cells of the solved linear regression, without its template's mark."""
    return sources(json.loads(LINE.reference.read_text(encoding="utf-8")))


def only(name: str, cells: list[str]) -> str:
    return next(cell for cell in cells if name in cell)


@pytest.mark.parametrize(
    ("notebook", "expected"),
    [
        (solved(), "mlp"),
        (template(), "mlp"),
        (json.loads(LINE.template.read_text(encoding="utf-8")), "linear_regression"),
        (code(line()), "linear_regression"),
        # One part is enough where nothing else fits, and so is one broken by an empty blank.
        (code([only("def mse_loss", line())]), "linear_regression"),
        (code(["class MultiLayerPerceptronClass(nn.Module):\n    def __init__(self:\n"]), "mlp"),
        # A function of the other's name turns up by chance.
        (code([*sources(solved()), "def train():\n    pass"]), "mlp"),
    ],
    ids=["mlp", "mlp template", "line template", "line", "one part", "broken", "a stray name"],
)
def test_recognised(notebook: dict[str, Any], expected: str) -> None:
    assert recognise(read(notebook), ALL).id == expected


def test_the_templates_mark_decides() -> None:
    notebook = code(["x = 1"], grader={"assignment": "linear_regression"})
    assert recognise(read(notebook), ALL).id == "linear_regression"


def test_a_mark_of_an_assignment_that_is_not_there_is_refused_by_its_name() -> None:
    notebook = read(code(sources(solved()), grader={"assignment": "logreg"}))
    with pytest.raises(NotebookError, match="logreg, which is not known here") as error:
        recognise(notebook, ALL)
    assert "reference/logreg" in (error.value.hint or "")
    with pytest.raises(NotebookError, match="logreg"):
        refuse_another(notebook, MLP, ALL)


@pytest.mark.parametrize("mark", [{"assignment": 3}, "mlp", None, [1]])
def test_a_mark_that_says_nothing_is_ignored(mark: Any) -> None:
    notebook = code(sources(solved()), grader=mark)
    assert recognise(read(notebook), ALL).id == "mlp"


def test_what_fits_none_is_refused_and_the_assignments_named() -> None:
    with pytest.raises(NotebookError, match="no part of any known assignment") as error:
        recognise(read(code(["print('hello')"])), ALL)
    for one in ALL:
        assert f"--assignment {one.id}" in (error.value.hint or "")


def test_what_fits_several_is_refused() -> None:
    both = code([*sources(solved()), *line()])
    with pytest.raises(NotebookError, match="several assignments"):
        recognise(read(both), ALL)


def test_another_assignments_notebook_is_refused_a_broken_one_is_not() -> None:
    with pytest.raises(NotebookError, match="another assignment: Multilayer perceptron"):
        refuse_another(read(solved()), LINE, ALL)
    refuse_another(read(code(["print('hello')"])), LINE, ALL)
    refuse_another(read(code([only("def update", line())])), LINE, ALL)


def test_the_first_notebook_that_is_recognised_says_the_assignment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    graded: list[str] = []

    def grade_notebook(self: Grader, _notebook: Notebook, path: str, _progress: Any) -> None:
        graded.append(f"{Path(path).name} as {self.assignment.id}")

    monkeypatch.setattr(Grader, "grade_notebook", grade_notebook)
    of_none = write(code(["x = 1"]), tmp_path, "none.ipynb")
    of_line = write(code(line()), tmp_path, "line.ipynb")
    of_mlp = write(solved(), tmp_path, "mlp.ipynb")
    with Session(device="cpu") as session:
        with pytest.raises(NotebookError, match="no part"):
            session.grade(of_none)
        session.grade(of_line)
        with pytest.raises(NotebookError, match="another assignment"):
            session.grade(of_mlp)
        session.grade(of_none)
    assert graded == ["line.ipynb as linear_regression", "none.ipynb as linear_regression"]
    with Session("mlp", device="cpu") as session:
        session.grade(of_line)
    assert graded[2:] == ["line.ipynb as mlp"]


@pytest.mark.parametrize("one", ["mlp", MLP.folder, MLP], ids=["name", "folder", "loaded"])
def test_an_assignment_is_named_or_loaded(one: Any) -> None:
    assert Grader(one, device="cpu").assignment == MLP


def test_an_unknown_option_is_refused_by_its_name(tmp_path: Path) -> None:
    options: dict[str, Any] = {"devise": "cpu"}
    with pytest.raises(TypeError, match="'devise'"):
        Grader("mlp", **options)
    with pytest.raises(TypeError, match="'devise'"):
        grade(tmp_path / "x.ipynb", **options)


def test_data_for_an_assignment_without_any(tmp_path: Path) -> None:
    with pytest.raises(GraderError, match="uses no data set"):
        Grader(assignment="linear_regression", data=str(tmp_path))


@pytest.mark.parametrize("one", ALL, ids=lambda one: one.id)
@pytest.mark.parametrize("file", ["reference", "template"])
def test_parts_that_look_alike_tell_no_assignment(one, file):
    """Of two notebooks with a training loop the classes and functions tell which is which."""
    notebook = json.loads(getattr(one, file).read_text(encoding="utf-8"))
    notebook["metadata"] = {}
    assert recognise(read(notebook), ALL).id == one.id
    refuse_another(read(notebook), one, ALL)
    for other in ALL:
        if other is not one:
            with pytest.raises(NotebookError, match="belongs to another assignment"):
                refuse_another(read(notebook), other, ALL)
