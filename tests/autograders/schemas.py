"""What Gradescope and Classroom 50 take, written down from their documentation.

Gradescope: gradescope-autograders.readthedocs.io/en/latest/specs ("Output format", "Output String
Formatting", "Controlling Test Case Visibility"). Classroom 50: foundation50/classroom50 6e593c79,
schemas/result-v1.schema.json, and what ``validate_result`` in runner.py demands beyond it.
"""

from __future__ import annotations

import json

import jsonschema
import pytest

FORMAT = {"enum": ["text"]}  # of text, html, simple_format, md and ansi the only one shown as is
VISIBILITY = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
GRADESCOPE = {
    "type": "object",
    "required": ["score", "output", "tests"],
    "additionalProperties": False,
    "properties": {
        "score": {"type": "number", "minimum": 0},
        "execution_time": {"type": "number", "minimum": 0},
        "output": {"type": "string"},
        "output_format": FORMAT,
        "test_output_format": FORMAT,
        "test_name_format": FORMAT,
        "visibility": VISIBILITY,
        "stdout_visibility": {"const": "hidden"},
        "extra_data": {"type": "object"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                # Gradescope needs no key of a test where the whole has a score.
                "required": ["name", "output", "number", "visibility", "output_format", "tags"],
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"},
                    "name_format": FORMAT,
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "output_format": FORMAT,
                    "tags": {"type": "array", "items": {"type": "string"}},
                    "visibility": VISIBILITY,
                },
            },
        },
    },
}
_WORDS = {"type": "string", "minLength": 1}
_COUNT = {"type": "integer", "minimum": 0}
_INSTANT = {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\dZ$"}
_ALL = {
    "schema": {"const": "classroom50/result/v1"},
    "classroom": _WORDS,
    "assignment": _WORDS,
    "assignment_type": {"enum": ["individual", "group", "team"]},
    "owner": _WORDS,
    "submission": {"type": "string", "pattern": "^submit/"},
    "commit": _WORDS,
    "release": _WORDS,
    "review": _WORDS,
    "datetime": _INSTANT,
    "score": _COUNT,
    "max-score": _COUNT,
    "tests": {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["test-name", "passed", "score", "max-score"],
            "properties": {
                "test-name": _WORDS,
                "passed": {"type": "boolean"},
                "score": _COUNT,
                "max-score": _COUNT,
            },
        },
    },
}
CLASSROOM50 = {
    "type": "object",
    "additionalProperties": False,
    "required": list(_ALL),
    "properties": _ALL,
}


def gradescope_results(text: str) -> dict:
    """The file's content, which has to be as Gradescope says."""
    assert text.isascii()
    data = json.loads(text, parse_constant=pytest.fail)
    jsonschema.validate(data, GRADESCOPE)
    return data


def classroom50_result(text: str) -> dict:
    """The file's content, which has to be as Classroom 50 says, also where a schema cannot."""
    data = json.loads(text, parse_constant=pytest.fail)
    jsonschema.validate(data, CLASSROOM50)
    assert all(test["score"] <= test["max-score"] for test in data["tests"])
    assert sum(test["score"] for test in data["tests"]) == data["score"] <= data["max-score"]
    assert sum(test["max-score"] for test in data["tests"]) == data["max-score"]
    return data
