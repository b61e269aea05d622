"""The page of a course in Chromium: inert, quiet, readable on a phone and in the dark."""

from __future__ import annotations

import pytest
from selenium.webdriver.common.by import By

from grader.pages.course_page import course_page, write_course_page
from tests.pages.browser import (
    console_errors,
    open_page,
    overflow,
    poor_contrasts,
    requests_made,
)
from tests.pages.sample_class import HOSTILE_NAMES
from tests.pages.sample_course import sample_course

SIZE, OPEN = 230, "\N{EN DASH}"


@pytest.fixture(scope="module")
def path(tmp_path_factory):
    target = tmp_path_factory.mktemp("course") / "report.html"
    write_course_page(target, sample_course(SIZE))
    return target


def rows(driver):
    return driver.execute_script(
        "return [...document.querySelectorAll('#class tbody tr')]"
        ".map(row => [...row.cells].map(cell => cell.textContent.trim()))"
    )


@pytest.mark.browser
def test_it_asks_for_nothing_and_names_are_only_text(driver, path):
    open_page(driver, path, width=1280)
    assert requests_made(driver) == [path.as_uri()]
    assert console_errors(driver) == []
    assert driver.title == "The course: points by assignment"
    counts = driver.execute_script(
        "return ['script', 'style', 'img', 'iframe', 'svg']"
        ".map(name => document.querySelectorAll(name).length)"
    )
    assert counts == [1, 1, 0, 0, 0]
    assert rows(driver)[0][0] == HOSTILE_NAMES[0]


@pytest.mark.browser
@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("width", [1280, 360], ids=["wide", "phone"])
def test_it_is_readable_everywhere(driver, path, width, dark):
    open_page(driver, path, width=width, dark=dark)
    assert overflow(driver) <= 0
    assert poor_contrasts(driver) == []


@pytest.mark.browser
def test_totals_sort_as_numbers_and_every_student_is_there(driver, path):
    open_page(driver, path, width=1280)
    driver.find_element(By.ID, "more").click()
    assert len(rows(driver)) == SIZE
    driver.find_elements(By.CSS_SELECTOR, "#class thead button")[1].click()
    totals = [row[1] for row in rows(driver)]
    final = [float(text) for text in totals if text != OPEN]
    assert final == sorted(final) != []
    assert totals[len(final) :] == [OPEN] * (SIZE - len(final)) != []


def test_without_named_assignments_there_is_no_column_of_totals():
    page = course_page(sample_course(3, named=False))
    assert ">Total<" not in page
    assert "No totals" in page
