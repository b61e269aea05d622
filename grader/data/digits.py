"""A set of digit pictures: the four MNIST files of a folder, checked and named."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from grader.data.idx import parse_idx, read_idx
from grader.errors import GraderError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

FILES = (
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
)
SIDE = 28
DIGITS = 10

MNIST, UCI_DIGITS, CUSTOM = "mnist", "uci-digits", "custom"

# What torchvision itself checks after a download (torchvision.datasets.MNIST.resources).
MNIST_GZ_MD5 = (
    "f68b3c2dcbeaaa9fbdd348bbdeb94873",
    "d53e105ee54ea40749a09fcbcd1e9432",
    "9fb629c4189551a2d022fa330f9573f3",
    "ec29112dd5afa0611ce80d1b7f02629c",
)
# The largest of them has 9.9 MB; larger files are not hashed.
_MNIST_GZ_MAX_BYTES = 10_000_000

# What reference/mlp/data/make_digits.py writes.
UCI_DIGITS_SHA256 = (
    "425d40166667aba96cb712d82806b76ea433d7b455cda5a39f28cb0880c1782b",
    "554ce33e0c00fd6804eb1d13287c41559eb9a8432dc4839efc9686dcde472b4b",
    "c121ebcac58cdb0c5b7aeaed1fd568328ca099cd7a31871ed69ca18fe15c84f3",
    "c30a29511d502d03d9b46190c8c87d5b45e9ab7de870fa906d2ad30366b1ea56",
)


@dataclass(frozen=True, eq=False)
class DigitsData:
    """Pictures and their labels, read-only.

    ``name`` is "mnist" or "uci-digits" when the bytes are known to be those, else "custom".
    Images are uint8 (N, 28, 28), 0 is paper and 255 ink; labels are int64 (N,), 0 to 9.
    """

    name: str
    train_images: NDArray[np.uint8]
    train_labels: NDArray[np.int64]
    test_images: NDArray[np.uint8]
    test_labels: NDArray[np.int64]

    @property
    def digest(self) -> str:
        """A digest of all pictures and labels."""
        total = hashlib.sha256()
        for array in (self.train_images, self.train_labels, self.test_images, self.test_labels):
            total.update(f"{array.shape}".encode())
            total.update(np.ascontiguousarray(array).data)
        return total.hexdigest()


def load_digits_set(folder: Path) -> DigitsData:
    """Read the four MNIST files below ``folder``, plain or ``.gz``.

    They may lie in ``folder/MNIST/raw`` (where torchvision puts them), ``folder/raw`` or
    ``folder`` itself. Raises GraderError when one is missing or damaged, or when the pictures
    aren't 28 x 28 bytes with one label from 0 to 9 each.
    """
    raw = raw_folder(folder)
    if raw is None:
        raise GraderError(f"no MNIST files in {folder}", how_to_get(folder))
    verified = load_verified_mnist(raw)
    if verified is not None:
        return verified
    paths = [_path(raw, name, folder) for name in FILES]
    arrays = [read_idx(path) for path in paths]
    return _checked(_name(paths), arrays, str(raw))


def load_verified_mnist(raw: Path) -> DigitsData | None:
    """Return real MNIST from the four ``.gz`` files in ``raw``, or None if they differ from it.

    It parses the bytes whose checksums were compared; the unpacked files beside them, which
    torchvision would read, may hold anything.
    """
    contents = []
    for name, expected in zip(FILES, MNIST_GZ_MD5, strict=True):
        content = _small_file(raw / f"{name}.gz")
        # torchvision publishes MD5. Nobody can make another file for a given MD5 checksum.
        if content is None or hashlib.md5(content, usedforsecurity=False).hexdigest() != expected:
            return None
        contents.append(content)
    arrays = [parse_idx(content, name) for name, content in zip(FILES, contents, strict=True)]
    return _checked(MNIST, arrays, str(raw))


def raw_folder(folder: Path) -> Path | None:
    """Return the folder at or below ``folder`` that holds MNIST files, or None."""
    for raw in (folder / "MNIST" / "raw", folder / "raw", folder):
        if any(_candidates(raw, name) for name in FILES):
            return raw
    return None


def how_to_get(folder: Path) -> str:
    """Return the command that downloads MNIST into ``folder``."""
    code = f"from torchvision.datasets import MNIST; MNIST({str(folder)!r}, download=True)"
    return f'download it with: python -c "{code}"'


def _path(raw: Path, name: str, folder: Path) -> Path:
    """Return the file called ``name``, the plain one first; raises ``GraderError``."""
    found = _candidates(raw, name)
    if not found:
        raise GraderError(f"{raw} has no {name}, plain or .gz", how_to_get(folder))
    return found[0]


def _candidates(raw: Path, name: str) -> list[Path]:
    """Return ``name`` and ``name.gz`` if they are regular files; reading a pipe would hang."""
    try:
        return [path for path in (raw / name, raw / f"{name}.gz") if path.is_file()]
    except OSError:  # a folder that can't be entered
        return []


def _small_file(path: Path) -> bytes | None:
    """Return the file's bytes, or None when it is missing, unreadable or too large."""
    try:
        if not path.is_file():
            return None
        with path.open("rb") as file:
            content = file.read(_MNIST_GZ_MAX_BYTES + 1)
    except OSError:
        return None
    return content if len(content) <= _MNIST_GZ_MAX_BYTES else None


def _name(paths: list[Path]) -> str:
    """Return the set's name by its bytes, so that other data never gets a known name."""
    known = all(
        hashlib.sha256(path.read_bytes()).hexdigest() == expected
        for path, expected in zip(paths, UCI_DIGITS_SHA256, strict=True)
    )
    return UCI_DIGITS if known else CUSTOM


def _checked(name: str, arrays: list[NDArray[Any]], where: str) -> DigitsData:
    """Check shapes, types, counts and label range of the four arrays, in the order of FILES."""
    train_images, train_labels, test_images, test_labels = arrays
    for images, labels, part in (
        (train_images, train_labels, "training"),
        (test_images, test_labels, "test"),
    ):
        if images.dtype != np.uint8 or images.shape[1:] != (SIDE, SIDE):
            raise GraderError(
                f"the {part} images in {where} are {images.dtype} {images.shape}",
                f"images must be uint8 (N, {SIDE}, {SIDE}), as MNIST's are",
            )
        if labels.dtype != np.uint8 or labels.ndim != 1:
            raise GraderError(
                f"the {part} labels in {where} are {labels.dtype} {labels.shape}",
                "labels must be uint8 (N,), as MNIST's are",
            )
        if not 0 < len(images) == len(labels):
            raise GraderError(
                f"{where} has {len(images)} {part} images and {len(labels)} {part} labels",
                "there must be as many of the one as of the other, and at least one",
            )
        if labels.max() >= DIGITS:
            raise GraderError(
                f"{where} has a {part} label {labels.max()}", "labels must be digits, 0 to 9"
            )
    return DigitsData(name, train_images, _int64(train_labels), test_images, _int64(test_labels))


def _int64(labels: NDArray[Any]) -> NDArray[np.int64]:
    """Return read-only int64 labels, as PyTorch's loss takes them."""
    wide = labels.astype(np.int64)
    wide.flags.writeable = False
    return wide
