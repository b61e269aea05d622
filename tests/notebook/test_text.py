"""Notebooks saved as text: the same code as in the notebook, at the lines of the file."""

from __future__ import annotations

import re

import jupytext
import pytest

from grader.notebook.read import parse_notebook
from tests.notebooks import code, solved, sources, template
from tests.texts import COMMENTED, FORMS, JUPYTEXT

MAGICS = [
    "%matplotlib inline\nimport torch",
    "!pip install einops\nx = 1",
    "%%time\nfor i in x:\n    pass",
]
CALLS = ("app.run()",)
NAMES = ("mlp", "cnn", "attention", "optimizers", "linear_regression")


def read(text, name="x.py"):
    return parse_notebook(text.encode() if isinstance(text, str) else text, name)


def code_lines(source):
    """The lines of a cell that are code: neither blank, nor comments, nor for IPython."""
    lines = (line.strip() for line in source.split("\n"))
    return [line for line in lines if line and not re.match(r"#|%|!|get_ipython", line)]


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.kind == "code"]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", FORMS)
def test_it_is_the_code_of_the_notebook_at_its_lines_of_the_file(form, name):
    notebook = solved(name)
    text = FORMS[form](notebook)
    cells = code_cells(read(text, form))
    told = [line for cell in cells for line in code_lines(cell.source)]
    wanted = [line for source in sources(notebook) for line in code_lines(source)]
    assert [line for line in told if line not in CALLS] == wanted
    file = text.split("\n")
    for cell in cells:
        assert cell.above is not None
        assert cell.source[: cell.above] == "\n" * cell.above
        lines = cell.source.split("\n")
        for number in range(cell.above, len(lines)):
            assert lines[number].strip() in {file[number].strip(), ""}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", JUPYTEXT)
def test_it_has_the_cells_that_jupytext_reads(form, name):
    text = FORMS[form](template(name))
    theirs = [c.source for c in jupytext.reads(text, JUPYTEXT[form]).cells if c.cell_type == "code"]
    ours = [cell.text for cell in code_cells(read(text, form))]
    bare = [[x for x in map(code_lines, cells) if x] for cells in (ours, theirs)]
    if (
        form == "light.py"
    ):  # where nothing marks the end of a cell, the next paragraph belongs to it
        bare = [[line for cell in cells for line in cell] for cells in bare]
    assert bare[0] == bare[1]


@pytest.mark.parametrize("form", FORMS)
def test_magics_are_no_code_and_cells_with_one_are_kept(form):
    text = FORMS[form](code([*MAGICS, "y = 2"], language_info={"name": "python"}))
    cells = code_cells(read(text, form))
    from grader.notebook.magics import to_python  # noqa: PLC0415

    python = [line.strip() for c in cells for line in to_python(c.source).split("\n")]
    assert [x for x in python if re.match(r"import|x =|for|y =", x)] == [
        *("import torch", "x = 1", "for i in x:", "y = 2")
    ]


HEADINGS = {
    "percent.py": "# %% [markdown]\n# ## One\n\n# %%\nx = 1\n",
    "a string.py": '# %% [markdown]\n"""\n## One\n"""\n\n# %%\nx = 1\n',
    "nbconvert.py": "# In[1]:\n\n\ny = 1\n\n\n# ## One\n# text\n\n# In[2]:\n\n\nx = 1\n",
    "light.py": "# ## One\n\n# +\nx = 1\n\n# -\n",
    "colab.py": '"""## One"""\n\nx = 1\n\n"""## Two\n\nmore\n"""\n\ny = 2\n',
    "x.md": "## One\n\n```python\nx = 1\n```\n",
}


@pytest.mark.parametrize(("form", "text"), HEADINGS.items(), ids=HEADINGS)
def test_the_text_between_is_markdown(form, text):
    notebook = read(text, form)
    at = next(c.number for c in notebook.cells if c.kind == "code" and "x = 1" in c.source)
    assert notebook.cells[at - 2].kind == "markdown"
    assert notebook.cells[at - 2].source.startswith("## One")


