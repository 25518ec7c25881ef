"""Every page, for everybody who may open it: no barrier, no sideways scrolling, light, and quiet."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from playwright.sync_api import BrowserContext, Page

from portal.kit.access import ROLES, SIGNED_IN, mark_of
from tests.browser.conftest import DESKTOP, PHONE, SMALL_PHONE, Watched
from tests.browser.looking import Scales, barriers, doubled_ids, overflow
from tests.browser.places import ELSEWHERE, NO_PAGE, PUBLIC, STAFF
from tests.browser.serving import Portal
from tests.conftest import build, configure

PUBLIC_KILOBYTES, STAFF_KILOBYTES = 150, 250


STACKED_AND_WIDE = """() => [...document.querySelectorAll(".table-scroll:has(> .stacked)")]
  .filter(frame => frame.scrollWidth > frame.clientWidth + 1).map(frame => frame.ariaLabel)"""
KEYS = re.compile(r'name="(?:csrf_token|form_key)" value="[^"]*"')
STATUSES = {
    "khong-co-trang": 404,
    "duong-dan-het-han": 404,
    "tra-cuu-sai": 422,
    "thu-chi-sai": 422,
    "ung-ho-sai": 422,
}  # all others: 200


def look(page: Page, path: str, most_kilobytes: int, *, status: int = 200) -> None:
    """Open a page and judge it."""
    with Scales(page) as scales:
        answer = page.goto(path)
        assert page.evaluate("document.documentElement.lang") == "vi" and page.title()
    assert answer is not None and answer.status == status
    assert scales.kilobytes <= most_kilobytes, f"{scales.kilobytes:.0f} kB: {scales.heaviest()}"
    assert not barriers(page)
    assert not doubled_ids(page)
    assert not overflow(page, PHONE)
    assert not overflow(page, SMALL_PHONE)


@pytest.fixture(scope="session")
def watching(portal: Portal) -> Watched:
    """Who watches the kept windows."""
    return Watched(portal)


@pytest.fixture
def watched(watching: Watched) -> Iterator[Watched]:
    """As in other tests, over windows that are kept."""
    watching.begin()
    yield watching
    watching.verdict()


@pytest.fixture(scope="session")
def windows(
    open_window: Callable[..., BrowserContext], watching: Watched
) -> Iterator[dict[tuple, tuple[BrowserContext, Page]]]:
    """The windows that were opened so far, by role, size and scripts."""
    kept: dict[tuple, tuple[BrowserContext, Page]] = {}
    yield kept
    for context, _ in kept.values():
        context.close()


@pytest.fixture
def browse(
    open_window: Callable[..., BrowserContext],
    windows: dict[tuple, tuple[BrowserContext, Page]],
    watched: Watched,
) -> Callable[..., Page]:
    """A window as in other tests, but kept: these tests only look, and opening one takes as long as looking."""

    def window(role: str | None = None, *, size: tuple[int, int] = DESKTOP, scripts: bool = True) -> Page:
        if (role, size, scripts) not in windows:
            context = open_window(watched, role, size, scripts)
            windows[role, size, scripts] = context, context.new_page()
        page = windows[role, size, scripts][1]
        page.set_viewport_size({"width": size[0], "height": size[1]})
        return page

    return window


@pytest.fixture(scope="session")
def marks(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], set[str]]:
    """The roles that the mark of an endpoint lets in; the sample's people have theirs everywhere."""
    folder = tmp_path_factory.mktemp("marks")
    app = build(configure(folder, f"sqlite:///{folder / 'none.sqlite3'}"))

    def roles_of(endpoint: str) -> set[str]:
        mark = mark_of(app, endpoint)
        assert mark is not None
        return set(mark.roles)

    return roles_of


@pytest.mark.parametrize("name", PUBLIC)
def test_public_page(name, browse, portal, watched) -> None:
    status = STATUSES.get(name, 200)
    watched.expected = (status,)
    look(browse(), PUBLIC[name][1](portal), PUBLIC_KILOBYTES, status=status)


@pytest.mark.parametrize("name", PUBLIC)
def test_public_page_without_scripts_on_a_phone(name, browse, portal, watched) -> None:
    watched.expected = (STATUSES.get(name, 200),)
    page = browse(size=SMALL_PHONE, scripts=False)
    page.goto(PUBLIC[name][1](portal))
    assert not overflow(page, PHONE) and not overflow(page, SMALL_PHONE)


def content_of(html: str) -> str:
    """What a page says below its bars, without the keys of its forms: the same for two roles = judged once."""
    return KEYS.sub("", html.partition('<main id="content"')[2] or html)


@pytest.mark.parametrize("name", STAFF)
def test_staff_page(name, browse, fetch, portal, marks) -> None:
    """As each role sees it; a role that may not open it is told so."""
    endpoint, address = STAFF[name]
    path, judged = address(portal), set()
    for role in ROLES:
        answer = fetch(role, path)
        if not {SIGNED_IN, role} & marks(endpoint):
            assert answer.status == 403 and "Không có quyền" in answer.text()
        elif (shown := content_of(answer.text())) not in judged:
            judged.add(shown)
            look(browse(role), path, STAFF_KILOBYTES)


@pytest.mark.parametrize("name", ["ho-dan-mot", "truong-hop-mot", "nha-o-dang-lam"])
def test_what_stands_row_under_row_does_not_scroll(name, browse, portal) -> None:
    page = browse("recorder", size=PHONE)
    page.goto(STAFF[name][1](portal))
    assert page.evaluate(STACKED_AND_WIDE) == []


@pytest.mark.parametrize("role", ROLES)
def test_the_bars_of_each_role(role, browse) -> None:
    """The start page whole, with the modules that the role opens."""
    look(browse(role), "/quan-ly/", STAFF_KILOBYTES)


def test_the_page_that_says_no(browse, watched) -> None:
    watched.expected = (403,)
    look(browse("recorder"), "/quan-ly/nguoi-dung/", STAFF_KILOBYTES, status=403)


def test_every_page_is_looked_at(app: Flask) -> None:
    """A new view joins `places`, or is named there as something that is no page."""
    known = {endpoint for endpoint, _ in (*PUBLIC.values(), *STAFF.values())} | NO_PAGE | ELSEWHERE
    shown = {rule.endpoint for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())}
    assert shown == {endpoint for endpoint in known if endpoint}
