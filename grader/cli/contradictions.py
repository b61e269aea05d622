"""Refuses options that would be ignored, or that contradict each other."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from grader.cli.commands import COMMANDS
from grader.cli.forgettable import FORGETTABLE
from grader.cli.given import is_batch
from grader.errors import GraderError
from grader.options import did_you_mean, shown

if TYPE_CHECKING:
    from grader.cli.given import Arguments


def refuse_contradictions(arguments: Arguments) -> None:
    """Raise ``GraderError`` for arguments that do not fit together."""
    _refuse_no_path(arguments)
    _refuse_what_needs_a_folder(arguments)
    _refuse_what_needs_a_class(arguments)
    _refuse_another_folder(arguments)
    _refuse_what_is_written_once(arguments)
    _refuse_no_assignment(arguments)
    if not is_batch(arguments):
        refuse_several(arguments)
    for name in arguments.batch.forget:
        if name not in FORGETTABLE:
            everything = f"it can be {', '.join(FORGETTABLE)}"
            raise GraderError(
                f"--forget {shown(name)}: nothing of that name is remembered",
                did_you_mean(name, FORGETTABLE) or everything,
            )


def refuse_several(arguments: Arguments) -> None:
    """Raise ``GraderError`` for what is given several times, and only a course has several of."""
    several = {"--assignment": arguments.batch.assignments, "--column": arguments.batch.columns}
    for option, values in several.items():
        if len(values) > 1:
            raise GraderError(
                f"{option} was given {len(values)} times, and there is one assignment",
                "for a course of several: grade PATH -o OUT --course",
            )


def _refuse_no_path(arguments: Arguments) -> None:
    if arguments.paths:
        first = arguments.paths[0]
        near = did_you_mean(first, COMMANDS)
        if near and not os.path.lexists(first):
            raise GraderError(
                f"there is no file {shown(first)}, and no command of that name",
                near.replace("mean ", "mean grade "),
            )
    elif arguments.batch.out is None:
        hint = "grade submission.ipynb"
        if arguments.annotated:  # it was probably the notebook
            hint += " --annotated DIR: the folder comes after the option"
        raise GraderError("no notebook was named", hint)


def _refuse_what_needs_a_folder(arguments: Arguments) -> None:
    """Raise ``GraderError`` for an option that is about OUT if OUT was not named."""
    batch = arguments.batch
    asked: dict[str, object] = {
        "--gradebook": batch.gradebooks,
        "--column": batch.column,
        "--format": batch.format,
        "--zip": batch.zips,
        "--show-answers": batch.show_answers,
    }
    for option, value in asked.items():
        if value and batch.out is None:
            raise GraderError(
                f"{option} writes into the class's folder, and none was named",
                hint=f"grade -o OUT {option} …",
            )
    if batch.times is not None and batch.out is None:
        raise GraderError(
            "--times is for policy.toml in the class's folder, and no folder was named",
            hint="grade PATH -o OUT --times FILE",
        )
    if batch.course and batch.out is None:
        raise GraderError(
            "--course writes a folder for each assignment, and no folder was named",
            hint="grade PATH -o OUT --course",
        )
    about = {"--only": batch.only, "--replace": batch.replace, "--forget": batch.forget}
    for option, value in about.items():
        if value and batch.out is None:
            raise GraderError(
                f"{option} is about a class that was graded before, and no folder was named",
                hint=f"grade -o OUT {option} …",
            )
    if batch.only and batch.replace:
        raise GraderError(
            "--only keeps everyone else, and --replace does not", "give one of the two"
        )


def _refuse_what_needs_a_class(arguments: Arguments) -> None:
    if is_batch(arguments):
        return
    batch = arguments.batch
    asked = {
        "--roster": batch.roster is not None,
        "--groups": batch.groups is not None,
        "--jobs": batch.jobs is not None,
        "--no-grouping": batch.grouping is not None,
        # Ignoring it would run programs on this machine that were meant for the cluster.
        "--scheduler": batch.scheduler is not None,
    }
    for option, given in asked.items():
        if given:
            raise GraderError(
                f"{option} is for a whole class", f"grade FOLDER {option} …, or add -o OUT"
            )


def _refuse_what_is_written_once(arguments: Arguments) -> None:
    """Refuse beside ``--watch`` whatever is not shown on the terminal."""
    if not arguments.watch:
        return
    if is_batch(arguments) or len(arguments.paths) > 1:
        raise GraderError("--watch is for one notebook", "grade submission.ipynb --watch")
    asked = {
        "--json": arguments.json is not None,
        "--github": arguments.github,
        "--classroom50": arguments.classroom50 is not None,
        "--annotated": arguments.annotated is not None,
        **{f"--{name}": True for name in arguments.files},
    }
    for option, given in asked.items():
        if given:
            raise GraderError(
                f"--watch shows reports, and {option} writes one", f"leave out --watch or {option}"
            )


def _refuse_no_assignment(arguments: Arguments) -> None:
    """Refuse Classroom 50's files without the assignment, whose points are in them in any case."""
    if arguments.classroom50 is not None and arguments.assignment is None:
        raise GraderError(
            "--classroom50 needs the assignment: its points also count for an unreadable notebook",
            "grade --assignment NAME --classroom50 DIR NOTEBOOK",
        )


def _refuse_another_folder(arguments: Arguments) -> None:
    """Refuse ``--annotated`` without a folder for notebooks, and with one for a class."""
    if arguments.annotated is None:
        return
    if not is_batch(arguments):
        if not arguments.annotated:
            raise GraderError(
                "--annotated needs a folder to write to", "grade submission.ipynb --annotated DIR"
            )
    elif arguments.batch.out is None:
        raise GraderError(
            "--annotated writes into the class's folder, and none was named",
            "grade PATH -o OUT --annotated",
        )
    elif arguments.annotated:
        name = arguments.annotated[:200]
        raise GraderError(
            f"--annotated {name}: a class's annotated notebooks go to OUT/annotated",
            "name no folder, and put the option last: grade PATH -o OUT --annotated",
        )