# What stands where one cell must not take others with it, or a mark is none: code cells' texts.
CELLS = {
    "a string that is never closed": ('# %%\nx = """\n# %%\ny = 1\n', ['x = """', "y = 1"]),
    "a mark within a function": (
        "# %%\ndef f():\n    # %% here\n    return 1\n",
        ["def f():\n    # %% here\n    return 1"],
    ),
    "a magic in a comment": ("# %%\n# %%time\nx = 1\n", ["# %%time\nx = 1"]),
    "marks of VS Code and Spyder": (
        "#%%\nx = 1\n# %% a title\ny = 1\n#%%% b\nz = 1",
        ["x = 1", "y = 1", "z = 1"],
    ),
    "code above the first mark": ("x = 1\n# %%\ny = 1\n", ["x = 1", "y = 1"]),
    "no mark at all": ("x = 1\n\n\ny = 1\n", ["x = 1\n\n\ny = 1"]),
    "a sum in a comment": ("x = 1\n# + y\nz = 1\n", ["x = 1\n# + y\nz = 1"]),
    "CRLF": ("# %%\r\nx = 1\r\n# %%\r\ny = 1\r\n", ["x = 1", "y = 1"]),
    "a byte order mark": ("\ufeff# %%\nx = 1\n", ["x = 1"]),
    "form feeds and other line ends": ("# %%\nx = 1\f\u2028\ny = 1\n", ["x = 1\f\u2028\ny = 1"]),
    "a header and no cells' marks": ("# ---\n# jupyter: x\n# ---\n\nx = 1\n", ["x = 1"]),
    "a header that never ends": ("# ---\nx = 1\n", ["# ---\nx = 1"]),
    "a docstring that is never closed": ('"""text\n\nx = 1\n', ['"""text\n\nx = 1']),
    "a cell that Colab put into comments": (
        f"{COMMENTED}\n# %%time\n# for i in x:\n# \n#     i\n\ny = 1\n",
        [f"{COMMENTED}\n%%time\nfor i in x:\n\n    i\n\ny = 1"],
    ),
}


@pytest.mark.parametrize(("text", "cells"), CELLS.values(), ids=CELLS)
def test_cells_of_scripts(text, cells):
    assert [cell.text for cell in code_cells(read(text))] == cells


BLOCKS = {
    "one language among others": ("```python\nx = 1\n```\n```r\ny\n```\n```\nz\n```\n", ["x = 1"]),
    "no language": ("```\nx = 1\n```\n", ["x = 1"]),
    "Quarto with options": (
        "---\ntitle: x\n---\n```{python}\n#| echo: false\nx = 1\n```\n",
        ["#| echo: false\nx = 1"],
    ),
    "R Markdown with options": ("```{python echo=FALSE}\nx = 1\n```\n", ["x = 1"]),
    "within Quarto's frame": ("::: {.callout}\n```{python}\nx = 1\n```\n:::\n", ["x = 1"]),
    "MyST's options": ("```{code-cell} ipython3\n:tags: [a]\n\nx = 1\n```\n", ["x = 1"]),
    "MyST's options in YAML": ("```{code-cell}\n---\na: 1\n---\nx = 1\n```\n", ["x = 1"]),
    "MyST's colons": (":::{code-cell} python\nx = 1\n:::\n", ["x = 1"]),
    "fences within": ("````python\nx = '''\n```\n'''\n````\n", ["x = '''\n```\n'''"]),
    "a fence that is never closed": ("```python\nx = 1\n", ["x = 1"]),
    "tildes": ("~~~python\nx = 1\n~~~\n", ["x = 1"]),
    "a region": ("<!-- #region -->\ntext\n<!-- #endregion -->\n```python\nx = 1\n```\n", ["x = 1"]),
}


@pytest.mark.parametrize(("text", "cells"), BLOCKS.values(), ids=BLOCKS)
def test_blocks_of_documents(text, cells):
    assert [cell.text for cell in code_cells(read(text, "x.md"))] == cells


TAGS = {
    "x.py": '# %% [markdown] tags=["answer:why"]\n# text\n\n# %%\nx = 1\n',
    "light.py": '# + [markdown] tags=["answer:why"]\n# text\n# -\n\nx = 1\n',
    "x.md": '<!-- #region tags=["answer:why"] -->\ntext\n<!-- #endregion -->\n```python\nx\n```\n',
    "myst.md": '+++ {"tags": ["answer:why"]}\n\ntext\n\n```{code-cell}\nx = 1\n```\n',
}


@pytest.mark.parametrize(("form", "text"), TAGS.items(), ids=TAGS)
def test_tags_of_answers_that_a_person_grades(form, text):
    (cell,) = [c for c in read(text, form).cells if c.tags]
    assert (cell.kind, cell.source.strip(), cell.tags) == ("markdown", "text", ("answer:why",))


def test_a_notebook_with_another_ending_is_a_notebook():
    assert read(
        b'{"nbformat": 4, "metadata": {}, "cells": []}'.replace(
            b"[]", b'[{"cell_type": "code", "source": "x"}]'
        )
    ).cells


def test_a_cell_in_a_call_keeps_lines_of_its_own():
    text = "# In[1]:\n\n\nget_ipython().run_cell_magic('time', '', 'x = 1\\ny = 2\\n')\n"
    (cell,) = code_cells(read(text))
    assert (cell.text, cell.above) == ("%%time\nx = 1\ny = 2", None)
