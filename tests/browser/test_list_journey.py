"""A list of households from its criteria to the closed round: desk, approver, signed paper, phone, scan, public page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from portal.kit.days import today_in_vietnam
from tests.browser.conftest import PHONE
from tests.browser.looking import barriers, overflow
from tests.browser.papers import text_of_pdf
from tests.qr_reading import read_pdf

HARD = "Hộ có hoàn cảnh khó khăn"
MONEY, KIT = 200_000, "QUA-TET"
REFUSED, OVERRIDE = "Đã chuyển đi nơi khác", "Nhà tốc mái tháng này, họp ấp ngày 20/11"
HOUSES = """SELECT {what} FROM household h JOIN unit u ON u.id = h.unit_id JOIN unit p ON p.id = u.parent_id
JOIN household_status s ON s.household_id = h.id AND NOT s.withdrawn
JOIN household_group g ON g.id = s.group_id
WHERE p.name = ? AND g.name = ? AND s.year = ? AND h.merged_into_id IS NULL AND NOT h.withdrawn"""
WARNED = """SELECT min(r.household_id) FROM distribution_row r JOIN household h ON h.id = r.household_id
JOIN unit u ON u.id = h.unit_id JOIN unit p ON p.id = u.parent_id
WHERE p.name = ? AND r.distribution_id = (SELECT min(id) FROM distribution WHERE state = 'draft')"""


@dataclass(frozen=True)
class Round:
    """What one run of the journey calls its own: names, numbers, the place where its households live."""

    scripts: bool
    name: str
    content: str
    decision: str
    commune: str


ROUNDS = {
    True: Round(True, "Quà mùa lũ, xã Long Thạnh", "Tặng quà mùa lũ", "291/QĐ-THU", "Xã Long Thạnh"),
    False: Round(
        False, "Quà mùa khô, phường Hòa Thuận", "Tặng quà mùa khô", "292/QĐ-THU", "Phường Hòa Thuận"
    ),
}


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def round_(request) -> Round:
    """With and without JavaScript, for everybody in the journey."""
    return ROUNDS[request.param]


def code_of(number: int) -> str:
    return f"HO{number:06d}"


def press(page: Page, verb: str, panel: str, *, scripts: bool) -> None:
    """A step that asks before it is taken: a dialog with scripts, a part of the page without."""
    page.wait_for_load_state()  # the page listens from then on
    if scripts:
        page.get_by_role("link", name=verb, exact=True).click()
    page.locator(panel).get_by_role("button", name=verb, exact=True).click()


def looks_right(page: Page, *, scripts: bool) -> None:
    """Reachable for everybody, nothing sideways on a phone, and the window as it was."""
    before = page.viewport_size
    assert before is not None
    if scripts:  # axe needs them
        assert not barriers(page)
        assert not overflow(page, PHONE)
        page.set_viewport_size(before)


def make_list(page: Page, its: Round) -> str:
    """Head and portion of a new list; the address of the list."""
    page.goto("/quan-ly/trao-qua/")
    page.get_by_role("link", name="Lập danh sách").first.click()
    page.get_by_label("Tên danh sách").fill(its.name)
    page.get_by_label("Nội dung trao").fill(its.content)
    page.get_by_label("Mục đích chi").select_option(label="Trao quà, trợ cấp khó khăn")
    page.get_by_label("Nơi trao").fill("Nhà văn hóa")
    page.get_by_label("Kho xuất hàng").select_option(label="Kho Ban vận động Quỹ tỉnh")
    page.get_by_label("Người đi trao").select_option(label="Phạm Ngọc Lan")
    page.get_by_role("button", name="Lập danh sách").click()
    page.get_by_label("Tên suất, suất 1").fill("Suất khó khăn")
    page.get_by_label("Số tiền (đ), suất 1").fill("200.000")
    page.get_by_label("Hàng 1, suất 1").fill(KIT)
    page.get_by_label("Số lượng 1, suất 1").fill("1")
    page.get_by_role("button", name="Ghi suất quà").click()
    expect(page.locator("main")).to_contain_text("Đã ghi 1 suất quà")
    return page.url


def add_households(page: Page, portal, its: Round) -> int:
    """All of a group in a commune without one that was excluded, and one more by its code; how many stand there."""
    where = its.commune, HARD, today_in_vietnam().year
    found = portal.number(HOUSES.format(what="count(*)"), *where)
    left_out = portal.number(HOUSES.format(what="max(h.id)"), *where)
    page.get_by_role("link", name="Thêm hộ", exact=True).click()
    page.get_by_label("Xã, thôn, ấp").select_option(label=its.commune)
    page.get_by_label("Nhóm hộ").select_option(label=f"{HARD} {where[2]}")
    page.get_by_role("button", name="Tìm hộ").click()
    expect(page.locator("main")).to_contain_text(f"Thêm {found} hộ tìm được")
    looks_right(page, scripts=its.scripts)
    page.get_by_label("Loại các mã hộ").fill(f"{code_of(left_out)}\nHO999999")
    page.get_by_role("button", name=f"Thêm {found} hộ vào danh sách").click()
    main = page.locator("main")
    expect(main).to_contain_text(f"Đã thêm {found - 1} hộ")
    expect(main).to_contain_text("1 hộ được loại ra")
    expect(main).to_contain_text("Không có hộ mang mã HO999999")
    page.locator("#them-ma").get_by_label("Mã hộ").fill(code_of(portal.number(WARNED, its.commune)))
    page.get_by_role("button", name="Thêm các hộ này").click()
    expect(main).to_contain_text("Đã thêm 1 hộ")
    return found


def judge_fairness(page: Page, its: Round) -> None:
    """The lock is refused while a warning has no reason; with it, it is not."""
    press(page, "Chốt danh sách", "#chot", scripts=its.scripts)
    expect(page.locator("main")).to_contain_text("Chưa làm được")
    page.get_by_role("link", name="Kiểm tra công bằng").first.click()
    expect(page.locator("main")).to_contain_text("1 hộ đã được giúp từ")
    looks_right(page, scripts=its.scripts)
    page.locator("tr", has_text="Cần ghi lý do").get_by_role("checkbox").check()
    page.get_by_role("button", name="Ghi lý do giữ lại").click()
    page.get_by_label("Lý do").fill(OVERRIDE)
    page.get_by_role("button", name="Ghi lý do").click()
    expect(page.locator("main")).to_contain_text("Đã ghi lý do giữ lại 1 hộ")
    expect(page.locator("main")).to_contain_text(OVERRIDE)


def decide(maker: Page, chair: Page, address: str, its: Round) -> None:
    """Lock, draft, issue; the chair approves all but the last household."""
    maker.goto(address)
    press(maker, "Chốt danh sách", "#chot", scripts=its.scripts)
    expect(maker.locator("main")).to_contain_text("Đã chốt danh sách")
    maker.get_by_role("link", name="Soạn quyết định").click()
    maker.get_by_label("Số văn bản").fill(its.decision)
    maker.get_by_role("button", name="Soạn dự thảo").click()
    chair.goto(maker.url)
    press(chair, "Ban hành", "#ban-hanh", scripts=its.scripts)
    expect(chair.locator("main")).to_contain_text("Đã ban hành")
    chair.goto(address)
    chair.get_by_role("link", name="Duyệt danh sách").click()
    expect(chair.locator("main")).to_contain_text(OVERRIDE)
    looks_right(chair, scripts=its.scripts)
    chair.locator("tbody tr").last.get_by_role("textbox").fill(REFUSED)
    chair.get_by_role("button", name="Duyệt danh sách").click()
    expect(chair.locator("main")).to_contain_text("Đã duyệt danh sách, không duyệt 1 hộ")
    expect(chair.locator("main")).to_contain_text(REFUSED)


def release(page: Page, address: str, its: Round) -> None:
    """Goods leave the store, the voucher is paid; then the list is out."""
    page.goto(address)
    press(page, "Giao tiền, hàng", "#giao", scripts=its.scripts)
    expect(page.locator("main")).to_contain_text(re.compile(r"Phiếu xuất hàng \S+/\d{4}"))
    page.get_by_role("link", name="Mở phiếu chi").click()
    press(page, "Ghi chi", "#chi", scripts=its.scripts)
    expect(page.locator("main")).to_contain_text(re.compile(r"phiếu số PC-\d{4}/\d{4}"))
    page.goto(address)
    expect(page.locator("main")).to_contain_text("Đang trao")


def print_sheets(page: Page, address: str, names: list[str], count: int) -> bytes:
    """The sign-off sheets: a row for every approved household, a code of its own on every page."""
    page.goto(f"{address}/to-ky-nhan")
    key = page.locator("main form [name=csrf_token]").input_value()
    answer = page.context.request.post(page.url, form={"csrf_token": key})
    pdf = answer.body()
    text = text_of_pdf(pdf)
    assert [name for name in names if name not in text] == []
    assert f"{MONEY * count:,}".replace(",", ".") in text
    codes, pages = read_pdf(pdf), len(pypdfium2.PdfDocument(pdf))
    assert len(codes) == len(set(codes)) == pages
    return pdf


def hand_out(page: Page, address: str, count: int, its: Round) -> None:
    """In the hall: one is away, for one somebody else signs, all others are there."""
    page.goto(f"{address}/ky-nhan")
    assert not its.scripts or not overflow(page, PHONE)
    expect(page.locator("#ho-rows")).to_have_text(str(count))
    name = page.locator("[data-fill=name]")
    away = name.inner_text()
    page.get_by_role("button", name="Vắng mặt", exact=True).click()
    expect(name).not_to_have_text(away)
    signed_for = name.inner_text()
    page.locator("summary", has_text="Người khác nhận").click()
    page.get_by_label("Họ tên người nhận thay").fill("Trần Thị Nhận Thay")
    page.get_by_label("Quan hệ với hộ").fill("Con")
    page.get_by_role("button", name="Ghi nhận thay").click()
    expect(name).not_to_have_text(signed_for)
    expect(page.locator("#ho-waiting")).to_be_hidden()
    page.goto(f"{address}/ky-nhan")
    page.locator("summary", has_text="Ghi các hộ còn lại").click()
    page.get_by_role("button", name=f"Ghi {count - 2} hộ còn lại đã nhận").click()
    expect(page.locator("#ho-open")).to_have_text("0")
    expect(page.locator("#ho-handed")).to_have_text(str(count - 1))


def send_scans(page: Page, address: str, pdf: bytes, folder: Path, its: Round) -> None:
    """A picture of every signed page finds its place by itself."""
    pictures = []
    for number, sheet in enumerate(pypdfium2.PdfDocument(pdf), start=1):
        pictures.append(folder / f"chup-{number}.png")
        sheet.render(scale=150 / 72).to_pil().save(pictures[-1])
    page.goto(f"{address}/ban-quet")
    expect(page.locator("main")).to_contain_text("Còn thiếu trang 1")
    page.get_by_label("Ảnh chụp, bản quét").set_input_files(pictures)
    page.get_by_role("button", name="Gửi bản quét").click()
    for _ in range(30):
        if its.scripts or page.locator("main", has_text="xếp vào trang").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    expect(page.locator("main")).to_contain_text("chup-1.png: xếp vào trang 1/", timeout=30_000)
    page.get_by_role("link", name="Xem các trang").click()
    expect(page.locator("main")).to_contain_text(f"Đủ {len(pictures)} trang đã ký")
    assert not its.scripts or not overflow(page, PHONE)


def settle_and_close(officer: Page, chair: Page, address: str) -> None:
    """The officer gives an account, another person says yes; the round is closed when all sides agree."""
    chair.goto(f"{address}/doi-chieu")
    chair.get_by_role("button", name="Khóa đợt trao quà").click()
    expect(chair.locator("main")).to_contain_text("Hộ đã thanh toán")
    expect(chair.locator("main")).to_contain_text("Lệch")
    officer.goto(f"{address}/thanh-toan")
    officer.get_by_label("Chứng từ kèm theo").fill("danh sách ký nhận, 01 trang")
    officer.get_by_role("button", name="Lập thanh toán").click()
    expect(officer.locator("main")).to_contain_text("chờ người khác duyệt")
    chair.goto(f"{address}/thanh-toan")
    chair.get_by_role("button", name="Duyệt thanh toán").click()
    expect(chair.locator("main")).to_contain_text("Đã duyệt, tiền và hàng đã ghi sổ")
    chair.goto(f"{address}/doi-chieu")
    expect(chair.locator("main")).not_to_contain_text("Lệch")
    chair.get_by_role("button", name="Khóa đợt trao quà").click()
    expect(chair.locator("main")).to_contain_text("Đã khóa đợt trao quà")


def test_from_criteria_to_closed_list(browse, portal, round_, watched, tmp_path) -> None:
    its, watched.expected = round_, (422,)
    maker, chair = browse("accountant", scripts=its.scripts), browse("approver", scripts=its.scripts)
    phone = browse("recorder", size=PHONE, scripts=its.scripts)
    address = make_list(maker, its)
    count = add_households(maker, portal, its)
    judge_fairness(maker, its)
    decide(maker, chair, address, its)
    release(maker, address, its)
    rows = maker.locator("section.listing tbody tr").all()
    told = {row.locator("td.c-main").inner_text(): row.inner_text() for row in rows}
    names = [name for name, text in told.items() if REFUSED not in text]
    assert len(names) == count - 1
    pdf = print_sheets(maker, address, names, count - 1)
    assert not [name for name in told if name not in names and name in text_of_pdf(pdf)]
    hand_out(phone, address, count - 1, its)
    send_scans(phone, address, pdf, tmp_path, its)
    settle_and_close(phone, chair, address)
    resident = browse(size=PHONE, scripts=its.scripts)
    resident.goto("/trao-qua/")
    row = resident.locator("tbody tr", has_text=its.name)
    expect(row).to_contain_text(f"{count - 2}/{count - 1} hộ")
    expect(row).to_contain_text(f"{MONEY * (count - 2):,}".replace(",", "."))
    expect(row).to_contain_text(f"Suất quà Tết {count - 2}")
    row.get_by_role("link").click()
    expect(resident.locator("main")).to_contain_text("Đã trao xong")
    page = resident.content()
    assert not [name for name in told if name in page]
