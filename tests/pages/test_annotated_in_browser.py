"""An annotated notebook in Chromium: nothing in it runs, nothing is fetched, all can be read."""

import pytest
from selenium.common.exceptions import NoAlertPresentException

from grader.pages.annotated import write_annotated
from tests.notebooks import solved, text
from tests.pages import whole_notebooks as whole
from tests.pages.browser import (
    console_errors,
    open_page,
    overflow,
    poor_contrasts,
    requests_made,
)
from tests.pages.whole_notebooks import code, display, graded, notebook, stream
from tests.reports import samples

pytestmark = pytest.mark.browser


def mixed():
    """The course's own notebook with outputs, and two findings."""
    cells = [
        code(text(c), stream("loss 0.5\n" * 90), display(image_png=whole.PNG), id=c["id"])
        if c["cell_type"] == "code"
        else c
        for c in solved()["cells"]
    ]
    number = next(n for n, c in enumerate(cells, 1) if "def func_eval" in text(c))
    findings = [
        samples.finding(message="one " * 60, cell=number, line=3, column=4, end_column=9),
        samples.finding(message="two", summary="short", hint="look here", cell=number, line=6),
    ]
    wide = code("x = '" + "가" * 500 + "'", stream("w" * 3000), stream("warn", "stderr"))
    table = {"cell_type": "markdown", "metadata": {}, "source": "|a|" + "b" * 300 + "|\n|-|-|\n"}
    return graded(notebook(*cells, wide, table), *findings)


MADE = {"mixed": mixed, "hostile": whole.hostile, "plain": lambda: graded(notebook(code("x")))}


@pytest.fixture(scope="module", params=MADE)
def page(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(request.param)
    return write_annotated(folder, *MADE[request.param]())[0]


@pytest.mark.slow
def test_nothing_runs_and_nothing_is_fetched(driver, page):
    open_page(driver, page)
    title = driver.title
    asked = [address for address in requests_made(driver) if not address.startswith("data:image/")]
    assert asked == [page.as_uri()]
    # Not even a refusal of the policy: there is nothing left to refuse.
    assert console_errors(driver) == []
    assert title not in {"", "ran"}
    assert driver.execute_script("return getComputedStyle(document.body).maxWidth") != "none"
    with pytest.raises(NoAlertPresentException):
        _ = driver.switch_to.alert.text


@pytest.mark.slow
def test_the_policy_would_refuse_a_script_a_style_and_an_address(driver, page):
    open_page(driver, page)
    driver.execute_script(
        "const add = (tag, fields) => document.body.append("
        "  Object.assign(document.createElement(tag), fields));"
        "add('script', {textContent: \"document.title = 'ran'\"});"
        "add('style', {textContent: 'body { display: none }'});"
        "add('img', {src: 'https://example.org/pixel.png'});"
        "add('iframe', {src: 'https://example.org/'});"
    )
    refused = console_errors(driver)
    assert len([words for words in refused if "Content Security Policy" in words]) >= 4
    assert driver.title != "ran"
    assert driver.execute_script("return getComputedStyle(document.body).display") == "block"


def test_pictures_are_shown(driver, tmp_path):
    cells = [code("x", display(image_png=whole.PNG))]
    open_page(driver, write_annotated(tmp_path, *graded(notebook(*cells)))[0])
    widths = driver.execute_script("return [...document.images].map(i => i.naturalWidth)")
    assert widths == [2]


@pytest.mark.parametrize(("width", "media"), [(390, "screen"), (1000, "screen"), (700, "print")])
def test_no_page_scrolls_sideways(driver, page, width, media):
    open_page(driver, page, width=width, media=media)
    assert overflow(driver) <= 0


@pytest.mark.parametrize("how", [{}, {"dark": True}, {"media": "print"}], ids=str)
def test_every_text_can_be_read(driver, page, how):
    open_page(driver, page, **how)
    assert poor_contrasts(driver) == []


def test_links_lead_to_the_web_without_a_referrer(driver, tmp_path):
    open_page(driver, write_annotated(tmp_path, *whole.hostile())[0])
    links = driver.execute_script(
        "return [...document.querySelectorAll('a[href]')].map(a => [a.protocol, a.rel])"
    )
    away = [link for link in links if link[0] != "file:"]
    assert away
    assert {tuple(link) for link in away} == {("https:", "noreferrer noopener nofollow")}
