"""What was found as a table, as JSON and as a plot."""

from __future__ import annotations

import json
import platform
from typing import TYPE_CHECKING, Any

from rich.table import Table

from tests.benchmarks.figures import Section

if TYPE_CHECKING:
    from pathlib import Path

    from rich.console import Console

    from tests.benchmarks.figures import Figure

_WORDS = {True: "yes", False: "NO", None: ""}
_GREEN, _RED, _GREY = "#2a7f4f", "#b3372f", "#7d8590"


def print_section(section: Section, console: Console) -> None:
    table = Table(title=section.title, title_justify="left", caption=section.how)
    table.caption_justify = "left"
    table.add_column("")
    for heading in ("median", "least", "most", "target", "met"):
        table.add_column(heading, justify="right")
    for figure in section.figures:
        table.add_row(figure.name, *_numbers(figure), figure.target, _WORDS[figure.met])
    console.print(table)


def write_all(measured: list[Section], folder: Path) -> list[Path]:
    """Write ``benchmarks.json`` and ``benchmarks.svg``; what is not measured anew stays there."""
    folder.mkdir(parents=True, exist_ok=True)
    sections = list((_written(folder) | {s.name: s for s in measured}).values())
    plain = {
        "machine": {
            "python": platform.python_version(),
            "system": f"{platform.system()} {platform.release()}",
            "machine": platform.machine(),
        },
        "sections": {section.name: section.plain() for section in sections},
    }
    data, plot = folder / "benchmarks.json", folder / "benchmarks.svg"
    text = json.dumps(plain, indent=2, ensure_ascii=False)
    data.write_text(text + "\n", encoding="utf-8")
    return [data, plot] if _plot(sections, plot) else [data]


def _written(folder: Path) -> dict[str, Section]:
    """Return what an earlier run found, by name."""
    try:
        plain = json.loads((folder / "benchmarks.json").read_text(encoding="utf-8"))["sections"]
    except FileNotFoundError:
        return {}
    return {name: Section.from_plain(name, found) for name, found in plain.items()}


def _numbers(figure: Figure) -> list[str]:
    def shown(value: float) -> str:
        number = f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"
        return f"{number} {figure.unit}".strip()

    spread = [min(figure.values), max(figure.values)] if len(figure.values) > 1 else []
    return [shown(figure.median), *(map(shown, spread) if spread else ("", ""))]


def _plot(sections: list[Section], target: Path) -> bool:
    """Draw the ratios beside their targets, and the shares of a notebook's time."""
    import matplotlib as mpl  # noqa: PLC0415 - slow, and only needed here

    mpl.use("svg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    ratios = [f for s in sections for f in s.figures if f.target and f.unit == "x"]
    shares: dict[str, float] = {k: v for s in sections for k, v in s.shares.items()}
    panels = [draw for draw, has in ((_ratios, ratios), (_shares, shares)) if has]
    if not panels:
        return False
    heights = [
        1 + 0.4 * len(ratios) * (draw is _ratios) + 0.3 * len(shares) * (draw is _shares)
        for draw in panels
    ]
    figure, axes = plt.subplots(
        len(panels), 1, figsize=(8, sum(heights)), squeeze=False, height_ratios=heights
    )
    for draw, axis in zip(panels, axes[:, 0], strict=True):
        draw(axis, ratios if draw is _ratios else shares)
        axis.spines[["top", "right"]].set_visible(False)
    figure.tight_layout()
    figure.savefig(target)
    plt.close(figure)
    return True


def _ratios(axis: Any, ratios: list[Figure]) -> None:
    for row, found in enumerate(ratios):
        colour = _GREEN if found.met else _RED
        low, high = found.median - min(found.values), max(found.values) - found.median
        axis.barh(row, found.median, color=colour, xerr=[[low], [high]], height=0.55, ecolor=_GREY)
        axis.plot([float(found.target[1:])] * 2, [row - 0.4, row + 0.4], color="black")
        axis.text(
            1.15 * max(*found.values, float(found.target[1:])),
            row,
            f"{found.median:.3g}",
            va="center",
        )
    axis.set_yticks(range(len(ratios)), [f"{f.name} ({f.target})" for f in ratios])
    axis.set_xscale("log")
    axis.xaxis.set_major_formatter("{x:g}")
    axis.set_xlim(0.5, 3 * max(max(found.values) for found in ratios))
    axis.invert_yaxis()
    axis.set_title("Ratios: median, least and most; the black line is the target", fontsize=10)


def _shares(axis: Any, shares: dict[str, float]) -> None:
    axis.barh(list(shares), list(shares.values()), color=_GREY)
    axis.invert_yaxis()
    axis.set_title("A notebook's time by stage, in ms", fontsize=10)
