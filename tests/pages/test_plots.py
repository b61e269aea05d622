"""Plots as they lie in a page: small, in the page's colours, without a word of elsewhere."""

import re
from xml.etree import ElementTree as ET

import matplotlib as mpl
import pytest

from grader.classroom.distribution import bins
from grader.classroom.statistics import CheckRate
from grader.pages.plots import check_plot, score_plot, segments
from grader.report import Status

COUNTS = {Status.PASSED: 6, Status.PARTIAL: 2, Status.ERROR: 1, Status.TIMEOUT: 1}
HOSTILE = "</text><script>x</script> $\\frac{1}{0}$ 갱신 순서 & <b>"


def rate(title="update order", counts=COUNTS):
    return CheckRate("step_order", title, 20.0, counts)


def drawn():
    return [
        score_plot(bins([0, 13.33, 55, 56, 100, 100], 100)),
        check_plot([rate(), rate(HOSTILE), rate("", {})]),
        score_plot(bins([], 7)),
    ]


@pytest.mark.parametrize("number", range(3))
def test_a_plot_is_small_and_refers_to_nothing(number):
    plot = drawn()[number]
    root = ET.fromstring(plot)
    assert {element.tag for element in root.iter()} <= {"svg", "path", "text"}
    names = {name for element in root.iter() for name in element.attrib}
    assert names <= {"class", "viewBox", "role", "aria-label", "d", "x", "y", "text-anchor"}
    assert root.get("aria-label")
    assert len(plot) < 5000
    assert not re.search(r"url\(|http|#|DejaVu", plot)


def test_a_bar_stands_for_each_bin_that_is_not_empty_with_its_count():
    root = ET.fromstring(score_plot(bins([55, 56, 57, 100], 100)))
    assert [path.get("class") for path in root.iter("path")] == ["fill-bar", "fill-ok"]
    texts = [text.text for text in root.iter("text")]
    assert texts[:11] == [*map(str, range(0, 100, 10)), "100"]
    assert texts[11:] == ["3", "1"]


def test_a_bar_of_a_check_is_as_long_as_its_share():
    root = ET.fromstring(check_plot([rate()]))
    widths = {}
    for path in root.iter("path"):
        numbers = [float(number) for number in re.findall(r"[\d.]+", path.get("d"))]
        widths[path.get("class")] = max(numbers[::2]) - min(numbers[::2])
    whole = sum(widths.values())
    shares = {name: round(width / whole, 2) for name, width in widths.items()}
    assert shares == {"fill-ok": 0.6, "fill-part": 0.2, "fill-fail": 0.2}
    assert segments(rate()) == {"ok": 6, "part": 2, "fail": 2, "none": 0}


def test_a_title_is_text_and_nothing_else():
    root = ET.fromstring(check_plot([rate("$x^2$ 갱신 순서"), rate(HOSTILE)]))
    texts = [text.text for text in root.iter("text")]
    assert "$x^2$ 갱신 순서" in texts
    assert "</text><script>x</script>"[:20] in "".join(texts)


def test_a_users_own_settings_change_nothing():
    before = drawn()
    with mpl.rc_context({"text.usetex": True, "axes.facecolor": "black", "font.size": 30}):
        assert drawn() == before
