"""What is in the notebooks of students who handed in several, as far as choosing needs it.

This room cannot take a notebook apart; the caller passes a function that does.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from grader.intake import caps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.intake.model import Claim, Item


class Worth(IntEnum):
    """How much a notebook says for itself; one of a higher worth is never left out for a lower."""

    NOT_OPENED = 0
    OTHER = 1  # of another assignment
    NO_PART = 2  # a notebook, but without any part of the assignment
    UNREADABLE = 3  # it may have been the homework
    BLANK = 4
    FILLED = 5


@dataclass(frozen=True)
class Content:
    """A notebook's content: its ``assignment``'s id, and how many ``blanks`` are ``filled``.

    ``assignment`` is None where no part of any was found. ``sha256`` is that of the file's bytes.
    """

    readable: bool
    assignment: str | None = None
    filled: int = 0
    blanks: int = 0
    sha256: str = ""


# Looks at a notebook. It is given the class's assignment, or None to recognise the notebook's own,
# and raises nothing.
Look = Callable[["Item", "str | None"], Content]


class Contents:
    """The contents of notebooks, each looked at once at most; without ``look`` of none."""

    def __init__(self, look: Look | None, assignment: str | None) -> None:
        """Take the assignment's id, or None until ``settle``."""
        self._look = look
        self._assignment = assignment
        self._seen: dict[Item, Content] = {}

    @property
    def blind(self) -> bool:
        """Whether no notebook can be looked at."""
        return self._look is None

    def settle(self, of_each: Sequence[Sequence[Claim]]) -> None:
        """Find what most students' notebooks belong to, in case it was not named.

        Only some students are asked, spread over the class, and none if each has one notebook.
        """
        several = any(len(claims) > 1 for claims in of_each)
        if self._look is None or self._assignment is not None or not several:
            return
        votes: Counter[str] = Counter()
        for claims in of_each[:: max(1, -(-len(of_each) // caps.ASKED))]:
            looked = (self._look(claim.item, None) for claim in claims[: caps.VOTES])
            votes.update({each.assignment for each in looked if each.assignment is not None})
        first, second = [*votes.most_common(2), ("", 0), ("", 0)][:2]
        if first[1] > second[1]:
            self._assignment = first[0]

    def of(self, claim: Claim) -> Content | None:
        """Return a notebook's content; None if it cannot be looked at."""
        if self._look is None:
            return None
        if claim.item not in self._seen:
            self._seen[claim.item] = self._look(claim.item, self._assignment)
        return self._seen[claim.item]

    def worth(self, claim: Claim) -> Worth:
        """Return how much a notebook says for itself; without a look all are worth the same."""
        content = self.of(claim)
        if content is None:
            return Worth.FILLED
        if not content.readable:
            return Worth.UNREADABLE
        if content.assignment is None:
            return Worth.NO_PART
        if self._assignment is not None and content.assignment != self._assignment:
            return Worth.OTHER
        return Worth.FILLED if content.filled else Worth.BLANK
