"""The Python API refuses what the command refuses, by name and with a hint."""

from __future__ import annotations

import inspect
from typing import TYPE_CHECKING, Any

import pytest

import grader
from grader.cli.arguments import parse
from grader.grading.session import Session

if TYPE_CHECKING:
    from pathlib import Path

WRONG = [
    ("device", "gpu", "no such device", "cuda:0"),
    ("device", None, "no such device", "cuda:0"),
    ("device", "cuda:", "no such device", "cuda:0"),
    ("seed", "7", "not a seed", "whole number"),
    ("seed", -1, "not a seed", "whole number"),
    ("seed", 2**63, "not a seed", "whole number"),
    ("seed", 1.0, "not a seed", "whole number"),
    ("seed", True, "not a seed", "whole number"),
    ("timeout", -1, "not a time limit", "more than 0"),
    ("timeout", 0, "not a time limit", "more than 0"),
    ("timeout", float("nan"), "not a time limit", "more than 0"),
    ("timeout", float("inf"), "not a time limit", "more than 0"),
    ("timeout", "5", "not a time limit", "more than 0"),
    ("isolation", "foo", "no such isolation", "strict"),
    ("isolation", None, "no such isolation", "strict"),
    ("data", "/no/such/folder", "no such folder", "data set"),
    ("data", "a\0b", "no such folder", "data set"),
    ("data", 3, "no such folder", "data set"),
    ("grouping", "no", "neither True nor False", "True or False"),
]


@pytest.mark.parametrize("make", ["grade", "Grader", "Session", "Session of mlp"])
@pytest.mark.parametrize(("option", "value", "what", "hint"), WRONG)
def test_a_wrong_value_is_refused_by_its_name(
    make: str, option: str, value: Any, what: str, hint: str
) -> None:
    with pytest.raises(grader.GraderError) as error:
        made(make, {option: value})
    assert error.value.message.startswith(f"{option}=")
    assert what in error.value.message
    assert hint in (error.value.hint or "")


@pytest.mark.parametrize("make", ["grade", "Grader", "Session", "Session of mlp"])
def test_an_unknown_option_is_refused_with_the_nearest(make: str) -> None:
    with pytest.raises(grader.GraderError, match="no option 'devise'") as error:
        made(make, {"devise": "cpu"})
    assert error.value.hint == "did you mean device?"
    with pytest.raises(grader.GraderError) as error:
        made(make, {"zzz": 1})
    assert "isolation" in (error.value.hint or "")


def made(what: str, options: dict[str, Any]) -> object:
    if what == "grade":
        return grader.grade("x.ipynb", **options)
    if what == "Grader":
        return grader.Grader("mlp", **options)
    return Session("mlp" if "mlp" in what else None, **options)


def test_the_options_stay_in_the_signature() -> None:
    assert list(inspect.signature(grader.grade).parameters)[2:5] == ["device", "seed", "isolation"]


def test_the_command_takes_what_the_api_takes(tmp_path: Path) -> None:
    given = ["--seed", str(2**63 - 1), "--timeout", "1e-3", "--device", "cuda:1"]
    arguments = parse([*given, "--data", str(tmp_path), "--isolation", "none", "a.ipynb"])
    options = {name: getattr(arguments, name) for name in ("device", "seed", "timeout", "data")} | {
        "isolation": arguments.isolation
    }
    Session(**options)
