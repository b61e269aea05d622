"""What each key of a table means, from the docstring of the class that declares it.

A sentence of that docstring which names ``key`` describes it. Where none does, the first paragraph
of the docstring describes all of the class's keys together.
"""

from __future__ import annotations

import ast
import inspect
import re
import sys
from dataclasses import is_dataclass
from functools import cache
from typing import Any

_SENTENCE = re.compile(r"(?<=[.)])\s+(?=[A-Z`(])")
_PARAGRAPH = re.compile(r"\n\s*\n")


def about(form: Any) -> str:
    """Return the first paragraph of a class's docstring, as plain text."""
    return _plain(_paragraphs(form)[0]) if _paragraphs(form) else ""


def descriptions(form: Any) -> dict[str, str]:
    """Return a description for each key of a dataclass or a ``TypedDict``."""
    found: dict[str, str] = {}
    for one in reversed(_family(form)):
        for key in _own_keys(one):
            found[key] = _sentences(one, key) or about(one)
    for key in form.__annotations__ if not is_dataclass(form) else ():
        # A subclass may say more of an inherited key.
        found[key] = _sentences(form, key) or found.get(key, about(form))
    return found


def _sentences(form: Any, key: str) -> str:
    named = f"``{key}``"
    every = [s for paragraph in _paragraphs(form) for s in _SENTENCE.split(paragraph)]
    # "``hint = …``" names the key, too.
    fitting = [s for s in every if named in s or f"``{key} = " in s]
    return _plain(" ".join(fitting))


def _paragraphs(form: Any) -> list[str]:
    text = form.__dict__.get("__doc__") or ""
    # A dataclass without a docstring gets its signature as one.
    if text.startswith(f"{form.__name__}("):
        return []
    paragraphs = _PARAGRAPH.split(inspect.cleandoc(text))
    return [" ".join(one.split()) for one in paragraphs if one.strip()]


def _plain(text: str) -> str:
    return text.replace("``", "`")


@cache
def _definitions(module: str) -> dict[str, ast.ClassDef]:
    tree = ast.parse(inspect.getsource(sys.modules[module]))
    return {node.name: node for node in tree.body if isinstance(node, ast.ClassDef)}


def _family(form: Any) -> list[Any]:
    """Return a class and its bases, nearest first; Python forgets those of a ``TypedDict``."""
    node = _definitions(form.__module__).get(form.__name__)
    names = [base.id for base in node.bases if isinstance(base, ast.Name)] if node else []
    around = vars(sys.modules[form.__module__])
    bases = [around[name] for name in names if isinstance(around.get(name), type)]
    mine = [base for base in bases if base.__module__.startswith("grader.")]
    return [form, *(one for base in mine for one in _family(base))]


def _own_keys(form: Any) -> list[str]:
    node = _definitions(form.__module__).get(form.__name__)
    body = node.body if node is not None else []
    fields = (one.target for one in body if isinstance(one, ast.AnnAssign))
    return [target.id for target in fields if isinstance(target, ast.Name)]
