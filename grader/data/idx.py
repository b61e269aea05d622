"""Read IDX files, the format of MNIST.

Layout (https://yann.lecun.com/exdb/mnist/ describes it at its end): two zero bytes, a byte for
the element type, a byte for the number of dimensions, each dimension's size as a big-endian
32-bit number, then the elements, big-endian, last dimension fastest.
"""

from __future__ import annotations

import gzip
import io
import math
import struct
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO, cast

import numpy as np

from grader.errors import GraderError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

_TYPES = {0x08: "u1", 0x09: "i1", 0x0B: ">i2", 0x0C: ">i4", 0x0D: ">f4", 0x0E: ">f8"}
_MAX_DIMENSIONS = 8
# Real MNIST is 47 MB unpacked. A header that claims much more is refused before any memory is
# allocated.
_MAX_BYTES = 1 << 30
_GZIP_MAGIC = b"\x1f\x8b"
_HINT = "copy or download the file again; it should be one of MNIST's IDX files, plain or .gz"


def read_idx(path: Path) -> NDArray[Any]:
    """Return the array in the IDX file ``path``, in the machine's byte order, read-only.

    A gzip file is recognised by its first bytes. Raises GraderError if the file can't be read or
    is not one complete array of at most 1 GiB.
    """
    try:
        with path.open("rb") as file:
            return _read(file, str(path))
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise GraderError(f"{path} can't be read: {reason}", _HINT) from error


def parse_idx(content: bytes, name: str) -> NDArray[Any]:
    """Do the same for bytes in memory; ``name`` names them in errors."""
    return _read(io.BytesIO(content), name)


def _read(file: BinaryIO, name: str) -> NDArray[Any]:
    """Read one array from an open file, decompressing gzip."""
    packed = file.read(len(_GZIP_MAGIC)) == _GZIP_MAGIC
    file.seek(0)
    if not packed:
        return _array(file, name)
    try:
        with gzip.open(file) as unpacked:
            return _array(cast("BinaryIO", unpacked), name)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise GraderError(f"{name} is a damaged gzip file", _HINT) from error


def _array(stream: BinaryIO, name: str) -> NDArray[Any]:
    """Read header and elements; never read or reserve more than the header allows."""
    dtype, shape = _header(stream, name)
    size = math.prod(shape) * dtype.itemsize
    if size > _MAX_BYTES:
        raise GraderError(f"{name} claims to hold {_times(shape)} elements: too many", _HINT)
    content = stream.read(size + 1)
    if len(content) != size:
        found = "more" if len(content) > size else f"only {len(content)}"
        raise GraderError(
            f"{name} should hold {size} bytes after its header ({_times(shape)}), but has {found}",
            _HINT,
        )
    array = np.frombuffer(content, dtype).reshape(shape).astype(dtype.newbyteorder("="), copy=False)
    array.flags.writeable = False
    return array


def _header(stream: BinaryIO, name: str) -> tuple[np.dtype[Any], tuple[int, ...]]:
    """Return element type and shape."""
    magic = stream.read(4)
    if len(magic) < 4 or magic[:2] != b"\0\0" or magic[2] not in _TYPES:
        raise GraderError(f"{name} isn't an IDX file: it starts with {magic.hex(' ')!r}", _HINT)
    dimensions = magic[3]
    if not 1 <= dimensions <= _MAX_DIMENSIONS:
        raise GraderError(f"{name} claims to have {dimensions} dimensions", _HINT)
    sizes = stream.read(4 * dimensions)
    if len(sizes) < 4 * dimensions:
        raise GraderError(f"{name} ends inside its header", _HINT)
    return np.dtype(_TYPES[magic[2]]), struct.unpack(f">{dimensions}I", sizes)


def _times(shape: tuple[int, ...]) -> str:
    """Write a shape as 60000 x 28 x 28."""
    return " x ".join(str(size) for size in shape)
