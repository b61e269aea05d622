"""A schema's tables in Markdown: each key with what it holds, its default and its meaning."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from grader.rubric.schema import Schema

_NAMES = {
    "string": "text",
    "boolean": "true or false",
    "integer": "whole number",
    "number": "number",
    "object": "table",
}


def key_table(schema: Schema, without: Iterable[str] = ()) -> str:
    """Return a table's keys, the required ones first."""
    left_out, required = set(without), schema.get("required", ())
    properties = {k: v for k, v in schema["properties"].items() if k not in left_out}
    ordered = sorted(properties, key=lambda key: key not in required)
    rows = [
        f"| `{key}` | {holds(properties[key])} | {_default(properties[key], key in required)} "
        f"| {_cell(properties[key].get('description', ''))} |"
        for key in ordered
    ]
    return "\n".join(["| key | holds | default | meaning |", "| --- | --- | --- | --- |", *rows])


def inner_tables(schema: Schema, path: str = "") -> Iterator[tuple[str, Schema]]:
    """Yield the tables within a table, with the keys that lead there."""
    for key, value in schema.get("properties", {}).items():
        for name, inner in _within(value, f"{path}{key}"):
            if inner.get("properties"):
                yield name, inner
                yield from inner_tables(inner, f"{name}, ")


def _within(value: Schema, name: str) -> Iterator[tuple[str, Schema]]:
    if value.get("type") == "object":
        by_name = value.get("additionalProperties")
        if isinstance(by_name, dict):
            yield from _within(by_name, f"{name}, each")
        else:
            yield name, value
    elif isinstance(value.get("items"), dict):
        yield from _within(value["items"], f"{name}, each")


def holds(value: Schema) -> str:
    """Return in a few words what a key holds."""
    if "const" in value:
        return f"`{json.dumps(value['const'])}`"
    if "enum" in value:
        return " or ".join(f"`{json.dumps(one)}`" for one in value["enum"])
    if "oneOf" in value:
        return "table"
    if "anyOf" in value:
        return " or ".join(dict.fromkeys(map(holds, value["anyOf"])))
    kind = value.get("type")
    if kind == "array" and "prefixItems" in value:
        return "[" + ", ".join(map(holds, value["prefixItems"])) + "]"
    if kind == "array":
        return f"list: {holds(value.get('items', {}))}, …"
    by_name = value.get("additionalProperties")
    if kind == "object" and isinstance(by_name, dict):
        return f"table: name = {holds(by_name)}, …"
    return f"{_NAMES.get(str(kind), 'anything')}{_bounds(value)}"


def _bounds(value: Schema) -> str:
    if "exclusiveMinimum" in value:
        return f" above {value['exclusiveMinimum']:g}"
    if "minimum" in value and "maximum" in value:
        return f" from {value['minimum']:g} to {value['maximum']:g}"
    return f", {value['minimum']:g} or more" if "minimum" in value else ""


def _default(value: Schema, required: bool) -> str:
    if required:
        return "**required**"
    default: Any = value.get("default")
    return f"`{json.dumps(default, ensure_ascii=False)}`" if "default" in value else ""


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
