"""The sandbox: runs a worker's tasks in confined processes and returns their answers.

All work with the operating system is here. It knows no assignment and no torch.
"""

from grader.sandbox.isolation import (
    LEVELS,
    IsolationUnavailable,
    LayerRow,
    unprotected_sentences,
)
from grader.sandbox.model import Answer, Fate, Job, Limits
from grader.sandbox.shared_input import SharedInput
from grader.sandbox.threats import Threat
from grader.sandbox.workers import JobLostError, Workers

__all__ = [
    "LEVELS",
    "Answer",
    "Fate",
    "IsolationUnavailable",
    "Job",
    "JobLostError",
    "LayerRow",
    "Limits",
    "SharedInput",
    "Threat",
    "Workers",
    "unprotected_sentences",
]
