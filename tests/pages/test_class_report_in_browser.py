"""The page of a class in Chromium: quiet, inert, quick to search and sort, readable everywhere."""

import time

import pytest
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

from grader.classroom.statistics import class_statistics
from grader.pages.class_report import write_class_page
from tests.pages.browser import (
    console_errors,
    open_page,
    overflow,
    poor_contrasts,
    requests_made,
)
from tests.pages.sample_class import HOSTILE_NAMES, sample_class

pytestmark = pytest.mark.browser

TITLE = "Multilayer perceptron on MNIST"
SIZE, MOST = 240, 200  # MOST rows are shown at first
COLUMNS = {"Name": 0, "Score": 1, "Id": 2, "layer shapes": 4, "Program": 9}


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    target = tmp_path_factory.mktemp("class") / "report.html"
    write_class_page(target, TITLE, class_statistics(*sample_class(SIZE)))
    return target


@pytest.fixture
def page(driver, path):
    open_page(driver, path, width=1280)
    return driver


UNREAD = "\N{EN DASH}"


def column(driver, name):
    """The texts of a column from top to bottom, as far as its rows are shown."""
    return driver.execute_script(
        "return [...document.querySelectorAll('#class tbody tr')]"
        ".map(row => row.cells[arguments[0]].textContent.trim())",
        COLUMNS[name],
    )


def heading(driver, name):
    return driver.find_elements(By.CSS_SELECTOR, "#class thead th")[COLUMNS[name]]


def press(driver, *keys):
    driver.switch_to.active_element.send_keys(*keys)


def show_all(driver):
    driver.find_element(By.ID, "more").click()


def status(driver):
    return driver.find_element(By.CSS_SELECTOR, "[role=status][aria-live=polite]").text


def opened(driver):
    """Open everything that can be opened, so that a test sees all of it."""
    driver.execute_script("document.querySelectorAll('details').forEach(one => one.open = true)")


@pytest.mark.slow
def test_nothing_is_asked_for_and_nothing_goes_wrong(page, path):
    opened(page)
    assert requests_made(page) == [path.as_uri()]
    assert console_errors(page) == []
    assert page.title == f"{TITLE}: the class"


def test_hostile_names_and_code_are_only_text(page):
    opened(page)
    counts = page.execute_script(
        "return ['script', 'style', 'img', 'iframe', 'b b', 'form', 'svg']"
        ".map(name => document.querySelectorAll(name).length)"
    )
    assert counts == [1, 1, 0, 0, 0, 1, 2]
    assert HOSTILE_NAMES[0] in column(page, "Name")
    assert "<script>x</script>" in page.find_element(By.ID, "programs").get_attribute("textContent")


def test_a_policy_stops_what_gets_in_anyway(page):
    page.execute_script(
        "document.body.insertAdjacentHTML('beforeend',"
        ' \'<img src=x onerror="document.title=1"><p style="color: red">\')'
    )
    time.sleep(0.1)
    assert page.title == f"{TITLE}: the class"
    assert any("Content Security Policy" in line for line in console_errors(page))


def test_scores_sort_as_numbers_by_keyboard(page):
    show_all(page)
    button = heading(page, "Score").find_element(By.TAG_NAME, "button")
    page.execute_script("arguments[0].focus()", button)
    press(page, Keys.ENTER)
    assert heading(page, "Score").get_attribute("aria-sort") == "ascending"
    scores = numbers_first(column(page, "Score"))
    assert scores == sorted(scores)
    assert len(set(scores)) > 5
    press(page, Keys.SPACE)
    assert heading(page, "Score").get_attribute("aria-sort") == "descending"
    assert numbers_first(column(page, "Score")) == sorted(scores, reverse=True)


def numbers_first(texts):
    """The scores of a column, behind which come the students whose work could not be read."""
    numbers = [float(text) for text in texts if text != UNREAD]
    assert texts[len(numbers) :] == [UNREAD] * (len(texts) - len(numbers)) != []
    return numbers


def test_only_one_column_is_sorted_and_its_button_keeps_its_name(page):
    for name in ("Score", "Program"):
        heading(page, name).find_element(By.TAG_NAME, "button").click()
    marked = page.find_elements(By.CSS_SELECTOR, "#class [aria-sort]")
    names = [one.find_element(By.TAG_NAME, "button").accessible_name for one in marked]
    assert names == ["Program"], "the arrow is no part of it"
    show_all(page)
    numbers = [int(text) for text in column(page, "Program") if text]
    assert numbers == sorted(numbers)
    assert column(page, "Program")[-1] == "", "what could not be read has no program: last"


def test_points_of_a_check_sort_as_numbers_and_what_has_none_comes_last(page):
    button = heading(page, "layer shapes").find_element(By.TAG_NAME, "button")
    show_all(page)
    for _ in range(2):
        button.click()
        texts = column(page, "layer shapes")
        assert texts[-1] == "\N{EN DASH}"
        known = [float(text.split()[0]) for text in texts if text != "\N{EN DASH}"]
    assert known == sorted(known, reverse=True)
    assert {0.0, 10.0, 20.0} & set(known)


