"""Every download of ``cases`` has its right outcome: who has which points, and what is said."""

from __future__ import annotations

import csv
import io
import re
import zipfile
from typing import TYPE_CHECKING

import pytest

from tests.batch.grading import Ran, table
from tests.batch.marked import marked
from tests.downloads.case import CASES, Case

if TYPE_CHECKING:
    from pathlib import Path

_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_whole_download(path: Path, tmp_path: Path) -> None:
    case = Case.read(path)
    case.write(tmp_path)
    before = {one: one.read_bytes() for one in tmp_path.rglob("*") if one.is_file()}
    ran = marked(*case.command, "-o", "out", home=tmp_path)
    assert ran.status == case.status, ran.err
    assert {one: one.read_bytes() for one in before} == before, "the download itself has changed"
    _check_points(case, table(tmp_path / "out" / "grades.csv"))
    _check_words(case, ran)
    if case.column >= 0:
        _check_gradebook(case, tmp_path)
    if case.zipped is not None:
        (packed,) = (tmp_path / "out").glob("feedback-*.zip")
        with zipfile.ZipFile(packed) as opened:
            assert sorted(opened.namelist()) == sorted(case.zipped)


def _check_points(case: Case, rows: list[dict[str, str]]) -> None:
    """Check that exactly these students have exactly these points."""
    found = {}
    for key, points in case.points.items():
        row = _row_of(key, rows)
        assert row["status"] != "missing", f"{key} is missing"
        found[key] = float(row["score"] or -1)
        assert points == found[key], f"{key} has {row['score']} of {row['file']}"
        rows.remove(row)
    for key in case.missing:
        row = _row_of(key, rows)
        assert (row["status"], row["score"]) == ("missing", "")
        rows.remove(row)
    assert not rows, "nobody else"


def _row_of(key: str, rows: list[dict[str, str]]) -> dict[str, str]:
    found = [row for row in rows if key in {row["id"], row["name"], row["email"]}]
    assert len(found) == 1, f"{key} has {len(found)} rows in {[row['id'] for row in rows]}"
    return found[0]


def _check_words(case: Case, ran: Ran) -> None:
    said = _plain(ran.out + ran.err)
    for words in case.told:
        assert _plain(words) in said, f"{words!r} is not told in:\n{ran.out}\n{ran.err}"
    for words in case.untold:
        assert _plain(words) not in said, f"{words!r} is told"


def _plain(words: str) -> str:
    """Return words without blanks and line ends, since a terminal breaks lines anywhere."""
    return re.sub(r"\s", "", words)


def _check_gradebook(case: Case, home: Path) -> None:
    """Check the cells of the points' column, and that no other cell has changed."""
    given = home / case.command[case.command.index("--gradebook") + 1]
    before, after = _cells(given), _cells(home / "out" / "gradebook" / given.name)
    assert len(before) == len(after)
    found = {}
    for old, new in zip(before, after, strict=True):
        column = case.column
        assert [*old[:column], *old[column + 1 :]] == [*new[:column], *new[column + 1 :]]
        keys = set(new) & set(case.cells)
        if keys:
            (key,) = keys
            found[key] = new[column]
        else:
            assert new == old, "somebody else's points"
    assert found == case.cells


def _cells(path: Path) -> list[list[str]]:
    data = path.read_bytes()
    encoding = next((e for mark, e in _BOMS.items() if data.startswith(mark)), "utf-8")
    text = data.decode(encoding)
    first = max(text.splitlines(), key=len)
    delimiter = max(",;\t", key=first.count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))
