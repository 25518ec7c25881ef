"""Cash changes hands: two names, never more than there is, counted beside the books."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.cash import actions, queries
from portal.cash.models import CashCount, CashDeposit, CashHandover
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger import actions as ledger
from portal.ledger.models import Posting
from portal.ledger.rules import Line
from tests.cast import make_account, make_fund, sign_in
from tests.printed import text_of_pdf

DAY = date(2024, 3, 1)


def give_cash(cast: Any, amount: int, holder: Any = None) -> Posting:
    """A gift that lies in somebody's hand (None = the box)."""
    fund, unit = make_fund(), cast.commune
    owner = {"unit_id": unit.id, "fund_id": fund.id}
    source = ledger.account_for(**owner, kind="received", purpose="cash")
    place = ledger.account_for(**owner, kind="cash", holder_id=holder.id if holder else None)
    return ledger.post(
        "donation",
        unit=unit,
        fund=fund,
        document_on=DAY,
        by=cast.officer,
        lines=[Line(source, place, amount)],
    )


def hand_over(cast: Any, amount: int, **changes: Any) -> CashHandover:
    usual = {
        "unit": cast.commune,
        "fund": make_fund(),
        "receiver": cast.accountant,
        "into_box": True,
        "amount": amount,
        "notes": {},
        "remark": None,
        "by": cast.officer,
    }
    return actions.hand_over(**{**usual, **changes})


def held(cast: Any, holder: Any = None) -> int:
    return queries.in_hand(cast.commune.id, make_fund().id, holder.id if holder else None)


def test_cash_moves_only_when_the_receiver_confirms(db_session, cast) -> None:
    give_cash(cast, 900_000, cast.officer)
    slip = hand_over(cast, 500_000, notes={"500000": 1})
    assert (held(cast, cast.officer), held(cast)) == (900_000, 0)
    posting = actions.answer_handover(slip, accept=True, answer="", by=cast.accountant)
    assert (held(cast, cast.officer), held(cast)) == (400_000, 500_000)
    assert posting is not None and posting.paper_number.startswith("GN-0001/")
    assert (posting.by_id, posting.second_id) == (cast.officer.id, cast.accountant.id)


def test_what_waits_for_a_receiver_cannot_be_given_twice(db_session, cast) -> None:
    give_cash(cast, 900_000, cast.officer)
    hand_over(cast, 600_000)
    with pytest.raises(Refused, match="chỉ còn 300.000 đ"):
        hand_over(cast, 400_000)
    account = make_account(unit=cast.commune)
    with pytest.raises(Refused, match="chỉ còn 300.000 đ"):
        actions.deposit(
            unit=cast.commune,
            fund=make_fund(),
            bank_account=account,
            from_box=False,
            amount=400_000,
            day=DAY,
            notes={},
            by=cast.officer,
        )


def test_only_the_named_receiver_answers_and_only_once(db_session, cast) -> None:
    give_cash(cast, 900_000, cast.officer)
    slip = hand_over(cast, 500_000)
    with pytest.raises(Refused, match="Chỉ người có tên nhận"):
        actions.answer_handover(slip, accept=True, answer="", by=cast.chair)
    with pytest.raises(Refused, match="Chưa ghi lý do"):
        actions.answer_handover(slip, accept=False, answer=" ", by=cast.accountant)
    actions.answer_handover(slip, accept=False, answer="Thiếu một tờ", by=cast.accountant)
    with pytest.raises(Refused, match="đã được trả lời"):
        actions.answer_handover(slip, accept=True, answer="", by=cast.accountant)
    assert held(cast, cast.officer) == 900_000


def test_the_giver_takes_a_slip_back(db_session, cast) -> None:
    give_cash(cast, 900_000, cast.officer)
    slip = hand_over(cast, 900_000)
    with pytest.raises(Refused, match="Chỉ người giao"):
        actions.take_back(slip, by=cast.accountant)
    actions.take_back(slip, by=cast.officer)
    assert hand_over(cast, 900_000).accepted is None


def test_listed_notes_come_to_the_amount(db_session, cast) -> None:
    give_cash(cast, 900_000, cast.officer)
    with pytest.raises(Refused, match="cộng được 400.000 đ"):
        hand_over(cast, 500_000, notes={"200000": 2})
    with pytest.raises(Refused, match="phải khác người giao"):
        hand_over(cast, 500_000, receiver=cast.officer)


