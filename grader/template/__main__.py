"""``python -m grader.template build|check``: write or compare every student's notebook."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from grader.errors import EXIT_PASSED, EXIT_POINTS_LOST, EXIT_USAGE, AssignmentError
from grader.template.build import build_template, notebook_text


def main(arguments: list[str] | None = None) -> int:
    """Build or check one template per folder of ``reference/``; return the exit status.

    0: all written, or all as they should be; 1: ``check`` found one that differs; 2: a solved
    notebook is missing or wrong.
    """
    parser = argparse.ArgumentParser(prog="python -m grader.template", description=main.__doc__)
    parser.add_argument("action", choices=("build", "check"))
    parser.add_argument("--root", type=Path, default=Path(), help="the folder of reference/")
    options = parser.parse_args(arguments)
    status = EXIT_PASSED
    try:
        for reference in _references(options.root):
            template = options.root / "student_templates" / reference.name
            text = _built(reference)
            if options.action == "build":
                template.parent.mkdir(exist_ok=True)
                template.write_text(text, encoding="utf-8", newline="\n")
                sys.stdout.write(f"built {template}\n")
            elif not template.is_file() or template.read_text(encoding="utf-8") != text:
                sys.stdout.write(f"differs from {reference}: {template}\n")
                status = EXIT_POINTS_LOST
    except AssignmentError as error:
        hint = f"\n\nhint: {error.hint}" if error.hint else ""
        sys.stderr.write(f"error: {error.message}{hint}\n")
        return EXIT_USAGE
    return status


def _references(root: Path) -> list[Path]:
    """Return the solved notebooks: ``reference/NAME/NAME.ipynb`` for every folder there."""
    folders = sorted(path for path in (root / "reference").glob("*") if path.is_dir())
    if not folders:
        raise AssignmentError(
            f"no assignment folders in {root / 'reference'}", "run it where reference/ lies"
        )
    return [folder / f"{folder.name}.ipynb" for folder in folders]


def _built(reference: Path) -> str:
    """Return the text of the template made from one solved notebook."""
    try:
        notebook = json.loads(reference.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise AssignmentError(f"{reference} can't be read: {error}") from error
    if not isinstance(notebook, dict):
        raise AssignmentError(f"{reference} isn't a notebook")
    try:
        return notebook_text(build_template(notebook))
    except AssignmentError as error:
        raise AssignmentError(f"{reference}: {error.message}", error.hint) from error


if __name__ == "__main__":
    sys.exit(main())
