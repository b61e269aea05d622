"""Finds the notebook that is open: its file, what Colab's editor holds, or the session's cells."""

from __future__ import annotations

import os
import re
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

from grader.errors import GraderError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from IPython.core.interactiveshell import InteractiveShell

_SECONDS = 20  # that Colab's page may take to answer
_OURS = re.compile(r"\s*(?:%load_ext\s+grader|%reload_ext\s+grader|%grade(?:\s.*)?)\s*")


@dataclass(frozen=True)
class OpenNotebook:
    """The notebook to grade: a file, or the text of one that has none; ``remark`` says which."""

    name: str
    path: Path | None = None
    text: str = ""
    remark: str = ""


def open_notebook(shell: InteractiveShell, named: str | None) -> OpenNotebook:
    """Return the notebook that a kernel belongs to, or the file that was named.

    Jupyter tells its kernels the file in ``JPY_SESSION_NAME``, VS Code in a variable; Colab's page
    is asked. Elsewhere the cells that ran in this session are taken, each text once. Raises
    ``GraderError`` for a file that is not there, and where nothing ran yet.
    """
    if named is not None:
        path = Path(named).expanduser()
        if not path.is_file():
            raise GraderError(f"{named}: no such file", "%grade alone grades the open notebook")
        return OpenNotebook(named, path)
    path_told = _file_of_this_kernel(shell.user_ns)
    if path_told is not None:
        return OpenNotebook(path_told.name, path_told)
    in_the_editor = _from_colab()
    if in_the_editor is not None:
        return in_the_editor
    cells = _cells_that_ran(shell.history_manager.input_hist_raw if shell.history_manager else ())
    if not cells:
        raise GraderError(
            "no cell has run in this session, and its notebook's file is not known",
            "run your cells first, or name the file: %grade submission.ipynb",
        )
    remark = (
        "This notebook's file is not known here: the cells that ran in this session were graded, "
        "in the order in which they ran. To grade a file, name it: %grade submission.ipynb"
    )
    return OpenNotebook("this session", text=_as_notebook(cells), remark=remark)


def is_ours(cell: str) -> bool:
    """Whether a cell does nothing but load or call the grader."""
    lines = [line for line in cell.splitlines() if line.strip()]
    return all(_OURS.fullmatch(line) for line in lines)


def _file_of_this_kernel(variables: Mapping[str, Any]) -> Path | None:
    for told in (variables.get("__vsc_ipynb_file__"), os.environ.get("JPY_SESSION_NAME")):
        # Where it can't be a file's name, or the file was renamed, the next source is tried.
        with suppress(OSError, ValueError):
            if isinstance(told, str) and told.endswith(".ipynb") and Path(told).is_file():
                return Path(told)
    return None


def _from_colab() -> OpenNotebook | None:
    """Return what the editor of Colab holds now, saved or not."""
    if "google.colab" not in sys.modules:
        return None
    try:
        # Not public, but what Colab's own helpers ask with.
        from google.colab import _message  # type: ignore[import-not-found] # noqa: PLC0415

        found = _message.blocking_request("get_ipynb", request="", timeout_sec=_SECONDS)["ipynb"]
        text = nbformat.writes(nbformat.from_dict(found))
    except Exception:  # noqa: BLE001 - whatever changed there, the cells that ran are known here
        return None
    name = found.get("metadata", {}).get("colab", {}).get("name", "notebook.ipynb")
    return OpenNotebook(str(name), text=text)


def _cells_that_ran(history: Sequence[str] | Iterable[str]) -> list[str]:
    """Return every text that ran, once, at its last place."""
    texts = [text for text in history if text.strip() and not is_ours(text)]
    return list(reversed(dict.fromkeys(reversed(texts))))


def _as_notebook(cells: Iterable[str]) -> str:
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    made.metadata["language_info"] = {"name": "python", "version": sys.version.split()[0]}
    return str(nbformat.writes(made))
