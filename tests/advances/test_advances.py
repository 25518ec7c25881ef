"""An advance until it is settled; money of absent receivers until they get it or it goes back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from portal.advances import queries, rules
from portal.advances.actions import answer_settlement, settle
from portal.advances.actions_put_aside import answer_end, ask_to_end, put_aside
from portal.advances.models import PutAside
from portal.advances.rules import Settled
from portal.figures.registry import compute
from portal.figures.scope import Scope
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import account_ids, reverse
from portal.ledger.queries import account_balance
from portal.ledger.rules import AccountFields
from portal.spending import queries as spending
from tests.cast import make_campaign, make_fund
from tests.spending.builders import DAY, make_decision, make_money, make_payment, make_row


@pytest.fixture
def campaign(commune):
    campaign = make_campaign(unit=commune)
    make_money(campaign=campaign, amount=10_000_000)
    return campaign


def pay(campaign, accountant, chair, **details):
    rows = [make_row(campaign=campaign, amount=2_000_000), make_row(campaign=campaign, amount=1_000_000)]
    decision = make_decision(unit=campaign.unit, maker=accountant, issuer=chair, rows=rows)
    return make_payment(decision=decision, maker=accountant, approver=chair, **details)


@pytest.fixture
def advance(campaign, accountant, officer, chair):
    return pay(campaign, accountant, chair, what="advance", officer=officer)


def balance(kind: str, unit, holder=None) -> int:
    fields = AccountFields(unit.id, make_fund().id, kind, holder_id=holder.id if holder else None)
    return account_balance(account_ids([fields])[fields])


def refuses_to_reverse(posting, said: str, by, second) -> None:
    """As a request would: what was begun is rolled back."""
    db.session.commit()
    with pytest.raises(Refused, match=said):
        reverse(posting, reason="Nhầm", by=by, second=second)
    db.session.rollback()


def figures(campaign) -> dict[str, int]:
    keys = ("spent.total", "balance.closing")
    return {
        key: int(value.value or 0)
        for key, value in compute(Scope(campaign.unit, DAY, date(2030, 1, 1), campaign), keys).items()
    }


def test_an_advance_is_settled_in_parts(advance, campaign, commune, officer, accountant, chair) -> None:
    first, second = advance.rows
    assert spending.free_of(commune.id, make_fund().id, campaign.id) == 7_000_000  # taken along, not spent
    assert figures(campaign)["spent.total"] == 0
    for wrong, said in (
        ([], "Chưa ghi số tiền nào"),
        ([Settled(first.id, paid=3_000_000)], "chỉ còn 2.000.000 đ"),
        ([Settled(first.id, absent=1)], "vì sao giữ lại"),
        ([Settled(999, paid=1)], "không thuộc"),
        ([Settled(first.id, paid=1)], "Chưa ghi chứng từ"),
    ):
        with pytest.raises(Refused, match=said):
            settle(advance, rows=wrong, settled_on=DAY, papers=None, by=officer)
    told = settle(
        advance,
        rows=[
            Settled(first.id, paid=1_200_000, absent=500_000, returned=300_000, absent_note="Đi vắng"),
            Settled(second.id, paid=400_000),
        ],
        settled_on=DAY,
        papers="Danh sách ký nhận số 01",
        by=officer,
    )
    with pytest.raises(Refused, match="chỉ còn 600.000 đ"):  # what waits is not open
        settle(advance, rows=[Settled(second.id, paid=700_000)], settled_on=DAY, papers="DS", by=officer)
    with pytest.raises(Refused, match="phải khác người lập"):
        answer_settlement(told, approve=True, answer="", by=officer)
    posting = answer_settlement(told, approve=True, answer="", by=chair)
    assert posting is not None and posting.paper_number == "TU-0001/2026" and posting.kind == "advance"
    assert balance("advance", commune, officer) == 600_000 and balance("held", commune) == -500_000
    assert balance("cash", commune) == 7_800_000
    assert figures(campaign) == {"spent.total": 2_100_000, "balance.closing": 7_900_000}
    assert spending.free_of(commune.id, make_fund().id, campaign.id) == 7_300_000
    refuses_to_reverse(advance.posting, "Đảo các giấy thanh toán trước", accountant, chair)
    reverse(posting, reason="Nhầm", by=accountant, second=chair)
    assert queries.open_rows(advance) == {first.id: 2_000_000, second.id: 1_000_000}
    assert balance("held", commune) == 0 and db.session.query(PutAside).one().void
    reverse(advance.posting, reason="Nhầm", by=accountant, second=chair)
    assert balance("cash", commune) == 10_000_000


def test_a_refused_settlement_settles_nothing(advance, officer, chair) -> None:
    told = settle(
        advance, rows=[Settled(advance.rows[0].id, paid=1)], settled_on=DAY, papers="DS", by=officer
    )
    with pytest.raises(Refused, match="lý do"):
        answer_settlement(told, approve=False, answer=" ", by=chair)
    assert answer_settlement(told, approve=False, answer="Thiếu chữ ký", by=chair) is None
    with pytest.raises(Refused, match="đã được trả lời"):
        answer_settlement(told, approve=True, answer="", by=chair)
    assert sum(queries.open_rows(advance).values()) == 3_000_000


def test_money_of_the_absent(campaign, commune, accountant, officer, chair) -> None:
    voucher = pay(campaign, accountant, chair)
    row = voucher.rows[0]
    with pytest.raises(Refused, match="nhiều nhất 2.000.000"):
        put_aside(row, amount=2_500_000, since=DAY, reason="Đi vắng", by=officer)
    item = put_aside(row, amount=1_500_000, since=DAY, reason="Đi vắng", by=officer)
    assert balance("held", commune) == -1_500_000 and balance("cash", commune) == 8_500_000
    assert figures(campaign) == {"spent.total": 3_000_000, "balance.closing": 7_000_000}
    refuses_to_reverse(voucher.posting, "đang giữ cho người vắng", accountant, chair)
    with pytest.raises(Refused, match="quan hệ"):
        ask_to_end(item, wish=rules.RELEASE, reason="", taken_by="Trần Văn Con", by=officer)
    ask_to_end(item, wish=rules.RELEASE, reason="", taken_by="Trần Văn Con", relation="con", by=officer)
    with pytest.raises(Refused, match="đang chờ duyệt"):
        ask_to_end(item, wish=rules.RETURN, reason="Đã chuyển đi", by=officer)
    with pytest.raises(Refused, match="phải khác người lập"):
        answer_end(item, approve=True, answer="", by=officer)
    given = answer_end(item, approve=True, answer="", by=chair)
    assert given is not None and given.paper_number == "PC-0002/2026"
    assert balance("held", commune) == 0 and balance("cash", commune) == 7_000_000
    refuses_to_reverse(item.posting, "đã được trao hoặc trả về", accountant, chair)
    reverse(given, reason="Nhầm", by=accountant, second=chair)
    assert item.ended is None and balance("held", commune) == -1_500_000
    ask_to_end(item, wish=rules.RETURN, reason="Hộ đã chuyển đi", by=officer)
    answer_end(item, approve=True, answer="", by=chair)
    assert figures(campaign) == {"spent.total": 1_500_000, "balance.closing": 8_500_000}
    assert balance("held", commune) == 0


def test_what_went_back_and_was_spent_is_not_taken_out_again(
    campaign, commune, accountant, officer, chair
) -> None:
    voucher = pay(campaign, accountant, chair)
    with pytest.raises(Refused, match="trước ngày chi"):
        put_aside(voucher.rows[0], amount=1, since=DAY - timedelta(days=1), reason="Đi vắng", by=officer)
    item = put_aside(voucher.rows[0], amount=2_000_000, since=DAY, reason="Đi vắng", by=officer)
    ask_to_end(item, wish=rules.RETURN, reason="Hộ đã chuyển đi", by=officer)
    back = answer_end(item, approve=True, answer="", by=chair)
    all_left = spending.free_of(commune.id, make_fund().id, campaign.id)
    decision = make_decision(
        unit=commune,
        maker=officer,
        issuer=chair,
        rows=[make_row(campaign=campaign, amount=all_left)],
        number="13/QĐ-MTTQ-BTT",
    )
    make_payment(decision=decision, maker=accountant, approver=chair)
    refuses_to_reverse(back, "đã được chi tiếp, nguồn sẽ thiếu 2.000.000 đ", accountant, chair)
    assert spending.free_of(commune.id, make_fund().id, campaign.id) == 0
    assert balance("held", commune) == 0


def test_a_settlement_is_not_of_a_day_to_come(advance, officer) -> None:
    tomorrow = today_in_vietnam() + timedelta(days=1)
    with pytest.raises(Refused, match="chưa tới") as refused:
        settle(
            advance,
            rows=[Settled(advance.rows[0].id, returned=1)],
            settled_on=tomorrow,
            papers=None,
            by=officer,
        )
    assert refused.value.field == "settled_on"


def test_how_late_an_advance_is() -> None:
    due, today = date(2026, 11, 1), date(2026, 11, 27)
    ages = [
        (due, 0),
        (None, 5),
        (date(2026, 11, 27), 5),
        (date(2026, 11, 12), 5),
        (due, 5),
        (date(2026, 10, 1), 5),
    ]
    found = [rules.age_of(day, open_amount=amount, today=today) for day, amount in ages]
    assert found == ["settled", "on_time", "on_time", "late_1", "late_2", "late_3"]
