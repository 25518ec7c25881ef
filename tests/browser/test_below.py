"""Who sees one commune or one hamlet only: nothing of elsewhere is shown, and no page offers what then is refused."""

from __future__ import annotations

import re
from collections import Counter, deque
from html import unescape
from urllib.parse import urljoin

import pytest
from playwright.sync_api import APIRequestContext, expect

from portal.sample.below import PEOPLE
from tests.browser.conftest import sign_in

OF_A_SHAPE = 1  # so many addresses that differ in numbers and filters only are opened
HOUSEHOLDS = "SELECT count(*) FROM household JOIN unit ON unit.id = unit_id WHERE unit.code LIKE ?"
ELSEWHERE = (
    "SELECT min(household.id) FROM household JOIN unit ON unit.id = unit_id WHERE unit.code NOT LIKE ?"
)
LIST_ELSEWHERE = (
    "SELECT min(distribution.id) FROM distribution JOIN unit ON unit.id = unit_id WHERE unit.code <> ?"
)
CASE_ELSEWHERE = (
    "SELECT min(support_case.id) FROM support_case JOIN household ON household.id = household_id"
    " JOIN unit ON unit.id = household.unit_id WHERE unit.code NOT LIKE ?"
)


@pytest.fixture(params=PEOPLE, ids=["commune", "hamlet"])
def person(request):
    """(e-mail, name, position, code of the unit)."""
    return request.param


def test_nothing_of_elsewhere_and_nothing_that_is_refused(
    person, browse, portal, watched, playwright_
) -> None:
    mail, _, _, code = person
    watched.expected = (404,)
    page = browse()
    sign_in(page, mail)
    page.goto("/quan-ly/ho-dan/")
    own = portal.number(HOUSEHOLDS + " AND merged_into_id IS NULL AND NOT withdrawn", f"{code}%")
    expect(page.locator(".bulk-idle strong")).to_have_text(f"{own} hộ")
    for address, sql in (
        ("/quan-ly/ho-dan/{}", ELSEWHERE),
        ("/quan-ly/truong-hop/{}", CASE_ELSEWHERE),
    ):
        assert page.goto(address.format(portal.number(sql, f"{code}%"))).status == 404
    assert page.goto(f"/quan-ly/trao-qua/{portal.number(LIST_ELSEWHERE, code)}").status == 404
    request = playwright_.request.new_context(base_url=portal.url, storage_state=page.context.storage_state())
    assert refused(request) == []
    request.dispose()


def refused(request: APIRequestContext) -> list[tuple[int, str, str]]:
    """(status, address, the page that links to it) of what is offered and then not given."""
    found, seen, shapes = [], set(), Counter()
    waiting = deque([("/quan-ly/", "")])
    while waiting:
        address, offered_by = waiting.popleft()
        shape = re.sub(r"\d+", "#", re.sub(r"=[^&]*", "", address))
        if address in seen or shapes[shape] == OF_A_SHAPE:
            continue
        seen.add(address)
        shapes[shape] += 1
        answer = request.get(address)
        if answer.status >= 400:
            found.append((answer.status, address, offered_by))
        elif "text/html" in answer.headers["content-type"]:
            links = re.findall(r'href="([^"#]+)', answer.text())
            inside = (urljoin(address, unescape(link)) for link in links)
            waiting.extend((link, address) for link in inside if link.startswith("/quan-ly/"))
    return found
