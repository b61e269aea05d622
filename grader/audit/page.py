"""An audit as one HTML page without scripts or external files, every text escaped."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from typing import TYPE_CHECKING

from jinja2 import Environment, PackageLoader, StrictUndefined

from grader.audit.tables import counts, matrix, reasons, room
from grader.points import MARKS
from grader.report import Status
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.audit.model import Audit

_TONES = {
    Status.PASSED: "ok",
    Status.PARTIAL: "part",
    Status.NOT_ATTEMPTED: "none",
    Status.FAILED: "fail",
    Status.ERROR: "fail",
}


def to_html(audits: Sequence[Audit]) -> str:
    """Return the audits as one self-contained page."""
    environment = Environment(
        loader=PackageLoader("grader.pages"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["shown"] = lambda text: printable(str(text), 2000, keep_lines=True)
    environment.filters["tone"] = lambda status: _TONES.get(status, "grave")
    environment.filters["mark"] = MARKS.__getitem__
    environment.globals |= {"matrix": matrix, "counts": counts, "reasons": reasons, "room": room}
    templates = files("grader.pages") / "templates"
    css = "\n".join(
        (templates / name).read_text(encoding="utf-8") for name in ("look.css", "audit.css")
    )
    digest = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    page = environment.get_template("audit.html")
    return page.render(audits=audits, css=css, digest=digest) + "\n"
