"""Jinja for all pages: escaped, without invisible characters, styles allowed by hash."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup, escape

from grader.quoting import MARK
from grader.text import printable, without_piles

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
    css = "".join(sheet(part) for part in parts)
    mark = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{mark}'; base-uri 'none'; form-action 'none'"
    return Style(Markup(css), policy)  # noqa: S704 - our own files; escaped, it would be no CSS


def harmless(value: Any) -> Any:
    """Make a template's value printable; Jinja escapes its markup afterwards.

    Jinja calls this for every text: control characters, bidi overrides, NUL, unpaired surrogates
    and piles of combining marks become U+FFFD.
    """
    if not isinstance(value, str) or isinstance(value, Markup):
        return value
    if value.isprintable() and without_piles(value) == value:
        return value
    return printable(value, len(value), keep_lines=True)


def quotes_apart(text: str) -> Markup:
    """Return words of ours as HTML, with the lines that they quote in a block of their own."""
    stretches = groupby(text.splitlines(), key=lambda line: line.startswith(MARK))
    parts = [(quoted, escape(harmless("\n".join(lines)))) for quoted, lines in stretches]
    return Markup().join(Markup('<q class="said">{}</q>').format(p) if q else p for q, p in parts)


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=harmless,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["quotes_apart"] = quotes_apart
    return made


def sheet(part: str) -> str:
    """Return a style sheet: a file beside the templates, or CSS as it is."""
    return (_TEMPLATES / part).read_text(encoding="utf-8") if part.endswith(".css") else part
