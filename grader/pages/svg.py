"""Turns a figure of matplotlib's into SVG that lies in a page and takes its colours from there.

What the figure calls a colour is a role, and becomes a class; the page's style sheet says which
colour that is in light, in dark and on paper. A page's security policy ignores style attributes,
so none are left; nor are ids, references, metadata or a font's name.
"""

from __future__ import annotations

import io
import re
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from markupsafe import Markup

if TYPE_CHECKING:
    from collections.abc import Iterator

    from matplotlib.figure import Figure

# Colours that stand for roles: matplotlib wants a colour, and writes it down as it is.
ROLES = {
    role: f"#00000{digit}"
    for digit, role in enumerate(("bar", "ok", "part", "fail", "none"), start=1)
}
_ROLE_OF = {colour: role for role, colour in ROLES.items()}
_NUMBER = re.compile(r"-?\d+\.\d+")
_DRAWN = frozenset({"g", "path", "text"})


@contextmanager
def drawing() -> Iterator[None]:
    """Draw as matplotlib does by itself, whatever a user's matplotlibrc says."""
    from matplotlib import rc_context, style  # noqa: PLC0415 - slow, and few commands need it

    with style.context("default"), rc_context({"svg.fonttype": "none"}), warnings.catch_warnings():
        # Its own font need not have the letters: the browser's has.
        warnings.filterwarnings("ignore", message="Glyph", category=UserWarning)
        yield


def inline_svg(figure: Figure, label: str) -> Markup:
    """Return a figure as an ``<svg>`` element named ``label`` for those who do not see it.

    Only filled and stroked paths and texts are kept. Colours have to come from ``ROLES``. To be
    called within ``drawing``.
    """
    stream = io.BytesIO()
    figure.savefig(stream, format="svg")
    root = ET.fromstring(stream.getvalue())  # noqa: S314 - matplotlib wrote it just now
    plot = ET.Element("svg", {"class": "plot", "viewBox": root.get("viewBox", "")})
    plot.attrib |= {"role": "img", "aria-label": label}
    plot.extend(_kept(root))
    return Markup(ET.tostring(plot, encoding="unicode"))  # noqa: S704 - serialised above


def _kept(parent: ET.Element) -> Iterator[ET.Element]:
    """Yield what is drawn below an element, groups dissolved."""
    for child in parent:
        tag = child.tag.rpartition("}")[2]
        if tag not in _DRAWN:
            continue
        if tag == "g":
            yield from _kept(child)
            continue
        style = {
            key.strip(): value.strip()
            for key, _, value in (rule.partition(":") for rule in child.get("style", "").split(";"))
        }
        clean = _path(child, style) if tag == "path" else _text(child, style)
        if clean is not None:
            yield clean


def _path(element: ET.Element, style: dict[str, str]) -> ET.Element | None:
    classes = [
        f"{name}-{_ROLE_OF[style[name]]}"
        for name in ("fill", "stroke")
        if style.get(name, "none") in _ROLE_OF
    ]
    if not classes:
        return None
    outline = _NUMBER.sub(lambda found: f"{float(found[0]):.1f}", element.get("d", ""))
    return ET.Element("path", {"class": " ".join(classes), "d": " ".join(outline.split())})


def _text(element: ET.Element, style: dict[str, str]) -> ET.Element:
    place = {name: f"{float(element.get(name, '0')):.1f}" for name in ("x", "y")}
    anchor = {"text-anchor": style["text-anchor"]} if "text-anchor" in style else {}
    clean = ET.Element("text", place | anchor)
    clean.text = element.text
    return clean