def test_korean_names_sort_in_their_own_order(page):
    heading(page, "Name").find_element(By.TAG_NAME, "button").click()
    korean = [name for name in column(page, "Name") if "가" <= name[0] <= "힣"]
    assert len(korean) > 20
    assert korean == sorted(korean)


def test_searching_by_keyboard_shows_the_rows_that_fit_and_says_how_many(page):
    query = page.find_element(By.ID, "query")
    assert query.accessible_name == "Search"
    query.send_keys("김")
    names = column(page, "Name")
    assert names
    assert all("김" in name for name in names)
    assert status(page) == f"{len(names)} of {SIZE} students"
    query.send_keys(Keys.ENTER)
    assert column(page, "Name") == names, "Enter sends nothing anywhere"
    query.clear()
    query.send_keys(" ")
    assert len(column(page, "Name")) == MOST
    assert status(page) == f"{SIZE} students, the first {MOST} shown"


def test_those_beyond_the_first_are_found_sorted_and_shown_on_demand(page):
    last = page.execute_script("return document.querySelector('#class tbody').rows.length")
    assert last == MOST
    heading(page, "Id").find_element(By.TAG_NAME, "button").click()
    first = column(page, "Id")[:5]
    heading(page, "Id").find_element(By.TAG_NAME, "button").click()
    highest = column(page, "Id")[0]
    assert highest not in first
    page.find_element(By.ID, "query").send_keys(first[-1])
    assert column(page, "Id") == [first[-1]]
    assert not page.find_element(By.ID, "more").is_displayed()
    page.find_element(By.ID, "query").clear()
    page.find_element(By.ID, "query").send_keys(" ")
    more = page.find_element(By.ID, "more")
    assert more.text == f"Show all {SIZE}"
    page.execute_script("arguments[0].focus()", more)
    press(page, Keys.ENTER)
    assert len(column(page, "Id")) == SIZE
    assert not more.is_displayed()
    assert status(page) == f"{SIZE} students"
    focused = page.switch_to.active_element.find_element(By.XPATH, "ancestor::tr")
    assert focused.get_attribute("rowIndex") == str(MOST + 1)


def test_all_rows_are_printed(page):
    closed = "return document.querySelectorAll('#look details:not([open])').length"
    before = page.execute_script(closed)
    assert before > 3
    page.execute_script("dispatchEvent(new Event('beforeprint'))")
    assert len(column(page, "Id")) == SIZE
    assert page.execute_script(closed) == 0, "a person is named on paper, too"
    page.execute_script("dispatchEvent(new Event('afterprint'))")
    assert len(column(page, "Id")) == MOST
    assert page.execute_script(closed) == before


def test_every_word_has_to_fit_and_cells_are_not_joined(page):
    query = page.find_element(By.ID, "query")
    query.send_keys("fail LATE")
    found = page.find_elements(By.CSS_SELECTOR, "#class tbody tr")
    assert found
    assert all("FAIL" in row.text and "late" in row.text for row in found)
    joined = column(page, "Name")[1] + column(page, "Id")[1]
    query.clear()
    query.send_keys(joined)
    assert column(page, "Name") == []


def test_names_typed_letter_by_letter_are_found_composed(page):
    name = next(name for name in column(page, "Name") if "가" <= name[0] <= "힣")
    page.execute_script(
        "const q = document.getElementById('query'); q.value = arguments[0].normalize('NFD');"
        "q.dispatchEvent(new Event('input'))",
        name,
    )
    assert set(column(page, "Name")) == {name}


def test_sorting_keeps_what_was_searched(page):
    page.find_element(By.ID, "query").send_keys("FAIL")
    before = column(page, "Id")
    heading(page, "Score").find_element(By.TAG_NAME, "button").click()
    assert sorted(column(page, "Id")) == sorted(before)
    assert 0 < len(before) < MOST


def test_a_mistake_opens_by_keyboard_and_shows_its_students(page):
    mistake = page.find_element(By.CSS_SELECTOR, "details.mistake")
    student = mistake.find_element(By.CSS_SELECTOR, ".who a")
    assert not student.is_displayed()
    page.execute_script("arguments[0].focus()", mistake.find_element(By.TAG_NAME, "summary"))
    press(page, Keys.ENTER)
    assert student.is_displayed()
    count = int(mistake.find_element(By.CSS_SELECTOR, ".big").text.split()[0])
    assert len(mistake.find_elements(By.CSS_SELECTOR, ".who li")) == count


def test_a_link_to_a_program_opens_it_wherever_it_is(page):
    hidden = page.find_elements(By.CSS_SELECTOR, ".rest details.program")[-1]
    assert not hidden.is_displayed()
    page.execute_script("location.hash = arguments[0]", hidden.get_attribute("id"))
    time.sleep(0.2)
    assert hidden.find_element(By.CSS_SELECTOR, "pre").is_displayed()
    top = page.execute_script("return arguments[0].getBoundingClientRect().top", hidden)
    assert 0 <= top < 300


