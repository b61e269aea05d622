"""Turns a matplotlib figure into inline SVG that takes its colours from the page.

The figure's colours stand for roles and become classes, which the page's style sheet colours in
light, in dark and on paper. Style attributes, which a page's security policy ignores, are removed,
as are ids, references, metadata and font names.
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

# Colours that stand for roles; matplotlib writes them into the SVG unchanged.
ROLES = {
    role: f"#00000{digit}"
    for digit, role in enumerate(("bar", "ok", "part", "fail", "none"), start=1)
}
_ROLE_OF = {colour: role for role, colour in ROLES.items()}
_NUMBER = re.compile(r"-?\d+\.\d+")
_DRAWN = frozenset({"g", "path", "text"})


@contextmanager
def drawing() -> Iterator[None]:
    """Draw with matplotlib's defaults, ignoring a user's matplotlibrc."""
    from matplotlib import rc_context, style  # noqa: PLC0415 - slow, and few commands need it

    with style.context("default"), rc_context({"svg.fonttype": "none"}), warnings.catch_warnings():
        # Text stays text, since the browser's fonts have more letters than matplotlib's.
        warnings.filterwarnings("ignore", message="Glyph", category=UserWarning)
        yield


def inline_svg(figure: Figure, label: str) -> Markup:
    """Return a figure as an ``<svg>`` element with ``label`` as its accessible name.

    Only filled and stroked paths and texts are kept. Colours must come from ``ROLES``. Call it
    within ``drawing``.
    """
    stream = io.BytesIO()
    figure.savefig(stream, format="svg")
    root = ET.fromstring(stream.getvalue())  # noqa: S314 - matplotlib wrote it just now
    plot = ET.Element("svg", {"class": "plot", "viewBox": root.get("viewBox", "")})
    plot.attrib |= {"role": "img", "aria-label": label}
    plot.extend(_kept(root))
    return Markup(ET.tostring(plot, encoding="unicode"))  # noqa: S704 - serialised above


def _kept(parent: ET.Element) -> Iterator[ET.Element]:
    """Yield the drawn elements below an element, without groups."""
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
