"""The ``policy.toml`` that a class starts with: comments that explain how to fill it."""

POLICY_EXAMPLE = """\
# Late work: when it is due, and what it loses.
#
# This file is read each time the class is graded or rescored, and never written to again. As long
# as everything in it is a comment, nothing is taken off. What is taken off stands by itself in
# every output, and no check's points change.
#
#   due = 2025-03-01T23:59:00         # without quotation marks, with the seconds
#   zone = "Europe/Berlin"            # whose clocks that is, and the times in the download are
#   grace_minutes = 15                # so much later is not late yet
#   loss_a_day = 10                   # points for each day that has begun; or "10 %" of the work's
#   floor = 40                        # points that stay in any case; or "50 %" of the work's
#   max_days = 5                      # after more days the work has no points (beyond = "zero"),
#   beyond = "zero"                   # or loses no more than after these (beyond = "stop")
#
# Only due and loss_a_day have to be there, and zone unless the due date says its offset from UTC.
#
# A later due date for one student. The id is in the first column of grades.csv. Your reason is
# shown wherever the points are, to the student too:
#
#   [[extension]]
#   id = "20231234"
#   days = 3                          # or a date: due = 2025-03-08T23:59:00
#   reason = "ill, with a certificate"
#   by = "Kim"                        # who decided; you may leave it out
#
# When the work was handed in is told by the download of Blackboard, Brightspace, Gradescope, Sakai
# and nbgrader, and otherwise by a CSV file: grade rescore OUT --times FILE, with the columns id
# and time. Nothing is taken off where it is not known; report.html lists these students.
#
# To begin, copy what you need below this line and take the # away.
"""
