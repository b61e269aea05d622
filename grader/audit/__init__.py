"""Tests an assignment's checks on answers whose verdict is known, and reports what they miss."""

from grader.audit.margins import margins
from grader.audit.model import Audit
from grader.audit.run import Plan, audit
from grader.audit.terminal import print_audit

__all__ = ["Audit", "Plan", "audit", "margins", "print_audit"]
