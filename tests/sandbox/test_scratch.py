import os
from pathlib import Path

from grader.sandbox import scratch


def test_a_new_folder_is_private_and_empty(tmp_path):
    folder = Path(scratch.make(str(tmp_path)))
    assert folder.parent == tmp_path
    assert list(folder.iterdir()) == []
    assert folder.stat().st_mode & 0o777 == 0o700


def test_junk_is_removed_and_links_are_not_followed(tmp_path):
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "keep").write_text("kept")
    folder = Path(scratch.make(str(tmp_path)))
    (folder / "link").symlink_to(outside)
    (folder / "broken").symlink_to("nowhere")
    inner = folder / "a" / "b"
    inner.mkdir(parents=True)
    (inner / "link").symlink_to(outside)
    (inner / "hard").hardlink_to(outside / "keep")
    os.mkfifo(inner / "fifo")
    for number in range(200):
        (inner / str(number)).write_text("x")
        (folder / f"dir{number}").mkdir()
    inner.chmod(0)
    inner.parent.chmod(0)
    folder.chmod(0)
    scratch.remove(str(folder))
    assert not folder.exists()
    assert (outside / "keep").read_text() == "kept"


def test_a_folder_too_deep_for_a_path_is_removed(tmp_path):
    folder = scratch.make(str(tmp_path))
    here = os.open(folder, os.O_RDONLY)
    for _ in range(5000):
        os.mkdir("deeper-still", dir_fd=here)
        below = os.open("deeper-still", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    scratch.remove(folder)
    assert not Path(folder).exists()


def test_what_is_not_there_or_not_a_folder_is_no_trouble(tmp_path):
    scratch.remove(str(tmp_path / "missing"))
    target = tmp_path / "target"
    target.mkdir()
    link = tmp_path / "link"
    link.symlink_to(target)
    scratch.remove(str(link))
    assert target.is_dir()
    assert not link.is_symlink()


def test_a_folder_that_holds_too_much_is_noticed(tmp_path):
    folder = Path(scratch.make(str(tmp_path)))
    assert not scratch.exceeds(str(folder), 1 << 20)
    (folder / "a" / "b").mkdir(parents=True)
    (folder / "a" / "b" / "big").write_bytes(b"x" * (2 << 20))
    assert scratch.exceeds(str(folder), 1 << 20)
    assert not scratch.exceeds(str(folder), 4 << 20)
    assert not scratch.exceeds(str(folder / "gone"), 1)


def test_what_can_not_be_listed_is_too_much(tmp_path, monkeypatch):
    folder = Path(scratch.make(str(tmp_path)))
    (folder / "closed").mkdir()
    listing = os.scandir

    def refused(path):
        if str(path).endswith("closed"):  # root could list it whatever its mode is
            raise PermissionError(path)
        return listing(path)

    monkeypatch.setattr(os, "scandir", refused)
    assert scratch.exceeds(str(folder), 1 << 20)


def test_depth_counts_as_too_much(tmp_path):
    folder = scratch.make(str(tmp_path))
    Path(folder, *["d"] * 150).mkdir(parents=True)
    assert scratch.exceeds(folder, 1 << 30)
