"""Pictures of every page, to look at: `python -m tests.browser.pictures [name…]` writes tests/browser/screenshots/."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.browser.conftest import ARGUMENTS, CHROMIUM, DESKTOP, MAIL, PHONE, SMALL_PHONE, sign_in
from tests.browser.places import PUBLIC, STAFF
from tests.browser.serving import Portal, sample_portal

FOLDER = Path(__file__).parent / "screenshots"
SIZES = (DESKTOP, PHONE, SMALL_PHONE)
OF_ADMINISTRATOR = ("nguoi-dung", "nguoi-dung-them", "nguoi-dung-mot")
OF_APPROVER = ("dao-mot", "ban-tin-mot")


def who_for(name: str) -> str | None:
    """As whom a page is looked at: nobody, or the role that has most on it."""
    if name in PUBLIC:
        return None
    return (
        "administrator" if name in OF_ADMINISTRATOR else "approver" if name in OF_APPROVER else "accountant"
    )


def take(browser: Browser, portal: Portal, names: list[str]) -> None:
    """One file per page and width, named by both."""
    FOLDER.mkdir(exist_ok=True)
    sessions = {}
    for role in {who_for(name) for name in names} - {None}:
        context = browser.new_context(base_url=portal.url)
        sign_in(context.new_page(), MAIL[str(role)])
        sessions[role] = context.storage_state()
        context.close()
    for name in names:
        role = who_for(name)
        context = browser.new_context(base_url=portal.url, storage_state=sessions.get(role))
        page = context.new_page()
        page.goto((PUBLIC | STAFF)[name][1](portal))
        for width, height in SIZES:
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(path=FOLDER / f"{name}-{width}.png", full_page=True)
        context.close()


def main() -> None:
    """Serve a sample portal and take the pictures of the pages named, or of all."""
    names = sys.argv[1:] or [*PUBLIC, *STAFF]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as driver:
        portal = sample_portal(Path(folder))
        try:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
            take(browser, portal, names)
            browser.close()
        finally:
            portal.stop()


if __name__ == "__main__":
    main()
