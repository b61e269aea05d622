"""Text pasted from a session loses its prompts, as in IPython."""

from __future__ import annotations

import pytest
from IPython.core.inputtransformer2 import TransformerManager

from grader.notebook.magics import to_python

SESSIONS = {
    "Python": ">>> def f(x):\n...     y = x\n...\n...     return y\n...\n>>> f(1)",
    "Python, a comment first": "# pasted\n>>> x = 1\n>>> y = 2",
    "IPython": "In [12]: def f(x):\n    ...:     return x\n    ...: \n\nIn [13]: f(1)",
    "empty lines above": "\n\n>>> x = 1",
    "a magic": ">>> %time x = 1",
}


@pytest.mark.parametrize("session", SESSIONS.values(), ids=SESSIONS)
def test_prompts_go(session: str) -> None:
    python = to_python(session)
    assert python.count("\n") == session.count("\n")
    told = TransformerManager().transform_cell(session)
    if "%" not in session:
        assert python.strip() == told.strip()
    assert ">>>" not in python
    assert "In [" not in python
    compile(python, "session", "exec")


@pytest.mark.parametrize("text", ["x = 1\ny = = 2\n>>> z = 3", "a >>> b c", "In [x]: y z"])
def test_other_text_stays(text: str) -> None:
    assert to_python(text) == text
