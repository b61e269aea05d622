"""Archives, read without trusting a word of what they say about themselves."""

from grader.intake.archives.kinds import archive_kind, archive_stem, has_archive_name
from grader.intake.archives.shelf import Archives

__all__ = ["Archives", "archive_kind", "archive_stem", "has_archive_name"]
