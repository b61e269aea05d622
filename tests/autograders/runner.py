"""What Classroom 50's runner sets for an autograder (runner.py, ``run_entrypoint``)."""

RUNNER = {
    "CLASSROOM": "cs",
    "ASSIGNMENT": "hw-2",
    "ASSIGNMENT_TYPE": "individual",
    "USERNAME": "kim",
    "OWNER": "kim",
    "SUBMISSION_TAG": "submit/2026-11-30T10-00-00Z-abc1234",
    "COMMIT_URL": "https://github.com/o/cs-hw-2-kim/commit/abc1234",
    "RELEASE_URL": "https://github.com/o/cs-hw-2-kim/releases/tag/submit%2F1",
    "REVIEW_URL": "https://github.com/o/cs-hw-2-kim/compare/a...b",
}