@pytest.mark.parametrize("anchor", ["%", "nowhere", "constructor"])
def test_an_address_with_a_strange_end_does_no_harm(driver, path, anchor):
    open_page(driver, f"{path.as_uri()}#{anchor}", width=1280)
    assert console_errors(driver) == []
    heading(driver, "Score").find_element(By.TAG_NAME, "button").click()
    assert heading(driver, "Score").get_attribute("aria-sort") == "ascending"


@pytest.mark.parametrize(
    ("width", "media"),
    [
        (360, "screen"),
        (390, "screen"),
        (800, "screen"),
        (1280, "screen"),
        (703, "print"),
        (960, "print"),
    ],
)
def test_the_page_never_scrolls_sideways(driver, path, width, media):
    open_page(driver, path, width=width, media=media)
    opened(driver)
    assert overflow(driver) <= 0


@pytest.mark.parametrize("width", [360, 390, 800])
def test_names_and_scores_stay_where_the_table_is_moved_sideways(driver, path, width):
    open_page(driver, path, width=width)
    lefts = (
        "return [0, 1].map(n => document.querySelector('#class tbody tr').cells[n])"
        ".map(cell => cell.getBoundingClientRect())"
    )
    driver.execute_script("document.querySelector('#students .scroll').scrollLeft = 9999")
    name, score = driver.execute_script(lefts)
    assert 0 <= name["left"] < name["right"] <= score["left"] < score["right"] < width
    edge = "return document.querySelector('#students .scroll').getBoundingClientRect().left"
    assert name["left"] == driver.execute_script(edge), "nothing shows beside the names"


@pytest.mark.parametrize("width", [390, 1280])
def test_every_section_is_one_click_away_wherever_one_is(driver, path, width):
    open_page(driver, path, width=width)
    for section in ("late-work", "students", "mistakes", "look"):
        driver.find_element(By.CSS_SELECTOR, f"nav a[href='#{section}']").click()
        time.sleep(0.05)
        nav, heading = driver.execute_script(
            "return [document.querySelector('nav'), document.getElementById(arguments[0])]"
            ".map(one => one.getBoundingClientRect())",
            f"{section}-title",
        )
        assert nav["top"] == 0
        assert nav["bottom"] <= heading["top"] + 1
        if section != "late-work":  # the page ends there
            assert heading["top"] < 150


def test_the_head_of_the_students_table_stays_below_the_navigation(page):
    page.execute_script("document.querySelector('#class tbody').rows[30].scrollIntoView()")
    head = heading(page, "Score").rect["y"] - page.execute_script("return scrollY")
    assert head == pytest.approx(page.find_element(By.TAG_NAME, "nav").size["height"], abs=1)


def test_the_day_is_that_of_the_file(page, path):
    day = time.strftime("%Y-%m-%d", time.localtime(path.stat().st_mtime))
    assert f"This page was written on {day} " in page.find_element(By.TAG_NAME, "header").text


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True])
def test_every_text_stands_out(driver, path, dark):
    open_page(driver, path, width=1280, dark=dark)
    opened(driver)
    assert poor_contrasts(driver) == []


@pytest.mark.slow
@pytest.mark.parametrize("dark", [False, True])
def test_plots_take_their_colours_from_the_page(driver, path, dark):
    open_page(driver, path, dark=dark)
    fill, text = driver.execute_script(
        "return ['.plot .fill-ok', '.plot text']"
        ".map(name => getComputedStyle(document.querySelector(name)).fill)"
    )
    assert fill == ("rgb(127, 208, 151)" if dark else "rgb(26, 107, 52)")
    assert text == ("rgb(236, 234, 229)" if dark else "rgb(28, 27, 25)")


@pytest.mark.slow
def test_a_screen_reader_finds_a_table_a_search_and_landmarks(page):
    tree = page.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    roles = [node["role"]["value"] for node in tree if not node["ignored"]]
    assert roles.count("row") >= MOST
    assert roles.count("rowheader") >= MOST
    assert {"table", "columnheader", "cell", "searchbox", "status", "navigation", "main"} <= set(
        roles
    )


@pytest.mark.slow
def test_without_javascript_everything_is_there_but_sorting_and_searching(driver, path):
    driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
    try:
        open_page(driver, path, width=1280)
        assert len(driver.find_elements(By.CSS_SELECTOR, "#class tbody tr")) == SIZE
        assert not driver.find_element(By.ID, "query").is_displayed()
        assert driver.find_elements(By.CSS_SELECTOR, "#class button") == []
        mistake = driver.find_element(By.CSS_SELECTOR, "details.mistake")
        mistake.find_element(By.TAG_NAME, "summary").click()
        assert mistake.find_element(By.CSS_SELECTOR, ".who a").is_displayed()
        assert console_errors(driver) == []
    finally:
        driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})
