"""What a class's folder remembers of the options that it was graded with."""

from __future__ import annotations

# By the name that ``--forget`` takes: where the value stands in the arguments.
FORGETTABLE = {
    "roster": "roster",
    "groups": "groups",
    "times": "times",
    "gradebook": "gradebooks",
    "column": "columns",
    "format": "format",
    "zip": "zips",
    "show-answers": "show_answers",
    "detail": "detail",
    "only": "only",
    "no-grouping": "grouping",
    "device": "device",
    "isolation": "isolation",
    "timeout": "timeout",
    "python": "python",
    "data": "data",
}
