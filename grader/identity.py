"""Compares ids and names of people as different systems and spreadsheets write them.

A spreadsheet writes the id 0012 as 12 or 12.0, D2L writes #12. A name stands in either order, with
or without accents ("Müller", "Muller", "Mueller"), with or without blanks ("김민수", "민수 김").
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_WHOLE_NUMBER = re.compile(r"([0-9]+)\.0+")
_AS_TEXT = re.compile(r'="(.*)"')
_PARTICIPANT = re.compile(r"(?P<word>\D*[^\W\d_]\D*?)[\s_]*(?P<number>[0-9]+)", re.DOTALL)
# "Participant" in lower case and without blanks, as in Moodle's string "hiddenuser". Not read in a
# source, except for English, French and German.
_PARTICIPANT_WORDS = frozenset(
    {
        *("participant", "teilnehmerin", "teilnehmer", "participante", "partecipante", "deelnemer"),
        *(
            "deltagare",
            "deltager",
            "osallistuja",
            "uczestnik",
            "účastník",
            "résztvevő",
            "kat\u0131l\u0131mc\u0131",
        ),
        *(
            "participantă",
            "kat\u0131l\u0131mc\u0131",
            "sudionik",
            "участник",
            "учасник",
            "참가자",
            "참여자",
        ),
        *("参加者", "参与者", "參與者", "مشارك", "משתתף"),
    }
)
_SILENT = str.maketrans("", "", "'`\u00b4\u02bc\u2018\u2019")
_LATIN = str.maketrans(
    {"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "\u0131": "i", "þ": "th", "ð": "d"}
)
_TWO_LETTERS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
_ASCII_WORD = re.compile("[a-z0-9]+")
_ACCENT = re.compile("[\u0300-\u036f]")
_MOST_WORDS = 8  # of a name
_SHORTEST_NICKNAME = 3  # letters: "Alex" for "Alexander"


def plain_id(text: str) -> str:
    """Return an id without what spreadsheets and systems add: ``#``, ``.0``, ``="…"``, case."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(c for c in plain if unicodedata.category(c) != "Cf").strip().casefold()
    if found := _AS_TEXT.fullmatch(plain):
        plain = found[1]
    plain = plain.lstrip("#'").strip()
    found = _WHOLE_NUMBER.fullmatch(plain)
    return found[1] if found else plain


def written_id(text: str) -> str:
    """Return an id as it stands in a file by hand: no spaces around it, letters in one form."""
    return unicodedata.normalize("NFC", text).strip()


def without_zeros(plain: str) -> str:
    """Return a ``plain_id`` of digits as a spreadsheet shows it, other ids unchanged."""
    return (plain.lstrip("0") or "0") if plain.isdecimal() else plain


def participant_number(text: str, words: Iterable[str] = ()) -> str:
    """Return the number in "Participant 123", in any language, or an empty text.

    ``words`` are further words for a participant, such as that of a worksheet's first column.
    """
    found = _PARTICIPANT.fullmatch(unicodedata.normalize("NFKC", text).strip())
    if found is None:
        return ""
    known = _PARTICIPANT_WORDS.union(map(_letters, words))
    return found["number"] if _letters(found["word"]) in known else ""


def name_keys(name: str) -> frozenset[str]:
    """Return all spellings under which a name is compared; two names that share one are the same.

    These are the words sorted, and run together beginning with each of them, both with the
    accents left out and with ä as ae.
    """
    keys = set()
    for words in _spellings(name):
        keys.add(" ".join(sorted(words)))
        turns = range(min(len(words), _MOST_WORDS))
        keys.update("".join((*words[turn:], *words[:turn])) for turn in turns)
    return frozenset(keys - {""})


def names_fit(one: str, other: str) -> bool | None:
    """Whether two names can be one person's, and ``None`` if they have no script in common.

    A name fits if all its words are in the other, if only as initials or beginnings ("M. Kim",
    "Alex"), in any order and also run together ("kimminsu").
    """
    answers = [
        _fit(ours[script], theirs[script])
        for ours in map(_by_script, _spellings(one))
        for theirs in map(_by_script, _spellings(other))
        for script in ours.keys() & theirs.keys()
    ]
    return any(answers) if answers else None


def _letters(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKC", text).casefold() if c.isalpha())


def _spellings(name: str) -> set[tuple[str, ...]]:
    """Return a name's words, without accents and with ä as ae."""
    plain = unicodedata.normalize("NFKC", name).casefold().translate(_SILENT)
    # Normalised anew: casefold and NFKC can leave letters in parts.
    plain = unicodedata.normalize("NFC", plain)
    return {_words(plain), _words(plain.translate(_TWO_LETTERS))}


def _words(plain: str) -> tuple[str, ...]:
    if plain.isascii():  # most names, in a tenth of the time
        return tuple(_ASCII_WORD.findall(plain))
    parts = unicodedata.normalize("NFD", plain.translate(_LATIN))
    bare = unicodedata.normalize("NFC", _ACCENT.sub("", parts))
    # Vowel signs of Indian and Thai names are marks (M), and as telling as letters.
    kept = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in bare)
    return tuple(kept.split())


def _by_script(words: Sequence[str]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = defaultdict(list)
    for word in words:
        letters = "".join(c for c in word if not c.isdecimal())
        if letters:
            # "LATIN SMALL LETTER A"; all of Chinese, Japanese and Korean have names of their own.
            found[unicodedata.name(letters[0], "").partition(" ")[0]].append(letters)
    return {script: tuple(of_script[:_MOST_WORDS]) for script, of_script in found.items()}


def _fit(one: Sequence[str], other: Sequence[str]) -> bool:
    """Whether the words of one name are in the other, as words or run together."""
    shorter, longer = sorted((one, other), key=len)
    run_together = _made_of("".join(one), other) or _made_of("".join(other), one)
    return run_together or _all_in(shorter, longer)


def _made_of(text: str, words: Sequence[str]) -> bool:
    """Whether a text is some of the words, each used once, run together in any order."""
    if not text:
        return True
    return any(
        text.startswith(word) and _made_of(text[len(word) :], (*words[:i], *words[i + 1 :]))
        for i, word in enumerate(words)
    )


def _all_in(words: Sequence[str], longer: Sequence[str]) -> bool:
    left = list(longer)
    for word in sorted(words, key=len, reverse=True):
        found = next((other for other in left if other == word), None)
        found = found or next((other for other in left if _short_for(word, other)), None)
        if found is None:
            return False
        left.remove(found)
    return True


def _short_for(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    telling = len(shorter) == 1 or len(shorter) >= _SHORTEST_NICKNAME
    return telling and longer.startswith(shorter)
