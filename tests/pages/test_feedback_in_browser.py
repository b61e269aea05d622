"""A student's page in Chromium: quiet, inert, readable in every form."""

import functools
import http.server
import threading
from dataclasses import replace

import pytest
from selenium.common.exceptions import NoAlertPresentException

from grader.classroom import Override
from grader.pages.feedback import feedback_page
from tests.pages import classroom
from tests.pages.browser import (
    console_errors,
    open_page,
    overflow,
    poor_contrasts,
    requests_made,
)
from tests.pages.classroom import found, graded
from tests.reports import samples

pytestmark = pytest.mark.browser

ANSWERS = {3: "batch_in.view(-1, 28*28).to(device)", 5: "optm.zero_grad()"}
WIDE = found(
    "\n".join(["x = '" + "가" * 500 + "'", "y" * 100_000, "\t" * 20 + "z = 1\u00a0# \u202e"]),
    samples.finding(message="m" * 1000, cell=1, line=2, column=5000, end_column=5010),
    samples.finding(message="two", cell=1, line=3, column=20, end_column=25, got="v" * 500),
)
PAGES = {
    "mixed": feedback_page(graded(), show_answers=True, answers=ANSWERS),
    "perfect": feedback_page(classroom.perfect()),
    "every": feedback_page(
        graded(samples.EVERY_STATUS, late=True, override=Override("why", 3, {"learns": 4}, "Park"))
    ),
    "unreadable": feedback_page(graded(classroom.NOT_A_NOTEBOOK, cells=())),
    "hostile": feedback_page(classroom.hostile()),
    "wide": feedback_page(replace(WIDE, student=replace(WIDE.student, name="N" * 500))),
}


@pytest.fixture(params=PAGES)
def page(request, tmp_path):
    path = tmp_path / f"{request.param}.html"
    path.write_text(PAGES[request.param], encoding="utf-8")
    return path


def shown(driver, name, tmp_path, **how):
    path = tmp_path / f"{name}.html"
    path.write_text(PAGES[name], encoding="utf-8")
    open_page(driver, path, **how)


def test_nothing_is_asked_for_and_nothing_goes_wrong(driver, page):
    open_page(driver, page)
    assert requests_made(driver) == [page.as_uri()]
    assert console_errors(driver) == []
    # Our style is the one that the policy lets through.
    assert driver.execute_script("return getComputedStyle(document.body).maxWidth") != "none"
    with pytest.raises(NoAlertPresentException):
        _ = driver.switch_to.alert.text


@pytest.mark.parametrize(("width", "media"), [(390, "screen"), (1000, "screen"), (700, "print")])
def test_no_page_scrolls_sideways(driver, page, width, media):
    open_page(driver, page, width=width, media=media)
    assert overflow(driver) <= 0
    # Nor is anything cut off at the edge of a panel.
    assert not driver.execute_script(
        "return [...document.querySelectorAll('main *')].filter("
        "  e => e.getBoundingClientRect().right > innerWidth + 1).map(e => e.className)"
    )


@pytest.mark.parametrize("how", [{}, {"dark": True}, {"media": "print"}], ids=str)
def test_every_text_can_be_read(driver, page, how):
    open_page(driver, page, **how)
    assert poor_contrasts(driver) == []


def test_the_schemes_differ_and_paper_is_white(driver, tmp_path):
    colour = "return getComputedStyle(document.documentElement).backgroundColor"
    seen = []
    for how in ({}, {"dark": True}, {"media": "print"}, {"media": "print", "dark": True}):
        shown(driver, "mixed", tmp_path, **how)
        seen.append(driver.execute_script(colour))
    light, dark, paper, dark_paper = seen
    assert light != dark
    assert paper == dark_paper == "rgb(255, 255, 255)"


def test_hostile_words_add_no_element_and_no_attribute(driver, tmp_path):
    shown(driver, "hostile", tmp_path)
    tags, handlers = driver.execute_script(
        "const all = [...document.querySelectorAll('*')];"
        "return [all.map(e => e.localName),"
        "  all.flatMap(e => e.getAttributeNames()).filter(n => /^(on|style$|src|action)/.test(n))]"
    )
    assert not set(tags) & {"script", "img", "iframe", "object", "embed", "form", "link", "base"}
    assert handlers == []
    assert tags.count("style") == 1


def test_marks_lie_under_their_characters(driver, tmp_path):
    # The same place by a tab and by spaces; a Korean character is wider than one of ours.
    source = "\tvalue\n    value\n한국 x\nab x"
    spans = [(1, 1, 6), (2, 4, 9), (3, 0, 2), (4, 0, 2)]
    findings = [samples.finding(cell=1, line=n, column=a, end_column=b) for n, a, b in spans]
    path = tmp_path / "marks.html"
    path.write_text(feedback_page(found(source, *findings)), encoding="utf-8")
    open_page(driver, path)
    tab, spaces, korean, latin = driver.execute_script(
        "return [1, 2, 3, 4].map(n => {"
        "  const marks = document.querySelectorAll(`[data-line='${n}'] mark`);"
        "  const boxes = [...marks].map(mark => mark.getBoundingClientRect());"
        "  return [Math.min(...boxes.map(b => b.left)), Math.max(...boxes.map(b => b.right))];"
        "})"
    )
    assert tab == pytest.approx(spaces, abs=1)
    assert korean[0] == pytest.approx(latin[0], abs=1)
    assert korean[1] > latin[1] + 5


def test_the_keyboard_reaches_every_note(driver, tmp_path):
    shown(driver, "mixed", tmp_path)
    links = driver.find_elements("css selector", "a")
    for link in links:
        link.send_keys("\n")
        target = driver.execute_script("return document.querySelector(':target').id")
        assert link.get_attribute("href").endswith(f"#{target}")
    assert links


def test_a_page_from_a_server_asks_for_nothing_more_of_its_own(driver, tmp_path):
    (tmp_path / "page.html").write_text(PAGES["mixed"], encoding="utf-8")
    handler = functools.partial(QuietHandler, directory=str(tmp_path))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{server.server_port}/page.html"
        open_page(driver, address)
        asked, said = requests_made(driver), console_errors(driver)
        server.shutdown()
    assert asked == [address]
    assert said == []


class QuietHandler(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_args):
        pass
