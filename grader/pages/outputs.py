"""What a page shows of a notebook's saved outputs: text, and pictures that are what they say.

A notebook's outputs are a stranger's: HTML, scripts, SVG, widgets, addresses, terminal codes. Only
plain text and PNG and JPEG pictures are kept, up to a total for the whole notebook.
"""

from __future__ import annotations

import base64
import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from nbformat import from_dict
from nbformat.v4.convert import upgrade_output

from grader.notebook.decode import begins_as_json, decode
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_TEXT = 8_000  # characters of one output
_LARGEST_PICTURE = 1_500_000  # characters of Base64
_MOST_OUTPUTS = 100  # of one cell
_MOST_PIXELS = 25_000_000  # a few kB of PNG can unpack to gigabytes
_PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"
# JPEG segments that state the picture's size.
_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


@dataclass
class Budget:
    """What may still be shown of a notebook's outputs, in characters."""

    text: int = 200_000
    pictures: int = 6_000_000


def raw_cells(data: bytes) -> list[dict[str, Any]]:
    """Return the cells of a notebook's file as plain data, those of all worksheets in format 3.

    A notebook that is saved as text holds no outputs. Raises ``NotebookError`` when what begins
    like a JSON object is none.
    """
    if not begins_as_json(data):
        return []
    content = decode(data, "the notebook")
    if content.get("nbformat") != 3:
        return _tables(content.get("cells"))
    sheets = _tables(content.get("worksheets"))
    cells = [cell for sheet in sheets for cell in _tables(sheet.get("cells"))]
    outputs = [[_upgraded(output) for output in _tables(cell.get("outputs"))] for cell in cells]
    return [cell | {"outputs": new} for cell, new in zip(cells, outputs, strict=True)]


def kept_outputs(cell: dict[str, Any], budget: Budget) -> tuple[list[dict[str, Any]], int]:
    """Return what is kept of a cell's outputs, and how many outputs are left out whole."""
    outputs = _tables(cell.get("outputs"))
    kept: list[dict[str, Any]] = []
    for output in outputs[:_MOST_OUTPUTS]:
        kept += _kept(output, budget)
    return kept, len(outputs) - len(kept)


def kept_attachments(cell: dict[str, Any], budget: Budget) -> dict[str, dict[str, str]]:
    """Return a Markdown cell's attached pictures: by name, a media type and its Base64."""
    kept = {}
    for name, bundle in _table(cell.get("attachments")).items():
        for media, picture in _pictures(_table(bundle), budget):
            kept[name] = {media: picture}
    return kept


def picture_type(encoded: str) -> str | None:
    """Return the media type of a picture in Base64, ``None`` if it is no PNG or JPEG to show."""
    try:
        data = base64.b64decode(encoded, validate=True)
        if data.startswith(_PNG):
            media, (width, height) = "image/png", struct.unpack_from(">II", data, len(_PNG))
        elif data.startswith(b"\xff\xd8\xff"):
            media, (width, height) = "image/jpeg", _jpeg_size(data)
        else:
            return None
    except (ValueError, struct.error, IndexError):
        return None
    return media if 0 < width * height <= _MOST_PIXELS else None


def _kept(output: dict[str, Any], budget: Budget) -> list[dict[str, Any]]:
    """Return an output with nothing but text and a picture, or none at all."""
    kind = output.get("output_type")
    if kind == "stream":
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        text = _text(output.get("text"), budget)
        return [_stream(name, text)] if text else []
    if kind == "error":
        trace = output.get("traceback")
        lines = [_joined(line) for line in trace] if isinstance(trace, list) else []
        said = f"{_joined(output.get('ename'))}: {_joined(output.get('evalue'))}"
        text = _text("\n".join(lines) or said, budget)
        return [_stream("stderr", text)] if text else []
    data = _table(output.get("data"))
    bundle = dict(_pictures(data, budget))
    text = _text(data.get("text/plain"), budget)
    if text:
        bundle["text/plain"] = text
    return [{"output_type": "display_data", "metadata": {}, "data": bundle}] if bundle else []


def _stream(name: str, text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": name, "text": text}


def _pictures(data: dict[str, Any], budget: Budget) -> Iterator[tuple[str, str]]:
    for wanted in ("image/png", "image/jpeg"):
        encoded = "".join(_joined(data.get(wanted)).split())
        if not encoded or len(encoded) > min(_LARGEST_PICTURE, budget.pictures):
            continue
        media = picture_type(encoded)
        if media is not None:
            budget.pictures -= len(encoded)
            yield media, encoded
            return


def _text(value: object, budget: Budget) -> str:
    """Return a text as a terminal leaves it: of a line that was written over, the last state."""
    lines = _joined(value).replace("\r\n", "\n").split("\n")
    last = "\n".join(line.rstrip("\r").rpartition("\r")[2] for line in lines)
    text = printable(last.strip("\n"), min(_LONGEST_TEXT, budget.text), keep_lines=True)
    budget.text -= len(text)
    return text


def _upgraded(output: dict[str, Any]) -> dict[str, Any]:
    """Return an output of format 3 as one of format 4, an empty one where that can't be done."""
    try:
        return dict(upgrade_output(from_dict(output)))
    except (AttributeError, LookupError, RecursionError, TypeError, ValueError):
        return {}


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while data[at] == 0xFF:
        if data[at + 1] in _FRAMES:
            height, width = struct.unpack_from(">HH", data, at + 5)
            return int(width), int(height)
        at += 2 + int(struct.unpack_from(">H", data, at + 2)[0])
    raise ValueError("no JPEG")


def _joined(value: object) -> str:
    if isinstance(value, list):
        return "".join(item for item in value if isinstance(item, str))
    return value if isinstance(value, str) else ""


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _tables(value: object) -> list[dict[str, Any]]:
    """Return a list's items, an empty table in the place of each that is none."""
    return [_table(item) for item in value] if isinstance(value, list) else []
