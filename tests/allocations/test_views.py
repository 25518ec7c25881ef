"""On screen: both sides read, the receiver confirms, the sender explains, an approver answers; a third unit sees nothing."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from portal.allocations.differences import ask_difference, decide_difference
from portal.allocations.models import Allocation
from portal.bulletins.documents import gather
from portal.bulletins.fund import fund
from portal.figures.scope import Scope
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER
from portal.kit.db import db
from portal.ledger.closing import open_items
from portal.ledger.models import ReversalRequest
from portal.ledger.waiting import waiting_work
from portal.people.models import User
from tests.allocations.builders import give, make_allocation
from tests.cast import Cast, make_account, make_campaign, make_fund, make_unit, make_user, sign_in
from tests.printed import text_of_pdf
from tests.spending.builders import DAY

LIST = "/quan-ly/phan-bo/"


@pytest.fixture
def sent(cast: Cast, db_session) -> Allocation:
    """1.000.000 đồng from the commune to the other one, out of two sources."""
    own = make_campaign(unit=cast.commune, name="Tết vì người nghèo")
    give(unit=cast.commune, campaign=own, amount=600_000, fund=make_fund())
    give(unit=cast.commune, campaign=None, amount=900_000, fund=make_fund())
    rows = [(own, 600_000), (None, 400_000)]
    return make_allocation(
        unit=cast.commune, to_unit=cast.other_commune, rows=rows, maker=cast.accountant, approver=cast.chair
    )


def one(sent: Allocation, more: str = "") -> str:
    return f"{LIST}{sent.voucher_id}{more}"


def form(**changes: str) -> dict[str, str]:
    return {"amount": "700.000", "day": "12/11/2026", "place": "box", "note": "Đếm đủ", **changes}


def as_user(client: Any, user: User) -> Any:
    return sign_in(client, user)


def test_the_receiver_confirms_a_part_and_keeps_what_was_typed_when_refused(client, cast, sent) -> None:
    as_user(client, cast.outsider)
    shown = client.get(one(sent)).text
    assert "Xác nhận đã nhận" in shown and "Tết vì người nghèo" in shown and "Ghi chênh lệch" not in shown
    assert 'value="1.000.000"' in shown, "what is on the way is proposed"
    for typed, said in (
        (form(amount="1.000.001"), "Chỉ còn 1.000.000 đồng đang chuyển"),
        (form(amount="abc"), "abc"),
        (form(day="09/11/2026"), "từ ngày đó trở đi"),
        (form(place=""), "Chưa chọn tiền vào"),
    ):
        answer = client.post(one(sent, "/nhan"), data=typed)
        assert answer.status_code == 422 and said in answer.text and "Đếm đủ" in answer.text
    assert sent.received == 0
    answer = client.post(one(sent, "/nhan"), data=form())
    assert (answer.status_code, answer.location) == (303, one(sent))
    shown = client.get(one(sent)).text
    assert "Đã xác nhận nhận 700.000 đ, còn 300.000 đ đang chuyển." in shown and "PB-0001/2026" in shown
    account = make_account(unit=cast.other_commune)
    last = form(amount="300000", place=str(account.id))
    assert client.post(one(sent, "/nhan"), data=last).status_code == 303
    shown = client.get(one(sent)).text
    assert f"Tài khoản {account.code}" in shown and "Đã nhận đủ" in shown
    again = client.post(one(sent, "/nhan"), data=form())
    assert again.status_code == 422 and "không còn tiền đang chuyển" in again.text


def test_the_list_says_sent_received_and_on_the_way(client, cast, sent) -> None:
    as_user(client, cast.outsider)
    client.post(one(sent, "/nhan"), data=form())
    shown = client.get(LIST).text
    for text in ("PC-0001/2026", "Còn một phần", "700.000", "300.000", "11 đến 30 ngày"):
        assert text in shown
    for query, found in (
        ("?huong=den", True),
        ("?huong=di", False),
        ("?tinh_trang=partly", True),
        ("?tinh_trang=dang_chuyen", True),
        ("?tinh_trang=qua_lau", True),
        ("?tinh_trang=cho_duyet", False),
        ("?tinh_trang=received", False),
        (f"?don_vi={cast.commune.id}", True),
        ("?tu=11/11/2026", False),
        ("?den=10/11/2026", True),
    ):
        assert ("PC-0001/2026" in client.get(LIST + query).text) == found, query
    fragment = client.get(LIST, headers={"HX-Request": "true"}).text
    assert "PC-0001/2026" in fragment and "<html" not in fragment
    assert client.get(f"{LIST}?huong=sai").status_code == 422
    assert "PC-0001/2026" in client.get(f"{LIST}?xuat=csv").text
    empty = sign_in(client, make_user(role=RECORDER, unit=make_unit(name="Xã Vắng")))
    assert "Chưa có lần phân bổ nào" in empty.get(LIST).text


@pytest.mark.parametrize("role", [RECORDER, ACCOUNTANT, APPROVER, AUDITOR, ADMINISTRATOR])
def test_a_third_unit_finds_nothing_anywhere(client, cast, sent, role) -> None:
    asked = ask_difference(sent, cause="fee", amount=1, reason="Phí", by=cast.accountant)
    stranger = make_user(name="Người Ngoài", role=role, unit=make_unit(name="Xã Khác", parent=cast.province))
    as_user(client, stranger)
    assert "PC-0001/2026" not in client.get(LIST).text
    number = sent.sent.number
    for path in ("", ".pdf", "/chenh-lech", f"/dao/{number}"):
        assert client.get(one(sent, path)).status_code in ((404,) if path in ("", ".pdf") else (404, 403)), (
            path
        )
    for path in ("/nhan", "/chenh-lech", f"/chenh-lech/{asked.id}", f"/dao/{number}"):
        assert client.post(one(sent, path), data=form()).status_code in (403, 404), path
        if role in (RECORDER, ACCOUNTANT) and path != f"/chenh-lech/{asked.id}":
            assert client.post(one(sent, path), data=form()).status_code == 404, path
    assert client.get(f"{LIST}999999").status_code == 404


def test_who_may_write_on_which_side(client, cast, sent) -> None:
    as_user(client, cast.accountant)  # the payer
    shown = client.get(one(sent)).text
    assert "Xác nhận đã nhận" not in shown and "Ghi chênh lệch" in shown
    assert client.post(one(sent, "/nhan"), data=form()).status_code == 403
    as_user(client, cast.outsider)
    assert client.get(one(sent, "/chenh-lech")).status_code == 403
    both = make_user(name="Lâm Thị Tỉnh", role=ACCOUNTANT, unit=cast.province)
    as_user(client, both)
    assert "Xác nhận đã nhận" in client.get(one(sent)).text
    for reader in (cast.auditor, cast.chair, cast.administrator):
        as_user(client, reader)
        shown = client.get(one(sent)).text
        assert "Xác nhận đã nhận" not in shown and "Ghi chênh lệch" not in shown
        assert client.post(one(sent, "/nhan"), data=form()).status_code == 403
    sent.voucher.paid_by_id = both.id
    as_user(client, both)
    assert "Xác nhận đã nhận" not in client.get(one(sent)).text
    answer = client.post(one(sent, "/nhan"), data=form())
    assert answer.status_code == 422 and db.session.scalar(select(Allocation.received)) == 0


def test_a_difference_goes_from_the_sender_to_the_approver(client, cast, sent) -> None:
    as_user(client, cast.accountant)
    page = one(sent, "/chenh-lech")
    typed = {"cause": "returned", "amount": "250.000", "place": "", "reason": "Sai số tài khoản"}
    assert client.get(page).status_code == 200
    answer = client.post(page, data=typed)
    assert (
        answer.status_code == 422 and "Chưa chọn nơi tiền trở lại" in answer.text and "250.000" in answer.text
    )
    answer = client.post(page, data={**typed, "place": "box", "amount": "2.000.000"})
    assert answer.status_code == 422 and "Chỉ còn 1.000.000 đồng" in answer.text
    assert client.post(page, data={**typed, "place": "box"}).status_code == 303
    shown = client.get(one(sent)).text
    assert "Chênh lệch chờ duyệt" in shown and "Duyệt chênh lệch" not in shown
    asked = sent.differences[0]
    decide = one(sent, f"/chenh-lech/{asked.id}")
    assert client.post(decide, data={"decision": "approve"}).status_code == 403
    as_user(client, cast.chair)
    assert "Duyệt chênh lệch" in client.get(one(sent)).text
    refused = client.post(decide, data={"decision": "refuse", "answer": ""})
    assert refused.status_code == 422 and "Chưa ghi lý do từ chối" in refused.text
    assert client.post(decide, data={"decision": "approve"}).status_code == 303
    shown = client.get(one(sent)).text
    assert "Tiền trở lại đơn vị chuyển" in shown and "750.000" in shown
    assert client.post(decide, data={"decision": "approve"}).status_code == 422


def test_reversal_is_asked_for_on_either_side(client, cast, sent) -> None:
    as_user(client, cast.outsider)
    client.post(one(sent, "/nhan"), data=form())
    receipt = sent.receipts[0]
    page = one(sent, f"/dao/{receipt.in_number}")
    assert "chứng từ của cả hai đơn vị cùng được đảo" in client.get(page).text
    assert client.get(one(sent, f"/dao/{receipt.out_number}")).status_code == 403, "that is the sender's"
    assert client.get(one(sent, "/dao/999999")).status_code == 404
    assert client.post(page, data={"reason": ""}).status_code == 422
    assert client.post(page, data={"reason": "Đếm nhầm"}).status_code == 303
    assert db.session.scalar(select(ReversalRequest.posting_number)) == receipt.in_number
    assert "Chờ duyệt đảo" in client.get(one(sent)).text
    assert "Đang có đề nghị đảo" in client.get(page).text
    as_user(client, cast.accountant)
    assert client.get(one(sent, f"/dao/{receipt.out_number}")).status_code == 200


def test_the_paper_is_signed_by_both_sides(client, cast, sent) -> None:
    as_user(client, cast.outsider)
    client.post(one(sent, "/nhan"), data=form())
    answer = client.get(one(sent, ".pdf"))
    assert answer.mimetype == "application/pdf"
    printed = text_of_pdf(answer.data)
    for text in (
        "PHIẾU PHÂN BỔ KINH PHÍ",
        "Số: PC-0001/2026",
        "Tết vì người nghèo",
        "Nguồn chung",
        "Một triệu đồng",
        "PB-0001/2026",
        "Bảy trăm nghìn đồng",
        "Còn đang chuyển",
        "BÊN CHUYỂN",
        "BÊN NHẬN",
    ):
        assert text in printed, text


def test_what_waits_for_whom(cast, sent) -> None:
    fund = make_fund()
    names = lambda user: [work.name for work in waiting_work(user)]  # noqa: E731
    assert "Kinh phí được phân bổ, chờ xác nhận" in names(cast.outsider)
    assert "Kinh phí được phân bổ, chờ xác nhận" not in names(cast.accountant)
    assert "Phân bổ đang chuyển quá 10 ngày" in names(cast.accountant)
    asked = ask_difference(sent, cause="fee", amount=1_000_000, reason="Phí", by=cast.accountant)
    assert "Chênh lệch phân bổ chờ duyệt" in names(cast.chair)
    for unit, name in (
        (cast.commune, "Phân bổ đi chưa được xác nhận"),
        (cast.commune, "Chênh lệch phân bổ chưa duyệt"),
        (cast.other_commune, "Phân bổ đến chưa xác nhận"),
    ):
        assert name in [item.name for item in open_items(unit.id, fund.id, DAY)]
    assert not open_items(cast.province.id, fund.id, DAY)
    decide_difference(asked, approve=True, answer="", by=cast.chair)
    assert not names(cast.outsider)


def test_what_is_on_the_way_is_a_line_of_its_own(client, cast, sent) -> None:
    home = client.get("/").text
    assert "Trong đó 1.000.000&nbsp;đ đang chuyển đến đơn vị khác" in home
    period = (date(2026, 1, 1), date(2026, 12, 31))
    table = json.dumps(fund(gather(Scope(cast.commune, *period), period[1])), ensure_ascii=False)
    assert "Trong đó: đang chuyển đến đơn vị khác" in table
    other = json.dumps(fund(gather(Scope(cast.other_commune, *period), period[1])), ensure_ascii=False)
    assert "đang chuyển" not in other
