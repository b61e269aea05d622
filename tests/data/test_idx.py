"""Reading IDX files and choosing the data: the same arrays as torchvision, one error each."""

import gzip
import hashlib
import struct
from pathlib import Path

import numpy as np
import pytest
from torchvision.datasets import MNIST

from grader.data import digits, find_data, load_digits_set, read_idx
from grader.data.digits import FILES, UCI_DIGITS_SHA256
from grader.errors import GraderError

EMBEDDED = Path(__file__).parents[2] / "reference" / "mlp" / "data"
RAW = EMBEDDED / "MNIST" / "raw"


def idx(array, kind=8):
    """Write an array as an IDX file's bytes."""
    array = np.asarray(array)
    return struct.pack(f">HBB{array.ndim}I", 0, kind, array.ndim, *array.shape) + array.tobytes()


def write_set(folder, images=3, labels=3, label=7, side=28):
    """Write the four files of a small set."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in FILES:
        if "images" in name:
            content = idx(np.full((images, side, side), 9, np.uint8))
        else:
            content = idx(np.full(labels, label, np.uint8))
        (folder / name).write_bytes(content)


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    """Run in an empty folder, so that no ./data of ours is found."""
    monkeypatch.chdir(tmp_path)


# ---------------------------------------------------------------- the embedded digits


def test_the_embedded_files_are_those_that_make_digits_writes():
    found = tuple(hashlib.sha256((RAW / name).read_bytes()).hexdigest() for name in FILES)
    assert found == UCI_DIGITS_SHA256


def test_the_embedded_set_is_what_torchvision_reads():
    data = load_digits_set(EMBEDDED)
    train, test = MNIST(str(EMBEDDED), train=True), MNIST(str(EMBEDDED), train=False)
    assert data.name == "uci-digits"
    assert data.train_images.shape == (1437, 28, 28)
    assert data.test_images.shape == (360, 28, 28)
    for ours, theirs in (
        (data.train_images, train.data),
        (data.train_labels, train.targets),
        (data.test_images, test.data),
        (data.test_labels, test.targets),
    ):
        assert ours.dtype == theirs.numpy().dtype
        assert np.array_equal(ours, theirs.numpy())
        assert not ours.flags.writeable
    assert set(data.test_labels) == set(range(10))


# ---------------------------------------------------------------- one file


@pytest.mark.parametrize(
    ("kind", "dtype"),
    [(0x08, "u1"), (0x09, "i1"), (0x0B, ">i2"), (0x0C, ">i4"), (0x0D, ">f4"), (0x0E, ">f8")],
)
def test_every_element_type_is_read_in_native_order(tmp_path, kind, dtype):
    written = np.arange(6, dtype=dtype).reshape(2, 3)
    path = tmp_path / "file"
    path.write_bytes(idx(written, kind))
    array = read_idx(path)
    assert array.dtype.isnative
    assert array.dtype == np.dtype(dtype).newbyteorder("=")
    assert np.array_equal(array, written)


def test_a_packed_file_is_known_by_its_content(tmp_path):
    path = tmp_path / "no-suffix"
    path.write_bytes(gzip.compress(idx(np.arange(5, dtype=np.uint8))))
    assert read_idx(path).tolist() == [0, 1, 2, 3, 4]


GOOD = idx(np.zeros((2, 28, 28), np.uint8))
PACKED = gzip.compress(GOOD, mtime=0)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "isn't an IDX file"),
        (b"<!DOCTYPE html>", "isn't an IDX file"),
        (b"\0\0\x07\x01" + GOOD[4:], "isn't an IDX file"),
        (b"\0\0\x08\0", "0 dimensions"),
        (b"\0\0\x08\xff" + b"\0\0\0\x01" * 255, "255 dimensions"),
        (GOOD[:10], "ends inside its header"),
        (GOOD[:-1], "only 1567"),
        (GOOD + b"\0", "has more"),
        (b"\0\0\x08\x03" + b"\xff" * 12, "too many"),
        (PACKED[:-9], "damaged gzip"),
        (PACKED[:10] + b"\xff" * 20, "damaged gzip"),
        (PACKED[:-8] + bytes(8), "damaged gzip"),
        (PACKED + b"tail", "damaged gzip"),
        (gzip.compress(GOOD + bytes(10_000_000), mtime=0), "has more"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_a_damaged_file_is_one_clear_error(tmp_path, content, says):
    path = tmp_path / "damaged"
    path.write_bytes(content)
    with pytest.raises(GraderError, match=says) as caught:
        read_idx(path)
    assert str(path) in caught.value.message
    assert caught.value.hint


def test_a_folder_in_place_of_a_file_is_one_clear_error(tmp_path):
    with pytest.raises(GraderError, match="can't be read"):
        read_idx(tmp_path)


# ---------------------------------------------------------------- a set of four


@pytest.mark.parametrize("below", ["MNIST/raw", "raw", "."])
def test_the_four_files_are_found_in_or_below_the_folder(tmp_path, below):
    write_set(tmp_path / "set" / below)
    data = load_digits_set(tmp_path / "set")
    assert data.name == "custom"
    assert data.train_labels.tolist() == [7, 7, 7]
    assert data.train_labels.dtype == np.int64


def test_packed_files_will_do(tmp_path):
    write_set(tmp_path)
    for name in FILES:
        plain = tmp_path / name
        (tmp_path / f"{name}.gz").write_bytes(gzip.compress(plain.read_bytes()))
        plain.unlink()
    assert load_digits_set(tmp_path).test_images.shape == (3, 28, 28)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"labels": 2}, "3 training images and 2 training labels"),
        ({"images": 0, "labels": 0}, "0 training images"),
        ({"label": 10}, "training label 10"),
        ({"side": 8}, r"\(3, 8, 8\)"),
    ],
)
def test_files_that_do_not_fit_are_one_clear_error(tmp_path, wrong, says):
    write_set(tmp_path, **wrong)
    with pytest.raises(GraderError, match=says) as caught:
        load_digits_set(tmp_path)
    assert caught.value.hint


def test_images_in_place_of_labels_are_refused(tmp_path):
    write_set(tmp_path)
    (tmp_path / FILES[1]).write_bytes((tmp_path / FILES[0]).read_bytes())
    with pytest.raises(GraderError, match="training labels"):
        load_digits_set(tmp_path)


def test_a_missing_file_is_named(tmp_path):
    write_set(tmp_path)
    (tmp_path / FILES[3]).unlink()
    with pytest.raises(GraderError, match=FILES[3]):
        load_digits_set(tmp_path)


# ---------------------------------------------------------------- which set is used


def test_without_a_choice_the_embedded_set_is_used():
    assert find_data(None, EMBEDDED).name == "uci-digits"


def test_an_explicit_folder_wins(tmp_path):
    write_set(tmp_path / "mine")
    assert find_data(str(tmp_path / "mine"), EMBEDDED).name == "custom"


def test_an_explicit_folder_without_files_says_how_to_get_them(tmp_path):
    for folder in (tmp_path, tmp_path / "nowhere"):
        with pytest.raises(GraderError, match="no MNIST files") as caught:
            find_data(str(folder), EMBEDDED)
        assert f"MNIST({str(folder)!r}, download=True)" in caught.value.hint


def test_a_poisoned_data_folder_is_ignored(tmp_path):
    raw = tmp_path / "data" / "MNIST" / "raw"
    write_set(raw)
    assert find_data(None, EMBEDDED).name == "uci-digits"
    for name in FILES:
        (raw / f"{name}.gz").write_bytes(gzip.compress((raw / name).read_bytes()))
    assert find_data(None, EMBEDDED).name == "uci-digits"
    # Too large to be MNIST's: not even read to its end.
    with (raw / f"{FILES[0]}.gz").open("wb") as sparse:
        sparse.truncate(1 << 40)
    assert find_data(None, EMBEDDED).name == "uci-digits"


def test_verified_mnist_is_read_from_the_verified_bytes(tmp_path, monkeypatch):
    """The real files are too large to ship: others play MNIST, under their own checksums."""
    raw = tmp_path / "data" / "MNIST" / "raw"
    write_set(raw, label=3)
    md5 = []
    for name in FILES:
        packed = gzip.compress((raw / name).read_bytes())
        (raw / f"{name}.gz").write_bytes(packed)
        md5.append(hashlib.md5(packed).hexdigest())
    write_set(raw, label=0)  # the unpacked files lie
    monkeypatch.setattr(digits, "MNIST_GZ_MD5", tuple(md5))
    data = find_data(None, EMBEDDED)
    assert data.name == "mnist"
    assert data.train_labels.tolist() == [3, 3, 3]


def test_the_checksums_are_those_that_torchvision_downloads_by():
    published = {name.removesuffix(".gz"): md5 for name, md5 in MNIST.resources}
    assert dict(zip(FILES, digits.MNIST_GZ_MD5, strict=True)) == published
