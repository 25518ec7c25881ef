"""The store on screen: every page opens, slips are written, others' stores stay unseen, nothing typed is lost."""

from __future__ import annotations

import io
from datetime import date, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import func, select

from portal.donations.gifts import Gift, Part
from portal.donations.posting import post_gifts
from portal.goods.actions import Found, issue, request_count, transfer
from portal.goods.models import Item, StockCount, StockDocument, StockMovement, Store
from portal.goods.rules import SlipRow
from portal.kit.db import db
from portal.ledger.models import Posting
from portal.units.models import PaperForm
from tests.cast import make_campaign, make_fund, sign_in
from tests.goods.builders import DAY, bring, make_item, make_store
from tests.reading import errors_at, typed_in

HERE = "/quan-ly/kho"
NEXT = DAY + timedelta(days=1)


@pytest.fixture
def store(db_session, cast):
    """The store of the commune."""
    return make_store(unit=cast.commune, keeper=cast.officer, address="Ấp Phú Lợi")


@pytest.fixture
def noodles(db_session):
    """Thirty to a box."""
    return make_item(packs={"thùng": 30_000}, code="MI")


@pytest.fixture
def filled(store, noodles, cast):
    """150 packets for 450.000 đồng; the ids of store, item and slip."""
    posting = bring(store=store, item=noodles, quantity=150, value=450_000, by=cast.officer)
    db.session.commit()
    return store.id, noodles.id, posting.number


@pytest.fixture
def desk(client, cast, filled):
    """The officer's browser, with something in the store."""
    return sign_in(client, cast.officer)


def slip(store_id: int, **more: str) -> dict[str, str]:
    typed = {"store_id": str(store_id), "day": "03/11/2026", "so_dong": "2"}
    return typed | {"item_1": "MI", "quantity_1": "2 thùng", "item_2": "", "quantity_2": "", **more}


