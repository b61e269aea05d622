"""The commands beside grading itself."""

from __future__ import annotations

# A file of such a name can be given as ./NAME.
COMMANDS = {
    "audit": "grader.cli.audit:audit",
    "completion": "grader.cli.completion:completion",
    "diff": "grader.cli.diff:diff",
    "classroom50": "grader.cli.classroom50:classroom50",
    "doctor": "grader.cli.doctor:doctor",
    "gradescope": "grader.cli.gradescope:gradescope",
    "lint": "grader.cli.lint:lint",
    "new": "grader.cli.new:new",
    "rescore": "grader.cli.rescore:run_rescore",
    "schema": "grader.cli.schema:schema",
    "template": "grader.cli.template:template",
}
