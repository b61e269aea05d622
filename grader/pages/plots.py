"""The plots of a class: the distribution of scores, and the results of each check."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from grader.pages.svg import ROLES, drawing, inline_svg
from grader.points import points
from grader.report import Status

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markupsafe import Markup
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from grader.classroom.distribution import Bin
    from grader.classroom.statistics import CheckRate

_WIDTH, _HEIGHT, _PER_CHECK = 460, 300, 38  # in the SVG's units, of which text is 12 high
_TEXT = 12
_LONGEST_TITLE = 24

# The segments of a check's bar from left to right; all other statuses count as not passed.
SEGMENTS = (("ok", "passed"), ("part", "partly"), ("fail", "not passed"), ("none", "not filled in"))
_SEGMENT_OF = {Status.PASSED: "ok", Status.PARTIAL: "part", Status.NOT_ATTEMPTED: "none"}


def segments(rate: CheckRate) -> dict[str, int]:
    """Return how many of a check's submissions are in each of ``SEGMENTS``, by its role."""
    counts = {role: 0 for role, _ in SEGMENTS}
    for status, count in rate.counts.items():
        counts[_SEGMENT_OF.get(status, "fail")] += count
    return counts


def score_plot(distribution: Sequence[Bin]) -> Markup:
    """Draw a bar for each bin with its count above; full marks, the last bar, in green."""
    return _columns(tuple((points(each.low), each.count) for each in distribution))


def check_plot(rates: Sequence[CheckRate]) -> Markup:
    """Draw a bar for each check, at least one: passed, partly, not passed, not filled in."""
    return _stacked(tuple((rate.title, rate.judged, *segments(rate).values()) for rate in rates))


# Most runs of a class after its first draw the same numbers, and matplotlib takes its time.
@lru_cache(maxsize=32)
@drawing()
def _columns(bars: tuple[tuple[str, int], ...]) -> Markup:
    figure, axes = _figure(_HEIGHT)
    counts = [count for _, count in bars]
    full = len(counts) - 1
    for place, count in enumerate(counts):
        if count:
            colour = ROLES["ok" if place == full else "bar"]
            axes.bar(place, count, width=0.88, color=colour, linewidth=0)
            axes.text(place, count, str(count), ha="center", va="bottom", fontsize=_TEXT)
    # A bar begins at the number on its left; the bar of full marks stands above its number.
    ends = [place - (0 if place == full else 0.5) for place in range(len(counts))]
    axes.set_xticks(ends, [low for low, _ in bars])
    axes.set_yticks([])
    axes.set_ylim(0, max([*counts, 1]) * 1.12)
    axes.set_xlim(-0.6, len(counts) - 0.4)
    return inline_svg(figure, "How many students got how many points; the table has the numbers.")


@lru_cache(maxsize=32)
@drawing()
def _stacked(bars: tuple[tuple[Any, ...], ...]) -> Markup:
    figure, axes = _figure(40 + _PER_CHECK * len(bars))
    for place, (_, judged, *counts) in enumerate(bars):
        left = 0.0
        for (role, _), count in zip(SEGMENTS, counts, strict=True):
            share = count / judged if judged else 0.0
            if share:
                axes.barh(place, share, left=left, height=0.6, color=ROLES[role], linewidth=0)
            left += share
    titles = [title for title, *_ in bars]
    cut = [t if len(t) <= _LONGEST_TITLE else t[: _LONGEST_TITLE - 1] + "…" for t in titles]
    # Escape dollar signs, which matplotlib takes for TeX.
    axes.set_yticks(range(len(bars)), cut, parse_math=False)
    axes.set_xticks([0, 0.5, 1], ["0 %", "50 %", "100 %"])
    axes.set_xlim(0, 1)
    axes.set_ylim(len(bars) - 0.5, -0.5)
    return inline_svg(
        figure, "What share of students passed each check; the table has the numbers."
    )


def _figure(height: float) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure  # noqa: PLC0415 - slow, and not needed by every command

    # At 72 dots an inch matplotlib's points are the SVG's units.
    figure = Figure(figsize=(_WIDTH / 72, height / 72), dpi=72, layout="constrained")
    axes = figure.add_subplot()
    axes.spines[:].set_visible(False)
    axes.tick_params(length=0, labelsize=_TEXT)
    axes.grid(visible=False)
    return figure, axes
