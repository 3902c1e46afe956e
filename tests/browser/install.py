"""Finds a Chromium and a Firefox for the browser tests, and installs what is not there."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.debian import install

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MACOS = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FIREFOX_NAMES = ("firefox-esr", "firefox")
FIREFOX_MACOS = Path("/Applications/Firefox.app/Contents/MacOS/firefox")
# From Debian's own packages, with a font that has Welsh letters.
PACKAGES = ("chromium", "firefox-esr", "fonts-dejavu-core")


def find_browser() -> str | None:
    """The path of a Chromium that runs: the variable CHROME's, else the system's, else Playwright's own."""
    candidates = [os.environ.get("CHROME"), *map(shutil.which, NAMES), str(MACOS), _playwrights_own()]
    return next((path for path in candidates if path and _runs(path)), None)


def find_firefox() -> str | None:
    """The path of a Firefox that runs: the variable FIREFOX's, else the system's."""
    candidates = [os.environ.get("FIREFOX"), *map(shutil.which, FIREFOX_NAMES), str(FIREFOX_MACOS)]
    return next((path for path in candidates if path and _runs(path)), None)


def install_browsers() -> None:
    """Install both with Debian's package tool where that is possible, else Chromium with Playwright's."""
    install(*PACKAGES)
    if not find_browser():
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"], check=False)


def main() -> int:
    """Say which browsers the tests will drive; 1 where one is missing and could not be installed."""
    if not (find_browser() and find_firefox()):
        install_browsers()
    chromium, firefox = find_browser(), find_firefox()
    if not (chromium and firefox):
        sys.stderr.write(
            "The browser tests need Chromium and Firefox: "
            "install them, or name them in the variables CHROME and FIREFOX.\n"
        )
        return 1
    sys.stdout.write(f"The browser tests will drive {chromium} and {firefox}\n")
    return 0


def _playwrights_own() -> str:
    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def _runs(path: str) -> bool:
    """Whether it answers with a version; Ubuntu's `chromium-browser` may be a stub that only names a snap."""
    try:
        return (
            subprocess.run([path, "--version"], capture_output=True, timeout=60, check=False).returncode == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


if __name__ == "__main__":
    sys.exit(main())
