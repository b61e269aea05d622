"""From PATHs on a command line to who handed in what, and to the bytes of it.

    with Archives() as archives:
        handed_in = find_submissions(["submissions.zip"], roster="class.csv", archives=archives)
        for attempt in handed_in.counted:
            data = read_attempt(attempt, archives)

Knows no engine: what a notebook means is others' business.
"""

from grader.intake.archives import Archives, has_archive_name
from grader.intake.find import find_submissions
from grader.intake.reading import read_attempt

__all__ = ["Archives", "find_submissions", "has_archive_name", "read_attempt"]
