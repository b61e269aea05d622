"""Gradescope's results.json: only keys and values that its specification names."""

from __future__ import annotations

import json

import jsonschema
import pytest

from grader.reports import gradescope

from . import samples
from .hostile import HOSTILE, hostile_report

FORMAT = {"enum": ["text"]}  # of text, html, simple_format, md and ansi the only one shown as is
SCHEMA = {
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
        "extra_data": {"type": "object"},
        "tests": {
            "type": "array",
            "items": {
                "type": "object",
                # Gradescope needs no key of a test where the whole has a score.
                "required": ["name", "output"],
                "additionalProperties": False,
                "properties": {
                    "score": {"type": "number"},
                    "max_score": {"type": "number"},
                    "status": {"enum": ["passed", "failed"]},
                    "name": {"type": "string"},
                    "number": {"type": "string"},
                    "output": {"type": "string"},
                    "tags": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
    },
}


def results(text: str) -> dict:
    assert text.isascii()
    data = json.loads(text, parse_constant=pytest.fail)
    jsonschema.validate(data, SCHEMA)
    return data


def test_the_design():
    data = results(gradescope.render([samples.DESIGN]))
    assert data["score"] == 56 == sum(test["score"] for test in data["tests"])
    assert [test["status"] for test in data["tests"]] == ["passed"] * 2 + ["failed"] * 3
    assert data["tests"][3]["name"] == "update order"
    assert data["tests"][3]["output"].startswith("gradients are never cleared\n\nupdate order")
    assert data["tests"][0]["output"] == ""
    assert "not final" not in data["output"]


def test_a_fault_of_the_graders_own_is_said():
    data = results(gradescope.render([samples.EVERY_STATUS]))
    assert "this score is not final" in data["output"]
    assert len(data["tests"]) == 10
    assert "20 points are given by a person" in data["output"]


def test_an_unreadable_notebook_gets_nothing_and_the_reason():
    data = results(gradescope.render([], [("x.ipynb", "x.ipynb is cut off")]))
    assert (data["score"], data["output"], data["tests"]) == (0, "x.ipynb is cut off", [])


def test_hostile_text_is_printable():
    data = results(gradescope.render([hostile_report()]))
    assert not any(ord(c) < 32 and c != "\n" for c in data["tests"][0]["output"])
    assert "\x1b" not in results(gradescope.render([], [("x.ipynb", HOSTILE)]))["output"]
