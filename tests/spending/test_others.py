"""Interest, fees, exchange and counted differences: two people, one document, no place below zero."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from portal.cash.actions import count as count_cash
from portal.kit.errors import Refused
from portal.ledger.actions import reverse
from portal.ledger.models import Account
from portal.ledger.queries import account_balance
from portal.ledger.rules import AccountFields
from portal.spending import queries
from portal.spending.actions_others import decide_entry, request_count_entry, request_entry
from portal.spending.models_others import OtherEntry
from tests.cast import make_account, make_campaign, make_fund, sign_in
from tests.printed import text_of_pdf
from tests.reading import errors_at
from tests.spending.builders import make_money

URL = "/quan-ly/chi/thu-chi-khac/"
DAY = date(2026, 11, 10)


@pytest.fixture
def account(db_session, commune):
    account = make_account(unit=commune)
    make_money(campaign=make_campaign(unit=commune), amount=100_000, form="bank", bank_account=account)
    return account


def holds(db_session: Any, account: Any, kind: str, **more: Any) -> int:
    bank = {"bank_account_id": account.id} if kind in ("bank", "transit") else {}
    key = AccountFields(account.unit_id, account.fund_id, kind, **bank, **more).key
    found = db_session.scalar(select(Account.id).where(Account.key == key))
    return account_balance(found) if found else 0


def ask(account: Any, cast: Any, cause: str, amount: int = 22_000, **more: Any) -> OtherEntry:
    usual = {"happened_on": DAY, "reason": "Giấy báo số 5", "by": cast.accountant}
    return request_entry(account, cause=cause, amount=amount, **{**usual, **more})


def yes(entry: OtherEntry, cast: Any) -> Any:
    return decide_entry(entry, approve=True, answer="", by=cast.chair)


def test_fee_and_interest_wait_for_their_lines(db_session, account, cast) -> None:
    fee = yes(ask(account, cast, "fee"), cast)
    interest = yes(ask(account, cast, "interest", 3_000), cast)
    assert (fee.paper_number, interest.paper_number) == ("PKT-0001/2026", "PKT-0002/2026")
    assert fee.second_id == cast.chair.id and fee.kind == "other"
    assert holds(db_session, account, "transit") == 100_000 - 22_000 + 3_000
    assert holds(db_session, account, "other", purpose="fee") == 22_000
    assert holds(db_session, account, "other", purpose="interest") == -3_000
    with pytest.raises(Refused, match="chỉ còn 81.000 đồng"):
        ask(account, cast, "fee", 81_001)
    first, second = (ask(account, cast, "fee", 50_000) for _ in range(2))
    yes(first, cast)
    with pytest.raises(Refused, match="chỉ còn 31.000 đồng"):
        yes(second, cast)


def test_an_exchange_difference_changes_the_account_itself(db_session, account, cast) -> None:
    rate = "1.000 USD, 25.400 lên 25.520, Vietcombank"
    gain = yes(ask(account, cast, "exchange", 120_000, way="gain", rate=rate), cast)
    assert holds(db_session, account, "bank") == 120_000
    yes(ask(account, cast, "fee", 215_000), cast)
    with pytest.raises(Refused, match="không còn đủ tiền"):
        reverse(gain, reason="Nhầm tỷ giá", by=cast.accountant, second=cast.chair)
    with pytest.raises(Refused, match="tăng hay giảm"):
        ask(account, cast, "exchange", 1_000, rate=rate)


def test_one_asks_and_another_decides_once(db_session, account, cast) -> None:
    entry = ask(account, cast, "fee")
    for by, answer, said in (
        (cast.accountant, "", "phải khác người lập"),
        (cast.chair, " ", "lý do từ chối"),
    ):
        with pytest.raises(Refused, match=said):
            decide_entry(entry, approve=bool(answer == ""), answer=answer, by=by)
    entry.approved = None
    assert decide_entry(entry, approve=False, answer="Sai số", by=cast.chair) is None
    with pytest.raises(Refused, match="đã được trả lời"):
        yes(entry, cast)
    with pytest.raises(Refused, match="chưa tới"):
        yes(ask(account, cast, "interest", happened_on=date(2999, 1, 1)), cast)


def counted(cast: Any, notes: dict[str, int]) -> Any:
    return count_cash(
        unit=cast.commune,
        fund=make_fund(),
        box=True,
        notes=notes,
        witness=None,
        remark="Lệch",
        by=cast.accountant,
    )


def ask_count(count: Any, cast: Any) -> OtherEntry:
    return request_count_entry(count, reason="Chưa rõ nguyên nhân", by=cast.accountant)


def in_box(cast: Any) -> int:
    return queries.held_at(cast.commune.id, make_fund().id, holder_id=None, bank_account_id=None)


def test_a_counted_difference_is_booked_once_and_as_counted(db_session, cast, commune) -> None:
    campaign = make_campaign(unit=commune, starts_on=date(2026, 1, 1))
    make_money(campaign=campaign, amount=1_000_000)
    over = counted(cast, {"500000": 2, "50000": 1})
    entry = ask_count(over, cast)
    assert (entry.amount, entry.gain) == (50_000, True)
    with pytest.raises(Refused, match="đã được đề nghị"):
        ask_count(over, cast)
    posting = yes(entry, cast)
    assert posting.paper_number == "PT-0002/2026" and in_box(cast) == 1_050_000
    with pytest.raises(Refused, match="đã được đề nghị"):
        ask_count(over, cast)
    short = counted(cast, {"500000": 2})
    with pytest.raises(Refused, match="kiểm lại ngày"):
        reverse(posting, reason="Tìm ra rồi", by=cast.accountant, second=cast.chair)
        ask_count(over, cast)
    with pytest.raises(Refused, match="ghi thêm 1 chứng từ"):
        ask_count(short, cast)
    again = counted(cast, {"500000": 1, "200000": 2})
    assert yes(ask_count(again, cast), cast).paper_number == "PC-0001/2026" and in_box(cast) == 900_000
    late = counted(cast, {"500000": 1})
    waiting = ask_count(late, cast)
    make_money(campaign=campaign, amount=500_000)
    with pytest.raises(Refused, match="Kiểm quỹ lại"):
        yes(waiting, cast)
    with pytest.raises(Refused, match="khớp với sổ"):
        ask_count(counted(cast, {"500000": 2, "200000": 2}), cast)


def test_on_screen_from_the_form_to_the_paper(client, app, db_session, account, cast) -> None:
    writer, chair = sign_in(client, cast.accountant), sign_in(app.test_client(), cast.chair)
    sent = {
        "cause": "fee",
        "bank_account_id": account.id,
        "amount": "22k",
        "happened_on": "10/11/2026",
        "reason": "Phí tháng 11",
    }
    wrong = writer.post(f"{URL}moi", data={**sent, "amount": "2.50", "reason": ""})
    assert (
        wrong.status_code == 422
        and {"amount", "reason"} <= set(errors_at(wrong.text))
        and "2.50" in wrong.text
    )
    place = writer.post(f"{URL}moi", data=sent).location
    assert writer.post(place, data={"decision": "approve"}).status_code == 403
    assert "Thu, chi khác chờ duyệt" in chair.get("/quan-ly/").text
    no = chair.post(place, data={"decision": "refuse", "answer": ""})
    assert no.status_code == 422 and "answer" in errors_at(no.text)
    assert chair.post(place, data={"decision": "approve"}).status_code == 303
    paper = text_of_pdf(writer.get(f"{place}.pdf").data)
    assert "PHIẾU KẾ TOÁN" in paper and "PKT-0001/2026" in paper and "Hai mươi hai nghìn đồng" in paper
    page = writer.get(URL).text
    assert "Đã ghi sổ" in page and "22.000" in page and "Đảo" not in page
    assert writer.get(f"{URL}?loai=interest").text.count("Phí ngân hàng") == 1  # the filter's own choice
    assert writer.post(f"{place}/dao", data={"reason": "Nhầm"}).status_code == 303
    assert "Đang có đề nghị đảo" in writer.get(place).text
    outside = sign_in(app.test_client(), cast.outsider)
    assert outside.get(place).status_code == outside.get(f"{place}.pdf").status_code == 404
    assert writer.get(f"{URL}?xuat=csv").status_code == 200


def test_the_page_of_a_count_offers_its_difference(client, app, db_session, cast, commune) -> None:
    make_money(campaign=make_campaign(unit=commune), amount=500_000, day=date(2026, 11, 2))
    count = counted(cast, {"200000": 2})
    writer = sign_in(client, cast.accountant)
    form = f"{URL}kiem-quy/{count.id}"
    assert form in writer.get(f"/quan-ly/tien-mat/kiem-quy/{count.id}").text
    assert 'name="amount"' not in writer.get(form).text and "100.000" in writer.get(form).text
    blank = writer.post(form, data={"reason": "", "amount": "1"})
    assert blank.status_code == 422 and "reason" in errors_at(blank.text)
    place = writer.post(form, data={"reason": "Thiếu, chưa rõ nguyên nhân", "amount": "1"}).location
    assert db_session.scalars(select(OtherEntry.amount)).one() == 100_000
    assert place in writer.get(f"/quan-ly/tien-mat/kiem-quy/{count.id}").text
    assert "đã được đề nghị" in writer.get(form).text
    assert sign_in(app.test_client(), cast.outsider).get(form).status_code == 404
    assert sign_in(app.test_client(), cast.auditor).get(form).status_code == 403
