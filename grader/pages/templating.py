"""Jinja as all pages use it: escaped, with nothing invisible in it, styles named by their hash."""

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
    """A page's one style sheet, and the security policy that lets a browser obey nothing else."""

    css: Markup
    policy: str


def template(name: str) -> Template:
    """Return a template of ours."""
    return _environment().get_template(name)


@cache
def style(*parts: str) -> Style:
    """Join style sheets: names of files beside the templates, or CSS itself.

    The policy allows this sheet and nothing else: no script, no picture, no font, no form, no
    address. A style that got into the page in another way is not applied either.
    """
    css = "".join(_sheet(part) for part in parts)
    mark = base64.b64encode(hashlib.sha256(css.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{mark}'; base-uri 'none'; form-action 'none'"
    return Style(Markup(css), policy)  # noqa: S704 - our own files; escaped, it would be no CSS


def harmless(value: Any) -> Any:
    """Make what a template shows safe to look at; Jinja escapes the markup in it afterwards.

    Every text goes through here, so that no template can forget it: control characters, bidi
    overrides, NUL and unpaired surrogates become U+FFFD.
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
