"""The student's notebook: built from the solved one, complete, and giving nothing away."""

import ast
import copy
import json
from pathlib import Path

import nbformat
import pytest
from nbconvert import ScriptExporter
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from grader.assignment import load_assignment
from grader.errors import AssignmentError
from grader.template import with_answer, without_markers
from grader.template.build import (
    answers,
    build_template,
    load_notebook,
    notebook_text,
    student_notebook,
)

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "reference" / "mlp" / "mlp.ipynb"
TEMPLATE = ROOT / "student_templates" / "mlp.ipynb"

ANSWERS = {
    1: ("self.xdim, self.hdim", None),
    2: ("self.hdim, self.ydim", None),
    3: ("batch_in.view(-1, 28*28).to(device)", None),
    4: ("y_pred == y_trgt", None),
    5: ("optm.zero_grad()", "reset gradient"),
    6: ("loss_out.backward()", "backpropagate"),
    7: ("optm.step()", "optimizer update"),
}
# As in the course's own notebook, at the same depth.
BLANKS = [
    "        self.lin_1 = nn.Linear(\n            # FILL IN HERE\n        )\n",
    "        self.lin_2 = nn.Linear(\n            # FILL IN HERE\n        )\n",
    "            model_pred = model(\n                # FILL IN HERE\n            )\n",
    "            n_correct += (\n                # FILL IN HERE\n            ).sum().item()\n",
    "        # FILL IN HERE      # reset gradient\n",
    "        # FILL IN HERE      # backpropagate\n",
    "        # FILL IN HERE      # optimizer update\n",
]


@pytest.fixture
def reference():
    return load_notebook(REFERENCE)


@pytest.fixture
def template():
    return load_notebook(TEMPLATE)


def code(notebook):
    """Return the code cells' sources by id."""
    return {cell.id: cell.source for cell in notebook.cells if cell.cell_type == "code"}


def small(*sources):
    """Return a notebook of code cells, as an editor may have left it."""
    left = {"colab": {"user": "someone"}, "tags": ["kept"], "scrolled": True}
    cells = [
        new_code_cell(
            source, execution_count=4, metadata=left, outputs=[new_output("stream", text="secret")]
        )
        for source in sources
    ]
    for cell in cells:
        del cell["id"]
    return new_notebook(cells=cells, metadata={"colab": {"name": "x"}}, nbformat_minor=2)


# ---------------------------------------------------------------- the committed notebooks


def test_the_committed_template_is_the_built_one():
    built = student_notebook(load_assignment("mlp"))
    assert TEMPLATE.read_text(encoding="utf-8") == notebook_text(built)


@pytest.mark.parametrize("path", [REFERENCE, TEMPLATE], ids=["reference", "template"])
def test_both_are_clean_notebooks_in_the_form_nbformat_writes(path):
    notebook = nbformat.read(path, as_version=nbformat.NO_CONVERT)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert path.read_text(encoding="utf-8") == nbformat.writes(notebook) + "\n"
    for cell in notebook.cells:
        assert not cell.metadata
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_the_reference_marks_the_seven_answers(reference):
    found = answers(reference)
    assert {number: (answer.text, answer.label) for number, answer in found.items()} == ANSWERS
    for answer in found.values():
        source = reference.cells[answer.cell_number - 1].source
        assert answer.text in source.splitlines()[answer.line - 1]


def test_the_blanks_have_the_original_form(template):
    text = "\n".join(code(template).values())
    assert [text.count(blank) for blank in BLANKS] == [1] * len(BLANKS)
    assert text.count("# FILL IN HERE") == len(ANSWERS)


def test_no_answer_leaks(template):
    text = "\n".join(cell.source for cell in template.cells)
    assert "# ANSWER" not in text
    # The training loop flattens its batches in plain sight; that is the original interface.
    shown = {number: text.count(answer) for number, (answer, _) in ANSWERS.items()}
    assert shown == {1: 0, 2: 0, 3: 1, 4: 0, 5: 0, 6: 0, 7: 0}
    for word in ("zero_grad", "backward(", ".step("):
        assert word not in text


def test_both_have_the_same_cells(reference, template):
    ids = [cell.id for cell in reference.cells]
    assert ids == [cell.id for cell in template.cells]
    assert len(set(ids)) == len(ids)
    for ours, theirs in zip(reference.cells, template.cells, strict=True):
        if ours.cell_type == "markdown":
            assert ours == theirs


def test_both_parse(reference, template):
    for notebook in (reference, template):
        for source in code(notebook).values():
            ast.parse(source.replace("%matplotlib inline", ""))


def test_filling_in_the_template_gives_the_reference(reference, template):
    texts = iter(answer for answer, _ in ANSWERS.values())
    for cell, source in code(template).items():
        lines = [
            line[: line.index("#")] + next(texts) if "# FILL IN HERE" in line else line
            for line in source.split("\n")
        ]
        assert "\n".join(lines) == without_markers(code(reference)[cell])


