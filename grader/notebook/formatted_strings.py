"""Reads f-strings as Python reads them from 3.12 on, and writes them as calls of ``format``.

Since then a replacement field may hold any code: the quotes of the string around it, backslashes,
comments, line ends. ``f'{a['b']:>{n}}'`` becomes ``'{:>{}}'.format((a['b']), (n))``, which every
version reads. Only strings that this Python does not read itself are changed.
"""

from __future__ import annotations

import re

from grader.notebook.syntax import parses

_STRING = re.compile(r"([A-Za-z]{0,2})('''|\"\"\"|'|\")")
_WORD = re.compile(r"\w+")
_GAP = re.compile(r"(?:[ \t]|\\\n)*")
_WIDE_GAP = re.compile(r"(?:\s|\\\n|#[^\n]*\n)*")
_PLAIN_END = {q: re.compile(rf"(?:\\.|(?!{q}).)*{q}", re.DOTALL) for q in ("'''", '"""', "'", '"')}
_DEBUG = re.compile(r"=(?!=)\s*(?=[}!:])")
_NAMED = re.compile(r"\\N\{[^}]*\}")
_DEEPEST = 20
# Looks at the text, for each character of it: strings that are none are read again from within.
_MOST_LOOKS = 40
_MOST_IN_ALL = 1_000_000


class _Malformed(Exception):  # noqa: N818  no error of anybody's: the text is left as it is
    """Text that is no f-string, in any version."""


def with_format_calls(source: str, prefixes: str) -> str:
    """Return the text with f-strings of newer versions as calls; ``prefixes`` are "f" or "ft"."""
    try:
        return _Reader(source, prefixes).code(0)[0]
    except (_Malformed, _GivenUp, IndexError):
        return source


class _GivenUp(Exception):  # noqa: N818
    """Text that would take too long."""


class _Reader:
    def __init__(self, text: str, prefixes: str) -> None:
        self.text, self.prefixes = text, prefixes
        self.deep = 0
        self.left = min(_MOST_LOOKS * len(text), _MOST_IN_ALL)

    def look(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise _GivenUp

    def code(self, at: int, *, field: bool = False) -> tuple[str, int]:
        """Return code from ``at`` on, rewritten, and where it ends: the text's end or a field's."""
        text, out, depth = self.text, [], 0
        while at < len(text):
            self.look()
            mark = text[at]
            if mark == "#":
                end = text.find("\n", at)
                end = len(text) if end < 0 else end
                out.append(text[at:end])
                at = end
            elif _STRING.match(text, at):
                piece, at = self.strings(at, inside=field or depth > 0)
                out.append(piece)
            elif word := _WORD.match(text, at):
                out.append(word[0])
                at = word.end()
            elif field and depth == 0 and self.ends_field(at):
                return "".join(out), at
            else:
                depth = max(depth + (mark in "([{") - (mark in ")]}"), 0)
                out.append(mark)
                at += 1
        if field:
            raise _Malformed
        return "".join(out), at

    def ends_field(self, at: int) -> bool:
        mark, after = self.text[at], self.text[at + 1 : at + 2]
        if mark == "=":
            before = self.text[at - 1]
            return before not in "=!<>" and _DEBUG.match(self.text, at) is not None
        return mark in "}:" or (mark == "!" and after != "=")

    def strings(self, at: int, *, inside: bool) -> tuple[str, int]:
        """Return one string, or several behind each other, which Python reads as one."""
        gap = _WIDE_GAP if inside else _GAP
        pieces, gaps, changed = [], [], False
        while True:
            piece, end, new = self.string(at)
            pieces.append(piece)
            changed |= new
            space = gap.match(self.text, end)
            after = space.end() if space else end
            if not _STRING.match(self.text, after):
                break
            gaps.append(self.text[end:after])
            at = after
        if not changed:
            whole = [p + g for p, g in zip(pieces, [*gaps, ""], strict=True)]
            return "".join(whole), end
        joined = "".join(p + g + "+ " for p, g in zip(pieces, gaps, strict=False)) + pieces[-1]
        return f"({joined})", end

    def string(self, at: int) -> tuple[str, int, bool]:
        """Return a string, where it ends, and whether it was rewritten."""
        found = _STRING.match(self.text, at)
        if found is None:
            raise _Malformed
        prefix, quote = found[1].lower(), found[2]
        if not set(prefix) & set(self.prefixes):
            end = _PLAIN_END[quote].match(self.text, found.end())
            whole = end is not None and (len(quote) > 1 or "\n" not in end[0].replace("\\\n", ""))
            stop = end.end() if end is not None and whole else found.end()
            return self.text[at:stop], stop, False
        around = self.deep
        self.deep += 1
        try:
            literal, values, stop = self.literal(found.end(), quote, raw="r" in prefix)
        except (_Malformed, IndexError):
            if around:  # the string around it is none either
                raise
            return self.text[at : found.end()], found.end(), False
        finally:
            self.deep = around
        self.left -= stop - at
        if parses(self.text[at:stop]):
            return self.text[at:stop], stop, False
        raw = "r" if "r" in prefix else ""
        given = ", ".join(f"({value})" for value in values)
        return f"{raw}{quote}{literal}{quote}.format({given})", stop, True

    def literal(self, at: int, end: str, *, raw: bool) -> tuple[str, list[str], int]:
        """Return a format, the values for its fields, and where the string behind it goes on.

        ``end`` is the string's quote, or "}" for the format of a field, which is not consumed.
        """
        text, out, values = self.text, [], list[str]()
        while not text.startswith(end, at):
            self.look()
            mark = text[at]
            if mark == "\n" and len(end) == 1 and end != "}":
                raise _Malformed
            named = None if raw else _NAMED.match(text, at)
            if named or mark == "\\" or text[at : at + 2] in ("{{", "}}"):
                piece = named[0] if named else text[at : at + 2]
                out.append(piece)
                at += len(piece)
            elif mark == "{":
                format_, given, at = self.field(at + 1)
                out.append(format_)
                values += given
            elif mark == "}":
                raise _Malformed
            else:
                out.append(mark)
                at += 1
        return "".join(out), values, at + (len(end) if end != "}" else 0)

    def field(self, at: int) -> tuple[str, list[str], int]:
        """Return a field without its value, its values, and where the string goes on behind it."""
        self.deep += 1
        if self.deep > _DEEPEST:
            raise _Malformed
        value, end = self.code(at, field=True)
        if not value.strip():
            raise _Malformed
        before, values, conversion = "", [value], ""
        debug = _DEBUG.match(self.text, end)
        if debug:
            before, values = "{}", [repr(self.text[at : debug.end()]), value]
            end = debug.end()
        if self.text[end] == "!":
            conversion = self.text[end : end + 2]
            end += 2
        elif debug and self.text[end] == "}":
            conversion = "!r"
        form = ""
        if self.text[end] == ":":
            form, given, end = self.literal(end + 1, "}", raw=False)
            form, values = f":{form}", values + given
        if self.text[end] != "}":
            raise _Malformed
        self.deep -= 1
        return f"{before}{{{conversion}{form}}}", values, end + 1
