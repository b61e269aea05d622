"""Text that is no notebook, is too much, or is made to take time: one clear sentence, at once."""

from __future__ import annotations

from random import Random

import pytest

from grader.errors import NotebookError
from grader.notebook.read import parse_notebook
from grader.notebook.text.read import MAX_LINES_ABOVE, MAX_TEXT_BYTES, MAX_TEXT_LINES

R = "# ---\n# jupyter:\n#   kernelspec:\n#     language: R\n# ---\n\n# %%\nx <- 1\n"
MARIMO = "import marimo\n@app.cell\ndef _():\n"

REFUSED = {
    "nothing": ("x.py", "", "is empty"),
    "comments alone": ("x.py", "# %% [markdown]\n# text\n", "no code cells"),
    "prose": ("x.md", "# A heading\n\nand a text\n", "no code cells"),
    "another language": ("x.md", "```r\nx <- 1\n```\n", "no code cells"),
    "another kernel": ("x.py", R, "for R, not for Python"),
    "a web page": ("x.md", "<!DOCTYPE html>\n<html>", "web page"),
    "an archive": ("x.py", "PK\x03\x04", "ZIP archive"),
    "another encoding": ("x.py", "x = '가'".encode("cp949"), "not UTF-8 text (byte 6 "),
    "UTF-16": ("x.py", "x = 1".encode("utf-16"), "UTF-16"),
    "JSON": ("x.py", '{"a": 1}', "JSON, but not a notebook"),
    "marimo that is not Python": ("x.py", f"{MARIMO}    x = (\n", "line 4 is not valid Python"),
    "marimo, nested deep": ("x.py", f"{MARIMO}    x = {'-' * 90_000}1\n", "cannot be read"),
    "marimo of too much": ("x.py", MARIMO + "    x\n" * 5_001, "more than 5,000 statements"),
    "bytes": ("x.py", b"#" * (MAX_TEXT_BYTES + 1), "larger than 20 MB"),
    "lines": ("x.py", "\n" * MAX_TEXT_LINES + "x", "more than 50,000 lines"),
    "cells": ("x.py", "# In[1]:\n# a\n" * 10_001, "more than 10,000 cells"),
    "cells in lines": ("x.md", "\n" * 9_000 + "```py\nx\n```\n" * 30, "too many cells in too many"),
    "code": ("x.py", "# %%\nx\n" + "y" * 500_000, "more than 500 kB of code"),
}


@pytest.mark.parametrize(("name", "data", "says"), REFUSED.values(), ids=REFUSED)
def test_it_is_refused_in_a_sentence_with_a_hint(name, data, says):
    with pytest.raises(NotebookError) as caught:
        parse_notebook(data.encode() if isinstance(data, str) else data, name)
    assert says in caught.value.message
    assert caught.value.hint


# Shapes on which a reader may go back over the file for each line, each of 40,000 lines. One that
# did would take minutes here (a test measures no time; tests.trusted does).
SHAPES = {
    "fences in comments": ("x.py", "# %% [markdown]\n", "# ```a\n", "# %%\nx = 1\n"),
    "blank lines": ("x.py", "# +\nx = 1\n", "\n", "# -\n"),
    "strings without an end": ("x.py", "x = 1\n", '\n\n\n\n"""\n', ""),
    "comments in paragraphs": ("x.py", "x = 1\n", "# a\n\n", "# In[1]:\n"),
    "options": ("x.md", "```{code-cell}\n", ":a: &a [*a]\n", "x = 1\n```\n"),
    "YAML": ("x.md", "---\n", "a: &a [*a, *a]\n", "---\n```python\nx = 1\n```\n"),
    "fences": ("x.md", "```python\nx = 1\n````\n", "~~~~a\n", ""),
}


@pytest.mark.parametrize(("name", "first", "again", "last"), SHAPES.values(), ids=SHAPES)
def test_many_lines_of_one_form_are_read(name, first, again, last):
    count = 40_000 // again.count("\n")
    notebook = parse_notebook((first + again * count + last).encode(), name)
    assert any("x = 1" in cell.source for cell in notebook.cells)
    assert sum(cell.above or 0 for cell in notebook.cells) <= MAX_LINES_ABOVE


def test_a_header_starts_nothing_and_reads_no_other_file(tmp_path, monkeypatch):
    (tmp_path / "jupytext.toml").write_text('cell_markers = "region,endregion"\n')
    (tmp_path / "pyproject.toml").write_text("[tool.jupytext]\nformats = 'ipynb,py'\n")
    monkeypatch.chdir(tmp_path)
    opened = []
    monkeypatch.setattr("builtins.open", lambda *given, **_: opened.append(given))
    monkeypatch.setattr("subprocess.Popen", lambda *given, **_: opened.append(given))
    for form in ("marimo", "quarto", "pandoc"):
        text = (
            f"# ---\n# jupyter:\n#   jupytext:\n#     format_name: {form}\n# ---\n\n# %%\nx = 1\n"
        )
        assert parse_notebook(text.encode(), "x.py").cells[-1].text == "x = 1"
        assert parse_notebook(f":::\n\n```python\n%run {form}\n```\n".encode(), "x.md").cells
    assert opened == []


LINES = (
    *("# %%", "# %% [markdown]", "# In[3]:", "# +", "# -", "# text", '"""', '"""text"""', "", "  "),
    *(
        "```python",
        "```{python}",
        "```{code-cell}",
        "```",
        "~~~",
        ":::",
        ":tags: [a]",
        "---",
        "+++",
    ),
    *(
        "# ---",
        "x = 1",
        "def f():",
        "    return 1",
        "    # %%",
        "%%time",
        "!ls",
        "x = (",
        "# %%time",
    ),
    *(
        "import marimo",
        "@app.cell",
        "def _():",
        "app._unparsable_cell(",
        "    x",
        ")",
        "\ufeff",
        "\r",
    ),
    *("# Commented out IPython magic to ensure Python compatibility.", "<!-- #region -->", "\0"),
    *("get_ipython().run_cell_magic('time', '', 'x = 1\\n')", "with app.setup:", "\f", "\u2028"),
)


@pytest.mark.parametrize("seed", range(300))
def test_any_lines_are_read_or_refused_and_code_stands_where_it_says(seed):
    rng = Random(seed)
    lines = [rng.choice(LINES) for _ in range(rng.randrange(30))]
    text = "\n".join(lines)
    for name in ("x.py", "x.md"):
        try:
            notebook = parse_notebook(text.encode(), name)
        except NotebookError:
            continue
        assert notebook == parse_notebook(text.encode(), name)
        file = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
        for cell in notebook.cells:
            if cell.above is not None:
                assert cell.source[: cell.above].strip("\n") == ""
                own = cell.source.split("\n")[cell.above :]
                for mine, its in zip(own, file[cell.above :], strict=False):
                    same = its.replace("\0", "\ufffd").strip().removeprefix("#").strip()
                    assert mine.strip() in {"", same, "# " + same, "#" + same}
