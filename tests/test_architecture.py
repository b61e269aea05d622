"""The structure that docs/architecture.md describes, held against the imports that are there."""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "grader"

# A room imports only rooms of earlier lines. The modules directly in grader/ are the ground floor,
# except grader/__init__.py, the face, which offers ``grade`` to other programs.
FLOORS = (
    "ground",
    "assignment skeleton data notebook probes sandbox",
    "checks classroom locate runners template words",
    "grading gradebooks intake reports",
    "audit pages",
    "batch pytest_plugin rubric",
    "face",
    "autograders",
    "cli",
    "jupyter",
)
FLOOR = {room: number for number, rooms in enumerate(FLOORS) for room in rooms.split()}

# The imports that the words in the page's column "knows nothing of" forbid.
FORBIDDEN = {
    "processes": ("multiprocessing", "signal", "subprocess", "grader.runners", "grader.sandbox"),
    "notebooks": ("nbconvert", "nbformat", "grader.locate", "grader.notebook"),
    "assignments": ("grader.assignment",),
    "checks": ("grader.checks", "grader.probes"),
    "grading": ("grader.grading",),
    "reports": ("grader.gradebooks", "grader.pages", "grader.reports"),
    "the rest of the grader": ("grader",),
}
MOST_LINES = 250
LONGER: dict[str, str] = {}  # a module, and why it is longer


def modules() -> dict[str, Path]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()
TREES = {name: ast.parse(path.read_text(encoding="utf-8")) for name, path in MODULES.items()}


def room(module: str) -> str:
    _, _, below = module.partition(".")
    if not below:
        return "face"
    first = below.partition(".")[0]
    if (PACKAGE / first).is_dir():
        return first
    return "cli" if first == "__main__" else "ground"


def imported(module: str) -> set[str]:
    """All modules that a module names in imports, in functions and for types only, too."""
    found = set()
    for node in ast.walk(TREES[module]):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} has a relative import"
            whole = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else str(node.module) for name in whole}
    return found


IMPORTS = {module: imported(module) for module in MODULES}


def described_rows() -> dict[str, tuple[str, ...]]:
    """The rooms in the page's table, each with what it knows nothing of."""
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    table = text.partition("| knows nothing of |")[2].partition("\n\n")[0]
    rows = {}
    for line in table.splitlines()[2:]:
        rooms, _, nothing_of = (cell.strip() for cell in line.strip("|").split("|"))
        for name in re.findall(r"`grader/(\w+)`", rooms):
            rows[name] = tuple(part.strip() for part in nothing_of.split(",") if part.strip())
    return rows


ROWS = described_rows()


def test_no_modules_import_each_other_in_a_circle():
    ours = {module: names & MODULES.keys() - {module} for module, names in IMPORTS.items()}
    try:
        TopologicalSorter(ours).prepare()
    except CycleError as error:
        pytest.fail(" -> ".join(reversed(error.args[1])))


def test_imports_run_down_only():
    up = [
        f"{module} imports {name}"
        for module, names in IMPORTS.items()
        for name in sorted(names & MODULES.keys())
        if room(name) != room(module) and FLOOR[room(name)] >= FLOOR[room(module)]
    ]
    assert up == []


def test_the_page_lists_every_room_once_and_floor_by_floor():
    rooms = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert set(ROWS) == rooms == set(FLOOR) - {"ground", "face"}
    floors = [FLOOR[name] for name in ROWS]
    assert floors == sorted(floors)


@pytest.mark.parametrize("name", ROWS)
def test_a_room_knows_nothing_of_what_the_page_says(name):
    banned = [f"{prefix}." for word in ROWS[name] for prefix in FORBIDDEN[word]]
    known = [
        f"{module} imports {target}"
        for module, names in IMPORTS.items()
        if room(module) == name
        for target in names
        if room(target) != name and f"{target}.".startswith(tuple(banned))
    ]
    assert known == []


def test_only_probes_import_torch():
    with_torch = {
        room(module)
        for module, names in IMPORTS.items()
        if {name.partition(".")[0] for name in names} & {"torch", "torchvision"}
    }
    assert with_torch == {"probes"}


def test_a_public_class_name_means_one_thing():
    places = defaultdict(list)
    for module, tree in TREES.items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(module)
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


def test_a_module_fits_on_a_few_screens():
    long = {
        module: lines
        for module, path in MODULES.items()
        if (lines := path.read_text(encoding="utf-8").count("\n")) > MOST_LINES
    }
    assert long.keys() == LONGER.keys(), long
