"""Pages in a real browser: Debian's Chromium, driven by selenium without any network of its own."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from selenium import webdriver

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
CHROMEDRIVER = shutil.which("chromedriver")


@pytest.fixture(scope="session")
def driver():
    """One browser for the whole run; without one a test is skipped, but never in CI."""
    if CHROMIUM is None or CHROMEDRIVER is None:
        missing = "needs chromium and chromedriver (apt-get install chromium chromium-driver)"
        if "CI" in os.environ:
            pytest.fail(missing)
        pytest.skip(missing)
    with webdriver.Chrome(_options(), webdriver.ChromeService(CHROMEDRIVER)) as chrome:
        yield chrome


def _options():
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    # A dialog that a page managed to open has to stay open until a test sees it.
    options.set_capability("unhandledPromptBehavior", "ignore")
    for argument in (
        "--headless=new",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-dev-shm-usage",
        # As root, as in a container, Chromium has no sandbox of its own.
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ):
        options.add_argument(argument)
    return options


def open_page(driver, path, *, width=1000, dark=False, media="screen"):
    """Open a file (or an address) as a reader has it; ``media`` may be "print"."""
    driver.get("about:blank")
    console_errors(driver)
    requests_made(driver)
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 600},
    )
    scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": media, "features": [scheme]})
    driver.get(path if isinstance(path, str) else Path(path).as_uri())


def console_errors(driver):
    """Return what the console said since the last call: errors, warnings, refused content."""
    return [entry["message"] for entry in driver.get_log("browser")]


def requests_made(driver):
    """Return every address that was asked for since the last call, the page's own included."""
    events = [json.loads(entry["message"])["message"] for entry in driver.get_log("performance")]
    return [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]


def overflow(driver):
    """Return by how many pixels the page is wider than the window."""
    return driver.execute_script(
        "return document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )


def poor_contrasts(driver, least=4.5):
    """Return the texts whose contrast with what is behind them is below ``least``."""
    return driver.execute_script(_CONTRASTS, least)


# WCAG 2's contrast of every text that is shown, line numbers and the like (::before) included.
_CONTRASTS = r"""
const canvas = new OffscreenCanvas(1, 1).getContext('2d', {willReadFrequently: true});
const rgba = colour => {
  canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
  return canvas.getImageData(0, 0, 1, 1).data;
};
const luminance = rgb => {
  const [r, g, b] = [...rgb].slice(0, 3).map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const behind = element => {
  for (let e = element; e; e = e.parentElement) {
    const colour = rgba(getComputedStyle(e).backgroundColor);
    if (colour[3] === 255) return colour;
    if (colour[3] !== 0) throw new Error('a translucent background: ' + e.className);
  }
  return [255, 255, 255, 255];
};
const ratio = (one, other) => {
  const [a, b] = [luminance(one), luminance(other)].sort((x, y) => y - x);
  return (a + 0.05) / (b + 0.05);
};
const least = arguments[0];
const poor = new Map();
const look = (element, style, text) => {
  const found = ratio(rgba(style.color), behind(element));
  if (found < least) poor.set(`${element.tagName}.${element.className}`, [text, found]);
};
const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
while (texts.nextNode()) {
  const element = texts.currentNode.parentElement, text = texts.currentNode.data.trim();
  if (text && element.checkVisibility()) look(element, getComputedStyle(element), text);
}
for (const element of document.body.querySelectorAll('*')) {
  const style = getComputedStyle(element, '::before');
  if (!['none', 'normal'].includes(style.content)) look(element, style, style.content);
}
return [...poor].map(([where, [text, found]]) => `${where} ${found.toFixed(2)}: ${text}`);
"""
