"""Decodes a file's bytes into a JSON object, or says in plain words what the file is instead."""

from __future__ import annotations

import json
import re
from typing import Any, NoReturn

from grader.errors import NotebookError
from grader.quoting import quoted

# Python's objects for 100 MB of "[],[]," take 7 GB; real notebooks stay far below these counts.
_MOST_CONTAINERS = 3_000_000
_MOST_VALUES = 10_000_000
# Python from 3.11 on refuses longer ones itself; earlier versions take minutes to convert them.
_LONGEST_INTEGER = 4_000

_UPLOAD = "Download the notebook as .ipynb from Jupyter or Colab and use that file."
RESAVE = "Open it in Jupyter or Colab and save it again."

_SIGNATURES = (
    (b"PK\x03\x04", "a ZIP archive (or an Office document)"),
    (b"%PDF-", "a PDF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_WIDE_MARKS = (b"\xff\xfe", b"\xfe\xff", b"\x00\x00\xfe\xff")
_WEB_PAGE = re.compile(rb"\s*<(?:!doctype|!--|\?xml|html|head|body|script|meta)", re.IGNORECASE)
_WHOLE_PAGE = re.compile(rb"\s*<(?:!doctype|html)", re.IGNORECASE)  # Markdown begins with any other
_SCRIPT = re.compile(
    r"^(?:import [^\W\d]|from [\w.]+ import |def \w+\(|class \w+|print\(|#!|# ?%%|# coding|%\w)",
    re.MULTILINE,
)
_CONFLICT = re.compile(r"^(?:<{7}|={7}|>{7})(?: |$)", re.MULTILINE)
_KINDS = {list: "a list", str: "a text", int: "a number", float: "a number", bool: "true or false"}


def decode(data: bytes, name: str) -> dict[str, Any]:
    """Return the JSON object that ``data`` holds, without byte order mark.

    Raises ``NotebookError`` for everything else, also for an object with one key twice. ``name``
    is what messages call the file; it must be printable already.
    """
    text = text_of(data, name)
    if data.count(b"[") + data.count(b"{") > _MOST_CONTAINERS or data.count(b",") > _MOST_VALUES:
        raise NotebookError(
            f"{name} holds millions of values",
            "Clear all outputs in Jupyter or Colab and save the notebook again.",
        )
    try:
        content = json.loads(text, object_pairs_hook=_object, parse_int=_integer)
    except json.JSONDecodeError as error:
        _explain(text, error, name)
    except _Unusable as error:
        raise NotebookError(f"{name} {error}", RESAVE) from None
    except (RecursionError, MemoryError):
        raise NotebookError(f"{name} holds brackets nested too deeply to read", RESAVE) from None
    if not isinstance(content, dict):
        kind = _KINDS.get(type(content), "nothing but null")
        raise NotebookError(f"{name} is not a notebook: its JSON is {kind}", _UPLOAD)
    return content


def begins_as_json(data: bytes) -> bool:
    """Whether a file's text begins as a JSON object does."""
    return data[:1000].removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"{")


def text_of(data: bytes, name: str, *, document: bool = False) -> str:
    """Return the text that a file holds, without byte order mark; ``document``: Markdown or code.

    Raises ``NotebookError`` for other formats and encodings.
    """
    _refuse_other_formats(data, name, _WHOLE_PAGE if document else _WEB_PAGE)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotebookError(
            f"{name} is not UTF-8 text (byte {error.start + 1} cannot be read)",
            "Save it again as UTF-8, or download it again: the file may be damaged.",
        ) from None


class _Unusable(Exception):  # noqa: N818  becomes a NotebookError where the file's name is known
    """JSON that parses and still cannot be used."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise _Unusable(f"holds the key {quoted(key, 40)} twice in one object")
            seen.add(key)
    return table


def _integer(digits: str) -> int:
    if len(digits) > _LONGEST_INTEGER:
        raise _Unusable(f"holds a number with {len(digits):,} digits")
    return int(digits)


def _refuse_other_formats(data: bytes, name: str, web_page: re.Pattern[bytes]) -> None:
    start = data[:1000].removeprefix(b"\xef\xbb\xbf")
    if not data.removeprefix(b"\xef\xbb\xbf").strip(b"\0 \t\r\n"):
        raise NotebookError(f"{name} is empty", f"The upload may have failed. {_UPLOAD}")
    for signature, kind in _SIGNATURES:
        if start.startswith(signature):
            raise NotebookError(f"{name} is {kind}, not a notebook", _UPLOAD)
    if start.startswith(_WIDE_MARKS) or b"\0" in start[:4]:
        raise NotebookError(f"{name} is saved as UTF-16 or UTF-32", "Save it again as UTF-8.")
    if web_page.match(start):
        raise NotebookError(
            f"{name} looks like a saved web page, not a notebook",
            "It may be a login page, or GitHub's page about the notebook instead of the raw file. "
            + _UPLOAD,
        )


def _explain(text: str, error: json.JSONDecodeError, name: str) -> NoReturn:
    body = text.strip()
    conflict = _CONFLICT.search(text)
    if conflict and conflict.start() <= error.pos:
        line = text.count("\n", 0, conflict.start()) + 1
        raise NotebookError(
            f"{name} holds an unsolved Git merge conflict (line {line})",
            "Solve the conflict, open the notebook once in Jupyter, and save it.",
        )
    if not body.startswith(("{", "[")):
        script = _SCRIPT.search(body[:10_000])
        what = "looks like a Python script" if script else "holds no JSON"
        raise NotebookError(f"{name} is not a notebook: it {what}", _UPLOAD)
    if (
        error.pos >= len(text.rstrip())
        or error.msg.startswith("Unterminated string")
        or not body.endswith(("}", "]"))
    ):
        raise NotebookError(
            f"{name} is cut off: it ends in the middle of the notebook",
            "The download or upload was not finished. Download it again and use the whole file.",
        )
    raise NotebookError(
        f"{name} is damaged: line {error.lineno} is not valid JSON ({error.msg})",
        f"It was probably edited by hand. {_UPLOAD}",
    )
