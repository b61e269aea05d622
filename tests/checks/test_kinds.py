"""A kind of check is whole: its judge, its probe and its words, found by name."""

from __future__ import annotations

import ast
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from pkgutil import walk_packages

import pytest

import grader.probes
from grader.assignment import Words
from grader.assignment.toml_file import parse_toml
from grader.checks.kinds import KINDS
from grader.checks.schema import has_form
from grader.decode import decode
from grader.probes import PROBES
from grader.words import words_for

# Words that belong to no kind.
ANY = "any_check"


def test_every_kind_has_its_probe_and_its_words_and_the_other_way_round() -> None:
    found = (path.name for path in files("grader.words").joinpath("en").iterdir())
    words = {name.removesuffix(".toml") for name in found if name.endswith(".toml")} - {ANY}
    by_hand = {name for name, kind in KINDS.items() if kind.by_hand}
    assert set(KINDS) == set(PROBES) | by_hand == words
    assert len(KINDS) >= 9


def test_every_code_that_a_judge_writes_has_words_for_every_place() -> None:
    """Codes that are put together, or that a listed mistake gives, are not seen here."""
    written = {
        node.args[0].value
        for path in Path(str(files("grader.checks"))).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        if node.func.id == "Remark" and node.args and isinstance(node.args[0], ast.Constant)
    }
    assert len(written) > 60
    for code in written:
        assert words_for(str(code)).message, code


def test_words_have_no_other_keys_than_words_have() -> None:
    for path in files("grader.words").joinpath("en").iterdir():
        for code, entry in parse_toml(path.read_text(encoding="utf-8")).items():
            assert decode(Words, entry).message, (path.name, code)


def test_kinds_are_in_an_order_that_does_not_change() -> None:
    assert list(KINDS) == sorted(KINDS)
    assert list(PROBES) == sorted(PROBES)


def test_every_form_can_be_read() -> None:
    for kind in KINDS.values():
        assert not has_form(kind.form, {})


@pytest.mark.slow
def test_a_worker_has_imported_all_of_its_package_before_it_forks() -> None:
    """A confined child can look for no file; ``grader.probes`` alone has to bring everything."""
    modules = [one.name for one in walk_packages(grader.probes.__path__, "grader.probes.")]
    text = f"import sys, grader.probes\nprint(sorted(set({modules}) - set(sys.modules)))"
    ran = subprocess.run(
        [sys.executable, "-c", text], check=True, capture_output=True, text=True, timeout=300
    )
    assert ran.stdout.strip() == "[]"