# ---------------------------------------------------------------- building


def test_what_an_editor_left_behind_goes():
    solved = small("x = (\n    1  # ANSWER 1\n)", "y = 2 \t# ANSWER 2: two\r\n")
    solved.cells.append(new_markdown_cell("text", metadata={"colab": {}, "editable": False}))
    solved.metadata["grader"] = {"assignment": "mine"}
    built = build_template(solved)
    nbformat.validate(built)
    first, second, text = built.cells
    assert first.source == "x = (\n    # FILL IN HERE\n)"
    assert second.source == "# FILL IN HERE      # two\n"
    assert first.id == "cell-1"
    assert first.metadata == {"tags": ["kept"]}
    assert (first.outputs, first.execution_count) == ([], None)
    assert text.metadata == {"editable": False}
    assert built.metadata.grader == {"assignment": "mine"}
    assert "secret" not in notebook_text(built)
    assert "colab" not in notebook_text(built)


def test_building_changes_nothing_in_the_reference(reference):
    before = copy.deepcopy(reference)
    build_template(reference)
    assert reference == before


@pytest.mark.parametrize(
    ("sources", "says"),
    [
        (["x = 1"], "no '# ANSWER 1'"),
        (["x = 1  # ANSWER 1\ny = 2  # ANSWER 3"], "no '# ANSWER 2'"),
        (["x = 1  # ANSWER 1", "\ny = 2  # ANSWER 1"], "cell 1, line 1 and in cell 2, line 2"),
        (["x = 1  # ANSWER"], "cell 1, line 1: malformed"),
        (["x = 1  # answer 1"], "malformed"),
        (["x = 1  #ANSWER 1"], "malformed"),
        (["x = 1  # ANSWER 0"], "malformed"),
        (["x = 1  # ANSWER 1 label"], "malformed"),
        (["x = 1  # ANSWER 1:"], "malformed"),
        (["x = 1  # ANSWER 1 # ANSWER 2"], "malformed"),
        (["    # ANSWER 1\n    x = 1"], "malformed"),
    ],
)
def test_a_wrong_marker_is_one_clear_error(sources, says):
    with pytest.raises(AssignmentError, match=says) as caught:
        build_template(small(*sources))
    assert caught.value.hint


@pytest.mark.parametrize("notebook", [{}, {"nbformat": 3, "worksheets": []}])
def test_something_else_than_a_notebook_is_one_clear_error(notebook):
    with pytest.raises(AssignmentError, match="isn't a notebook"):
        build_template(nbformat.from_dict(notebook))


@pytest.mark.parametrize(
    "content",
    ["", "[]", "[" * 100_000, '{"nbformat": 99}', '{"nbformat": 4, "cells": [1]}'],
    ids=["empty", "list", "deep", "new", "numbers"],
)
def test_a_file_that_is_no_notebook_is_one_clear_error(content, tmp_path):
    wrong = tmp_path / "wrong.ipynb"
    wrong.write_text(content, encoding="utf-8")
    with pytest.raises(AssignmentError, match=r"wrong\.ipynb"):
        load_notebook(wrong)


def test_cells_without_an_id_get_the_same_one_each_time(tmp_path):
    path = tmp_path / "solved.ipynb"
    cell = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    cells = [cell | {"source": "x = 1  # ANSWER 1"}]
    whole = {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": cells}
    path.write_text(json.dumps(whole), encoding="utf-8")
    texts = {notebook_text(build_template(load_notebook(path))) for _ in range(3)}
    assert len(texts) == 1
    assert '"id": "cell-1"' in texts.pop()


@pytest.mark.filterwarnings("ignore:IPython is needed")  # to translate magics; not looked at here
def test_nbconvert_makes_a_script_of_a_template(template):
    script, resources = ScriptExporter().from_notebook_node(template)
    assert resources["output_extension"] == ".py"
    assert "def func_eval" in script


# ---------------------------------------------------------------- other answers

CELL = "for x in y:\n    a()  # ANSWER 1: first\n    b(\n        1  # ANSWER 2\n    )"


def test_another_answer_takes_the_place_and_the_indentation():
    assert with_answer(CELL, 2, "2") == CELL.replace("1  # ANSWER 2", "2")
    several = with_answer(CELL, 1, "\n  if c:\n      d()\n\n  e()\n")
    assert several.startswith("for x in y:\n    if c:\n        d()\n\n    e()\n    b(")
    assert "# ANSWER 2" in several


def test_an_empty_answer_leaves_an_empty_line():
    assert with_answer(CELL, 1, "").split("\n")[1] == ""


def test_an_answer_that_is_not_in_the_cell_is_an_error():
    with pytest.raises(AssignmentError, match="no '# ANSWER 3'"):
        with_answer(CELL, 3, "pass")


def test_without_markers_keeps_the_answers():
    assert without_markers(CELL) == "for x in y:\n    a()\n    b(\n        1\n    )"
