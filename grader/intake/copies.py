"""The words that systems add to the name of a copy: ``mlp (1)``, ``Copy of mlp``, ``mlp-Copy1``.

Browsers number a second download, Jupyter writes ``-Copy1``, Google Drive and Colab "Copy of", and
file managers "mlp - Copy (2)" (Windows), "mlp copy 2" (macOS), "mlp (copy)" (GNOME), each in the
user's language. The words of languages other than English and Korean were not read in a source.
"""

from __future__ import annotations

import re

_BEFORE = (
    *(
        "copy of",
        "kopie von",
        "kopie van",
        "kopia av",
        "kopi af",
        "kopi av",
        "copie de",
        "copia de",
    ),
    *("copia di", "cópia de", "còpia de", "kopia pliku", "kopie souboru", "kópia súboru"),
    *("kopija", "copie a", "salinan dari", "salinan", "bản sao của", "копия", "копія", "копие на"),
    *("αντίγραφο από", "αντίγραφο του", "نسخة من", "עותק של", "สำเนาของ"),
)
_AFTER = (
    *("copy", "kopie", "kopia", "kopi", "kopio", "copie", "copia", "cópia", "còpia", "kopija"),
    *(
        "kopyas\u0131",
        "kopya",
        "másolata",
        "másolat",
        "koopia",
        "salinan",
        "bản sao",
        "копия",
        "копія",
    ),
    *("αντίγραφο", "نسخة", "עותק", "สำเนา", "복사본", "사본", "コピー", "副本", "複本", "複製"),
)
# These follow a name without a blank.
_JOINED = ("의 사본", "의 복사본", "のコピー", "的副本", "的複本", "的拷贝")
_NUMBER = r"(?:[ _]?\(?(\d{1,9})\)?)?"


def _any(words: tuple[str, ...]) -> str:
    return "|".join(map(re.escape, sorted(words, key=len, reverse=True)))


_COPY = re.compile(
    rf"(?i)^(?:{_any(_BEFORE)})[ _:]+|^copy \((\d{{1,9}})\) of |^コピー ?[~\uff5e] ?"
    rf"|(?:{_any(_JOINED)}){_NUMBER}$"
    rf"|[ _]*[-\u2013\u2014][ _]*(?:{_any(_AFTER)}){_NUMBER}$"
    rf"|[ _]+(?:{_any(_AFTER)}){_NUMBER}$"
    rf"|[ _]*\((?:another )?(?:{_any(_AFTER)})\)$|[ _]*\((\d{{1,9}})\w{{2}} copy\)$"
    r"|[ _]?\((\d{1,9})\)$"
)
_MOST = 5  # copies of copies


def without_copy_words(name: str) -> str:
    """Return the name of a copy's original; the name is one without its suffix."""
    for _ in range(_MOST):
        shorter = _COPY.sub("", name, count=1).strip()
        if shorter in {name, ""}:
            break
        name = shorter
    return name.strip()


def copy_number(name: str) -> int:
    """Return the number of a copy, 0 for one without a number, and -1 for a name of no copy."""
    found = _COPY.search(name)
    return int("0" + next(filter(None, found.groups()), "")[:9]) if found else -1
