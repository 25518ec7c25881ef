"""Closing a period on screen: what is open is said, what blocks refuses, what comes late is "ghi bổ sung"."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from portal.kit.errors import Refused
from portal.ledger import closing
from portal.ledger.actions import close_period, request_reversal
from portal.ledger.desk import period_turnover
from portal.ledger.models import Closing, Posting
from tests.cast import make_account, make_campaign, make_donation, make_fund, sign_in

PAGE = "/quan-ly/khoa-so/"
MARCH = date(2024, 3, 31)


@pytest.fixture
def gift(db_session: Any, cast: Any) -> Any:
    """Half a million in March 2024."""
    campaign = make_campaign(unit=cast.commune, starts_on=date(2024, 1, 1), ends_on=None)
    gift = make_donation(campaign=campaign, by=cast.officer, day=date(2024, 3, 1), amount=500_000)
    db_session.commit()
    return gift


def asked(cast: Any, **changes: Any) -> dict[str, Any]:
    form = {"unit_id": cast.commune.id, "fund_id": make_fund().id, "through": "31/03/2024", "seen": "1"}
    return {**form, **changes}


def test_the_page_says_what_is_open_and_what_the_period_comes_to(client, db_session, cast, gift) -> None:
    make_account(unit=cast.commune, code="VCB-1")
    request_reversal(gift.posting, reason="Ghi nhầm", by=cast.officer)
    sign_in(client, cast.accountant)
    shown = client.get(PAGE, query_string=asked(cast)).get_data(as_text=True)
    for words in (
        "Đề nghị đảo chưa trả lời",
        "Tài khoản VCB-1 chưa đủ sao kê",
        "Chưa kiểm quỹ",
        "500.000",
    ):
        assert words in shown


def test_closing_needs_the_tick_and_happens_once(client, db_session, cast, gift) -> None:
    sign_in(client, cast.accountant)
    answer = client.post(PAGE, data=asked(cast, seen=""))
    assert answer.status_code == 422 and "Chưa đánh dấu đã xem" in answer.get_data(as_text=True)
    assert client.post(PAGE, data=asked(cast)).status_code == 303
    answer = client.post(PAGE, data=asked(cast))
    assert answer.status_code == 422 and "Sổ đã khóa đến hết ngày 31/03/2024" in answer.get_data(as_text=True)
    assert db_session.scalar(select(func.count()).select_from(Closing)) == 1


def test_others_do_not_close(client, db_session, cast, gift) -> None:
    sign_in(client, cast.officer)
    assert client.post(PAGE, data=asked(cast)).status_code == 403
    sign_in(client, cast.outsider)
    assert cast.commune.name not in client.get(PAGE, query_string=asked(cast)).get_data(as_text=True)


def test_what_blocks_refuses(db_session, cast, gift, monkeypatch) -> None:
    item = closing.OpenItem(2, "Đợt nhập chưa ghi sổ", "", "ledger.journal", blocking=True)
    monkeypatch.setattr(closing, "_askers", [lambda *_: [item]])
    with pytest.raises(Refused, match="còn 2 đợt nhập chưa ghi sổ"):
        close_period(cast.commune, make_fund(), MARCH, by=cast.accountant)


def test_a_late_document_is_booked_in_the_open_month_and_named(client, db_session, cast, gift) -> None:
    close_period(cast.commune, make_fund(), MARCH, by=cast.accountant)
    late = make_donation(campaign=gift.campaign, by=cast.officer, day=date(2024, 3, 30), amount=70_000)
    posting = db_session.get(Posting, late.posting_number)
    assert posting.booked_on == date(2024, 4, 1)
    sign_in(client, cast.accountant)
    shown = client.get("/quan-ly/nhat-ky/?tinh_trang=bo_sung").get_data(as_text=True)
    assert "Ghi bổ sung" in shown and "70.000" in shown and "500.000" not in shown


def test_the_turnover_adds_up(db_session, cast, gift) -> None:
    make_donation(campaign=gift.campaign, by=cast.officer, day=date(2024, 4, 2), amount=200_000)
    april = period_turnover(cast.commune.id, make_fund().id, date(2024, 4, 1), date(2024, 4, 30))
    assert (april.opening, april.moves, april.closing) == (500_000, [("Đã nhận", 200_000)], 700_000)
    every = period_turnover(cast.commune.id, make_fund().id, None, date(2024, 4, 30))
    assert (every.opening, every.closing) == (0, 700_000)
