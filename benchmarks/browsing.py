"""The Chromium of the system, for the benchmark of the report and for its tests."""

from __future__ import annotations

import os
import shutil
from contextlib import contextmanager

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


class NoBrowserError(Exception):
    """There is no browser, or nothing to drive it; the message says how to get it."""


@contextmanager
def chromium():
    """Give a headless Chromium: that of the environment variable SCORER_CHROMIUM, or the first of `NAMES` there is."""
    try:
        from playwright.sync_api import sync_playwright
    except ModuleNotFoundError:
        raise NoBrowserError("playwright is not installed: pip install 'scorer[browser]'") from None
    path = os.environ.get("SCORER_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        raise NoBrowserError("there is no Chromium: apt-get install chromium, or name one in SCORER_CHROMIUM")
    # Chromium refuses its sandbox to root, who is who runs in most containers.
    args = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=args)
        try:
            yield browser
        finally:
            browser.close()
