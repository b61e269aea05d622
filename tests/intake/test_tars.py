"""Tars, plain and compressed, honest and not."""

from __future__ import annotations

import bz2
import contextlib
import gzip
import io
import lzma
import os
import tarfile
from typing import TYPE_CHECKING

import pytest

from grader.errors import GraderError, NotebookError
from grader.intake import Archives, find_submissions, read_attempt
from tests.intake.making import NOTEBOOK, add, found, ids, reasons, tarred, zip_bytes

if TYPE_CHECKING:
    from pathlib import Path

MODES = ("w:", "w:gz", "w:bz2", "w:xz")


def refused(path: Path) -> str:
    with pytest.raises(GraderError) as caught:
        found(path)
    assert caught.value.hint
    return caught.value.message


def raw_tar(*members: tuple[str, bytes, dict]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:") as archive:
        for name, data, about in members:
            add(archive, name, data, **about)
    return buffer.getvalue()


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("name", ["class.tar.gz", "class.bin"])
def test_every_compression_under_any_name(tmp_path, mode, name):
    path = tarred(tmp_path / name, "class/kim.ipynb", "class/lee.ipynb", mode=mode)
    with Archives() as archives:
        handed_in = find_submissions([str(path)], archives=archives)
        assert ids(handed_in) == ["kim", "lee"]
        for attempt in handed_in.counted:
            assert read_attempt(attempt, archives).endswith(attempt.member.encode())
    assert read_attempt(handed_in.counted[0]).startswith(NOTEBOOK)
    assert handed_in.unclear == ()


def test_unpacked_once_and_cleared_away(tmp_path, monkeypatch):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    monkeypatch.setattr("grader.intake.caps.OPEN_ARCHIVES", 1)
    opened = []
    real = gzip.GzipFile

    def counting(*args, **options):
        opened.append(args)
        return real(*args, **options)

    paths = [
        tarred(tmp_path / f"{n}.tar.gz", *(f"{n}{m}.ipynb" for m in range(50))) for n in range(2)
    ]
    monkeypatch.setattr(gzip, "GzipFile", counting)
    with Archives() as archives:
        handed_in = find_submissions([str(p) for p in paths], archives=archives)
        for attempt in [*handed_in.counted, *reversed(handed_in.counted)]:
            read_attempt(attempt, archives)
        assert len(opened) == 2
        (own,) = temporary.iterdir()
        names = sorted(p.name for p in own.iterdir() if p.name != ".lock")
        assert names == ["0.tar", "1.tar"]
        assert own.stat().st_mode & 0o77 == 0
    assert list(temporary.iterdir()) == []


def test_members_that_are_no_files(tmp_path):
    path = tmp_path / "a.tar"
    path.write_bytes(
        raw_tar(
            ("kim.ipynb", NOTEBOOK, {}),
            ("../out.ipynb", NOTEBOOK, {}),
            ("/abs.ipynb", NOTEBOOK, {}),
            ("sym.ipynb", b"", {"type": tarfile.SYMTYPE, "linkname": "/etc/passwd"}),
            ("hard.ipynb", b"", {"type": tarfile.LNKTYPE, "linkname": "kim.ipynb"}),
            ("device.ipynb", b"", {"type": tarfile.CHRTYPE, "devmajor": 1, "devminor": 5}),
            ("pipe.ipynb", b"", {"type": tarfile.FIFOTYPE}),
            ("._kim.ipynb", b"", {}),
            ("lee.ipynb", NOTEBOOK, {}),
        )
    )
    handed_in = found(path)
    assert ids(handed_in) == ["kim", "lee"]
    said = reasons(handed_in)
    assert set(said) == {
        "out.ipynb",
        "abs.ipynb",
        "sym.ipynb",
        "hard.ipynb",
        "device.ipynb",
        "pipe.ipynb",
    }
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["a.tar"]


def test_links_by_the_thousand_are_told_briefly(tmp_path):
    links = [(f"{n}.ipynb", b"", {"type": tarfile.SYMTYPE, "linkname": "x"}) for n in range(1000)]
    (tmp_path / "a.tar").write_bytes(raw_tar(("kim.ipynb", NOTEBOOK, {}), *links))
    handed_in = found(tmp_path / "a.tar")
    assert len(handed_in.unclear) == 21
    assert handed_in.unclear[-1].reason.endswith("(and 979 more like it)")


def test_a_file_with_holes(tmp_path):
    """GNU tar's sparse files are small in the archive and may be a petabyte on disk."""
    path = tmp_path / "a.tar"
    info = {"pax_headers": {"GNU.sparse.major": "1", "GNU.sparse.minor": "0"}}
    info["pax_headers"] |= {"GNU.sparse.realsize": str(10**15), "GNU.sparse.name": "lee.ipynb"}
    data = b"1\n0\n512\n".ljust(512, b"\0") + b"x" * 512
    path.write_bytes(raw_tar(("lee.ipynb", data, info), ("kim.ipynb", NOTEBOOK, {})))
    handed_in = found(path)
    assert ids(handed_in) == ["kim"]
    assert "with holes" in reasons(handed_in)["lee.ipynb"]


def test_the_last_of_one_name_counts(tmp_path):
    (tmp_path / "a.tar").write_bytes(raw_tar(("k.ipynb", b"old", {}), ("k.ipynb", b"new", {})))
    handed_in = found(tmp_path / "a.tar")
    assert read_attempt(handed_in.counted[0]) == b"new"
    assert len(handed_in.unclear) == 1


@pytest.mark.parametrize("mode", MODES)
def test_an_archive_that_breaks_off(tmp_path, mode):
    path = tmp_path / "a.tar"
    with tarfile.open(path, mode) as archive:
        for name in ("choi.ipynb", "kim.ipynb", "lee.ipynb"):
            add(archive, name, os.urandom(1_000_000))
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 5 // 6])
    handed_in = found(path)
    assert len(read_attempt(handed_in.counted[0])) == 1_000_000
    assert "damaged" in handed_in.unclear[-1].reason
    if "lee" in ids(handed_in):
        with pytest.raises(NotebookError, match="damaged"):
            read_attempt(handed_in.counted[-1])


def test_a_header_that_is_broken(tmp_path):
    data = bytearray(raw_tar(("kim.ipynb", b"x", {}), ("lee.ipynb", b"x", {})))
    data[data.index(b"lee.ipynb")] ^= 0xFF
    (tmp_path / "a.tar").write_bytes(data)
    handed_in = found(tmp_path / "a.tar")
    assert ids(handed_in) == ["kim"]
    assert "damaged" in handed_in.unclear[0].reason


def test_a_header_that_claims_gigabytes(tmp_path):
    """A name of 8 GB would be read into memory."""
    info = tarfile.TarInfo("././@LongLink")
    info.type = tarfile.GNUTYPE_LONGNAME
    info.size = 2**33
    path = tmp_path / "a.tar"
    with path.open("wb") as file:
        file.write(raw_tar(("kim.ipynb", NOTEBOOK, {}))[:1024])
        file.write(info.tobuf(tarfile.GNU_FORMAT))
        file.truncate(2**33)
    handed_in = found(path)
    assert ids(handed_in) == ["kim"]
    assert "damaged" in handed_in.unclear[0].reason


def test_headers_without_end(tmp_path):
    """Each of them promises another, deeper than Python can follow."""
    info = tarfile.TarInfo("././@LongLink")
    info.type = tarfile.GNUTYPE_LONGNAME
    info.size = 2
    header = info.tobuf(tarfile.GNU_FORMAT) + b"a\0".ljust(512, b"\0")
    path = tmp_path / "a.tar"
    path.write_bytes(raw_tar(("kim.ipynb", NOTEBOOK, {}))[:1024] + header * 5000)
    assert ids(found(path)) == ["kim"]


def test_a_negative_size(tmp_path):
    """tarfile would go back and forth over it for ever."""
    data = bytearray(raw_tar(("kim.ipynb", b"x" * 600, {}), ("lee.ipynb", b"x", {})))
    at = data.index(b"lee.ipynb")
    data[at + 124 : at + 136] = b"\xff" * 10 + (-1536 & 0xFFFF).to_bytes(2, "big")
    header = bytes(data[at : at + 148]) + b" " * 8 + bytes(data[at + 156 : at + 512])
    data[at + 148 : at + 156] = b"%06o\0 " % sum(header)
    (tmp_path / "a.tar").write_bytes(data)
    assert ids(found(tmp_path / "a.tar")) == ["kim"]


@pytest.mark.parametrize("mtime", ["nan", "inf", "-inf", "1e300", "-5"])
def test_times_that_are_none(tmp_path, mtime):
    about = {"pax_headers": {"mtime": mtime}}
    (tmp_path / "a.tar").write_bytes(raw_tar(("k.ipynb", b"x", about), ("a/l.ipynb", b"x", {})))
    assert len(found(tmp_path / "a.tar").counted) == 2


def test_names_in_other_encodings(tmp_path):
    path = tmp_path / "a.tar"
    with tarfile.open(path, "w:", format=tarfile.GNU_FORMAT, encoding="cp949") as archive:
        add(archive, "김민수.ipynb", NOTEBOOK)
    assert ids(found(path)) == ["김민수"]


@pytest.mark.parametrize(
    ("compress", "ending"), [(gzip.compress, "gz"), (bz2.compress, "bz2"), (lzma.compress, "xz")]
)
def test_bombs(tmp_path, compress, ending, monkeypatch):
    temporary = tmp_path / "tmp"
    temporary.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(temporary))
    path = tmp_path / f"a.tar.{ending}"
    path.write_bytes(compress(raw_tar(("kim.ipynb", bytes(25_000_000), {}))))
    assert "unpacks to more than 300 times its size" in refused(path)
    monkeypatch.setattr("grader.intake.caps.RATIO", 10**9)
    assert ids(found(path)) == ["kim"]
    monkeypatch.setattr("grader.intake.caps.UNPACKED_BYTES", 10_000_000)
    assert "unpacks to more than" in refused(path)
    assert list(temporary.iterdir()) == []


