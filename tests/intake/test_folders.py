"""Folders: what a student put there leads nowhere else."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from grader.errors import GraderError
from grader.intake import Archives, find_submissions, read_attempt
from tests.intake.making import folder, found, ids, reasons, zip_bytes

OPEN_FILES = Path("/proc/self/fd")


def refused(*paths: Path) -> GraderError:
    with pytest.raises(GraderError) as caught:
        found(*paths)
    assert caught.value.hint
    assert (caught.value.message + caught.value.hint).isprintable()
    return caught.value


@pytest.mark.parametrize(
    "target", ["/etc/passwd", "../kim/mlp.ipynb", "mlp2.ipynb", "gone", "lee.ipynb"]
)
def test_links_to_files_are_not_followed(tmp_path, target):
    """A link inside the class may lead to a better student's notebook."""
    root = folder(tmp_path, "kim/mlp.ipynb", "choi/mlp.ipynb", "lee/notes.txt")
    (root / "lee" / "lee.ipynb").symlink_to(target)
    handed_in = found(root)
    assert ids(handed_in) == ["choi", "kim"]
    assert "link" in reasons(handed_in)["lee.ipynb"]


def test_links_to_folders_are_not_followed(tmp_path):
    outside = folder(tmp_path / "outside", "secret.ipynb")
    root = folder(tmp_path / "class", "kim/mlp.ipynb", "choi/mlp.ipynb")
    (root / "lee").symlink_to(outside)
    (root / "kim" / "round").symlink_to(root)
    (root / "kim" / "self").symlink_to("self")
    handed_in = found(root)
    assert ids(handed_in) == ["choi", "kim"]
    assert set(reasons(handed_in)) == {"lee", "round"}


def test_a_link_that_was_named_is_meant(tmp_path):
    root = folder(tmp_path / "class", "kim.ipynb")
    (tmp_path / "link").symlink_to(root)
    (tmp_path / "lee.ipynb").symlink_to(root / "kim.ipynb")
    assert ids(found(tmp_path / "link")) == ["kim"]
    assert ids(found(tmp_path / "lee.ipynb")) == ["lee"]


def test_pipes_and_sockets_are_not_waited_for(tmp_path, monkeypatch):
    root = folder(tmp_path, "kim.ipynb")
    os.mkfifo(root / "lee.ipynb")
    os.mkfifo(root / "lee.zip")
    monkeypatch.chdir(root)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("choi.ipynb")
        handed_in = found(root)
    assert ids(handed_in) == ["kim"]
    assert set(reasons(handed_in)) == {"lee.ipynb", "lee.zip", "choi.ipynb"}


def test_a_folder_called_like_a_notebook(tmp_path):
    assert ids(found(folder(tmp_path, "kim.ipynb/mlp.ipynb", "lee.ipynb"))) == [
        "kim.ipynb/mlp",
        "lee",
    ]


def test_far_too_many_files(tmp_path, monkeypatch):
    root = folder(tmp_path, *(f"{n}/{m}.txt" for n in range(5) for m in range(10)), "kim.ipynb")
    monkeypatch.setattr("grader.intake.caps.FILES", 50)
    assert "holds more than 50 files" in refused(root).message


def test_a_folder_without_end(tmp_path):
    root = folder(tmp_path, "kim.ipynb", "a/" * 60 + "deep.ipynb")
    handed_in = found(root)
    assert ids(handed_in) == ["kim"]
    assert "too deep" in handed_in.unclear[0].reason


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read(tmp_path):
    root = folder(tmp_path, "kim.ipynb", "lee/mlp.ipynb")
    (root / "lee").chmod(0)
    try:
        assert "cannot be read" in reasons(found(root))["lee"]
    finally:
        (root / "lee").chmod(0o700)


def test_a_folder_that_may_not_be_read_as_the_system_says(tmp_path, monkeypatch):
    root = folder(tmp_path, "kim.ipynb", "lee/mlp.ipynb")
    real = os.scandir

    def deny(path):
        if Path(path).name in {"lee", "none"}:
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", deny)
    assert reasons(found(root)) == {"lee": "a folder that cannot be read (Permission denied)"}
    (tmp_path / "none").mkdir()
    assert "cannot be read (Permission denied)" in refused(tmp_path / "none").message


def test_nothing_to_grade(tmp_path):
    assert "there are no notebooks in" in refused(folder(tmp_path, "notes.txt")).message
    assert "there is no" in refused(tmp_path / "gone").message
    for hostile in ("\0", "n" * 5000, "\x1b[31m\n::error::", "/dev/null/x"):
        refused(Path(hostile))


def test_an_empty_folder_beside_a_full_one(tmp_path):
    folder(tmp_path, "a/kim.ipynb", "b/notes.txt")
    handed_in = found(tmp_path / "a", tmp_path / "b")
    assert reasons(handed_in) == {"b": "there are no notebooks in it"}


def test_zips_of_students_in_a_folder(tmp_path):
    root = folder(tmp_path, "kim/mlp.ipynb", "choi/mlp.ipynb", "park/mlp.ipynb")
    for name, data in (("lee", zip_bytes("a/b/mlp.ipynb")), ("bad", b"PK\x03\x04")):
        (root / name).mkdir()
        (root / name / "hw.zip").write_bytes(data)
    (root / "class.tar.gz").write_bytes(b"")
    handed_in = found(root)
    assert ids(handed_in) == ["choi", "kim", "lee", "park"]
    said = reasons(handed_in)
    assert "damaged" in said["hw.zip"]
    assert "name this one by itself" in said["class.tar.gz"]
    assert len(said) == 2


def test_a_download_in_a_folder(tmp_path):
    """Also when it was not unpacked, and there is one for each section."""
    for section, number in (("a", 1), ("b", 2)):
        data = zip_bytes(f"kim_{number}_9{number}_mlp.ipynb")
        (tmp_path / f"{section}.zip").write_bytes(data)
    handed_in = found(tmp_path)
    assert handed_in.layout == "a Canvas download"
    assert ids(handed_in) == ["1", "2"]


@pytest.mark.skipif(not OPEN_FILES.is_dir(), reason="only Linux lists a process's open files")
def test_many_zips_open_few_files(tmp_path):
    for n in range(100):
        own = tmp_path / f"{n}"
        own.mkdir()
        (own / "hw.zip").write_bytes(zip_bytes("mlp.ipynb"))
    before = len(list(OPEN_FILES.iterdir()))
    with Archives() as archives:
        handed_in = find_submissions([str(tmp_path)], archives=archives)
        assert len(handed_in.counted) == 100
        for attempt in handed_in.counted:
            assert read_attempt(attempt, archives).endswith(b"mlp.ipynb")
        assert len(list(OPEN_FILES.iterdir())) <= before + 20
    assert len(list(OPEN_FILES.iterdir())) <= before


def test_what_an_earlier_run_annotated_is_nobodys_submission(tmp_path):
    root = folder(tmp_path, "kim/mlp.ipynb", "choi/mlp.ipynb", "graded/annotated/kim.ipynb")
    assert "graded" in " ".join(ids(found(root)))  # any folder may be called so
    (root / "graded" / "grades.db").write_bytes(b"")
    assert ids(found(root)) == ["choi", "kim"]
