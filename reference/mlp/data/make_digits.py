# noqa: INP001 (a script beside the files it writes, not a module of a package)
"""Make the four files of ``MNIST/raw`` beside this script, byte for byte.

Usage: ``python reference/mlp/data/make_digits.py`` writes them, ``--check`` compares them with
what lies there and exits 1 when a byte differs.  Needs scikit-learn, whose ``load_digits`` is
the source; nothing else in the project does.

The same bytes come out on every machine: the enlarging is done in whole numbers, and the order
comes from a hash, not from a random generator whose stream a new version may change.
"""

from __future__ import annotations

import argparse
import hashlib
import struct
import sys
from pathlib import Path

import numpy as np
from sklearn.datasets import load_digits

RAW = Path(__file__).resolve().parent / "MNIST" / "raw"
SMALL = 8
LARGE = 28
INK_SMALL = 16  # the value of a pixel that is all ink
INK_LARGE = 255
TRAIN_SIZE = 1437  # four fifths of 1797


def enlarge(images: np.ndarray) -> np.ndarray:
    """Resize (N, 8, 8) whole numbers 0-16 to (N, 28, 28) uint8 0-255, bilinear.

    Corners are not aligned: the centre of large pixel ``i`` lies at ``(i + 1/2) * 8/28 - 1/2``
    in small pixels, which is ``(4 i - 5) / 14``, held inside the picture.  This is what
    ``torch.nn.functional.interpolate(mode="bilinear", align_corners=False)`` computes.
    """
    at = np.clip(4 * np.arange(LARGE) - 5, 0, 14 * (SMALL - 1))
    lower, part = at // 14, at % 14
    upper = np.minimum(lower + 1, SMALL - 1)
    rows = images[:, lower] * (14 - part)[:, None] + images[:, upper] * part[:, None]
    both = rows[:, :, lower] * (14 - part) + rows[:, :, upper] * part
    unit = INK_SMALL * 14 * 14
    return ((both * INK_LARGE * 2 + unit) // (2 * unit)).astype(np.uint8)


def shuffled(count: int) -> np.ndarray:
    """Return 0 to ``count - 1`` in an order that looks random and never changes."""
    return np.array(sorted(range(count), key=lambda i: hashlib.sha256(b"%d" % i).digest()))


def idx_bytes(array: np.ndarray) -> bytes:
    """Write uint8 data as an IDX file: two zeros, type 8, dimensions, big-endian sizes, data."""
    header = struct.pack(f">BBBB{array.ndim}I", 0, 0, 8, array.ndim, *array.shape)
    return header + array.astype(np.uint8).tobytes()


def files() -> dict[str, bytes]:
    """Return the content of each of the four files under its MNIST name."""
    digits = load_digits()
    order = shuffled(len(digits.target))
    images = enlarge(digits.images.astype(np.int64))[order]
    labels = digits.target[order]
    return {
        "train-images-idx3-ubyte": idx_bytes(images[:TRAIN_SIZE]),
        "train-labels-idx1-ubyte": idx_bytes(labels[:TRAIN_SIZE]),
        "t10k-images-idx3-ubyte": idx_bytes(images[TRAIN_SIZE:]),
        "t10k-labels-idx1-ubyte": idx_bytes(labels[TRAIN_SIZE:]),
    }


def main() -> int:
    """Write the files, or with ``--check`` compare them; return the exit status."""
    parser = argparse.ArgumentParser(description="Make the embedded digits.")
    parser.add_argument("--check", action="store_true", help="compare, write nothing")
    check = parser.parse_args().check
    status = 0
    if not check:
        RAW.mkdir(parents=True, exist_ok=True)
    for name, content in files().items():
        path = RAW / name
        if not check:
            path.write_bytes(content)
            said = "written"
        elif path.is_file() and path.read_bytes() == content:
            said = "same"
        else:
            said, status = "DIFFERS", 1
        digest = hashlib.sha256(content).hexdigest()
        sys.stdout.write(f"{said}  {digest}  {len(content):8d}  {name}\n")
    return status


if __name__ == "__main__":
    sys.exit(main())
