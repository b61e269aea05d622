"""``grade diff OLD NEW``: whose points differ between two graded folders, and why."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from grader.cli import main
from tests.batch.one_class import OneClass, record

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="module")
def graded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = OneClass(tmp_path_factory.mktemp("diff"))
    made.first()
    return made.out


@pytest.fixture
def two(graded: Path, tmp_path: Path) -> tuple[Path, Path]:
    for name in ("old", "new"):
        (tmp_path / name).mkdir()
        shutil.copy(graded / "results.jsonl", tmp_path / name)
    return tmp_path / "old", tmp_path / "new"


def change(out: Path, id_: str, **values: Any) -> None:
    """Change a student's result; ``None`` takes it out."""
    lines = record(out)
    for line in [one for one in lines if one["submission"]["student"] == id_]:
        if values.get("gone"):
            lines.remove(line)
        line.update(values)
    text = "".join(json.dumps(line) + "\n" for line in lines)
    (out / "results.jsonl").write_text(text, encoding="utf-8")


def checks_with(out: Path, id_: str, **points: float) -> list[dict[str, Any]]:
    line = next(one for one in record(out) if one["submission"]["student"] == id_)
    return [{**c, "score": points.get(c["id"], c["score"])} for c in line["checks"]]


def test_the_same(two: tuple[Path, Path], capsys: Any) -> None:
    old, new = two
    assert main(["diff", str(old), str(new / "results.jsonl")]) == 0
    assert capsys.readouterr().out.strip() == "points changed for 0, only words for 0"


def test_points_of_single_checks_and_why(two: tuple[Path, Path], capsys: Any) -> None:
    old, new = two
    change(new, "kim", score=44, checks=checks_with(new, "kim", learns=12), group="other")
    submission = {"path": "in/lee.ipynb", "sha256": "f" * 64, "student": "lee"}
    change(new, "lee", score=64, checks=checks_with(new, "lee", learns=16), submission=submission)
    decision = {"reason": "seen", "score": 7, "checks": {}, "by": "Kim"}
    change(new, "park", score=7, override=decision)
    change(old, "choi", gone=True)
    assert main(["diff", str(old), str(new)]) == 1
    assert capsys.readouterr().out.splitlines()[1:] == [
        "points changed for 3, only words for 0",
        "  Kim Minsu (kim): 40 → 44 (learns 8 → 12); graded again",
        "  Lee Seoyeon (lee): 60 → 64 (learns 12 → 16); code: the notebook has changed",
        "  Park Jiho (park): 20 → 7; override added: total 7: seen (Kim)",
        "new in the class, 1: Choi Yuna (choi)",
    ]
    assert main(["diff", str(new), str(old)]) == 1
    assert "no longer in the class, 1: Choi Yuna (choi)" in capsys.readouterr().out


def test_other_checks_and_another_seed(two: tuple[Path, Path], capsys: Any) -> None:
    old, new = two
    for line in record(new):
        checks = [c for c in line["checks"] if c["id"] != "learns"]
        checks.append({**checks[0], "id": "mine", "title": "my check", "score": 1})
        environment = {**line["environment"], "seed": 9}
        id_ = line["submission"]["student"]
        change(new, id_, checks=checks, environment=environment)
    assert main(["diff", str(old), str(new)]) == 1
    first = capsys.readouterr().out.splitlines()[2]
    assert "(learns 20 → none, my check none → 1)" in first
    assert first.endswith("; rubric: other checks, or other points for them; seed 1 → 9")


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (None, "holds no results"),
        ("", "holds no results: it is empty"),
        ("[]\n", "line 1 is no result"),
        ('{"score": 3}\n', "line 1 is no result"),
        ('{"submission": {"student": "a"}, "environment": [], "checks": 3}\n', "line 1 is no"),
        ("[" * 100_000, "line 1 is no result"),
        ("\udcff", "it is not text"),
    ],
)
def test_what_holds_no_results_is_refused(
    text: str | None, error: str, two: tuple[Path, Path], capsys: Any
) -> None:
    old, new = two
    (new / "results.jsonl").unlink()
    if text is not None:
        (new / "results.jsonl").write_text(text, encoding="utf-8", errors="surrogateescape")
    for pair in ([old, new], [new, old]):
        assert main(["diff", *map(str, pair)]) == 2
        said = capsys.readouterr().err
        assert error in said
        assert "hint: name a folder that grade -o wrote" in said


@pytest.mark.parametrize(
    ("score", "error"),
    [("1" + "0" * 400, "line 1 is no"), ("NaN", "line 1 is no"), ("1", "is a second result of")],
)
def test_a_line_that_cannot_be_compared_is_refused(
    score: str, error: str, two: tuple[Path, Path], capsys: Any
) -> None:
    old, new = two
    first, *rest = (new / "results.jsonl").read_text(encoding="ascii").splitlines()
    odd = json.dumps({**json.loads(first), "score": "?"}).replace('"?"', score)
    text = "\n".join([odd, *rest, first] if score == "1" else [odd, *rest])
    (new / "results.jsonl").write_text(text, encoding="ascii")
    assert main(["diff", str(old), str(new)]) == 2
    assert error in capsys.readouterr().err


@pytest.mark.parametrize("given", [[], ["a"], ["a", "b", "c"]])
def test_two_folders_are_compared(given: list[str], capsys: Any) -> None:
    assert main(["diff", *given]) == 2
    assert "grade diff OLD NEW" in capsys.readouterr().err
