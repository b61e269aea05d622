"""Grades the solved notebook on every kind of machine, and prints what was seen as a table.

    python -m tests.anywhere [--only WORDS]

As root it tries each as root and as an ordinary user, in a container without capabilities, and
without Landlock; else as who runs it. Exits with 1 where the outcome is neither full points nor an
error with status 2 and without a traceback.
"""

from __future__ import annotations

import argparse
import os
import sys

from tests.anywhere.machines import MACHINES
from tests.anywhere.trial import tried
from tests.attacks.settings import SETTINGS


def main() -> int:
    """Print a row for each machine and setting; return 1 if any is wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.anywhere")
    parser.add_argument("--only", default="", metavar="WORDS", help="machines whose name has them")
    wanted = parser.parse_args()
    settings = SETTINGS if os.getuid() == 0 else ("here",)
    names = [name for name in MACHINES if wanted.only in name]
    print(f"| machine | {' | '.join(settings)} |\n| --- |{' --- |' * len(settings)}")
    wrong = 0
    for name in names:
        outcomes = [tried(name, setting) for setting in settings]
        wrong += sum(not outcome.right for outcome in outcomes)
        print(f"| {name} | {' | '.join(outcome.words for outcome in outcomes)} |", flush=True)
    print(f"\n{wrong} wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