def words_of(pdf: bytes) -> list[str]:
    """The text of each page in one line."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def test_every_page_opens(desk, cast, filled) -> None:
    store_id, item_id, number = filled
    for path in (
        "/",
        "/?ngay=02/11/2026&q=mi",
        "/nhap-xuat",
        "/han-dung",
        "/phieu/",
        f"/phieu/{number}",
        f"/phieu/{number}/ban-in",
        "/danh-muc/",
        "/danh-muc/moi",
        f"/danh-muc/{item_id}",
        f"/danh-muc/{item_id}/sua",
        "/cac-kho/",
        "/cac-kho/moi",
        f"/cac-kho/{store_id}",
        f"/cac-kho/{store_id}/sua",
        f"/the-kho/{store_id}/{item_id}",
        "/nhap",
        "/xuat",
        "/chuyen",
        "/suat-qua",
        "/kiem-ke/",
        "/kiem-ke/moi",
        f"/kiem-ke/moi/{store_id}?ngay=02/11/2026",
        "/mau-so",
        "/tim-hang?q=mi",
    ):
        answer = desk.get(HERE + path)
        assert answer.status_code == 200, path
    assert "Mì ăn liền" in answer.text and "MI" in answer.text


def test_others_stores_stay_unseen(client, cast, filled) -> None:
    store_id, item_id, number = filled
    count = request_count(
        store=db.session.get_one(Store, store_id),
        counted_on=DAY,
        rows=[Found(item_id, None, 1_000)],
        by=cast.officer,
    )
    db.session.commit()
    sign_in(client, cast.outsider)
    for path in (
        f"/phieu/{number}",
        f"/phieu/{number}.pdf",
        f"/phieu/{number}/nhap-lai",
        f"/cac-kho/{store_id}",
        f"/cac-kho/{store_id}/sua",
        f"/the-kho/{store_id}/{item_id}",
        f"/the-kho/{store_id}/{item_id}.pdf",
        f"/kiem-ke/{count.id}",
        f"/kiem-ke/{count.id}.pdf",
        f"/kiem-ke/moi/{store_id}",
    ):
        assert client.get(HERE + path).status_code == 404, path
    assert "NK-0001" not in client.get(f"{HERE}/phieu/").text
    assert client.post(f"{HERE}/phieu/{number}/dao", data={"reason": "x"}).status_code == 404
    answer = client.post(f"{HERE}/xuat", data=slip(store_id, partner="A", remark="B"))
    assert answer.status_code == 422 and db.session.scalar(select(func.count()).select_from(Posting)) == 1


def test_an_auditor_reads_and_writes_nothing(client, cast, filled) -> None:
    store_id, _, number = filled
    sign_in(client, cast.auditor)
    assert client.get(f"{HERE}/phieu/{number}").status_code == 200
    assert client.get(f"{HERE}/xuat").status_code == 403
    assert client.post(f"{HERE}/xuat", data=slip(store_id)).status_code == 403
    assert client.post(f"{HERE}/phieu/{number}/dao", data={"reason": "x"}).status_code == 403


def test_a_receipt_is_written_and_its_boxes_are_counted(desk, filled) -> None:
    store_id, item_id, _ = filled
    typed = slip(
        store_id,
        source="other",
        value_1="",
        item_2="Mi an lien",
        quantity_2="5",
        value_2="20.000",
        usual_prices="y",
    )
    answer = desk.post(f"{HERE}/nhap", data=typed)
    assert answer.status_code == 303
    number = int(answer.location.rsplit("/", 1)[1])
    moved = db.session.scalars(select(StockMovement).where(StockMovement.posting_number == number)).all()
    assert [(row.quantity, row.value) for row in moved] == [(60_000, 180_000), (5_000, 20_000)]
    assert "NK-0002/2026" in desk.get(answer.location).text


def test_a_receipt_without_usual_prices_has_no_value(desk, filled) -> None:
    store_id, _, _ = filled
    answer = desk.post(f"{HERE}/nhap", data=slip(store_id, source="opening"))
    number = int(answer.location.rsplit("/", 1)[1])
    assert (
        db.session.scalar(select(StockMovement.value).where(StockMovement.posting_number == number)) is None
    )


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"item_1": "khong co"}, "item_1", "Không có mặt hàng “khong co”"),
        ({"quantity_1": "hai"}, "quantity_1", "không phải là số lượng"),
        ({"quantity_1": ""}, "quantity_1", "Chưa có số lượng"),
        ({"item_2": "", "quantity_2": "3"}, "item_2", "chưa có mặt hàng"),
        ({"lot_1": "L9"}, "lot_1", "không có đúng một lô"),
        ({"quantity_1": "6 thùng"}, "", "chỉ còn 150 gói"),
        ({"item_1": "", "quantity_1": ""}, "", "chưa có dòng hàng nào"),
        ({"day": "01/11/2026"}, "", "Ghi phiếu từ ngày 02/11/2026"),
        ({"day": "31/02/2026"}, "day", ""),
        ({"partner": ""}, "partner", "Chưa ghi người nhận"),
        ({"store_id": ""}, "store_id", "Chưa chọn"),
    ],
)
def test_a_wrong_issue_keeps_what_was_typed(desk, filled, changed, field, sentence) -> None:
    store_id, _, _ = filled
    typed = slip(store_id, partner="Lê Văn Nhận", remark="Tặng hộ nghèo") | changed
    answer = desk.post(f"{HERE}/xuat", data=typed)
    assert answer.status_code == 422
    found = errors_at(answer.text)
    assert set(found) == {field} and sentence in found[field], found
    shown = typed_in(answer.text)
    assert {name: shown.get(name) for name in typed} == typed
    db.session.rollback()
    assert db.session.scalar(select(func.count()).select_from(Posting)) == 1


def test_more_lines_keep_what_was_typed(desk, filled) -> None:
    store_id, _, _ = filled
    typed = slip(store_id, partner="Lê Văn Nhận", remark="Tặng") | {"then": "lines"}
    answer = desk.post(f"{HERE}/xuat", data=typed)
    shown = typed_in(answer.text)
    assert answer.status_code == 200 and shown["so_dong"] == "8" and shown["quantity_1"] == "2 thùng"
    assert not errors_at(answer.text)


def test_an_issue_and_its_return(desk, cast, filled) -> None:
    store_id, item_id, _ = filled
    campaign = make_campaign(unit=cast.commune)
    db.session.commit()
    typed = slip(store_id, partner="Lê Văn Nhận", remark="Tặng hộ nghèo", campaign_id=str(campaign.id))
    answer = desk.post(f"{HERE}/xuat", data=typed)
    assert answer.status_code == 303
    number = int(answer.location.rsplit("/", 1)[1])
    shown = desk.get(answer.location).text
    assert "XK-0001/2026" in shown and "Tháng cao điểm" in shown
    form = desk.get(f"{HERE}/phieu/{number}/nhap-lai").text
    assert "60 gói" in form
    too_much = desk.post(
        f"{HERE}/phieu/{number}/nhap-lai", data={"day": "04/11/2026", "remark": "Thừa", "quantity_1": "61"}
    )
    assert too_much.status_code == 422 and "chỉ còn 60 gói" in too_much.text
    back = desk.post(
        f"{HERE}/phieu/{number}/nhap-lai",
        data={"day": "04/11/2026", "remark": "Thừa", "quantity_1": "1 thùng"},
    )
    assert back.status_code == 303 and "XK-0001/2026" in desk.get(back.location).text


def test_a_transfer_and_kits_on_screen(desk, cast, filled) -> None:
    store_id, item_id, _ = filled
    hamlet = make_store(unit=cast.commune, code="KHO-AP", name="Kho ấp")
    kit = make_item(name="Suất quà", measure="suất", parts={item_id: 10_000})
    db.session.commit()
    kit_id = kit.id
    answer = desk.post(f"{HERE}/chuyen", data=slip(store_id, to_store_id=str(hamlet.id)))
    assert answer.status_code == 303 and "Kho ấp" in desk.get(answer.location).text
    same = desk.post(f"{HERE}/chuyen", data=slip(store_id, to_store_id=str(store_id)))
    assert errors_at(same.text) == {"to_store_id": "Hai kho trùng nhau. Chọn kho nhận khác kho xuất."}
    typed = {"store_id": str(store_id), "kit_id": str(kit_id), "quantity": "3 suất", "day": "03/11/2026"}
    packed = desk.post(f"{HERE}/suat-qua", data=typed | {"then": "pack"})
    assert packed.status_code == 303 and "Đóng suất quà" in desk.get(packed.location).text
    opened = desk.post(f"{HERE}/suat-qua", data=typed | {"then": "unpack", "quantity": "1"})
    assert opened.status_code == 303 and "Mở suất quà" in desk.get(opened.location).text
    wrong = desk.post(f"{HERE}/suat-qua", data=typed | {"then": "pack", "quantity": "1,5"})
    assert "quantity" in errors_at(wrong.text)


def test_a_count_from_sheet_to_answer(desk, client, cast, filled) -> None:
    store_id, item_id, _ = filled
    started = desk.get(f"{HERE}/kiem-ke/moi?store_id={store_id}&day=03/11/2026")
    assert started.status_code == 303 and desk.get(started.location).status_code == 200
    typed = {"members": "Phạm Văn Ghi", "quantity_1": "149", "reason_1": "Rách bao", "so_dong": "4"}
    wrong = desk.post(started.location, data=typed | {"quantity_2": "4"})
    assert set(errors_at(wrong.text)) == {"item_2"} and typed_in(wrong.text)["reason_1"] == "Rách bao"
    kept = desk.post(started.location, data=typed)
    assert kept.status_code == 303
    count_id = db.session.scalar(select(StockCount.id))
    assert desk.post(f"{HERE}/kiem-ke/{count_id}", data={"decision": "approve"}).status_code == 403
    sign_in(client, cast.chair)
    silent = client.post(f"{HERE}/kiem-ke/{count_id}", data={"decision": "refuse"})
    assert silent.status_code == 422 and "lý do từ chối" in errors_at(silent.text)["answer"]
    assert client.post(f"{HERE}/kiem-ke/{count_id}", data={"decision": "approve"}).status_code == 303
    shown = client.get(f"{HERE}/kiem-ke/{count_id}").text
    assert "Đã duyệt" in shown and "−1" in shown
    (text,) = words_of(client.get(f"{HERE}/kiem-ke/{count_id}.pdf").data)
    assert "Rách bao" in text and "BIÊN BẢN KIỂM KÊ" in text.upper() and "Mẫu số C23-HD" in text
    assert client.get(f"{HERE}/kiem-ke/{count_id}/ban-in").status_code == 200


def test_a_count_is_taken_back(desk, cast, filled) -> None:
    store_id, item_id, _ = filled
    store = db.session.get_one(Store, store_id)
    count = request_count(store=store, counted_on=DAY, rows=[Found(item_id, None, 1_000)], by=cast.officer)
    db.session.commit()
    count_id = count.id
    assert desk.post(f"{HERE}/kiem-ke/{count_id}/rut").status_code == 303
    assert "Người lập đã rút lại." in desk.get(f"{HERE}/kiem-ke/{count_id}").text


def test_the_reversal_of_a_slip_is_asked_for(desk, filled) -> None:
    number = filled[2]
    assert desk.post(f"{HERE}/phieu/{number}/dao", data={"reason": ""}).status_code == 422
    assert desk.post(f"{HERE}/phieu/{number}/dao", data={"reason": "Ghi nhầm"}).status_code == 303
    assert "chờ người duyệt" in desk.get(f"{HERE}/phieu/{number}").text


def test_the_catalogue_is_kept(desk, filled) -> None:
    item_id = filled[1]
    typed = {"name": "Suất quà Tết", "measure": "suất", "so_dong": "2", "part_1": "MI", "amount_1": "1 thùng"}
    made = desk.post(f"{HERE}/danh-muc/moi", data=typed)
    assert made.status_code == 303 and "30 gói" in desk.get(made.location).text
    twin = desk.post(f"{HERE}/danh-muc/moi", data=typed)
    assert "name" in errors_at(twin.text)
    wrong = desk.post(f"{HERE}/danh-muc/moi", data=typed | {"name": "Khác", "code": "mi"})
    assert "code" in errors_at(wrong.text)
    change = {"name": "Mì gói", "measure": "hộp", "so_dong": "2", "pack_1": "thùng", "holds_1": "24"}
    assert "measure" in errors_at(desk.post(f"{HERE}/danh-muc/{item_id}/sua", data=change).text)
    change |= {"measure": "gói", "withdrawn": "y"}
    assert desk.post(f"{HERE}/danh-muc/{item_id}/sua", data=change).status_code == 303
    item = db.session.get_one(Item, item_id)
    db.session.refresh(item)
    assert (item.name, item.withdrawn, item.packs[0].holds) == ("Mì gói", True, 24_000)
    assert "ngừng dùng" in desk.get(f"{HERE}/danh-muc/{item_id}").text
    assert 'role="option"' not in desk.get(f"{HERE}/tim-hang?q=mi+goi").text


def test_stores_are_made_changed_and_closed_when_empty(desk, cast, filled) -> None:
    store_id = filled[0]
    fund = db.session.get_one(Store, store_id).fund_id
    typed = {"name": "Kho ấp", "code": "KHO-AP", "unit_id": str(cast.commune.id), "fund_id": str(fund)}
    made = desk.post(f"{HERE}/cac-kho/moi", data=typed)
    assert made.status_code == 303 and "Kho đang trống" in desk.get(made.location).text
    assert "code" in errors_at(desk.post(f"{HERE}/cac-kho/moi", data=typed).text)
    closing = {"name": "Kho xã", "closed_on": "05/11/2026"}
    full = desk.post(f"{HERE}/cac-kho/{store_id}/sua", data=closing)
    assert "Kho còn 150 gói Mì ăn liền" in errors_at(full.text)["closed_on"]
    assert desk.post(made.location + "/sua", data=closing | {"name": "Kho ấp"}).status_code == 303
    assert "đã đóng" in desk.get(made.location).text


def test_a_caption_holds_from_a_day_on(client, cast, filled) -> None:
    number = filled[2]
    sign_in(client, cast.administrator)
    typed = {"key": "goods_receipt", "unit_id": "0", "title": "Phiếu nhập kho", "caption": "Mẫu số 01-VT"}
    assert client.post(f"{HERE}/mau-so", data=typed | {"valid_from": "03/11/2026"}).status_code == 303
    early = client.post(f"{HERE}/mau-so", data=typed | {"valid_from": "01/11/2026"})
    assert "valid_from" in errors_at(early.text)
    assert "Mẫu số C20-HD" in client.get(f"{HERE}/phieu/{number}/ban-in").text
    later = bring(
        store=db.session.get_one(Store, filled[0]),
        item=db.session.get_one(Item, filled[1]),
        quantity=1,
        day=NEXT,
    )
    db.session.commit()
    assert "Mẫu số 01-VT" in client.get(f"{HERE}/phieu/{later.number}/ban-in").text
    known = db.session.scalars(select(PaperForm).where(PaperForm.key == "goods_receipt")).all()
    assert sorted(row.valid_to is None for row in known) == [False, True]
    sign_in(client, cast.officer)
    assert client.post(f"{HERE}/mau-so", data=typed).status_code == 403


def test_slips_on_paper(desk, cast, filled) -> None:
    store_id, item_id, number = filled
    (text,) = words_of(desk.get(f"{HERE}/phieu/{number}.pdf").data)
    for part in (
        "NK-0001/2026",
        "Mì ăn liền",
        "150",
        "450.000",
        "Bốn trăm năm mươi nghìn đồng",
        "Phạm Văn Ghi",
        "C20-HD",
    ):
        assert part in text, part
    store = db.session.get_one(Store, store_id)
    out = issue(store=store, rows=[SlipRow(item_id, 1_000)], day=NEXT, by=cast.officer, partner="Lê Văn Nhận")
    hamlet = make_store(unit=cast.commune, code="KHO-AP", name="Kho ấp")
    moved = transfer(store=store, to_store=hamlet, rows=[SlipRow(item_id, 1_000)], day=NEXT, by=cast.officer)
    db.session.commit()
    out_number, moved_number = out.number, moved.number
    (text,) = words_of(desk.get(f"{HERE}/phieu/{out_number}.pdf").data)
    assert (
        "XK-0001/2026" in text
        and "Lê Văn Nhận" in text
        and "NGƯỜI NHẬN" in text.upper()
        and "None" not in text
    )
    (text,) = words_of(desk.get(f"{HERE}/phieu/{moved_number}.pdf").data)
    assert "Kho ấp" in text and "CK-0001/2026" in text


def test_a_card_carries_its_totals(desk, cast, filled) -> None:
    store_id, item_id, _ = filled
    store, item = db.session.get_one(Store, store_id), db.session.get_one(Item, item_id)
    for _ in range(29):
        bring(store=store, item=item, quantity=1, day=NEXT)
    db.session.commit()
    pages = words_of(desk.get(f"{HERE}/the-kho/{store_id}/{item_id}.pdf").data)
    assert len(pages) == 2 and "Cộng chuyển trang sau 177 0 177" in pages[0]
    assert "Mang sang từ trang trước 177 0 177" in pages[1] and "tồn cuối kỳ 179 0 179" in pages[1]
    shown = desk.get(f"{HERE}/the-kho/{store_id}/{item_id}?tu=03/11/2026&den=05/11/2026").text
    assert "Tồn trước 03/11/2026" in shown and "179" in shown
    assert desk.get(f"{HERE}/the-kho/{store_id}/{item_id}?tu=hom+qua").status_code == 422


def test_stock_on_an_earlier_day(desk, cast, filled) -> None:
    store, item = db.session.get_one(Store, filled[0]), db.session.get_one(Item, filled[1])
    issue(store=store, rows=[SlipRow(item.id, 50_000)], day=NEXT, by=cast.officer)
    db.session.commit()
    assert ">150<" in desk.get(f"{HERE}/?ngay=02/11/2026").text and ">100<" in desk.get(f"{HERE}/").text
    assert "Kho chưa có hàng" in desk.get(f"{HERE}/?ngay=01/11/2026").text
    assert desk.get(f"{HERE}/?ngay=xx").status_code == 422
    sheet = desk.get(f"{HERE}/?ngay=02/11/2026&xuat=csv")
    assert sheet.status_code == 200 and "150" in sheet.text


def test_lots_that_expire(desk, cast, filled) -> None:
    store = db.session.get_one(Store, filled[0])
    milk = make_item(name="Sữa hộp", measure="hộp", keeps_lots=True)
    bring(store=store, item=milk, quantity=5, lot_code="A1", expires_on=date(2026, 11, 10))
    db.session.commit()
    assert "A1" in desk.get(f"{HERE}/han-dung?den=30/11/2026").text
    assert "hết hạn" in desk.get(f"{HERE}/").text
    typed = slip(store.id, item_1="Sữa hộp", quantity_1="1", lot_1="a1", partner="A", remark="B")
    assert desk.post(f"{HERE}/xuat", data=typed).status_code == 303


def test_a_double_click_makes_one_slip(desk, filled) -> None:
    typed = slip(filled[0], partner="Lê Văn Nhận", remark="Tặng", form_key="cung-mot-phieu")
    first, second = desk.post(f"{HERE}/xuat", data=typed), desk.post(f"{HERE}/xuat", data=typed)
    assert first.location == second.location
    assert db.session.scalar(select(func.count()).select_from(StockDocument)) == 2


def test_the_slip_of_a_gift_is_printed_with_the_receipts(desk, cast, filled) -> None:
    store_id, item_id, _ = filled
    goods = Part("goods", 9_000, goods="Mì", item_id=item_id, store_id=store_id, thousandths=3_000)
    numbers = []
    for parts in ((goods,), (Part("cash", 500_000), goods)):
        gift = Gift(day=DAY, unit_id=cast.commune.id, fund_id=make_fund().id, campaign_id=None, parts=parts)
        numbers.append(post_gifts([gift], by=cast.officer)[0].posting_number)
    db.session.commit()
    alone, mixed = numbers
    assert "phieu-nhap-kho" in desk.get(f"{HERE}/phieu/{alone}").text
    assert desk.get(f"{HERE}/phieu/{alone}/ban-in").status_code == 404
    (text,) = words_of(desk.get(f"{HERE}/phieu/{mixed}.pdf").data)
    assert "PT-0001/2026" in text and "Chín nghìn đồng" in text
