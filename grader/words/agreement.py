"""Makes words agree with the facts in them: "1 image", "7 images", "the gradients were".

In a message, ``{count} images`` is written in the plural and ``{name} was`` in either number: what
stands there follows from the fact. ``{name:it was|they were}`` states both forms where a rule
does not reach.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

_VERBS = {
    "is": "are",
    "was": "were",
    "has": "have",
    "does": "do",
    "stays": "stay",
    "changes": "change",
    "moves": "move",
    "fits": "fit",
    "holds": "hold",
    "depends": "depend",
    "differs": "differ",
    "grows": "grow",
}
_SINGULAR = {plural: singular for singular, plural in _VERBS.items()}
_FORMS = "|".join([*_VERBS, *_SINGULAR])
_NOUNS = (
    "batches|calls|cases|classes|columns|digits|epochs|images|inputs|labels|layers|models|numbers"
    "|optimizers|outputs|parameters|passes|points|rows|scores|seconds|steps"
)
# In "batch 3" and "row 1" the number is a name.
_COUNTS = r"(?<!atch )(?<!ow )(?<!ell )(?<!ine )(?<!tep )(?<!poch )"
# The subject of a sentence, which "the blank for {title} is" has before the fact.
_SUBJECT = r"(?:(?<!.)|(?<=[.,:;] )|(?<=which )|(?<=self\.))"
_VERB = re.compile(rf"{_SUBJECT}\{{(\w+)\}}((?: never| still| also)?) ({_FORMS})\b")
_NOUN = re.compile(rf"{_COUNTS}\{{(\w+)\}} ({_NOUNS})\b")
_ONE = re.compile(r"1(?:\.0*)?")
_ALL = re.compile(r"(?:all|both|most|some) ")
# "the gradients" are many, "the loss", "the bias" and "the axis" are one.
_MANY = re.compile(r"(?:the|its|their) (?:.* )?\w*[^\Wsuia]s")


def is_plural(value: object) -> bool:
    """Whether a fact, as the subject of a sentence, is more than one thing."""
    if isinstance(value, (int, float)):
        return value != 1
    text = str(value).strip()
    if re.fullmatch(r"[\d.,]+", text):
        return _ONE.fullmatch(text) is None
    head = re.split(r" (?:of|in|for|that) ", text)[0]
    return " and " in head or bool(_ALL.match(head) or _MANY.fullmatch(head))


def agreeing(text: str, facts: Mapping[str, Any]) -> str:
    """Return a message, facts not filled in yet, with nouns and verbs in the number they need."""

    def verb(found: re.Match[str]) -> str:
        name, adverb, form = found.groups()
        if name not in facts:
            return found[0]
        if is_plural(facts[name]):
            return f"{{{name}}}{adverb} {_VERBS.get(form, form)}"
        return f"{{{name}}}{adverb} {_SINGULAR.get(form, form)}"

    def noun(found: re.Match[str]) -> str:
        name, word = found.groups()
        counted = isinstance(facts.get(name), (int, str)) and _ONE.fullmatch(str(facts[name]))
        if not counted:
            return found[0]
        return f"{{{name}}} {singular(word)}"

    return _NOUN.sub(noun, _VERB.sub(verb, text))


def singular(noun: str) -> str:
    """Return the singular of a noun: "batch" of "batches", "image" of "images"."""
    if noun.endswith("ies"):
        return noun[:-3] + "y"
    return noun[:-2] if re.search(r"(?:ch|sh|x|ss)es$", noun) else noun[:-1]
