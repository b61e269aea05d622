"""The kinds of attacks by a submission: a closed set, so that those not stopped can be listed."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


class Threat(Enum):
    """One kind of attack; its value completes the sentence "a submission could …"."""

    NETWORK = "use the network"
    READS = "read your files"
    WRITES = "change your files"
    SIGNALS = "signal or trace your other processes"
    PROGRAMS = "start other programs"
    SURVIVORS = "leave processes running"
    PROCESSES = "start any number of processes"
    MEMORY = "take all memory"
    DISK = "fill the disk"
    CPU = "take processor time without end"
    ENVIRONMENT = "read your environment variables"
    DESCRIPTORS = "write to the grader's open files"


def sentence(threats: Iterable[Threat]) -> str:
    """Return one sentence that names the threats in the order of ``Threat``, or nothing."""
    wanted = frozenset(threats)
    words = [threat.value for threat in Threat if threat in wanted]
    if not words:
        return ""
    listed = ", ".join(words[:-1]) + " and " + words[-1] if len(words) > 1 else words[0]
    return f"A submission could {listed}."
