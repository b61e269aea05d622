"""What a whole run is graded by, and the sum that tells one such setting from another."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from grader.fingerprint import folder_digest, grading_code, installed
from grader.grading.grader import Grader

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from grader.assignment import Assignment
    from grader.data import DigitsData
    from grader.grading.observe import Runner
    from grader.runners.answer_cache import Shelf


@dataclass(frozen=True)
class ClassSettings:
    """The options that a result depends on; those that don't (how many at a time) are not here."""

    assignment: str | None
    device: str
    seed: int
    isolation: str
    timeout: float | None
    data: str | None
    grouping: bool = True

    def grader(self, shelf: Shelf, start: Callable[[], Runner] | None = None) -> Grader:
        """Return a grader with these options, on this machine's workers or what ``start`` gives.

        Raises ``GraderError`` for an unknown assignment or unreadable data.
        """
        return Grader(**asdict(self), shelf=shelf, start=start)

    def to_text(self) -> str:
        """Return them as JSON."""
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> ClassSettings:
        """Return what ``to_text`` wrote."""
        return cls(**json.loads(text))

    def sum(
        self,
        assignment: Assignment,
        data: DigitsData | None,
        machine: Mapping[str, Any] | None = None,
    ) -> str:
        """Return what a result must have been graded under to be taken for one of this run.

        Everything that could change a report is in it: options, the assignment's files, the
        grader's code, versions, and the ``machine`` that runs the programs, this one by default.
        PyTorch need not be started to know it.
        """
        facts = {
            "options": [self.device, self.seed, self.isolation, self.timeout, self.grouping],
            "assignment": folder_digest(assignment.folder),
            "data": data and [data.name, data.digest],
            "code": grading_code(),
            "machine": dict(machine or installed()),
        }
        return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
