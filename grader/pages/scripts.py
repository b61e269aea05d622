"""A page's own script, named by its hash: the one script that a browser runs on that page."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from markupsafe import Markup

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Script:
    """A script to put into a page, and the directive that its security policy needs."""

    js: Markup
    policy: str


@cache
def script(name: str) -> Script:
    """Return a script that lies beside the templates."""
    js = (_TEMPLATES / name).read_text(encoding="utf-8")
    mark = base64.b64encode(hashlib.sha256(js.encode()).digest()).decode()
    return Script(Markup(js), f"script-src 'sha256-{mark}'")  # noqa: S704 - our own file
