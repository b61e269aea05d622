from tests.pages.browser import driver

__all__ = ["driver"]
