"""Packs the grader that is running into a wheel, so that a bundle brings the same one along.

Neither a build tool nor the network is needed. The course's own files are not in it: a bundle has
the one assignment that it is for beside the wheel.
"""

from __future__ import annotations

import base64
import hashlib
import sys
from importlib import metadata
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from grader import __version__
from grader.errors import GraderError

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

DISTRIBUTION = "blankgrade"  # its name for pip, as pyproject.toml has it
_PACKAGE = Path(__file__).resolve().parent.parent
_LEFT_OUT = frozenset({"__pycache__", "_shipped"})
_WHEEL = "Wheel-Version: 1.0\nGenerator: grader\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
_SCRIPT = "[console_scripts]\ngrade = grader.cli:main\n"
_LONG_AGO = (1980, 1, 1, 0, 0, 0)  # equal files make equal archives


def wheel_name() -> str:
    """Return the wheel's file name, by which pip knows what is in it."""
    return f"{DISTRIBUTION}-{__version__}-py3-none-any.whl"


def wheel() -> bytes:
    """Return the running grader as a wheel; raises ``GraderError`` if it is installed oddly."""
    about = f"{DISTRIBUTION}-{__version__}.dist-info"
    files = package_files()
    files[f"{about}/METADATA"] = _metadata().encode()
    files[f"{about}/WHEEL"] = _WHEEL.encode()
    files[f"{about}/entry_points.txt"] = _SCRIPT.encode()
    files[f"{about}/RECORD"] = _record(files, f"{about}/RECORD").encode()
    return zipped(files)


def package_files() -> dict[str, bytes]:
    """Return the package's files by their paths in the wheel."""
    return files_below(_PACKAGE, "grader", _LEFT_OUT)


def files_below(folder: Path, prefix: str, left_out: frozenset[str]) -> dict[str, bytes]:
    """Return a folder's files by their paths below ``prefix``, without names that are left out."""
    found = {}
    for path in sorted(folder.rglob("*")):
        below = path.relative_to(folder)
        if path.is_file() and not left_out.intersection(below.parts) and path.suffix != ".pyc":
            found[f"{prefix}/{below.as_posix()}"] = path.read_bytes()
    return found


def zipped(files: dict[str, bytes], programs: frozenset[str] = frozenset()) -> bytes:
    """Return a zip archive of files by their paths; ``programs`` may be executed."""
    archive = BytesIO()
    with ZipFile(archive, "w") as target:
        for name, content in files.items():
            entry = ZipInfo(name, _LONG_AGO)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 3  # Unix, whose permissions follow
            entry.external_attr = (0o100755 if name in programs else 0o100644) << 16
            target.writestr(entry, content)
    return archive.getvalue()


def _record(files: dict[str, bytes], own_name: str) -> str:
    rows = []
    for name, content in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
        rows.append(f"{name},sha256={digest},{len(content)}\n")
    return "".join([*rows, f"{own_name},,\n"])


def _metadata() -> str:
    """Return what pip has to know, from the checkout's own file or from the installed grader."""
    project = _PACKAGE.parent / "pyproject.toml"
    if project.is_file():
        return _from_project(tomllib.loads(project.read_text(encoding="utf-8"))["project"])
    try:
        installed = metadata.distribution(DISTRIBUTION)
    except metadata.PackageNotFoundError:
        installed = None
    text = installed.read_text("METADATA") if installed is not None else None
    if installed is None or installed.version != __version__ or not text:
        raise GraderError(
            "it is not known what this grader needs: it is neither installed nor a checkout",
            "install it: pip install . in its folder",
        )
    return text


def _from_project(project: dict[str, Any]) -> str:
    lines = [
        "Metadata-Version: 2.1",
        f"Name: {DISTRIBUTION}",
        f"Version: {__version__}",
        f"Summary: {project['description']}",
        f"Requires-Python: {project['requires-python']}",
        *(f"Requires-Dist: {needed}" for needed in project["dependencies"]),
    ]
    for extra in ("notebooks",):  # what whoever grades a class installs
        lines.append(f"Provides-Extra: {extra}")
        lines += [
            f'Requires-Dist: {needed}; extra == "{extra}"'
            for needed in project["optional-dependencies"][extra]
        ]
    return "\n".join(lines) + "\n"
