"""A page's own script, allowed by its hash as the only script that a browser runs there."""

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
    """A page's script, and the directive for its Content-Security-Policy."""

    js: Markup
    policy: str


@cache
def script(name: str) -> Script:
    """Return a script from the folder of templates."""
    js = (_TEMPLATES / name).read_text(encoding="utf-8")
    mark = base64.b64encode(hashlib.sha256(js.encode()).digest()).decode()
    return Script(Markup(js), f"script-src 'sha256-{mark}'")  # noqa: S704 - our own file
