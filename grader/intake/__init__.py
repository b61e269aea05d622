"""Finds a class's submissions at the PATHs of a command line, and reads their bytes.

    with Archives() as archives:
        handed_in = find_submissions(["submissions.zip"], roster="class.csv", archives=archives)
        for attempt in handed_in.counted:
            data = read_attempt(attempt, archives)

It looks into no notebook itself: ``find_submissions`` takes a function for that.
"""

from grader.intake.archives import Archives, has_archive_name
from grader.intake.contents import Content
from grader.intake.find import find_course, find_submissions, read_attempt

__all__ = [
    "Archives",
    "Content",
    "find_course",
    "find_submissions",
    "has_archive_name",
    "read_attempt",
]
