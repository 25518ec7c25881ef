"""Lists from draft to release: what each step needs, what goes back, and what is never given twice."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.distributions import queries
from portal.distributions import queries_rows as found
from portal.distributions.actions_decide import approve_list, refuse_row, send_back
from portal.distributions.actions_list import PortionFields, change_list, delete_list, set_portions
from portal.distributions.actions_lock import cancel_list, lock_list, unlock_list
from portal.distributions.actions_release import release
from portal.distributions.actions_rows import add_by_criteria, add_households, exclude, remove_rows
from portal.distributions.models import Distribution, DistributionGoods, DistributionRow, SupportNorm
from portal.goods.models import StockBalance, Store
from portal.goods.queries import stores_for
from portal.households.actions_twins import judge_same
from portal.households.models_registry import Household
from portal.households.rules_registry import code_of
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import reverse
from portal.ledger.models import Posting
from portal.spending.actions import change_decision, delete_decision, rows_of, withdraw_decision
from portal.spending.actions_vouchers import pay_voucher, void_voucher
from portal.spending.documents_decisions import paper_of
from portal.spending.texts import default_texts
from tests.cast import make_account, make_campaign, make_unit
from tests.distributions.builders import (
    DAY,
    decide,
    make_approved,
    make_list,
    make_released,
    portion_of,
)
from tests.goods.builders import bring, make_item, make_store
from tests.households.builders import make_hamlet, make_household, put_in_group
from tests.spending.builders import make_money


def rows(distribution: Distribution) -> list[DistributionRow]:
    return list(db.session.scalars(queries.rows_of(distribution)))


def quantity(store: Store) -> int:
    balance = db.session.scalar(select(StockBalance.quantity).where(StockBalance.store_id == store.id))
    return (balance or 0) // 1_000


@pytest.fixture
def three(db_session, cast) -> list[Household]:
    """Three households: "Xóm 10" and "Xóm 2" in the commune."""
    far, near = make_hamlet(cast, "Xóm 10"), make_hamlet(cast, "Xóm 2")
    return [
        make_household(unit=far, name="Trần Thị Mẫu", birth_year=1950),
        make_household(unit=near, name="Lê Văn Giả"),
        make_household(unit=near, name="Nguyễn Thị An"),
    ]


def test_the_lock_orders_and_freezes(db_session, cast, three) -> None:
    put_in_group(three[0], 2026, "Hộ nghèo")
    rice = make_item(name="Gạo", measure="kg")
    made = make_list(
        unit=cast.commune, maker=cast.accountant, households=three, item=rice, quantity=10,
        store=make_store(unit=cast.commune),
    )  # fmt: skip
    lock_list(made, by=cast.accountant)
    got = [(row.ordinal, row.receiver, row.hamlet, row.commune) for row in rows(made)]
    commune = cast.commune.name
    assert got == [
        (1, "Nguyễn Thị An", "Xóm 2", commune),
        (2, "Lê Văn Giả", "Xóm 2", commune),
        (3, "Trần Thị Mẫu", "Xóm 10", commune),
    ]
    last = rows(made)[-1]
    assert (last.birth_year, last.group_name, last.amount, last.goods) == (
        1950,
        "Hộ nghèo",
        500_000,
        "10 kg Gạo",
    )
    with pytest.raises(Refused, match="đã chốt"):
        add_households(made, [three[0].id], portion=portion_of(made), by=cast.accountant)
    with pytest.raises(Refused, match="đã chốt"):
        set_portions(made, [PortionFields("Suất quà", 9)], by=cast.accountant)


def test_papers_keep_the_decided_names(db_session, cast, three) -> None:
    made = make_list(unit=cast.commune, maker=cast.accountant, households=three[:1])
    lock_list(made, by=cast.accountant)
    decision = decide(made, maker=cast.accountant, issuer=cast.chair)
    three[0].name = "Tên Khác"
    db_session.flush()
    assert made.state == "decided"
    assert rows(made)[0].receiver == "Trần Thị Mẫu"
    assert [row.receiver for row in decision.rows] == ["Trần Thị Mẫu"]
    for change in (
        lambda: change_list(made, by=cast.accountant, name="Khác"),
        lambda: remove_rows(made, [rows(made)[0].id], by=cast.accountant),
        lambda: exclude(made, code_of(three[0].id), by=cast.accountant),
        lambda: unlock_list(made, reason="Sửa", by=cast.accountant),
    ):
        with pytest.raises(Refused, match="Danh sách đã có quyết định"):
            change()


def test_by_criteria_leaves_out_who_stands_somewhere(db_session, cast, three) -> None:
    campaign = make_campaign(unit=cast.commune)
    first = make_list(unit=cast.commune, maker=cast.officer, households=three[:1], campaign=campaign)
    second = make_list(unit=cast.commune, maker=cast.accountant, campaign=campaign)
    everybody = select(Household.id)
    told = add_by_criteria(
        second, everybody, portion=portion_of(second), by=cast.accountant, excluded=[three[1].id]
    )
    assert told == (1, 0, 1, 1)
    again = add_by_criteria(second, everybody, portion=portion_of(second), by=cast.accountant)
    assert again == (1, 1, 1, 0)
    assert found.count_rows(second) == 2
    other = make_list(
        unit=cast.commune, maker=cast.accountant, campaign=campaign, content="Tặng quà Trung thu"
    )
    assert add_by_criteria(other, everybody, portion=portion_of(other), by=cast.accountant).added == 3
    cancel_list(first, reason="Lập trùng", by=cast.officer)
    assert add_by_criteria(second, everybody, portion=portion_of(second), by=cast.accountant).added == 1


def test_one_household_once_a_round(db_session, cast, three) -> None:
    first = make_list(unit=cast.commune, maker=cast.officer, households=three[:1])
    province = make_list(unit=cast.province, maker=cast.accountant)
    with pytest.raises(Refused, match="đã có trong danh sách “Tặng quà Tết 2027” của"):
        add_households(province, [three[0].id], portion=portion_of(province), by=cast.accountant)
    with pytest.raises(Refused, match="đã có trong danh sách này"):
        add_households(first, [three[0].id], portion=portion_of(first), by=cast.officer)
    outside = make_household(unit=make_hamlet(cast, parent=make_unit(parent=cast.province)))
    with pytest.raises(Refused, match="ngoài"):
        add_households(first, [outside.id], portion=portion_of(first), by=cast.officer)
    with pytest.raises(Refused, match="Không có hộ mang mã HO999999"):
        add_households(first, [999_999], portion=portion_of(first), by=cast.officer)


def test_two_that_were_found_to_be_one_get_one_portion(db_session, cast, three) -> None:
    made = make_list(unit=cast.commune, maker=cast.officer, households=three)
    judge_same(three[1], three[2], cast.officer)
    with pytest.raises(Refused, match="nay là một hộ"):
        lock_list(made, by=cast.officer)
    exclude(made, code_of(three[2].id), by=cast.officer)
    assert found.count_rows(made) == 2
    with pytest.raises(Refused, match="đã có trong danh sách này"):  # its merged twin
        add_households(made, [three[2].id], portion=portion_of(made), by=cast.officer)


def test_a_twin_found_after_the_decision_is_refused_by_the_approver(db_session, cast, three) -> None:
    made = make_list(unit=cast.commune, maker=cast.officer, households=three)
    lock_list(made, by=cast.officer)
    decide(made, maker=cast.officer, issuer=cast.chair)
    judge_same(three[1], three[2], cast.officer)
    with pytest.raises(Refused, match="nay là một hộ"):
        approve_list(made, by=cast.chair)
    out = next(row for row in rows(made) if row.household_id == three[2].id)
    with pytest.raises(Refused, match="Chưa ghi lý do"):
        approve_list(made, refused={out.id: " "}, by=cast.chair)
    approve_list(made, refused={out.id: "Trùng hộ"}, by=cast.chair)
    assert (made.state, found.count_rows(made)) == ("approved", 2)


def test_pasted_codes_are_answered_one_by_one(db_session, cast, three) -> None:
    made = make_list(unit=cast.commune, maker=cast.officer, households=three[:2])
    text = f"{code_of(three[0].id)}\n{code_of(three[2].id)}, HO999999; xin chao\t012345678901"
    told = exclude(made, text, by=cast.officer)
    assert told.removed == 1
    assert len(told.said) == 5
    assert any("không có trong danh sách này" in said for said in told.said)
    assert any("số căn cước" in said for said in told.said)
    assert "012345678901" not in " ".join(told.said)


@pytest.mark.parametrize(
    ("head", "amount", "field"),
    [
        ({"way": "none"}, 500_000, "way"),
        ({"way": "bank"}, 500_000, "bank_account_id"),
        ({"officer": None}, None, "store_id"),
    ],
)
def test_the_lock_asks_for_what_is_needed(db_session, cast, three, head, amount, field) -> None:
    item = make_item() if amount is None else None
    made = make_list(
        unit=cast.commune, maker=cast.officer, households=three, amount=amount, item=item, **head
    )
    with pytest.raises(Refused) as refused:
        lock_list(made, by=cast.officer)
    assert refused.value.field == field


def test_above_the_norm_needs_a_reason(db_session, cast, three) -> None:
    db_session.add_all(
        [
            SupportNorm(unit_id=None, purpose="gifts", amount=900_000),
            SupportNorm(unit_id=cast.commune.id, purpose="gifts", amount=400_000, basis="QĐ 05/QĐ-MTTQ"),
            SupportNorm(unit_id=cast.commune.id, purpose="gifts", amount=100, valid_from=date(2027, 1, 1)),
        ]
    )
    made = make_list(unit=cast.commune, maker=cast.officer, households=three)
    with pytest.raises(Refused, match=r"cao hơn mức hỗ trợ 400\.000 đồng theo QĐ 05/QĐ-MTTQ"):
        lock_list(made, by=cast.officer)
    set_portions(made, [PortionFields("Suất quà", 500_000, over_norm="Hộ bị cháy nhà")], by=cast.officer)
    lock_list(made, by=cast.officer)


def test_going_back(db_session, cast, three) -> None:
    made = make_list(unit=cast.commune, maker=cast.officer, households=three)
    lock_list(made, by=cast.officer)
    draft = decide(made, maker=cast.officer, issuer=None)
    with pytest.raises(Refused, match="Sửa danh sách ở đó"):
        change_decision(draft, rows=rows_of(draft)[:1], by=cast.officer)
    change_decision(draft, rows=rows_of(draft), by=cast.officer, subject="Tên khác")
    assert draft.subject == "Tên khác"
    delete_decision(draft)
    assert (made.state, made.decision_id) == ("locked", None)
    decide(made, maker=cast.officer, issuer=None)
    with pytest.raises(Refused, match="lý do"):
        unlock_list(made, reason="", by=cast.officer)
    unlock_list(made, reason="Thiếu hộ", by=cast.officer)  # its draft decision goes with it
    assert (made.state, made.decision_id, rows(made)[0].receiver) == ("draft", None, None)
    with pytest.raises(Refused, match="đã từng chốt"):
        delete_list(made)
    lock_list(made, by=cast.officer)
    decision = decide(made, maker=cast.officer, issuer=cast.chair)
    with pytest.raises(Refused, match="Thu hồi quyết định"):
        cancel_list(made, reason="Thôi", by=cast.officer)
    withdraw_decision(decision, reason="Sai tên", by=cast.chair)
    assert (made.state, made.decision_id) == ("locked", None)
    decide(made, maker=cast.officer, issuer=cast.chair)
    send_back(made, reason="Sai mức", by=cast.chair)
    assert made.state == "locked"
    cancel_list(made, reason="Không trao nữa", by=cast.officer)
    assert made.state == "cancelled"


def test_a_draft_is_deleted_whole(db_session, cast, three) -> None:
    made = make_list(unit=cast.commune, maker=cast.officer, households=three)
    delete_list(made)
    assert db_session.scalar(select(Distribution.id)) is None


def test_who_made_the_list_does_not_approve_it(db_session, cast, three) -> None:
    made = make_list(unit=cast.commune, maker=cast.chair, households=three)
    lock_list(made, by=cast.officer)
    decide(made, maker=cast.officer, issuer=cast.chair)
    with pytest.raises(Refused, match="khác người lập"):
        approve_list(made, by=cast.chair)
    with pytest.raises(Refused, match="khác người lập"):
        approve_list(made, by=cast.officer)


def test_money_and_goods_leave_for_the_rows_that_were_not_refused(db_session, cast, three) -> None:
    make_money(campaign=(campaign := make_campaign(unit=cast.commune)), amount=5_000_000)
    store, rice = make_store(unit=cast.commune), make_item(name="Gạo", measure="kg")
    bring(store=store, item=rice, quantity=25, value=250_000)
    made = make_list(
        unit=cast.commune, maker=cast.accountant, households=three, campaign=campaign, item=rice, quantity=10,
        store=store, officer=cast.officer,
    )  # fmt: skip
    lock_list(made, by=cast.accountant)
    decide(made, maker=cast.accountant, issuer=cast.chair)
    approve_list(made, refused={rows(made)[0].id: "Đã thoát nghèo"}, by=cast.chair)
    assert queries.missing(made) == ["Chưa lập phiếu chi tiền.", "Chưa xuất hàng cho người đi trao."]
    release(made, by=cast.accountant, on=DAY)
    assert (made.state, made.voucher.state, made.voucher.amount) == ("approved", "approved", 1_000_000)
    assert (quantity(store), quantity(made.hand_store)) == (5, 20)
    assert len(queries.missing(made)) == 1
    pay_voucher(made.voucher, paid_on=DAY, by=cast.accountant)
    assert (made.state, queries.missing(made)) == ("released", [])
    assert made.hand_store not in stores_for(cast.officer)
    assert made.hand_store.keeper_id == cast.officer.id


def test_what_comes_back_leaves_again(db_session, cast, three) -> None:
    make_money(campaign=(campaign := make_campaign(unit=cast.commune)), amount=5_000_000)
    store, rice = make_store(unit=cast.commune), make_item(name="Gạo", measure="kg")
    bring(store=store, item=rice, quantity=30)
    made = make_released(
        unit=cast.commune, maker=cast.accountant, approver=cast.chair, households=three, campaign=campaign,
        item=rice, quantity=10, store=store, officer=cast.officer,
    )  # fmt: skip
    decision = made.decision
    with pytest.raises(Refused, match="Đảo phiếu"), db_session.begin_nested():
        withdraw_decision(decision, reason="Sai", by=cast.chair)
    paid = db_session.get_one(Posting, made.voucher.posting_number)
    row = rows(made)[0]
    row.outcome = "received"
    db_session.flush()
    with pytest.raises(Refused, match="Bỏ kết quả"), db_session.begin_nested():
        reverse(paid, reason="Nhầm", by=cast.accountant, second=cast.chair)
    row.outcome = None
    db_session.flush()
    reverse(paid, reason="Nhầm", by=cast.accountant, second=cast.chair)
    assert (made.state, made.voucher_id) == ("approved", None)
    release(made, by=cast.accountant, on=DAY)
    void_voucher(made.voucher, reason="Sai", by=cast.accountant)
    release(made, by=cast.accountant, on=DAY)  # a void voucher is replaced
    pay_voucher(made.voucher, paid_on=DAY, by=cast.accountant)
    assert made.state == "released"
    (out,) = found.goods_documents(made, "out")
    reverse(out.posting, reason="Nhầm", by=cast.accountant, second=cast.chair)
    assert (made.state, quantity(store), out.reversed) == ("approved", 30, True)
    release(made, by=cast.accountant, on=today_in_vietnam())
    assert (made.state, quantity(store)) == ("released", 0)
    assert db_session.query(DistributionGoods).count() == 2


def test_one_more_row_is_refused_before_anything_left(db_session, cast, three) -> None:
    make_money(campaign=(campaign := make_campaign(unit=cast.commune)), amount=5_000_000)
    made = make_approved(
        unit=cast.commune, maker=cast.accountant, approver=cast.chair, households=three, campaign=campaign
    )
    release(made, by=cast.accountant, on=DAY)
    voucher = made.voucher
    refuse_row(made, rows(made)[0], reason="Đã mất", by=cast.chair)
    assert (voucher.state, made.voucher_id) == ("void", None)
    release(made, by=cast.accountant, on=DAY)
    assert made.voucher.amount == 1_000_000
    pay_voucher(made.voucher, paid_on=DAY, by=cast.accountant)
    with pytest.raises(Refused):
        refuse_row(made, rows(made)[0], reason="Đã mất", by=cast.chair)


def test_transfers_to_the_households(db_session, cast, three) -> None:
    account = make_account(unit=cast.commune)
    campaign = make_campaign(unit=cast.commune)
    make_money(campaign=campaign, form="bank", bank_account=account)
    made = make_list(
        unit=cast.commune, maker=cast.accountant, households=three[:1], campaign=campaign, way="bank",
        bank_account_id=account.id,
    )  # fmt: skip
    with pytest.raises(Refused, match="chưa có số tài khoản"):
        lock_list(made, by=cast.accountant)
    three[0].bank_name, three[0].bank_number = "Agribank", "0011223344"
    lock_list(made, by=cast.accountant)
    decision = decide(made, maker=cast.accountant, issuer=cast.chair)
    assert decision.rows[0].account_number == "0011223344"
    approve_list(made, by=cast.chair)
    release(made, by=cast.accountant, on=DAY)
    assert (made.voucher.what, made.voucher.bank_account_id) == ("payment", account.id)
    pay_voucher(made.voucher, paid_on=DAY, by=cast.accountant)
    assert made.state == "released"


def test_the_annex_keeps_goods_and_money_apart(db_session, cast, three) -> None:
    rice, store = make_item(name="Gạo", measure="kg"), make_store(unit=cast.commune)
    made = make_list(
        unit=cast.commune, maker=cast.accountant, households=three, amount=None, item=rice, store=store
    )
    lock_list(made, by=cast.accountant)
    own = default_texts("decision", owner="", place="", title="CHỦ TỊCH", name="")
    paper = paper_of(decide(made, maker=cast.accountant, issuer=None, articles=own.articles))
    annex = paper.annex
    assert "Hỗ trợ 03 trường hợp với hiện vật từ Quỹ" in paper.articles[0][1]
    assert annex is not None
    assert (annex.with_goods, annex.with_money, annex.words) == (True, False, "")
    assert annex.rows[0].goods == "1 kg Gạo"
    assert annex.rows[0].amount == ""
