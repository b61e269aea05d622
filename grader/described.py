"""How a message calls the types that plain data is read as, with an example of each in TOML."""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import is_dataclass
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, Union, get_args, get_origin, is_typeddict

UNIONS = (Union, types.UnionType)
# How each type is called in a message, and an example of how TOML writes it.
_PLAIN = {
    str: ("a text", '"…"'),
    bool: ("true or false", "true"),
    int: ("a whole number", "1"),
    float: ("a number", "0.5"),
    Path: ("a path", '"…"'),
}


# What a check or a blank may hold, where a type's own example would mislead.
EXAMPLES = {"seconds": "20", "points": "10", "blanks": "[1]", "number": "1"}


def described(form: Any) -> tuple[str, str]:
    """Return the words for a type, and an example of how TOML writes it."""
    origin, inner = get_origin(form), get_args(form)
    if origin is Annotated:
        return described(inner[0])
    if form in _PLAIN:
        return _PLAIN[form]
    if origin in UNIONS:
        each = [described(one) for one in inner if one is not types.NoneType]
        return " or ".join(words for words, _ in each), each[0][1]
    if form is list:
        return "a list", "[ … ]"
    if origin is list:
        words, example = described(inner[0])
        return f"a list: {words}, …", f"[{example}]"
    if origin is tuple:
        each = [described(one) for one in inner if one is not Ellipsis]
        if inner[-1] is Ellipsis:
            return f"a list: {each[0][0]}, …", f"[{each[0][1]}]"
        return f"a list of {len(each)}", f"[{', '.join(example for _, example in each)}]"
    if is_dataclass(form) or is_typeddict(form):
        return "a table", f"{{ {next(iter(form.__annotations__))} = … }}"
    if origin in (dict, Mapping, None) and not issubclass(origin or form, Enum):
        return "a table", "{ … }"
    names = [f'"{one}"' for one in inner or [member.value for member in form]]
    return f"one of {', '.join(names)}", names[0]


def written_kind(plain: Any) -> str:
    """Return how a message calls a value of plain data."""
    if isinstance(plain, str):
        return f'"{plain}"'
    if isinstance(plain, (dict, list)):
        return "a table" if isinstance(plain, dict) else "a list"
    if isinstance(plain, bool):
        return str(plain).lower()
    return "nothing" if plain is None else str(plain)
