"""The names of the class's notebooks: the homework usually has the most common name."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from grader.intake.copies import without_copy_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from grader.intake.model import Claim

_WORD = re.compile(r"[^\W\d_]{2,}")


class Names:
    """Counts the students who use a name, and a word of a name."""

    def __init__(self, of_each: Iterable[Sequence[Claim]]) -> None:
        """Take the notebooks of each student."""
        self._names: Counter[str] = Counter()
        self._words: Counter[str] = Counter()
        for claims in of_each:
            names = {plain_name(claim) for claim in claims}
            self._names.update(names)
            self._words.update({word for name in names for word in _WORD.findall(name)})

    def alike(self, claim: Claim) -> int:
        """Return how many students use a notebook's name, words for a copy aside."""
        return self._names[plain_name(claim)]

    def alike_in_a_word(self, claim: Claim) -> int:
        """Return how many students use the most common word of a notebook's name."""
        return max((self._words[word] for word in _WORD.findall(plain_name(claim))), default=0)


def plain_name(claim: Claim) -> str:
    """Return the student's name for the file, without words for a copy."""
    return without_copy_words(claim.owner.own).casefold()
