"""The bytes of what was found."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from grader.classroom import Attempt, Student
from grader.errors import GraderError, NotebookError
from grader.intake import Archives, find_submissions, read_attempt
from tests.intake.making import folder, tarred, zipped


@pytest.mark.parametrize("make", [zipped, tarred])
def test_from_several_threads(tmp_path, make):
    path = make(tmp_path / "class.bin", *(f"{n}.ipynb" for n in range(200)))
    with Archives() as archives:
        handed_in = find_submissions([str(path)], archives=archives)
        with ThreadPoolExecutor(8) as pool:
            read = list(pool.map(lambda one: read_attempt(one, archives), handed_in.counted * 3))
    for attempt, data in zip(handed_in.counted * 3, read, strict=True):
        assert data.endswith(f"}}{attempt.member}".encode())


def test_a_class_opens_its_archive_once(tmp_path, monkeypatch):
    path = zipped(tmp_path / "class.zip", *(f"{n}.ipynb" for n in range(100)))
    opened = []
    real = zipfile.ZipFile.__init__
    monkeypatch.setattr(
        zipfile.ZipFile, "__init__", lambda *a, **b: (opened.append(a), real(*a, **b))[1]
    )
    with Archives() as archives:
        for attempt in find_submissions([str(path)], archives=archives).counted:
            read_attempt(attempt, archives)
    assert len(opened) == 1


def test_files(tmp_path, monkeypatch):
    root = folder(tmp_path, "kim.ipynb", "lee.ipynb")
    handed_in = find_submissions([str(root)])
    assert read_attempt(handed_in.counted[0]).endswith(b"kim.ipynb")
    (root / "kim.ipynb").unlink()
    with pytest.raises(NotebookError, match=r"there is no file kim\.ipynb"):
        read_attempt(handed_in.counted[0])
    monkeypatch.setattr("grader.notebook.read.MAX_FILE_BYTES", 10)
    with pytest.raises(NotebookError, match="larger than"):
        read_attempt(handed_in.counted[1])


def test_an_archive_that_went_away(tmp_path):
    path = zipped(tmp_path / "class.zip", "kim.ipynb")
    attempt = find_submissions([str(path)]).counted[0]
    path.unlink()
    with pytest.raises(GraderError) as caught:
        read_attempt(attempt)
    assert caught.value.hint


def test_a_member_that_went_away(tmp_path):
    path = zipped(tmp_path / "class.zip", "kim.ipynb")
    attempt = Attempt(Student("lee"), path, "lee.ipynb", "class.zip/lee.ipynb")
    with pytest.raises(NotebookError, match=r"lee\.ipynb is no longer in its archive"):
        read_attempt(attempt)


def test_no_heavy_imports():
    code = (
        "import sys, grader.intake;"
        "print([m for m in sys.modules if m in {'torch', 'numpy', 'rich', 'nbformat'}])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
    )
    assert done.stdout.strip() == "[]"
