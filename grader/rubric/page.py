"""The reference page of all that an instructor may write, from schemas, docstrings and words."""

from __future__ import annotations

import re
from importlib import import_module
from importlib.resources import files
from typing import TYPE_CHECKING

import jinja2

from grader.assignment.entries import NOT_BY_HAND
from grader.checks.kinds import KINDS
from grader.checks.remark import together
from grader.rubric.documents import check_schema, documents
from grader.rubric.examples import examples
from grader.rubric.tables import inner_tables, key_table
from grader.words import codes_of, words_for

if TYPE_CHECKING:
    from grader.checks.kind import Kind
    from grader.rubric.schema import Schema

_COMMON = "layer_shapes"  # any kind will do: the keys of every check are the same


def reference_page(kinds: dict[str, Kind] = KINDS) -> str:
    """Return the page as Markdown."""
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # noqa: S701 - Markdown, of nothing but our own texts
    )
    text = (files(__package__) / "page.md.j2").read_text(encoding="utf-8")
    schemas = {document.name: document for document in documents(kinds)}
    shown = examples()
    base = check_schema(_COMMON, kinds[_COMMON])
    base["properties"]["kind"] = {
        "type": "string",
        "description": "`kind` is the kind of the check; without it, the kind is named by `id`.",
    }
    options = set(kinds[_COMMON].options.__annotations__)
    return environment.from_string(text).render(
        documents=schemas,
        kinds=[
            {
                "name": name,
                "observes": _observes(name, kind),
                "schema": (own := _own(name, kind)),
                "inner": list(inner_tables(own)),
                "codes": _codes(name, kind),
                "example": shown.get(name),
            }
            for name, kind in kinds.items()
        ],
        every_check=key_table(base, options),
        spared=together([f"`{key}`" for key in sorted(NOT_BY_HAND)]),
        key_table=key_table,
        entry=lambda name, key: schemas[name].schema["properties"][key]["items"],
        inner_tables=inner_tables,
    )


def _observes(name: str, kind: Kind) -> str:
    """Return what a kind observes: the first sentence of its module, and its options' docstring."""
    module = import_module(f"grader.checks.{name}")
    first = (module.__doc__ or "").strip().split("\n\n")[0]
    text = re.sub(r"^The check ``\w+``: ", "", " ".join(first.split()))
    about = str(check_schema(name, kind)["properties"]["kind"]["description"])
    named = re.match(r"`\w+` (?:is|are) ", about)
    return f"{text[:1].upper()}{text[1:]}" + ("" if named or not about else f" {about}")


def _own(name: str, kind: Kind) -> Schema:
    """Return the schema of a kind's options alone."""
    whole = check_schema(name, kind)
    own = {
        key: value
        for key, value in whole["properties"].items()
        if key in kind.options.__annotations__
    }
    return {"properties": own, "required": [key for key in whole["required"] if key in own]}


def _codes(name: str, kind: Kind) -> list[tuple[str, str, bool]]:
    """Return each code of a kind, the words beside the check's title, and if it can keep points."""
    partly = codes_of(name) if kind.partly is None else kind.partly
    every = sorted(codes_of(name) | kind.general | partly)
    return [(code, words_for(code).summary.replace("|", "\\|"), code in partly) for code in every]
