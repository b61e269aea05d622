"""The files of an assignment's folder, each with its schema."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from grader.assignment.entries import NO_KEYS, NOT_BY_HAND, AlternativeEntry, MistakeEntry
from grader.assignment.listed import Words
from grader.assignment.load import Rubric
from grader.assignment.model import Check
from grader.audit.records import EquivalentsFile, PairRecords
from grader.checks.kinds import KINDS
from grader.rubric.schema import Schema, schema_of, table_of
from grader.words import codes_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from grader.checks.kind import Kind

DRAFT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = "schemas"


@dataclass(frozen=True)
class Document:
    """A file that an instructor writes: its name, what it is for, and its schema."""

    name: str
    about: str
    schema: Schema

    @property
    def file(self) -> str:
        """The name of the schema's own file."""
        return self.name.replace(".toml", ".json")

    @property
    def text(self) -> str:
        """The schema as its file holds it."""
        whole = {"$schema": DRAFT, "title": self.name, **self.schema}
        # The file's own description is what it is for, not how its class is used.
        return json.dumps({**whole, "description": self.about}, indent=1, ensure_ascii=False) + "\n"


def documents(kinds: Mapping[str, Kind] = KINDS, own: Iterable[str] = ()) -> list[Document]:
    """Return every file's schema, with a branch for each of the kinds of checks.

    ``own`` are the names of a course's own kinds.
    """
    return [
        Document(
            "assignment.toml",
            "What is graded, and for how many points: the parts, the blanks and the checks.",
            rubric_schema(kinds, own),
        ),
        Document(
            "mistakes.toml",
            "Wrong answers, the verdict that each must get, and what a student reads.",
            _one_list("mistakes", table_of(MistakeEntry)),
        ),
        Document(
            "alternatives.toml",
            "Right answers in other words, which must get full marks.",
            _one_list("alternatives", table_of(AlternativeEntry)),
        ),
        Document(
            "words.toml",
            "What a student reads, by code, in place of the grader's own words.",
            schema_of(dict[str, Words]),
        ),
        Document(
            "equivalents.toml",
            "Small changes of the solution that no check has to notice, each with a reason.",
            table_of(EquivalentsFile),
        ),
        Document(
            "pairs.toml",
            "Checks in which one mistake may hide another, or change what it costs.",
            table_of(PairRecords),
        ),
    ]


def own_kinds(reference: Path) -> list[str]:
    """Return the names of the kinds of checks that assignments of a course bring themselves."""
    return sorted({path.stem for path in reference.glob("*/checks/*.py")})


def rubric_schema(kinds: Mapping[str, Kind], own: Iterable[str] = ()) -> Schema:
    """Return the schema of ``assignment.toml``."""
    schema = table_of(Rubric)
    branches = [check_schema(name, kind) for name, kind in kinds.items()]
    branches += [_own_check_schema(name) for name in own]
    checks: dict[str, Any] = schema["properties"]["checks"]
    checks["items"] = {"oneOf": branches}
    return schema


def check_schema(name: str, kind: Kind) -> Schema:
    """Return the schema of a check of one kind: the keys of every check, and the kind's options."""
    base, options = table_of(Check), table_of(kind.options)
    shared = _shared(base)
    partial = codes_of(name) if kind.partly is None else kind.partly
    # A listed mistake may have its share, too, under a code of its own.
    shares = dict.fromkeys(sorted(partial), shared["partial"]["additionalProperties"])
    shared["partial"] = {**shared["partial"], "properties": shares}
    spared = NOT_BY_HAND if kind.by_hand else frozenset()
    says = {"const": name, "description": options.get("description", "")}
    return {
        "type": "object",
        "title": f"a check of the kind {name}",
        "properties": {"kind": says, **shared, **options["properties"]},
        "required": [
            *(key for key in base["required"] if key in shared and key not in spared),
            *options["required"],
        ],
        "additionalProperties": False,
        # Without a kind of its own a check is of the kind that its id names.
        "anyOf": [{"required": ["kind"]}, {"properties": {"id": {"const": name}}}],
    }


def _own_check_schema(name: str) -> Schema:
    """Return the schema of a check of an assignment's own kind, which has any options."""
    base = table_of(Check)
    shared = _shared(base)
    return {
        "type": "object",
        "title": f"a check of the kind {name}, from an assignment's checks/",
        "properties": {"kind": {"const": name}, **shared},
        "required": ["kind", *(key for key in base["required"] if key in shared)],
    }


def _shared(base: Schema) -> dict[str, Any]:
    """Return what the keys of every check may hold."""
    return {key: of for key, of in base["properties"].items() if key not in {*NO_KEYS, "kind"}}


def write_schemas(reference: Path) -> list[Path]:
    """Write the schemas beside the assignments of a course; return their files."""
    folder = reference / FOLDER
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for document in documents(own=own_kinds(reference)):
        path = folder / document.file
        path.write_text(document.text, encoding="utf-8", newline="\n")
        written.append(path)
    return written


def _one_list(key: str, entry: Schema) -> Schema:
    return {
        "type": "object",
        "properties": {key: {"type": "array", "items": entry}},
        "additionalProperties": False,
    }
