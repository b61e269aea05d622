"""The JSON Schema (2020-12) of a type that ``decode`` reads."""

from __future__ import annotations

import types
from dataclasses import MISSING, fields, is_dataclass
from enum import Enum
from typing import Annotated, Any, Literal, get_args, get_origin, get_type_hints, is_typeddict

from grader.decode import FOR_TYPE_CHECKERS
from grader.described import UNIONS
from grader.rubric.descriptions import about, descriptions

_PLAIN = {str: "string", bool: "boolean", int: "integer", float: "number"}

Schema = dict[str, Any]


def schema_of(form: Any) -> Schema:
    """Return the schema of a type: plain, a list, a table, a union or one with requirements."""
    origin, inner = get_origin(form) or form, get_args(form)
    if origin is Annotated:
        keywords = schema_of(inner[0])
        for one in inner[1:]:
            keywords |= _fitting(one.schema, keywords.get("type", ""))
        return keywords
    if origin in UNIONS:
        return _either([schema_of(one) for one in inner if one is not types.NoneType])
    if origin is tuple:
        return _list(inner)
    if is_dataclass(form) or is_typeddict(form):
        return table_of(form)
    if origin is Literal:
        return {"enum": list(inner)}
    if isinstance(origin, type) and issubclass(origin, Enum):
        return {"enum": [member.value for member in origin]}
    if form is Any:
        return {}
    if len(inner) == 2:
        return {"type": "object", "additionalProperties": schema_of(inner[1])}
    return {"type": _PLAIN.get(form, "string")}


def table_of(form: Any) -> Schema:
    """Return the schema of a dataclass or a ``TypedDict``: no other keys than its own."""
    hints = get_type_hints(form, localns=FOR_TYPE_CHECKERS, include_extras=True)
    words = descriptions(form)
    properties = {
        key: {**schema_of(hint), **_described(words.get(key, ""))} for key, hint in hints.items()
    }
    for key, value in defaults(form).items():
        properties[key]["default"] = value
    return {
        "type": "object",
        **_described(about(form)),
        "properties": properties,
        "required": [key for key in hints if key in required(form)],
        "additionalProperties": False,
    }


def required(form: Any) -> set[str]:
    """Return the keys that a table has to have."""
    if is_typeddict(form):
        return set(form.__required_keys__)
    return {
        field.name
        for field in fields(form)
        if field.default is MISSING and field.default_factory is MISSING
    }


def defaults(form: Any) -> dict[str, Any]:
    """Return what keys hold that are left out, where that can be written in a file."""
    found = {}
    for field in fields(form) if is_dataclass(form) else ():
        if field.default is not MISSING and field.default is not None:
            value = field.default
            found[field.name] = list(value) if isinstance(value, tuple) else value
    return found


def _described(text: str) -> Schema:
    return {"description": text} if text else {}


def _list(inner: tuple[Any, ...]) -> Schema:
    if inner[-1] is Ellipsis:
        return {"type": "array", "items": schema_of(inner[0])}
    count = len(inner)
    return {
        "type": "array",
        "prefixItems": [schema_of(one) for one in inner],
        "items": False,
        "minItems": count,
        "maxItems": count,
    }


def _either(schemas: list[Schema]) -> Schema:
    return schemas[0] if len(schemas) == 1 else {"anyOf": schemas}


def _fitting(keywords: Schema, kind: str) -> Schema:
    """Return the keywords that say something of a type."""
    of = {"minLength": "string", "minItems": "array"}
    return {key: value for key, value in keywords.items() if of.get(key, kind) == kind}
