"""Whatever a path leads to, reading it ends in a notebook or in one clear error."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from grader.errors import NotebookError
from grader.notebook import read


def refused(path: Path) -> str:
    """Return what the user reads, which no terminal may obey."""
    with pytest.raises(NotebookError) as caught:
        read.read_notebook(path)
    text = f"{caught.value.message}\n{caught.value.hint}"
    assert caught.value.hint
    assert text.replace("\n", "").isprintable()
    return text


def test_a_name_that_would_write_to_the_terminal():
    said = refused(Path("\x1b[31mred\x1b[0m\n::error::\u202eevil\x07" + "n" * 200 + ".ipynb"))
    assert said.startswith('there is no file "red ::error::\ufffdevil\ufffdnnn')
    assert "n" * 80 not in said


def test_messages_name_the_file_and_not_the_folders_above_it(tmp_path):
    said = refused(tmp_path / "gone.ipynb")
    assert "there is no file gone.ipynb" in said
    assert tmp_path.parent.name not in said


def test_folder(tmp_path):
    (tmp_path / "x.ipynb").mkdir()
    assert "x.ipynb is a folder" in refused(tmp_path / "x.ipynb")
    assert "is a folder" in refused(Path())


def test_fifo_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "x.ipynb")
    assert "not a regular file" in refused(tmp_path / "x.ipynb")


def test_device():
    assert "not a regular file" in refused(Path("/dev/zero"))


def test_socket(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # a socket's address holds 107 bytes at most
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("x.ipynb")
        assert "not a regular file" in refused(tmp_path / "x.ipynb")


def test_large_file_is_not_read(tmp_path, monkeypatch):
    path = tmp_path / "x.ipynb"
    with path.open("wb") as file:
        file.truncate(200_000_000)
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("was opened"))
    assert "larger than 100 MB" in refused(path)


def test_file_that_is_longer_than_it_says(monkeypatch):
    monkeypatch.setattr(read, "MAX_FILE_BYTES", 100)
    assert Path("/proc/self/status").stat().st_size == 0
    assert "larger than" in refused(Path("/proc/self/status"))


def test_large_bytes(monkeypatch):
    monkeypatch.setattr(read, "MAX_FILE_BYTES", 100)
    with pytest.raises(NotebookError, match="larger than"):
        read.parse_notebook(b" " * 101, "a.ipynb")


def test_permission(tmp_path, monkeypatch):
    def deny(*_):
        raise PermissionError(13, "Permission denied")

    path = tmp_path / "x.ipynb"
    path.write_text("{}")
    monkeypatch.setattr(Path, "open", deny)
    assert "x.ipynb may not be read" in refused(path)


def test_link_that_leads_nowhere(tmp_path):
    (tmp_path / "a.ipynb").symlink_to("b.ipynb")
    assert "there is no file a.ipynb" in refused(tmp_path / "a.ipynb")
    (tmp_path / "b.ipynb").symlink_to("a.ipynb")
    assert "cannot be read" in refused(tmp_path / "a.ipynb")


@pytest.mark.parametrize("name", ["a\0b", "n" * 5000, "/dev/null/x.ipynb", "\ud800"])
def test_paths_that_cannot_be(name):
    assert refused(Path(name))
