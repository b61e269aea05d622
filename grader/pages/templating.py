"""Jinja for all pages: escaped, without invisible characters, styles allowed by hash."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from grader.text import printable

_TEMPLATES = Path(__file__).parent / "templates"


@dataclass(frozen=True)
class Style:
    """A page's style sheet, and the Content-Security-Policy that allows nothing else."""

    css: Markup
    policy: str


def template(name: str) -> Template:
    """Return one of our templates."""
    return _environment().get_template(name)


@cache
def style(*parts: str) -> Style:
    """Join style sheets, given as names of files beside the templates or as CSS.

    The policy allows only this sheet: no script, image, font, form, address or other style.
    """
    css = "".join(_sheet(part) for part in parts)
    mark = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{mark}'; base-uri 'none'; form-action 'none'"
    return Style(Markup(css), policy)  # noqa: S704 - our own files; escaped, it would be no CSS


def harmless(value: Any) -> Any:
    """Make a template's value printable; Jinja escapes its markup afterwards.

    Jinja calls this for every text: control characters, bidi overrides, NUL and unpaired surrogates
    become U+FFFD.
    """
    if not isinstance(value, str) or isinstance(value, Markup) or value.isprintable():
        return value
    return printable(value, len(value), keep_lines=True)


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _sheet(part: str) -> str:
    return (_TEMPLATES / part).read_text(encoding="utf-8") if part.endswith(".css") else part
