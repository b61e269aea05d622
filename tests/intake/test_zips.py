"""Zips that were made to harm, by chance or by another system."""

from __future__ import annotations

import contextlib
import io
import struct
import subprocess
import zipfile
from typing import TYPE_CHECKING

import pytest

from grader.errors import GraderError, NotebookError
from grader.intake import Archives, find_submissions, read_attempt
from tests.intake.making import NOTEBOOK, found, ids, reasons, zip_bytes, zipped

if TYPE_CHECKING:
    from pathlib import Path


def refused(path: Path) -> str:
    with pytest.raises(GraderError) as caught:
        found(path)
    assert caught.value.hint
    assert (caught.value.message + caught.value.hint).isprintable()
    return caught.value.message


def unreadable(handed_in, student: str) -> str:
    (attempt,) = [a for a in handed_in.counted if a.student.id == student]
    with pytest.raises(NotebookError) as caught:
        read_attempt(attempt)
    assert caught.value.hint
    assert (caught.value.message + caught.value.hint).isprintable()
    return caught.value.message


def written(path: Path, **members: bytes) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return path


def with_mode(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system = 3
    info.external_attr = mode << 16
    return info


@pytest.mark.parametrize(
    "name",
    ["../lee.ipynb", "a/../../lee.ipynb", "/etc/lee.ipynb", "C:\\lee.ipynb", "..\\lee.ipynb"],
)
def test_names_that_lead_out(tmp_path, name):
    handed_in = found(zipped(tmp_path / "a.zip", "kim.ipynb", name))
    assert ids(handed_in) == ["kim"]
    (told,) = handed_in.unclear
    assert "leads out of the archive" in told.reason
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a.zip"]


def test_links_and_devices(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("kim.ipynb", NOTEBOOK)
        archive.writestr(with_mode("lee.ipynb", 0o120777), "/etc/passwd")
        archive.writestr(with_mode("choi.ipynb", 0o020666), "")
        archive.writestr(with_mode("park.ipynb", 0o100644), NOTEBOOK)
    handed_in = found(path)
    assert ids(handed_in) == ["kim", "park"]
    assert "link" in reasons(handed_in)["lee.ipynb"]
    assert "no regular file" in reasons(handed_in)["choi.ipynb"]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("second", ["kim.ipynb", "./kim.ipynb", "\u1104\u1105.ipynb"])
def test_two_entries_of_one_name(tmp_path, second):
    first = "ᄄᄅ.ipynb" if second[0] == "\u1104" else "kim.ipynb"
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(first, b"first")
        archive.writestr(second, b"second")
    handed_in = found(path)
    (only,) = handed_in.counted
    assert read_attempt(only) == b"second"
    assert "several files of this name" in handed_in.unclear[0].reason


def test_encrypted_entries(tmp_path):
    path = zipped(tmp_path / "a.zip", "kim.ipynb", "lee.ipynb")
    data = bytearray(path.read_bytes())
    at = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 1)
    data[at + 8] |= 1
    path.write_bytes(data)
    handed_in = found(path)
    assert "locked with a password" in unreadable(handed_in, "lee")
    assert read_attempt(handed_in.counted[0]).endswith(b"kim.ipynb")


def test_damaged_bytes(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("kim.ipynb", b"A" * 1000)
        archive.writestr("lee.ipynb", b"B" * 1000)
    path.write_bytes(path.read_bytes().replace(b"B" * 1000, b"B" * 999 + b"C"))
    handed_in = found(path)
    assert unreadable(handed_in, "lee") == "lee.ipynb is damaged in its archive"
    assert read_attempt(handed_in.counted[0]) == b"A" * 1000


def test_a_way_of_packing_that_nobody_knows(tmp_path):
    path = zipped(tmp_path / "a.zip", "kim.ipynb")
    data = bytearray(path.read_bytes())
    for magic, offset in ((b"PK\x01\x02", 10), (b"PK\x03\x04", 8)):
        struct.pack_into("<H", data, data.index(magic) + offset, 9)
    path.write_bytes(data)
    assert "packed in a way that cannot be read" in unreadable(found(path), "kim")


def test_a_bomb_by_its_own_account(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("kim.ipynb", b" " * 50_000_000)
        archive.writestr("lee.ipynb", NOTEBOOK)
    handed_in = found(path)
    assert "unpacks to more than 300 times its size" in unreadable(handed_in, "kim")
    assert read_attempt(handed_in.counted[1]) == NOTEBOOK


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_bomb_that_lies_about_its_size(tmp_path, method):
    """The archive says 100 bytes: no more are handed out, and they are not what was packed."""
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("kim.ipynb", b" " * 30_000_000)
    data = bytearray(path.read_bytes())
    for magic, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        struct.pack_into("<I", data, data.index(magic) + offset, 100)
    path.write_bytes(data)
    assert "damaged" in unreadable(found(path), "kim")


def test_a_notebook_that_is_too_large(tmp_path, monkeypatch):
    path = written(tmp_path / "a.zip", **{"kim.ipynb": b"x" * 5000, "lee.ipynb": b"x"})
    monkeypatch.setattr("grader.intake.caps.MEMBER_BYTES", 4999)
    handed_in = found(path)
    assert "kim.ipynb is larger than" in unreadable(handed_in, "kim")
    assert read_attempt(handed_in.counted[1]) == b"x"


def test_too_many_files(tmp_path, monkeypatch):
    path = zipped(tmp_path / "a.zip", *(f"{n}.ipynb" for n in range(100)))
    assert len(found(path).counted) == 100
    monkeypatch.setattr("grader.intake.caps.MEMBERS", 99)
    assert "a.zip holds too many files" in refused(path)


def test_a_list_of_contents_that_is_too_long(tmp_path, monkeypatch):
    """A student's zip of 100 MB may list two million files; they are never listed in memory."""
    inner = zip_bytes(*(f"{n}.txt" for n in range(100)), "mlp.ipynb")
    path = written(tmp_path / "a.zip", **{"kim/x.zip": inner, "lee/mlp.ipynb": NOTEBOOK})
    assert ids(found(path)) == ["kim", "lee"]
    monkeypatch.setattr("grader.intake.caps.INNER_INDEX_BYTES", 1000)
    handed_in = found(path)
    assert ids(handed_in) == ["lee"]
    assert "too many files to look into" in reasons(handed_in)["x.zip"]


def test_zips_within_zips_are_looked_into_once(tmp_path):
    inmost = zip_bytes("deep.ipynb")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("more.zip", inmost)
        archive.writestr("mlp.ipynb", b"mlp")
    path = written(tmp_path / "a.zip", **{"kim/x.zip": buffer.getvalue(), "lee/mlp.ipynb": b"x"})
    handed_in = found(path)
    assert ids(handed_in) == ["kim", "lee"]
    assert read_attempt(handed_in.counted[0]) == b"mlp"


def test_a_quine_ends(tmp_path):
    """A zip that holds itself, as far as anyone can tell."""
    data = zip_bytes("kim.ipynb")
    for _ in range(50):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("x/a.zip", data)
        data = buffer.getvalue()
    (tmp_path / "a.zip").write_bytes(data)
    assert "no notebooks" in refused(tmp_path / "a.zip")


def test_inner_zips_share_one_budget(tmp_path, monkeypatch):
    inner = zip_bytes("mlp.ipynb")
    path = written(tmp_path / "a.zip", **{f"{n}/x.zip": inner for n in "abc"})
    monkeypatch.setattr("grader.intake.caps.UNPACKED_BYTES", 2 * len(inner))
    handed_in = found(path)
    assert ids(handed_in) == ["a", "b"]
    assert "too large" in handed_in.unclear[0].reason


def raw_names(path: Path, *names: bytes) -> Path:
    """Write a zip whose names are these bytes, with no word about their encoding."""
    marks = [f"{n:0{len(name)}d}" for n, name in enumerate(names)]
    data = zip_bytes(*marks)
    for mark, name in zip(marks, names, strict=True):
        head, tail = data.split(mark.encode(), 1)
        body, end = tail.split(b"PK\x01\x02", 1) if b"PK\x01\x02" in tail else (tail, b"")
        assert end
        data = head + name + body + b"PK\x01\x02" + end.replace(mark.encode(), name)
    path.write_bytes(data)
    return path


@pytest.mark.parametrize(
    ("raw", "student"),
    [
        ("김민수.ipynb".encode("cp949"), "김민수"),  # Windows in Korea
        ("김민수.ipynb".encode(), "김민수"),  # macOS, without the mark for UTF-8
        ("\u1100\u1175\u11b7.ipynb".encode(), "김"),  # macOS, letters taken apart
        ("José Núñez.ipynb".encode("cp437"), "José Núñez"),  # the format's own encoding
        (b"kim\\mlp.ipynb", "kim"),  # programs for Windows that write its own separator
        (b"kim.ipynb\0.ipynb", None),  # cut where C would cut it
        (b"\xff\xfe\x80.ipynb", None),
    ],
)
def test_encodings_of_names(tmp_path, raw, student):
    handed_in = found(raw_names(tmp_path / "a.zip", raw))
    (only,) = handed_in.counted
    assert student in {None, only.student.id}
    assert str(handed_in).encode()
    assert read_attempt(only).startswith(NOTEBOOK)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is not an archive"),
        (b"<!DOCTYPE html><title>Log in</title>", "is not an archive"),
        (b"PK\x03\x04" + b"x" * 1000, "damaged"),
        (zip_bytes("kim.ipynb")[:-30], "damaged"),
        (zip_bytes("kim.ipynb")[10:], "is not an archive"),
        (zip_bytes(), "no notebooks"),
        (zip_bytes("report.pdf", "mlp.py"), "no notebooks"),
        (b"7z\xbc\xaf\x27\x1c rest", "a 7z archive, which cannot be read"),
        (b"Rar!\x1a\x07\x00 rest", "a RAR archive, which cannot be read"),
    ],
)
def test_what_cannot_be_opened(tmp_path, data, says):
    (tmp_path / "a.zip").write_bytes(data)
    assert says in refused(tmp_path / "a.zip")


def test_one_broken_path_leaves_the_others(tmp_path):
    (tmp_path / "a.7z").write_bytes(b"7z\xbc\xaf\x27\x1c rest")
    good = zipped(tmp_path / "b.zip", "kim.ipynb")
    handed_in = found(tmp_path / "a.7z", good, tmp_path / "gone")
    assert ids(handed_in) == ["kim"]
    said = reasons(handed_in)
    assert said["a.7z"].startswith("a.7z is a 7z archive, which cannot be read. Unpack it")
    assert "there is no" in said["gone"]


def test_hostile_names_are_shown_safely(tmp_path):
    path = written(tmp_path / "a.zip", **{"\x1b[31m\n::error::.ipynb": b"x" * 10})
    data = bytearray(path.read_bytes())
    data[data.index(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(data)
    handed_in = found(path)
    unreadable(handed_in, handed_in.counted[0].student.id)


def test_info_zip_agrees(tmp_path):
    """What the common program writes is read, links aside."""
    (tmp_path / "class" / "kim").mkdir(parents=True)
    (tmp_path / "class" / "kim" / "김.ipynb").write_bytes(NOTEBOOK)
    (tmp_path / "class" / "link.ipynb").symlink_to("kim/김.ipynb")
    try:
        subprocess.run(["zip", "-qry", "a.zip", "class"], cwd=tmp_path, check=True)
    except FileNotFoundError:
        pytest.skip("there is no zip program here")
    handed_in = found(tmp_path / "a.zip")
    assert ids(handed_in) == ["kim"]
    assert "link" in reasons(handed_in)["link.ipynb"]


@pytest.mark.parametrize("seed", range(5))
def test_no_damage_is_a_traceback(tmp_path, seed):
    """Every byte of a small zip changed in turn: it is read, told about or refused."""
    whole = bytearray(zip_bytes("kim/a.ipynb", "lee/b.ipynb"))
    path = tmp_path / "a.zip"
    for at in range(seed, len(whole), 5):
        data = bytearray(whole)
        data[at] ^= 0xFF if at % 2 else 0x01
        path.write_bytes(data)
        with Archives() as archives:
            try:
                handed_in = find_submissions([str(path)], archives=archives)
            except GraderError:
                continue
            for attempt in handed_in.counted:
                with contextlib.suppress(GraderError):
                    assert read_attempt(attempt, archives).startswith(NOTEBOOK)
