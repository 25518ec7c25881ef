"""A whole import undone by two people; afterwards the same file may be brought again."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from portal.campaigns.models import Campaign, CampaignTarget
from portal.cash import actions as _cash  # noqa: F401  (its follower)
from portal.donations.actions import record_donation
from portal.donations.models import Donation
from portal.donors.models import Donor
from portal.emulation.models import Initiative
from portal.goods import actions as goods
from portal.goods.models import Item, StockBalance
from portal.imports import actions, undoing
from portal.imports.models import ImportRun
from portal.imports.queries import may_ask, may_decide, runs_for, waiting
from portal.kit.errors import Refused
from portal.kit.numbers import Entry
from portal.ledger import actions as ledger
from portal.ledger.models import Account, BankAccount, DayTotal, Posting, Transfer
from portal.pledges.models import PledgeTerms
from portal.statements import meeting, settling
from portal.units.models import Unit
from tests.cast import make_account, make_campaign, make_donation, make_fund, make_user
from tests.imports.helpers import bring, counts, table
from tests.statements import builders as statement

GIFTS = "Ngày,Mã đơn vị,Mã đợt,Người ủng hộ,Hình thức,Số tiền,Hiện vật,Số lượng,Số phiếu,Mã hàng,Kho"
ROWS = (
    "02/11/2026,TPH,D26,Nguyễn Văn An,tiền mặt,500.000,,,,,",
    "02/11/2026,TPH,D26,Nguyễn Văn An,tiền mặt,500.000,,,,,",
    "03/11/2026,TPH,D26,Lê Thị Bình,chuyển khoản,2tr,,,,,",
    "03/11/2026,TPH,,Hộ ông Ba,hiện vật,300.000,gạo,20,,,",
    "03/11/2026,TPH,D26,Trần Văn Tư,tiền mặt,1tr,,,BL-01,,",
)


@pytest.fixture
def campaign(cast, db_session):
    made = make_campaign(unit=cast.commune, code="D26")
    db_session.commit()
    return made


@pytest.fixture
def undone(db_session, accountant, chair):
    """Undo the last import, as two people do it; returns the run."""

    def undo(run=None):
        run = run or last_run(db_session)
        actions.ask_undo(run, reason="Nạp nhầm tệp", by=accountant)
        db_session.commit()
        actions.undo(run, by=chair)
        db_session.commit()
        return run

    return undo


def last_run(db_session):
    return db_session.scalar(select(ImportRun).order_by(ImportRun.id.desc()).limit(1))


def balances(db_session):
    """Debit − credit by kind of account, without those at zero."""
    rows = select(Account.kind, func.sum(DayTotal.debit - DayTotal.credit))
    rows = rows.join(DayTotal, DayTotal.account_id == Account.id).group_by(Account.kind)
    return {kind: int(total) for kind, total in db_session.execute(rows) if total}


def test_a_run_says_what_was_brought(campaign, accountant, db_session):
    outcome = bring("donations", table(GIFTS, *ROWS), by=accountant)
    run = last_run(db_session)
    assert (run.id, run.kind, run.file_name, run.by_id) == (
        outcome.run_id,
        "donations",
        "bang.csv",
        accountant.id,
    )
    assert (run.rows, run.new, run.changed, run.sum) == (5, 5, 0, 4_300_000)
    assert run.last_entry - run.first_entry == 4
    assert [unit.code for unit in run.units] == ["TPH"]
    bring("donations", table(GIFTS, *ROWS), by=accountant)
    assert db_session.scalar(select(func.count()).select_from(ImportRun)) == 1


def test_gifts_are_reversed_and_may_come_again(campaign, accountant, chair, db_session, undone):
    before = balances(db_session)
    content = table(GIFTS, *ROWS)
    bring("donations", content, by=accountant)
    run = undone()
    assert balances(db_session) == before
    numbers = db_session.scalars(select(Entry.number).order_by(Entry.number)).all()
    assert numbers == list(range(1, len(numbers) + 1))
    mirrors = db_session.scalars(select(Posting).where(Posting.kind == "reversal")).all()
    assert len(mirrors) == 5 and all(
        (row.by_id, row.second_id, row.reason) == (accountant.id, chair.id, "Nạp nhầm tệp") for row in mirrors
    )
    assert (run.undone_by_id, run.undone_at is not None) == (chair.id, True)
    assert counts(bring("donations", content, by=accountant)) == (5, 5, 0, 0)
    assert counts(bring("donations", content, by=accountant)) == (5, 0, 0, 5)
    undone()
    assert counts(bring("donations", table(GIFTS, *ROWS, ROWS[0]), by=accountant)) == (6, 6, 0, 0)


def test_undo_takes_a_constant_number_of_statements(campaign, accountant, chair, db_session, statements):
    def sent(rows):
        lines = [f"02/11/2026,TPH,D26,Người {place},tiền mặt,{place + 1}000,,,,," for place in rows]
        bring("donations", table(GIFTS, *lines), by=accountant)
        run = last_run(db_session)
        actions.ask_undo(run, reason="Nhầm", by=accountant)
        db_session.commit()
        with statements() as found:
            actions.undo(run, by=chair)
        db_session.commit()
        return len(found)

    assert sent(range(100, 700)) <= sent(range(5)) + 2


def test_what_was_reversed_one_by_one_is_passed_over(campaign, accountant, chair, db_session, undone):
    bring("donations", table(GIFTS, *ROWS), by=accountant)
    posting = db_session.scalar(select(Posting).where(Posting.kind == "donation").limit(1))
    ledger.reverse(posting, reason="Sai", by=accountant, second=chair)
    db_session.commit()
    undone()
    assert balances(db_session) == {}
    assert db_session.scalar(select(func.count()).where(Posting.kind == "reversal")) == 5


def test_every_follower_of_a_reversal_is_known_here():
    """Undoing reverses set-based: whoever answers single reversals must be answered for in undoing/documents.py."""
    import portal.models  # noqa: F401

    known = {"cash.actions", "goods.reversal", "pledges.matching", "donations.reclassification"}
    known |= {"donations.refunds", "donations.groups", "receipts.actions"}
    # these answer only for payments, entries, settlements and allocations: no table brings any
    known |= {"spending.actions_vouchers", "spending.actions_others"}
    known |= {"advances.actions", "advances.actions_put_aside", "allocations.reversal"}
    # a gift that has met its line blocks; no table brings what the others answer for
    known |= {"statements.settling", "statements.correcting", "statements.undoing"}
    known |= {"distributions.actions_settled_goods", "distributions.actions_kept"}  # nor of hand-overs
    known |= {"distributions.actions_release"}  # vouchers and transfers to a hand: no table brings any
    known |= {"cases.following", "cases.actions_surplus"}  # payments, issues and surpluses: nor any of these
    known |= {"housing.following"}  # nor what is paid for houses
    known |= {"emulation.following_rewards"}  # prizes paid and given back: no table brings any
    assert {follower.__module__.removeprefix("portal.") for follower in ledger._followers} <= known


def test_a_gift_that_has_met_its_statement_line_stops_it(
    campaign, accountant, commune, db_session, tmp_path, undone
):
    account = make_account(unit=commune, code="K7", number="0011004123456")
    head = "Ngày,Mã đơn vị,Mã đợt,Tài khoản,Người ủng hộ,Hình thức,Số tiền"
    bring("donations", table(head, "02/11/2026,TPH,D26,K7,Lê Thị Mẫu,chuyển khoản,700000"), by=accountant)
    run = last_run(db_session)
    statement.bring(tmp_path, (700_000, "LE THI MAU"), account=account, day=date(2026, 11, 2))
    (line,) = statement.suspense()
    met = meeting.meet(line, statement.waiting_papers("in"), by=accountant)
    (told,) = undoing.obstacles(run)
    assert "đã khớp với dòng sao kê" in told
    settling.undo(met.posting, by=accountant)
    db_session.commit()
    undone()
    assert len(statement.suspense()) == 1 and statement.waiting_papers("in") == []


def test_closed_days_and_ended_units(campaign, accountant, db_session, undone):
    bring("donations", table(GIFTS, *ROWS), by=accountant)
    ledger.close_period(campaign.unit, make_fund(), date(2026, 11, 10), by=accountant)
    campaign.unit.valid_to = date(2026, 11, 5)
    db_session.commit()
    undone()
    days = db_session.execute(
        select(Posting.document_on, Posting.booked_on).where(Posting.kind == "reversal").distinct()
    ).all()
    assert days == [(date(2026, 11, 5), date(2026, 11, 11))]
    assert set(db_session.scalars(select(Transfer.booked_on).where(Transfer.posting_number > 5))) == {
        date(2026, 11, 11)
    }


def test_cash_that_was_passed_on_stops_it(campaign, accountant, cast, db_session):
    bring("donations", table(GIFTS, *ROWS), by=accountant)
    bank = make_account(unit=cast.commune, code="VCB")
    owner = {"unit_id": cast.commune.id, "fund_id": make_fund().id}
    box = ledger.account_for(**owner, kind="cash")
    transit = ledger.account_for(**owner, kind="transit", bank_account_id=bank.id)
    ledger.post(
        "internal",
        unit=cast.commune,
        fund=make_fund(),
        lines=[ledger.Line(box, transit, 1_500_000)],
        document_on=date(2026, 11, 4),
        by=accountant,
    )
    db_session.commit()
    with pytest.raises(Refused) as refused:
        actions.ask_undo(last_run(db_session), reason="Nhầm", by=accountant)
    assert "Tiền mặt của Xã Tân Phú Hòa" in refused.value.text and "1.500.000" in refused.value.text


def test_two_people_and_a_reason(campaign, accountant, chair, db_session):
    bring("donations", table(GIFTS, *ROWS), by=accountant)
    run = last_run(db_session)
    with pytest.raises(Refused):
        actions.ask_undo(run, reason=" ", by=accountant)
    with pytest.raises(Refused):
        actions.undo(run, by=chair)
    actions.ask_undo(run, reason="Nhầm", by=accountant)
    with pytest.raises(Refused):
        actions.ask_undo(run, reason="Nhầm", by=accountant)
    with pytest.raises(Refused):
        actions.undo(run, by=accountant)
    actions.decline_undo(run, by=chair)
    assert (run.undo_asked_by_id, run.undo_reason) == (None, None)
    actions.ask_undo(run, reason="Nhầm", by=accountant)
    actions.undo(run, by=chair)
    db_session.commit()
    for again in (
        lambda: actions.undo(run, by=chair),
        lambda: actions.ask_undo(run, reason="Nhầm", by=accountant),
    ):
        with pytest.raises(Refused):
            again()


def test_who_sees_and_decides(campaign, cast, db_session):
    bring("donations", table(GIFTS, *ROWS), by=cast.accountant)
    run = last_run(db_session)
    seen = {
        person.name: list(db_session.scalars(runs_for(person))) == [run]
        for person in (cast.accountant, cast.officer, cast.chair, cast.auditor, cast.administrator)
    }
    assert all(seen.values()), seen
    assert list(db_session.scalars(runs_for(cast.outsider))) == []
    assert may_ask(run, cast.officer) and not may_ask(run, cast.chair) and not may_ask(run, cast.outsider)
    actions.ask_undo(run, reason="Nhầm", by=cast.accountant)
    foreign = make_user(role="approver", unit=cast.other_commune, email="duyetkhac@vidu.vn")
    both = make_user(role="approver", unit=cast.province, email="duyettinh@vidu.vn")
    assert (waiting(cast.chair), waiting(foreign), waiting(both)) == ([run], [], [run])
    assert may_decide(run, cast.chair) and not may_decide(run, cast.accountant)
    assert not may_decide(run, foreign) and may_decide(run, both)


def test_a_run_of_two_units_belongs_to_who_has_both(campaign, cast, db_session):
    province = make_user(role="accountant", unit=cast.province, email="tinh@vidu.vn")
    rows = [ROWS[0], "02/11/2026,AL,,Nguyễn Văn Xa,tiền mặt,500.000,,,,,"]
    bring("donations", table(GIFTS, *rows), by=province)
    assert list(db_session.scalars(runs_for(cast.accountant))) == []
    run = last_run(db_session)
    assert not may_ask(run, cast.accountant) and may_ask(run, province)


RESULTS = "Mã đơn vị,Từ ngày,Đến ngày,Chương trình,Thực hiện"


def test_versions_end_and_the_former_ones_come_back(cast, accountant, db_session, undone):
    def present():
        rows = select(Initiative.name, Initiative.form).where(Initiative.until.is_(None))
        return sorted(tuple(row) for row in db_session.execute(rows))

    header = "Mã đơn vị,Tên mô hình,Hình thức"
    bring("initiatives", table(header, "TPH,Cũ,mô hình"), by=accountant)
    second = table(header, "TPH,Cũ,công trình", "TPH,Mới,mô hình")
    assert counts(bring("initiatives", second, by=accountant)) == (2, 1, 1, 0)
    run = undone()
    assert present() == [("Cũ", "mô hình")]
    as_of = db_session.execute(
        select(Initiative.form).where(Initiative.as_of(run.last_entry)).order_by(Initiative.form)
    )
    assert [row.form for row in as_of] == ["công trình", "mô hình"]
    assert counts(bring("initiatives", second, by=accountant)) == (2, 1, 1, 0)


def test_a_later_version_stops_it_until_that_was_undone(cast, accountant, db_session, undone):
    header = "Mã đơn vị,Tên mô hình,Hình thức"
    bring("initiatives", table(header, "TPH,Vườn,mô hình"), by=accountant)
    first = last_run(db_session)
    bring("initiatives", table(header, "TPH,Vườn,công trình"), by=accountant)
    assert undoing.obstacles(first) == ["Mô hình “Vườn” của Xã Tân Phú Hòa đã được sửa sau lần nhập này"]
    undone()
    assert undoing.obstacles(first) == []
    undone(first)
    assert db_session.scalar(select(func.count()).where(Initiative.until.is_(None))) == 0


CAMPAIGNS = "Mã đợt,Tên đợt,Mã đơn vị,Từ ngày,Đến ngày,Chỉ tiêu"


def test_campaigns_with_targets(cast, accountant, db_session, undone):
    bring("campaigns", table(CAMPAIGNS, "A,Đợt A,TPH,01/10/2026,30/11/2026,100tr"), by=accountant)
    content = table(
        CAMPAIGNS, "A,Đợt A đổi tên,TPH,01/10/2026,15/12/2026,200tr", "B,Đợt B,TPH,01/11/2026,,50tr"
    )
    assert counts(bring("campaigns", content, by=accountant)) == (2, 1, 1, 0)
    undone()
    rows = db_session.execute(select(Campaign.code, Campaign.name, Campaign.ends_on)).all()
    assert rows == [("A", "Đợt A", date(2026, 11, 30))]
    assert db_session.scalars(select(CampaignTarget.amount).where(CampaignTarget.as_of(None))).all() == [
        100_000_000
    ]
    assert counts(bring("campaigns", content, by=accountant)) == (2, 1, 1, 0)


def test_a_used_or_changed_row_is_named(cast, accountant, db_session):
    bring("campaigns", table(CAMPAIGNS, "A,Đợt A,TPH,01/10/2026,,"), by=accountant)
    bring(
        "campaigns", table(CAMPAIGNS, "A,Đợt A2,TPH,01/10/2026,,", "B,Đợt B,TPH,01/10/2026,,"), by=accountant
    )
    run = last_run(db_session)
    campaign = db_session.scalar(select(Campaign).where(Campaign.code == "A"))
    campaign.name = "Đợt A3"
    make_donation(campaign=db_session.scalar(select(Campaign).where(Campaign.code == "B")), by=accountant)
    db_session.commit()
    found = undoing.obstacles(run)
    assert "Đợt “Đợt A3” đã được sửa sau lần nhập này" in found
    assert "Đợt “Đợt B” đang có khoản ủng hộ" in found


def test_accounts_units(cast, administrator, chair, db_session):
    other = make_user(role="administrator", email="quantri2@vidu.vn")
    header = "Mã đơn vị,Tên đơn vị,Cấp,Mã đơn vị cấp trên"
    bring(
        "units",
        table(header, "TPH,Xã Đổi Tên,xã,TH", "MOI,Xã Mới,xã,TH", "MOI1,Ấp Một,ấp,MOI"),
        by=administrator,
    )
    units = last_run(db_session)
    accounts = table(
        "Mã tài khoản,Mã đơn vị,Ngân hàng,Số tài khoản,Số dư đầu,Ngày số dư đầu",
        "K1,TPH,Vietcombank,111,1tr,01/01/2026",
        "K2,TPH,Vietcombank,222,,",
    )
    bring("accounts", accounts, by=administrator)
    run = last_run(db_session)
    actions.ask_undo(run, reason="Nhầm", by=administrator)
    actions.undo(run, by=other)
    db_session.commit()
    assert db_session.scalars(select(BankAccount.code)).all() == ["K1"]  # the books speak of it
    assert balances(db_session) == {}
    assert counts(bring("accounts", accounts, by=administrator)) == (2, 1, 1, 0)
    actions.ask_undo(units, reason="Nhầm", by=administrator)
    actions.undo(units, by=other)
    db_session.commit()
    assert sorted(db_session.scalars(select(Unit.name))) == ["Tỉnh Tân Hòa", "Xã An Lạc", "Xã Tân Phú Hòa"]


DONORS = "Tên,Loại,Mã đơn vị,Điện thoại,Địa chỉ"


def test_donors_are_withdrawn_and_changed_ones_restored(cast, accountant, db_session, undone):
    bring("donors", table(DONORS, "Nguyễn Văn An,cá nhân,TPH,0912345678,Xóm 1"), by=accountant)
    content = table(
        DONORS, "Nguyễn Văn An,cá nhân,TPH,0912345678,Xóm 2", "Công ty Một,doanh nghiệp,TPH,,Xóm 3"
    )
    assert counts(bring("donors", content, by=accountant)) == (2, 1, 1, 0)
    undone()
    rows = db_session.execute(select(Donor.name, Donor.address, Donor.withdrawn).order_by(Donor.id)).all()
    assert rows == [("Nguyễn Văn An", "Xóm 1", False), ("Công ty Một", "Xóm 3", True)]
    assert counts(bring("donors", content, by=accountant)) == (2, 1, 1, 0)
    run = last_run(db_session)
    donor = db_session.scalar(select(Donor).where(Donor.name == "Công ty Một", ~Donor.withdrawn))
    record_donation(
        unit=cast.commune,
        fund=make_fund(),
        campaign=None,
        form="cash",
        amount=5_000,
        day=date(2026, 11, 2),
        donor_name=donor.name,
        by=accountant,
    )
    gift = db_session.scalar(select(Donation))
    gift.donor_id = donor.id
    db_session.commit()
    assert undoing.obstacles(run) == ["Nhà hảo tâm “Công ty Một” đang có khoản ủng hộ"]


PLEDGES = "Ngày,Mã đơn vị,Người đăng ký,Số tiền,Hạn,Số đăng ký"


def test_pledges_stand_as_cancelled_and_may_come_again(cast, accountant, db_session, undone):
    content = table(PLEDGES, "02/11/2026,TPH,Nguyễn Văn An,5tr,15/12/2026,", "02/11/2026,TPH,Lê Bình,1tr,,")
    assert counts(bring("pledges", content, by=accountant)) == (2, 2, 0, 0)
    bring("pledges", table(PLEDGES, "02/11/2026,TPH,Lê Bình,3tr,,ĐK-0002/2026"), by=accountant)
    undone()
    now = select(PledgeTerms.amount, PledgeTerms.cancelled_on.is_not(None)).where(PledgeTerms.as_of(None))
    assert sorted(tuple(row) for row in db_session.execute(now)) == [(1_000_000, False), (5_000_000, False)]
    undone(db_session.scalar(select(ImportRun).order_by(ImportRun.id).limit(1)))
    assert {row[1] for row in db_session.execute(now)} == {True}
    terms = db_session.scalars(
        select(PledgeTerms).where(PledgeTerms.as_of(None), PledgeTerms.amount == 5_000_000)
    ).one()
    assert [(part.due_on, part.amount) for part in terms.instalments] == [(date(2026, 12, 15), 5_000_000)]
    assert "Nạp nhầm tệp" in terms.cancel_reason
    assert counts(bring("pledges", content, by=accountant)) == (2, 2, 0, 0)
    assert counts(bring("pledges", content, by=accountant)) == (2, 0, 0, 2)


GOODS = "Mã hàng,Tên hàng,Đơn vị tính,Quy cách,Số lượng trong quy cách,Kho,Số lượng,Đơn giá"


@pytest.fixture
def store(cast, db_session):
    made = goods.record_store(code="KHO-1", name="Kho xã", unit=cast.commune, fund_id=make_fund().id)
    db_session.commit()
    return made


def test_goods_with_opening_stock(store, accountant, db_session, undone):
    content = table(GOODS, "MI,Mì gói,gói,thùng,30,KHO-1,5 thùng,4000", "GAO,Gạo,kg,,,KHO-1,12,")
    assert counts(bring("goods", content, by=accountant)) == (2, 2, 0, 0)
    assert counts(bring("goods", content, by=accountant)) == (2, 0, 0, 2)
    lying = select(Item.code, StockBalance.quantity, StockBalance.value).join(StockBalance.item)
    assert sorted(tuple(row) for row in db_session.execute(lying)) == [
        ("GAO", 12_000, 0),
        ("MI", 150_000, 600_000),
    ]
    undone()
    assert {row.quantity for row in db_session.execute(lying)} == {0}
    assert set(db_session.scalars(select(Item.withdrawn))) == {True}
    assert balances(db_session) == {}
    assert counts(bring("goods", content, by=accountant)) == (2, 2, 0, 0)


def test_goods_that_are_gone_stop_it(store, accountant, db_session):
    from portal.goods.rules import SlipRow

    bring("goods", table(GOODS, "MI,Mì gói,gói,,,,,"), by=accountant)
    row = "03/11/2026,TPH,,Hộ ông Ba,hiện vật,300.000,,20,,MI,KHO-1"
    assert bring("donations", table(GIFTS, row), by=accountant).new == 1
    item = db_session.scalar(select(Item))
    goods.issue(
        store=store, rows=[SlipRow(item.id, 5_000)], day=date(2026, 11, 20), by=accountant, partner="Hộ A"
    )
    db_session.commit()
    assert undoing.obstacles(last_run(db_session)) == [
        "“Mì gói” trong Kho xã đã xuất bớt, không còn đủ để rút lại"
    ]


def test_used_items_and_accounts_are_named(store, accountant, administrator, cast, db_session):
    bring("goods", table(GOODS, "MI,Mì gói,gói,,,,,", "GAO,Gạo,kg,,,,,"), by=accountant)
    catalogue = last_run(db_session)
    row = "03/11/2026,TPH,,Hộ ông Ba,hiện vật,300.000,,20,,MI,KHO-1"
    bring("donations", table(GIFTS, row), by=accountant)
    assert undoing.obstacles(catalogue) == ["Mặt hàng “Mì gói” đang có nhập xuất kho"]
    header = "Mã tài khoản,Mã đơn vị,Ngân hàng,Số tài khoản"
    bring("accounts", table(header, "K1,TPH,Vietcombank,111", "K2,TPH,Vietcombank,222"), by=administrator)
    accounts = last_run(db_session)
    transfer = table("Ngày,Mã đơn vị,Tài khoản,Hình thức,Số tiền", "03/11/2026,TPH,K1,chuyển khoản,1tr")
    bring("donations", transfer, by=accountant)
    assert undoing.obstacles(accounts) == ["Tài khoản “K1” đang có số phát sinh"]
