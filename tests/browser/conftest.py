"""Chromium at a served portal with sample data; a request to any other host fails the test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    APIRequestContext,
    APIResponse,
    Browser,
    BrowserContext,
    Page,
    Playwright,
    sync_playwright,
)

from portal.sample.province import PASSWORD, PEOPLE
from tests.browser.serving import Portal, sample_portal

CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
DESKTOP, PHONE, SMALL_PHONE = (1366, 900), (360, 740), (320, 640)
MAIL = {role: email for email, _, _, role in PEOPLE}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder is marked `browser`."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.browser)


class Watched:
    """What went wrong in the pages of one test, beside what the test looks at."""

    def __init__(self, portal: Portal):
        self.host = urlsplit(portal.url).netloc
        self.begin()

    def begin(self) -> None:
        """Forget what was seen before: a new test begins."""
        self.outside: list[str] = []
        self.complaints: list[str] = []
        self.expected: tuple[int, ...] = ()

    def watch(self, context: BrowserContext) -> None:
        """Refuse other hosts; write down complaints of console and scripts."""
        context.route("**/*", self._route)
        context.on("console", lambda message: self._console(message.type, message.text))
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))

    def _route(self, route) -> None:  # type: ignore[no-untyped-def]
        parts = urlsplit(route.request.url)
        if parts.scheme in ("http", "https") and parts.netloc != self.host:
            self.outside.append(route.request.url)
            route.abort()
        else:
            route.continue_()

    def _console(self, kind: str, text: str) -> None:
        answered = "the server responded with a status of" in text
        if answered and any(f"status of {status}" in text for status in self.expected):
            return
        if kind in ("error", "warning"):
            self.complaints.append(f"{kind}: {text}")

    def verdict(self) -> None:
        """Fail the test for what was seen beside it."""
        assert not self.outside, f"requests to other hosts: {self.outside}"
        assert not self.complaints, f"the browser complains: {self.complaints}"


@pytest.fixture(scope="session")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """The served portal; tests share it and write under names of their own."""
    started = sample_portal(tmp_path_factory.mktemp("portal"))
    yield started
    started.stop()


@pytest.fixture(scope="session")
def playwright_() -> Iterator[Playwright]:
    """The driver."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def chromium(playwright_: Playwright) -> Iterator[Browser]:
    """One browser for all tests."""
    browser = playwright_.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture
def watched(portal: Portal) -> Iterator[Watched]:
    """Judged at the end of the test; a test that means to get a refusal says so in `expected`."""
    watcher = Watched(portal)
    yield watcher
    watcher.verdict()


@pytest.fixture(scope="session")
def kept_sessions(portal: Portal, chromium: Browser) -> Callable[[str], dict]:
    """The signed-in session of a role, made once: signing in often is refused, as it should be."""
    kept: dict[str, dict] = {}

    def session_of(role: str) -> dict:
        if role not in kept:
            context = chromium.new_context(base_url=portal.url)
            page = context.new_page()
            sign_in(page, MAIL[role])
            kept[role] = context.storage_state()  # type: ignore[assignment]
            context.close()
        return kept[role]

    return session_of


@pytest.fixture(scope="session")
def fetch(
    playwright_: Playwright, portal: Portal, kept_sessions: Callable[[str], dict]
) -> Iterator[Callable[[str, str], APIResponse]]:
    """Get an address as a role, without a window: `fetch("recorder", "/quan-ly/")`."""
    made: dict[str, APIRequestContext] = {}

    def get(role: str, path: str) -> APIResponse:
        if role not in made:
            state = kept_sessions(role)
            made[role] = playwright_.request.new_context(base_url=portal.url, storage_state=state)  # type: ignore[arg-type]
        return made[role].get(path)

    yield get
    for context in made.values():
        context.dispose()


@pytest.fixture(scope="session")
def open_window(
    chromium: Browser, portal: Portal, kept_sessions: Callable[[str], dict]
) -> Callable[..., BrowserContext]:
    """Open a browser of its own cookies for somebody, under the eyes of a `Watched`."""

    def opened(watched: Watched, role: str | None, size: tuple[int, int], scripts: bool) -> BrowserContext:
        context = chromium.new_context(
            base_url=portal.url,
            viewport={"width": size[0], "height": size[1]},
            java_script_enabled=scripts,
            storage_state=kept_sessions(role) if role else None,
            locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh",
        )
        context.set_default_timeout(15_000)
        watched.watch(context)
        return context

    return opened


@pytest.fixture
def browse(open_window: Callable[..., BrowserContext], watched: Watched) -> Iterator[Callable[..., Page]]:
    """Open a browser window: `browse("recorder")`, `browse(size=PHONE, scripts=False)`."""
    opened: list[BrowserContext] = []

    def window(role: str | None = None, *, size: tuple[int, int] = DESKTOP, scripts: bool = True) -> Page:
        opened.append(open_window(watched, role, size, scripts))
        return opened[-1].new_page()

    yield window
    for context in opened:
        context.close()


def sign_in(page: Page, email: str, password: str = PASSWORD) -> None:
    """Through the form, as a person does."""
    page.goto("/dang-nhap")
    page.get_by_label("Thư điện tử").fill(email)
    page.get_by_label("Mật khẩu").fill(password)
    page.get_by_role("button", name="Đăng nhập").click()
    page.wait_for_url("**/quan-ly/")
