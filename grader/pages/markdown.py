"""A stranger's Markdown as HTML that runs and loads nothing, and any text as Markdown of ours."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bleach.html5lib_shim import Filter
from bleach.sanitizer import Cleaner
from markupsafe import Markup
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from grader.pages.outputs import picture_type
from grader.text import printable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# Some of the parser's rules look ahead to the end again and again: long cells are cut.
LONGEST_CELL = 10_000  # characters
_TAGS = frozenset(
    "a b blockquote br caption center code dd del details div dl dt em h1 h2 h3 h4 h5 h6 hr i img"  # noqa: SIM905
    " kbd li ol p pre q s samp small span strong sub summary sup table tbody td tfoot th thead tr u"
    " ul var".split()
)
_PICTURE = re.compile(r"data:(image/(?:png|jpeg));base64,([A-Za-z0-9+/=]+)")
_WEB = re.compile(r"https?://[^\s]+", re.IGNORECASE)
_COLOUR = re.compile(r"highlight|[a-z][a-z0-9]{0,2}")
# A full stop is part of a sentence, unless it is part of a number or of an address.
_MARKDOWN = re.compile(r"[\\`*_{}\[\]()#+\-!|<>&~$@:/^=]|(?<=\d)\.|\.(?=\S)")


def markdown_html(source: str, attachments: Mapping[str, Mapping[str, str]]) -> Markup:
    """Return a Markdown cell as HTML: no script or style, no picture that is not in the cell.

    Links lead to http and https only and tell nobody where they were followed from. TeX stays as
    it is written. What can't be parsed is shown as text.
    """
    text = printable(source, LONGEST_CELL, keep_lines=True)
    if not attachments:
        return _shared(text)
    return _rendered(text, {name: dict(bundle) for name, bundle in attachments.items()})


@lru_cache(maxsize=256)  # a class shares the texts of its template
def _shared(text: str) -> Markup:
    return _rendered(text, {})


def _rendered(text: str, known: dict[str, dict[str, str]]) -> Markup:
    renderer = _Renderer(escape=False, attachments=known, exclude_anchor_links=True)
    try:
        html = MarkdownWithMath(renderer=renderer).render(text)
        clean = _cleaner().clean(html)
        # Once more, since entities have become characters: a bidi override, say.
        safe = printable(clean, len(clean), keep_lines=True)
        return Markup(safe)  # noqa: S704 - bleach has escaped it
    except Exception:  # noqa: BLE001 - a parser may fail at what a stranger wrote, the page not
        return Markup("<pre>{}</pre>").format(text)


def as_markdown(text: str) -> str:
    """Return any text as Markdown that shows it as it is, line by line."""
    safe = printable(text, len(text), keep_lines=True)
    escaped = _MARKDOWN.sub(lambda found: f"&#{ord(found[0])};", safe)
    return "  \n".join(line.strip() for line in escaped.split("\n") if line.strip())


def fenced(code: str, language: str = "") -> str:
    """Return code as a block of Markdown, whatever back-ticks it holds."""
    code = printable(code, len(code), keep_lines=True)
    longest = max((len(run) for run in re.findall("`+", code)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{language}\n{code}\n{fence}"


class _Renderer(IPythonRenderer):
    """nbconvert's renderer; without an attachment's picture it goes on, and does not raise."""

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """Return a picture's HTML."""
        known = url.removeprefix("attachment:") in self.attachments
        return str(super().image(text, url if known or "attachment:" not in url else "", title))


class _Safe(Filter):  # type: ignore[misc]
    """Says where links lead to nothing, and puts words in the place of pictures left out."""

    def __iter__(self) -> Iterator[dict[str, Any]]:
        """Yield the tokens of html5lib's tree."""
        for token in super().__iter__():
            if token.get("name") == "a" and token["type"] == "StartTag":
                token["data"][(None, "rel")] = "noreferrer noopener nofollow"
            if token.get("name") == "img" and (None, "src") not in token["data"]:
                words = token["data"].get((None, "alt"), "")
                yield {"type": "Characters", "data": f"[picture left out: {words}]"}
                continue
            yield token


def _cleaner() -> Cleaner:
    # Not kept: a cleaner's parser is no two threads' to share.
    return Cleaner(
        tags=_TAGS,
        attributes=_allowed,
        protocols={"http", "https", "data"},
        filters=[_Safe],
    )


def _allowed(tag: str, name: str, value: str) -> bool:
    if tag == "a":
        return name == "href" and _WEB.fullmatch(value) is not None
    if tag == "img":
        found = _PICTURE.fullmatch(value) if name == "src" else None
        return name == "alt" or (found is not None and picture_type(found[2]) == found[1])
    if name == "class":
        return tag in {"div", "span"} and _COLOUR.fullmatch(value) is not None
    return name == "colspan" and tag in {"td", "th"} and value.isdecimal() and len(value) < 3
