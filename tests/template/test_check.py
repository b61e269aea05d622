"""A template that is stale, has lost a marker or shows an answer does not pass the check."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from nbformat.v4 import new_output

from grader.errors import AssignmentError
from grader.template.build import notebook_text, student_notebook
from grader.template.check import problems
from tests.template.course import cell, course, replace_in, replaced, save, solved, template

if TYPE_CHECKING:
    from pathlib import Path

    from nbformat import NotebookNode

    from grader.assignment import Assignment


@pytest.fixture
def mlp(tmp_path: Path) -> Assignment:
    return course(tmp_path)


def said(assignment: Assignment) -> str:
    return "\n".join("\n".join([p.message, *p.lines]) for p in problems(assignment))


def test_a_built_template_is_as_it_should_be(mlp: Assignment) -> None:
    assert problems(mlp) == []


def test_a_stale_one_is_shown_as_a_diff(mlp: Assignment) -> None:
    notebook = solved(mlp)
    replaced(cell(notebook, "evaluation"), "n_total += batch_in.size(0)", "n_total += 256")
    mlp.reference.write_text(json.dumps(notebook), encoding="utf-8")
    (only,) = problems(mlp)
    assert "stale" in only.message
    assert "-              n_total += batch_in.size(0)" in only.lines
    assert "+              n_total += 256" in only.lines
    assert len(only.lines) < 12


def test_leftovers_of_an_editor_are_shown(mlp: Assignment) -> None:
    notebook = template(mlp)
    cell(notebook, "setup")["outputs"] = stream("hello")
    cell(notebook, "setup")["execution_count"] = 3
    notebook["metadata"]["colab"] = {"name": "x"}
    save(mlp, notebook)
    text = said(mlp)
    assert '"execution_count": 3' in text
    assert "hello" in text
    assert "colab" in text


def test_another_layout_of_the_same_file_is_stale_too(mlp: Assignment) -> None:
    mlp.template.write_text(json.dumps(template(mlp)), encoding="utf-8")
    (only,) = problems(mlp)
    assert only.lines == ("The same cells, but the file is written otherwise.",)


@pytest.mark.parametrize(
    ("name", "find", "text", "blank"),
    [
        ("model", "            # FILL IN HERE\n        )\n        self.lin_2", "", 1),
        ("training", "# FILL IN HERE      # backpropagate", "# your code", 6),
        ("training", "        # FILL IN HERE      # optimizer update\n", "", 7),
    ],
)
def test_a_lost_marker_is_named(
    name: str, find: str, text: str, blank: int, mlp: Assignment
) -> None:
    notebook = template(mlp)
    replaced(cell(notebook, name), find, text or find.rsplit("\n", maxsplit=1)[-1])
    save(mlp, notebook)
    lost = [p.message for p in problems(mlp) if "marker" in p.message]
    assert len(lost) == 1
    assert f"blank {blank} " in lost[0]


def test_a_lost_cell_has_lost_its_markers(mlp: Assignment) -> None:
    notebook = template(mlp)
    notebook["cells"] = [c for c in notebook["cells"] if c["id"] != "training"]
    save(mlp, notebook)
    lost = [p.message for p in problems(mlp) if "marker" in p.message]
    assert [message.split()[1] for message in lost] == ["5", "6", "7"]


def stream(text: str) -> list[NotebookNode]:
    return [new_output("stream", text=text)]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda c: c.update(outputs=stream("use optm.step()\n")), "(outputs)"),
        (lambda c: c["metadata"].update(hint="optm . step( )"), "(metadata)"),
        (lambda c: c.update(source=c.source + "\noptm.step()"), "(code)"),
    ],
)
def test_an_answer_that_can_be_read_is_found(change: Any, where: str, mlp: Assignment) -> None:
    notebook = template(mlp)
    change(cell(notebook, "setup"))
    save(mlp, notebook)
    leaks = [p.message for p in problems(mlp) if "can be read" in p.message]
    assert len(leaks) == 1
    assert "blank 7" in leaks[0]
    assert where in leaks[0]
    assert "optm" not in leaks[0]


def test_an_answer_in_the_text_of_the_solved_notebook_is_found(mlp: Assignment) -> None:
    notebook = solved(mlp)
    cell(notebook, "finish").source += "\nCall `optm.step()`."
    mlp.reference.write_text(json.dumps(notebook), encoding="utf-8")
    save(mlp, student_notebook(mlp))
    assert "blank 7 can be read in cell 22 (text)" in said(mlp)


def test_what_the_notebook_itself_shows_elsewhere_may_stand_there_once(mlp: Assignment) -> None:
    # The training loop flattens its batches in plain sight, as blank 3 has to.
    notebook = template(mlp)
    shown = "batch_in.view(-1, 28*28).to(device)"
    assert shown in cell(notebook, "training").source
    replaced(cell(notebook, "evaluation"), "y_trgt = batch_out.to(device)", f"x = {shown}")
    save(mlp, notebook)
    assert "blank 3 can be read" in said(mlp)


def test_a_marker_of_the_solved_notebook_is_found(mlp: Assignment) -> None:
    notebook = template(mlp)
    notebook["metadata"]["old"] = ["x  # ANSWER 1"]
    save(mlp, notebook)
    assert "marker of the solved notebook stands in the notebook's metadata" in said(mlp)


@pytest.mark.parametrize("content", ["", "[]", '{"nbformat": 4}', '{"cells": [1]}'])
def test_something_else_than_a_notebook_is_one_problem(content: str, mlp: Assignment) -> None:
    mlp.template.write_text(content, encoding="utf-8")
    assert len(problems(mlp)) == 1


def test_a_missing_template_says_what_to_do(mlp: Assignment) -> None:
    mlp.template.unlink()
    assert "grade template build" in said(mlp)


# ---------------------------------------------------------------- the rubric's figures


def test_points_and_blanks_come_from_the_rubric(mlp: Assignment) -> None:
    rubric = mlp.folder / "assignment.toml"
    replace_in(
        rubric, 'title = "update order"\npoints = 20', 'title = "update order"\npoints = 35.5'
    )
    from grader.assignment import load_assignment  # noqa: PLC0415

    text = notebook_text(student_notebook(load_assignment(str(mlp.folder))))
    assert "| update order | 35.5 | the three update lines" in text
    assert "right order | 5, 6, 7 |" in text


def test_a_check_without_a_row_is_one_clear_error(mlp: Assignment) -> None:
    replace_in(mlp.folder / "assignment.toml", 'title = "update order"', 'title = "the update"')
    from grader.assignment import load_assignment  # noqa: PLC0415

    with pytest.raises(
        AssignmentError, match="the check 'the update' has no row: the table in cell 1"
    ) as caught:
        student_notebook(load_assignment(str(mlp.folder)))
    assert caught.value.hint


@pytest.mark.parametrize(
    ("find", "text", "says"),
    [
        (
            "optm.step()  # ANSWER 7: optimizer update",
            "optm.step()",
            "blank 7 stands in assignment",
        ),
        ("optm.step()  # ANSWER 7", "optm.step(); x = 1  # ANSWER 8", "no '# ANSWER 7'"),
    ],
)
def test_a_blank_that_is_not_marked_is_one_clear_error(
    find: str, text: str, says: str, mlp: Assignment
) -> None:
    notebook = solved(mlp)
    replaced(cell(notebook, "training"), find, text)
    mlp.reference.write_text(json.dumps(notebook), encoding="utf-8")
    with pytest.raises(AssignmentError, match=says):
        problems(mlp)
