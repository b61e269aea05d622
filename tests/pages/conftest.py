from tests.pages.browser import driver

__all__ = ["driver"]


def pytest_configure(config):
    config.addinivalue_line("markers", "browser: drives Chromium; skipped where there is none")
