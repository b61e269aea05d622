"""``grade doctor``: prints the protection on this machine, and the versions that grade here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.console import Console
from rich.text import Text

from grader.cli.arguments import Parser
from grader.cli.console import writing
from grader.data import find_data
from grader.errors import EXIT_PASSED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from grader.sandbox.isolation import LayerRow


def doctor(argv: Sequence[str]) -> int:
    """Start a worker as for a submission and print its layers.

    Raises ``GraderError`` for any argument but ``--help``, since it takes none, and
    for versions of PyTorch and NumPy that don't work together.
    """
    parser = Parser(
        prog="grade doctor",
        usage="grade doctor",
        description="Print what protects this machine from a notebook's code, and the versions "
        "that grade here. It takes no options.",
        allow_abbrev=False,
    )
    parser.parse_args(argv)
    from grader.assignment import all_assignments  # noqa: PLC0415 - after the quick commands
    from grader.runners.local import PROBES  # noqa: PLC0415
    from grader.runners.versions import require_fitting, require_torch  # noqa: PLC0415
    from grader.sandbox import Workers  # noqa: PLC0415

    require_torch()
    sets = [(assignment.id, find_data(None, assignment.data)) for assignment in all_assignments()]
    with Workers(PROBES, isolation="auto") as workers:
        ready = workers.ready()
        rows, unprotected = workers.layers, workers.unprotected
    require_fitting(ready)
    devices = int(ready["cuda_devices"])
    facts = {
        "python": ready["python"],
        "torch": ready["torch"],
        "device": f"cuda ({devices} found)" if devices else "cpu (no CUDA device found)",
        "threads": f"{ready['threads']} a submission",
        "data set": ", ".join(f"{data.name} ({name})" for name, data in sets if data is not None),
    }
    with writing():
        console = Console(highlight=False, soft_wrap=True)
        for name, value in facts.items():
            console.print(Text(f"{name:<9} {value}"))
        console.print()
        for row in rows:
            console.print(_line(row))
        console.print()
        safe = "Every listed kind of attack is stopped by at least one layer."
        console.print(Text(" ".join(unprotected) or safe))
    return EXIT_PASSED


def _line(row: LayerRow) -> Text:
    line = Text("  ")
    line.append("on   " if row.on else "off  ", style="green" if row.on else "yellow")
    line.append(f"{row.layer:<13}")
    line.append(row.does)
    if row.why:
        line.append(f" ({row.why})", style="dim")
    return line
