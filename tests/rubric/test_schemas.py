"""The schemas and the reference page are those of this version, and agree with what is read."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from grader.assignment.toml_file import parse_toml
from grader.checks.kinds import KINDS
from grader.cli import main
from grader.rubric.descriptions import about, descriptions
from grader.rubric.documents import FOLDER, documents, own_kinds
from grader.rubric.examples import examples
from grader.rubric.page import reference_page
from tests.notebooks import ROOT
from tests.rubric.broken import MISSPELT, RUBRIC, VALUES
from tests.rubric.test_broken import break_it

if TYPE_CHECKING:
    from pathlib import Path

DOCUMENTS = {document.name: document for document in documents(own=own_kinds(ROOT / "reference"))}
FILES = sorted(
    path
    for folder in (ROOT / "reference", ROOT / "grader" / "skeleton")
    for path in folder.rglob("*.toml")
    # A piece that `grade new --with-check` adds to a file.
    if path.name != "with_check.toml"
)
# A schema can't say that a name leads nowhere, what Python is, or which of two is smaller.
BEYOND = (
    *("no TOML", "points that are no number", "a range upside down", "an axis of length 0"),
    *("a pattern", "a neutral line", "an anchor", "pattern of a mistake"),
)
BY_FORM = {name: one for name, one in {**MISSPELT, **VALUES}.items() if name not in BEYOND}


def document_of(path: Path) -> str:
    return "mistakes.toml" if path.parent.name == "mistakes" else path.name


def errors(path: Path) -> list[Any]:
    table = parse_toml(path.read_text(encoding="utf-8"))
    schema = json.loads(DOCUMENTS[document_of(path)].text)
    return list(Draft202012Validator(schema).iter_errors(table))


def deepest(error: Any) -> list[Any]:
    """All errors within an error of ``oneOf`` and ``anyOf``, for each of the branches."""
    return [error, *(one for inner in error.context for one in deepest(inner))]


@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_schema_is_that_of_this_version(name: str) -> None:
    document = DOCUMENTS[name]
    written = (ROOT / "reference" / FOLDER / document.file).read_text(encoding="utf-8")
    assert written == document.text, "grade schema writes it anew"
    Draft202012Validator.check_schema(json.loads(document.text))


def test_the_page_is_that_of_this_version() -> None:
    written = (ROOT / "docs" / "rubric.md").read_text(encoding="utf-8")
    assert written == reference_page(), "grade schema --page docs/rubric.md writes it anew"
    for kind in KINDS:
        assert f"\n### {kind}\n" in written


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_a_file_of_ours_fits_its_schema_and_names_it(path: Path) -> None:
    assert [error.message for error in errors(path)] == []
    first = path.read_text(encoding="utf-8").splitlines()[0]
    # The skeleton's files are copied to reference/NAME.
    folder = ROOT / "reference" / "x" if path.parent.name == "skeleton" else path.parent
    named = (folder / first.removeprefix("#:schema ")).resolve()
    assert named == ROOT / "reference" / FOLDER / DOCUMENTS[document_of(path)].file


@pytest.mark.parametrize("name", BY_FORM)
def test_a_schema_refuses_what_the_loader_refuses(name: str, course: Path) -> None:
    one = BY_FORM[name]
    path = break_it(course, one)
    found = [inner for error in errors(path) for inner in deepest(error)]
    assert found
    key = one.put.split("=")[0].split("{")[-1].strip(' []"')
    told = [f"{error.message} {list(error.absolute_path)}" for error in found]
    assert any(f"'{key}'" in text or one.says.strip('"') in text for text in told), told


def test_there_are_files_that_a_schema_refuses() -> None:
    assert len(BY_FORM) > 20
    assert {one.file for one in BY_FORM.values()} >= {RUBRIC, "mistakes.toml", "words.toml"}


@pytest.mark.parametrize("kind", KINDS)
def test_every_option_is_described(kind: str) -> None:
    options = KINDS[kind].options
    said = descriptions(options)
    assert about(options)
    assert {key for key in options.__annotations__ if not said.get(key)} == set()


def test_every_kind_has_an_example_without_the_answer() -> None:
    shown = examples()
    assert set(KINDS) - set(shown) == set()
    for kind, example in shown.items():
        assert example.entry.startswith("[[checks]]\n")
        # What a person grades is no code.
        assert ("# FILL IN HERE" in example.code) is (kind != "manual")
        assert "# ANSWER" not in example.code


def test_the_command_writes_where_it_is_told(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = course / FOLDER / "mistakes.json"
    path.write_text("old", encoding="utf-8")
    assert main(["schema"]) == 0
    assert path.read_text(encoding="utf-8") == DOCUMENTS["mistakes.toml"].text
    assert main(["schema", "--page", "page.md"]) == 0
    assert "wrote page.md" in capsys.readouterr().out
    assert main(["schema", "--root", "nowhere"]) == 2
    assert "there is no folder nowhere/reference" in capsys.readouterr().err