def test_a_deposit_waits_in_transit(db_session, cast) -> None:
    give_cash(cast, 900_000)
    account = make_account(unit=cast.commune)
    slip = actions.deposit(
        unit=cast.commune,
        fund=make_fund(),
        bank_account=account,
        from_box=True,
        amount=900_000,
        day=DAY,
        notes={"500000": 1, "200000": 2},
        by=cast.accountant,
    )
    transit = slip.posting.transfers[0].debit
    assert (transit.kind, transit.bank_account_id, held(cast)) == ("transit", account.id, 0)


def test_a_reversal_does_not_empty_a_hand_that_has_passed_the_cash_on(db_session, cast) -> None:
    gift = give_cash(cast, 900_000, cast.officer)
    actions.answer_handover(hand_over(cast, 900_000), accept=True, answer="", by=cast.accountant)
    with pytest.raises(Refused, match="đã được bàn giao"):
        ledger.reverse(gift, reason="Ghi nhầm", by=cast.officer, second=cast.chair)
    db_session.rollback()


def test_after_the_slip_is_reversed_the_gift_can_be(db_session, cast) -> None:
    gift = give_cash(cast, 900_000, cast.officer)
    moved = actions.answer_handover(hand_over(cast, 900_000), accept=True, answer="", by=cast.accountant)
    assert moved is not None
    ledger.reverse(moved, reason="Giao nhầm", by=cast.officer, second=cast.chair)
    ledger.reverse(gift, reason="Ghi nhầm", by=cast.officer, second=cast.chair)
    assert (held(cast), held(cast, cast.officer)) == (0, 0)


def test_a_count_stands_beside_the_books_of_its_moment(db_session, cast) -> None:
    give_cash(cast, 900_000)
    counting = {
        "unit": cast.commune,
        "fund": make_fund(),
        "box": True,
        "witness": None,
        "by": cast.accountant,
    }
    with pytest.raises(Refused, match="Đếm được 700.000 đ, sổ ghi 900.000 đ"):
        actions.count(**counting, notes={"500000": 1, "200000": 1}, remark=None)
    counted = actions.count(**counting, notes={"500000": 1, "200000": 1}, remark="Thiếu một tờ 200.000")
    give_cash(cast, 100_000)
    assert (counted.in_books, counted.total, held(cast)) == (900_000, 700_000, 1_000_000)


# --- on screen -------------------------------------------------------------------------------------

BASE = "/quan-ly/tien-mat"


def test_the_whole_way_on_screen(client, db_session, cast) -> None:
    give_cash(cast, 900_000, cast.officer)
    sign_in(client, cast.officer)
    form = {
        "unit_id": cast.commune.id,
        "fund_id": make_fund().id,
        "receiver_id": cast.accountant.id,
        "into": "box",
        "amount": "500k",
        "note_500000": "1",
    }
    answer = client.post(f"{BASE}/giao-nhan/moi", data=form)
    assert answer.status_code == 303
    slip_page = answer.headers["Location"]
    assert "Rút lại phiếu" in client.get(slip_page).get_data(as_text=True)
    sign_in(client, cast.accountant)
    assert "chờ bạn xác nhận" in client.get(f"{BASE}/").get_data(as_text=True)
    assert client.post(slip_page, data={"decision": "accept", "answer": ""}).status_code == 303
    shown = client.get(slip_page).get_data(as_text=True)
    assert "GN-0001/" in shown and "Đã nhận" in shown
    paper = text_of_pdf(client.get(f"{slip_page}.pdf").get_data())
    assert "GIẤY GIAO NHẬN TIỀN" in paper.upper() and "Năm trăm nghìn đồng" in paper


def test_who_had_how_much_on_a_day(client, db_session, cast) -> None:
    give_cash(cast, 900_000, cast.officer)
    sign_in(client, cast.accountant)
    for day, held in (("29/02/2024", "900.000"), ("01/03/2024", "900.000")):
        shown = client.get(f"{BASE}/", query_string={"ngay": day}).get_data(as_text=True)
        assert (held in shown) == (day == "01/03/2024"), day
    assert client.get(f"{BASE}/?ngay=31/02/2024").status_code == 422