def test_no_room_to_unpack(tmp_path, monkeypatch):
    path = tarred(tmp_path / "a.tar.gz", "kim.ipynb")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "gone"))
    assert "cannot be read or unpacked" in refused(path)


def test_too_many_files(tmp_path, monkeypatch):
    path = tarred(tmp_path / "a.tar", *(f"{n}.ipynb" for n in range(50)), mode="w:")
    monkeypatch.setattr("grader.intake.caps.MEMBERS", 49)
    assert "too many files" in refused(path)


@pytest.mark.parametrize(
    "data",
    [
        gzip.compress(b"one file", mtime=0),
        gzip.compress(b"", mtime=0),
        b"\x1f\x8bxx",
        b"BZh9xx",
        b"x" * 512,
        b"x" * 99,
    ],
)
def test_what_holds_no_tar(tmp_path, data):
    (tmp_path / "a.tar").write_bytes(data)
    assert "damaged, or not the kind of archive" in refused(tmp_path / "a.tar")


def test_students_zips_within(tmp_path):
    path = tmp_path / "a.tar.gz"
    with tarfile.open(path, "w:gz") as archive:
        add(archive, "kim/hw.zip", zip_bytes("mlp.ipynb"))
        add(archive, "lee/mlp.ipynb", NOTEBOOK)
    handed_in = found(path)
    assert ids(handed_in) == ["kim", "lee"]
    assert read_attempt(handed_in.counted[0]).endswith(b"mlp.ipynb")


@pytest.mark.parametrize("seed", range(5))
def test_no_damage_is_a_traceback(tmp_path, seed):
    """Bytes of the headers changed in turn: it is read, told about or refused."""
    whole = raw_tar(("kim/a.ipynb", NOTEBOOK, {}), ("lee/" + "b" * 150 + ".ipynb", NOTEBOOK, {}))
    path = tmp_path / "a.tar"
    for at in range(seed, 4096, 15):
        data = bytearray(whole)
        data[at] ^= 0xFF if at % 2 else 0x80
        path.write_bytes(data)
        with Archives() as archives:
            try:
                handed_in = find_submissions([str(path)], archives=archives)
            except GraderError:
                continue
            for attempt in handed_in.counted:
                with contextlib.suppress(GraderError):
                    read_attempt(attempt, archives)
