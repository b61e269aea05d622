"""A class of 100 mixed notebooks, from a cold start, against nbgrader on the same homework."""

from __future__ import annotations

import json
import sys
import tempfile
from collections import Counter
from pathlib import Path
from statistics import mean

from tests.benchmarks import processes
from tests.benchmarks.figures import Figure, Section, figure
from tests.benchmarks.nbgrader_run import PeerTimes, grade_with_nbgrader
from tests.benchmarks.students import CLASS, ENDLESS, HOSTILE, Student, sample, whole_class
from tests.notebooks import ROOT

# What nbgrader grades each round: it takes about ten seconds for each.
SAMPLE = {
    "right, as taught": 2,
    "right, in other words": 1,
    "one mistake": 2,
    "unfinished": 1,
    "hostile: prints a report of its own": 1,
}
QUICK_SAMPLE = {"right, as taught": 1, "one mistake": 1}
_ENDLESS = f"hostile: {ENDLESS}"


def measure(rounds: int, python: str | None, *, count: int, quick: bool) -> Section:
    """Grade the class twice a round, and nbgrader its sample; ``python`` has nbgrader."""
    students = whole_class(count)
    chosen = sample(students, QUICK_SAMPLE if quick else SAMPLE)
    ours: dict[str, list[processes.Ran]] = {"grouped": [], "each by itself": []}
    peers: list[PeerTimes] = []
    endless = 0.0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        handed_in = folder / "class"
        handed_in.mkdir()
        for student in students:
            path = handed_in / f"{student.name}.ipynb"
            path.write_text(json.dumps(student.notebook()), encoding="utf-8")
        for number in range(rounds):
            for kind, options in (("grouped", []), ("each by itself", ["--no-grouping"])):
                out = folder / f"out{number}{kind[0]}"
                ours[kind].append(_grade(handed_in, out, options, len(students)))
            if python is not None:
                peers.append(grade_with_nbgrader(python, folder / "course", chosen))
        if python is not None and not quick:
            hostile = sample(students, {_ENDLESS: 1})
            times = grade_with_nbgrader(python, folder / "course", hostile)
            endless = sum(times.submissions.values())
        programs = _programs(folder / "out0g" / "results.jsonl")
    return Section(
        "class",
        f"A class of {len(students)} mixed notebooks, cold start included",
        _how(students, programs, chosen, bool(peers)),
        tuple(_figures(ours, peers, endless, students)),
    )


def _grade(handed_in: Path, out: Path, options: list[str], count: int) -> processes.Ran:
    command = [sys.executable, "-m", "grader", str(handed_in), "-o", str(out), "--device", "cpu"]
    ran = processes.run([*command, *options], ROOT)
    lines = (out / "results.jsonl").read_text(encoding="utf-8").splitlines()
    if ran.status != 0 or len(lines) != count:
        raise RuntimeError(f"grade ended with {ran.status} and {len(lines)} of {count} results")
    return ran


def _figures(
    ours: dict[str, list[processes.Ran]],
    peers: list[PeerTimes],
    endless: float,
    students: list[Student],
) -> list[Figure]:
    figures = []
    theirs = [_for_class(times, endless, students) for times in peers]
    cpu = [times.cpu_seconds / len(times.submissions) * len(students) for times in peers]
    targets = {"grouped": "≥100", "each by itself": "≥30"}
    for kind, runs in ours.items():
        if theirs:
            ratios = [peer / ran.seconds for peer, ran in zip(theirs, runs, strict=True)]
            figures.append(figure(f"nbgrader / grade, {kind}", "x", ratios, targets[kind]))
            less = [peer / ran.cpu_seconds for peer, ran in zip(cpu, runs, strict=True)]
            figures.append(figure(f"the same in processor time, {kind}", "x", less))
    for kind, runs in ours.items():
        figures.append(figure(f"grade, {kind}", "s", [ran.seconds for ran in runs]))
        figures.append(
            figure(f"grade, {kind}, processor time", "s", [ran.cpu_seconds for ran in runs])
        )
    if peers:
        each = [mean(times.submissions.values()) for times in peers]
        figures += [
            figure("nbgrader, a submission", "s", each),
            figure("nbgrader, the class (scaled from its sample)", "s", theirs),
        ]
    if endless:
        figures.append(figure("nbgrader, an endless loop", "s", [endless]))
    return figures


def _for_class(times: PeerTimes, endless: float, students: list[Student]) -> float:
    """Return nbgrader's seconds for the class, from the kinds it has graded of it."""
    each = mean(times.submissions.values())
    loops = sum(student.kind == _ENDLESS for student in students) if endless else 0
    return times.starting + (len(students) - loops) * each + loops * endless


def _programs(results: Path) -> int:
    lines = results.read_text(encoding="utf-8").splitlines()
    return len({json.loads(line)["group"] for line in lines})


def _how(students: list[Student], programs: int, chosen: list[Student], peer: bool) -> str:
    kinds = Counter(student.kind.partition(":")[0] for student in students)
    mix = ", ".join(f"{kinds[kind]} {kind}" for kind in CLASS)
    words = (
        f"`grade CLASS -o OUT` with all its pages and tables, as many at a time as there are "
        f"processors; {mix} ({'; '.join(HOSTILE)}), {programs} different programs "
        f"among them. "
    )
    if not peer:
        return words + "nbgrader is not installed here, so there is nothing to compare with"
    return words + (
        f"`nbgrader autograde` grades one after another, without feedback; it graded "
        f"{len(chosen)} of these submissions in each round, in turn with ours, and an endless loop "
        f"once. Its seconds a submission are scaled to the class"
    )