def test_too_much_comes_back_with_what_was_typed(client, db_session, cast) -> None:
    give_cash(cast, 300_000, cast.officer)
    sign_in(client, cast.officer)
    form = {
        "unit_id": cast.commune.id,
        "fund_id": make_fund().id,
        "receiver_id": cast.accountant.id,
        "into": "box",
        "amount": "500.000",
        "note_500000": "một",
        "remark": "Tiền lễ phát động",
    }
    for pieces, said in (("một", "không phải số nguyên"), ("1", "chỉ còn 300.000 đ")):
        answer = client.post(f"{BASE}/giao-nhan/moi", data={**form, "note_500000": pieces})
        shown = answer.get_data(as_text=True)
        assert answer.status_code == 422 and said in shown and "Tiền lễ phát động" in shown
    assert db_session.scalar(select(func.count()).select_from(CashHandover)) == 0


def test_deposit_and_count_on_screen(client, db_session, cast) -> None:
    give_cash(cast, 900_000)
    account = make_account(unit=cast.commune)
    sign_in(client, cast.accountant)
    deposit = {"account_id": account.id, "source": "box", "amount": "400.000", "day": "01/03/2024"}
    answer = client.post(f"{BASE}/nop-ngan-hang/moi", data=deposit)
    assert answer.status_code == 303
    where = answer.headers["Location"]
    assert client.get(where).status_code == 200
    assert "Bốn trăm nghìn đồng" in text_of_pdf(client.get(f"{where}.pdf").get_data())
    assert client.post(f"{where}/dao", data={"reason": "Ghi nhầm ngày"}).status_code == 303
    count = {"unit_id": cast.commune.id, "fund_id": make_fund().id, "place": "box", "note_500000": "1"}
    answer = client.post(f"{BASE}/kiem-quy/moi", data=count)
    assert answer.status_code == 303
    where = answer.headers["Location"]
    assert "khớp với số dư" in client.get(where).get_data(as_text=True)
    assert "500.000" in text_of_pdf(client.get(f"{where}.pdf").get_data())
    assert db_session.scalar(select(func.count()).select_from(CashCount)) == 1


def test_an_officer_does_not_open_the_box(client, db_session, cast) -> None:
    give_cash(cast, 900_000)
    account = make_account(unit=cast.commune)
    sign_in(client, cast.officer)
    deposit = {"account_id": account.id, "source": "box", "amount": "400.000", "day": "01/03/2024"}
    answer = client.post(f"{BASE}/nop-ngan-hang/moi", data=deposit)
    assert answer.status_code == 422 and "Chỉ kế toán, thủ quỹ" in answer.get_data(as_text=True)
    assert db_session.scalar(select(func.count()).select_from(CashDeposit)) == 0


def test_other_units_see_and_touch_nothing(client, db_session, cast) -> None:
    give_cash(cast, 900_000, cast.officer)
    give_cash(cast, 900_000)
    slip = hand_over(cast, 100_000)
    account = make_account(unit=cast.commune)
    carried = actions.deposit(
        unit=cast.commune,
        fund=make_fund(),
        bank_account=account,
        from_box=True,
        amount=900_000,
        day=DAY,
        notes={},
        by=cast.accountant,
    )
    counted = actions.count(
        unit=cast.commune,
        fund=make_fund(),
        box=True,
        notes={},
        witness=None,
        remark=None,
        by=cast.accountant,
    )
    pages = (
        f"giao-nhan/{slip.id}",
        f"nop-ngan-hang/{carried.posting_number}",
        f"kiem-quy/{counted.id}",
    )
    sign_in(client, cast.outsider)
    for page in pages:
        assert client.get(f"{BASE}/{page}").status_code == 404
        assert client.get(f"{BASE}/{page}.pdf").status_code == 404
    assert client.post(f"{BASE}/{pages[0]}", data={"decision": "accept"}).status_code == 404
    assert client.post(f"{BASE}/{pages[1]}/dao", data={"reason": "x"}).status_code == 404
    for page in ("", "giao-nhan/", "nop-ngan-hang/", "kiem-quy/"):
        shown = client.get(f"{BASE}/{page}").get_data(as_text=True)
        assert cast.officer.name not in shown and "900.000" not in shown
    db.session.rollback()
