"""Reads archives within bounds, without trusting their headers."""

from grader.intake.archives.cache import Archives
from grader.intake.archives.kinds import archive_kind, archive_stem, has_archive_name

__all__ = ["Archives", "archive_kind", "archive_stem", "has_archive_name"]
