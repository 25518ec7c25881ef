"""Photos of a round: brought over a weak network, covered by drawing on a phone, shown to everybody, taken back."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, SMALL_PHONE
from tests.browser.looking import barriers, overflow
from tests.files.photos import bomb, jpeg, photo, scene

ROUND = "SELECT max(id) FROM distribution WHERE state IN ('released', 'closed')"
NEWEST = "SELECT max(id) FROM picture"


def chosen(*data: bytes) -> list[dict[str, object]]:
    return [
        {"name": f"anh-{place}.jpg", "mimeType": "image/jpeg", "buffer": one}
        for place, one in enumerate(data, 1)
    ]


def draw(page: Page, left: float, top: float, right: float, bottom: float) -> None:
    """A rectangle over the picture, in shares of it."""
    layer = page.locator("[data-cover-layer]")
    layer.scroll_into_view_if_needed()
    frame = layer.bounding_box()
    assert frame
    page.mouse.move(frame["x"] + frame["width"] * left, frame["y"] + frame["height"] * top)
    page.mouse.down()
    page.mouse.move(
        frame["x"] + frame["width"] * (left + right) / 2, frame["y"] + frame["height"] * bottom / 2
    )
    page.mouse.move(frame["x"] + frame["width"] * right, frame["y"] + frame["height"] * bottom)
    page.mouse.up()


def test_photos_are_brought_one_after_the_other_and_a_weak_network_loses_none(
    browse, portal, watched
) -> None:
    number = portal.number(ROUND)
    page = browse("recorder", size=PHONE)
    watched.expected = (422, 503)
    failed = []

    def weak(route) -> None:  # type: ignore[no-untyped-def]
        if route.request.method == "POST" and not failed:
            failed.append(route.request.url)
            route.fulfill(status=503, body="")
        else:
            route.fallback()

    page.route("**/quan-ly/anh/them/**", weak)
    page.goto(f"/quan-ly/anh/them/distribution/{number}")
    assert not barriers(page) and not overflow(page, PHONE) and not overflow(page, SMALL_PHONE)
    before = portal.number("SELECT count(*) FROM picture")
    page.locator("input[type=file]").set_input_files(
        chosen(photo(640, 480), bomb(), jpeg(scene(500, 400)))  # type: ignore[arg-type]
    )
    expect(page.locator(".file-name")).to_contain_text("3 tệp")
    page.get_by_label("Ảnh chụp lúc nào").select_option("handover")
    page.get_by_role("button", name="Tải lên").click()
    expect(page.locator(".upload-list .is-bad")).to_contain_text("triệu điểm ảnh", timeout=20_000)
    expect(page.locator(".upload-list li").nth(2)).to_contain_text("Đã nhận")
    assert failed and portal.number("SELECT count(*) FROM picture") == before + 2
    assert page.locator("input[type=file]").evaluate("input => input.files.length") == 1


@pytest.mark.parametrize("size", [None, PHONE])
def test_places_are_covered_by_drawing_and_everybody_sees_the_covered_copy(browse, portal, size) -> None:
    number = portal.number(ROUND)
    page = browse("accountant", **({"size": size} if size else {}))
    page.goto(f"/quan-ly/anh/them/distribution/{number}")
    page.locator("input[type=file]").set_input_files(
        chosen(jpeg(scene(900 if size else 910, 600)))  # type: ignore[arg-type]
    )
    page.get_by_label("Ảnh chụp lúc nào").select_option("handover")
    page.get_by_label("Chú thích").fill("Trao quà tại sân")
    page.get_by_role("button", name="Tải lên").click()
    page.wait_for_url(f"**/quan-ly/trao-qua/{number}")
    picture = portal.number(NEWEST)
    page.goto(f"/quan-ly/anh/{picture}/che")
    expect(page.locator("[data-cover-help]")).to_be_visible()
    assert page.locator("input[type=radio]:checked").count() == 0
    draw(page, 0.1, 0.1, 0.4, 0.4)
    draw(page, 0.6, 0.6, 0.9, 0.9)
    draw(page, 0.5, 0.1, 0.6, 0.2)
    draw(page, 0.7, 0.1, 0.8, 0.2)
    expect(page.locator("[data-cover-layer] rect")).to_have_count(4)
    page.get_by_role("button", name="Xóa ô 3").click()
    expect(page.locator("[data-cover-layer] rect")).to_have_count(3)
    page.get_by_label("Không có, hoặc đã che hết").check()
    page.get_by_role("button", name="Ghi và xem trước").click()
    page.wait_for_url(f"**/quan-ly/anh/{picture}")
    expect(page.get_by_role("heading", name="Bản mọi người sẽ thấy")).to_be_visible()
    assert not barriers(page)
    page.get_by_role("button", name="Công khai bản đã che").click()
    shown = page.get_by_role("link", name="Mở bản công khai")
    address = shown.get_attribute("href")
    answer = browse().request.get(str(address))
    assert answer.status == 200 and answer.headers["content-type"] == "image/jpeg"
    page.get_by_role("button", name="Gỡ bản công khai").click()
    expect(page.get_by_text("Đã gỡ bản công khai")).to_be_visible()


def test_without_scripts_rectangles_are_typed(browse, portal) -> None:
    picture = portal.number("SELECT min(id) FROM picture WHERE people_shown IS NULL AND what = 'photo'")
    page = browse("accountant", scripts=False)
    page.goto(f"/quan-ly/anh/{picture}/che")
    for name, value in (("trái", "10"), ("trên", "12,5"), ("rộng", "30"), ("cao", "20")):
        page.get_by_label(f"Ô 1, {name}").fill(value)
    page.get_by_label("Không có, hoặc đã che hết").check()
    page.get_by_role("button", name="Ghi và xem trước").click()
    page.goto(f"/quan-ly/anh/{picture}/che")
    assert page.locator("[data-cover-layer] rect").count() == 1
    assert page.get_by_label("Ô 1, trên").input_value() == "12,5"
