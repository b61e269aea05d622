"""Which assignment a class has handed in: what most of its notebooks are."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from grader.assignment import all_assignments
from grader.errors import GraderError
from grader.grading.recognise import recognise
from grader.intake import read_attempt
from grader.notebook.read import parse_notebook

if TYPE_CHECKING:
    from collections.abc import Callable

    from grader.classroom import HandedIn
    from grader.intake import Archives

# So many are looked at, spread over the class: a few strays can't outnumber the rest.
_MOST = 20


@dataclass(frozen=True)
class Recognised:
    """The assignment's id and title, and by how many of the notebooks looked at."""

    id: str
    title: str
    alike: int
    seen: int


def recognise_class(
    handed_in: HandedIn, archives: Archives, one_is_there: Callable[[], object]
) -> Recognised:
    """Return what more than half of the readable notebooks belong to; raises ``GraderError``.

    ``one_is_there`` is called as soon as one of them belongs to any assignment.
    """
    assignments = all_assignments()
    attempts = handed_in.counted
    votes: Counter[str] = Counter()
    for attempt in attempts[:: max(1, -(-len(attempts) // _MOST))]:
        try:
            data = read_attempt(attempt, archives)
            notebook = parse_notebook(data, attempt.member or attempt.path)
            found = recognise(notebook, assignments).id
        except GraderError:  # told when it is that one's turn
            continue
        if not votes:
            one_is_there()
        votes[found] += 1
    name, alike = next(iter(votes.most_common(1)), ("", 0))
    if 2 * alike <= votes.total() or not alike:
        shown = f"{alike} of {votes.total()} belong to {name}" if alike else "they show none"
        raise GraderError(
            f"it is not clear which assignment these notebooks belong to: {shown}",
            "name it: " + " or ".join(f"--assignment {one.id}" for one in assignments),
        )
    title = next(one.title for one in assignments if one.id == name)
    return Recognised(name, title, alike, votes.total())
