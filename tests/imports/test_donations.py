"""Gifts of a table: each its own document, never twice, never changed silently."""

from datetime import date

import pytest
from sqlalchemy import func, select

from portal.donations.models import Donation
from portal.imports.gifts import GiftRow, post_gifts
from portal.kit.audit import AuditEntry
from portal.kit.numbers import Entry, Numbering
from portal.ledger.actions import close_period, reverse
from portal.ledger.models import Account, DayTotal, MonthTotal, Posting, Transfer
from tests.cast import make_account, make_campaign, make_donation, make_fund, make_unit
from tests.imports.helpers import bring, counts, table, told

HEADER = (
    "Ngày,Mã đơn vị,Mã đợt,Tài khoản,Người ủng hộ,Loại,Địa chỉ,Hình thức,Số tiền,Hiện vật,"
    "Số lượng,Đơn vị tính,"
    "Cách hiển thị,Số phiếu,Ghi chú"
)
CASH = "02/11/2026,,D26,,Nguyễn Văn An,cá nhân,Xóm 1,tiền mặt,500.000,,,,họ tên,,"
PAPER = "03/11/2026,TPH,D26,,Lê Thị Bình,cá nhân,,tiền mặt,200k,,,,,BL-01,"


@pytest.fixture
def campaign(cast, db_session):
    make_account(unit=cast.commune, code="VCB")
    made = make_campaign(unit=cast.commune, code="D26")
    db_session.commit()
    return made


def total(db_session, kind):
    """Debit − credit of all accounts of a kind, from the running totals of the days and of the months."""
    sums = []
    for model in (DayTotal, MonthTotal):
        rows = select(func.sum(model.debit - model.credit)).join(Account, Account.id == model.account_id)
        sums.append(int(db_session.scalar(rows.where(Account.kind == kind)) or 0))
    assert sums[0] == sums[1]
    return sums[0]


def test_every_form_goes_to_its_place(campaign, db_session):
    content = table(
        HEADER,
        CASH,
        "02/11/2026,,D26,VCB,Công ty Một,doanh nghiệp,,chuyển khoản,1tr,,,,,,",
        "02/11/2026,,D26,,Công ty Hai,doanh nghiệp,,chuyển khoản,2tr,,,,,,",
        "02/11/2026,,D26,,Hộ ông Ba,hộ gia đình,,hiện vật,300.000,gạo,20,kg,,,",
        "02/11/2026,TPH,,,Nhóm Bốn,nhóm,,giấy tờ có giá,400.000,,,,ẩn danh,,",
    )
    outcome = bring("donations", content)
    assert (counts(outcome), outcome.sum) == ((5, 5, 0, 0), 4_200_000)
    places = {kind: total(db_session, kind) for kind in ("cash", "transit", "untracked", "store", "papers")}
    assert places == {
        "cash": 500_000,
        "transit": 1_000_000,
        "untracked": 2_000_000,
        "store": 300_000,
        "papers": 400_000,
    }
    gift = db_session.scalar(select(Donation).where(Donation.form == "goods"))
    assert (gift.goods, gift.quantity, gift.measure, gift.campaign_id) == ("gạo", "20", "kg", campaign.id)
    assert db_session.scalar(select(Donation.campaign_id).where(Donation.form == "papers")) is None


def test_numbers_are_those_of_the_screen(campaign, accountant, db_session):
    """Entries, receipts and codes go on without a gap, whoever records first."""
    first = make_donation(campaign=campaign, by=accountant, day=date(2026, 11, 2))
    outcome = bring(
        "donations", table(HEADER, CASH, PAPER, CASH.replace("500.000", "600.000")), by=accountant
    )
    assert outcome.new == 3
    last = make_donation(campaign=campaign, by=accountant, day=date(2026, 11, 2))
    assert [gift.code for gift in (first, last)] == ["20261102-1", "20261102-4"]
    rows = db_session.execute(select(Posting.series_no, Posting.by_id).order_by(Posting.number)).all()
    assert rows == [
        (1, accountant.id),
        (2, accountant.id),
        (None, accountant.id),
        (3, accountant.id),
        (4, accountant.id),
    ]
    assert db_session.scalar(select(Numbering.last)) == 4
    numbers = db_session.scalars(select(Entry.number).order_by(Entry.number)).all()
    assert numbers == list(range(1, len(numbers) + 1))


def test_same_file_twice_adds_nothing(campaign, db_session):
    content = table(HEADER, CASH, CASH, PAPER, PAPER)
    assert counts(bring("donations", content)) == (4, 3, 0, 1)
    assert counts(bring("donations", content, dry_run=True)) == (4, 0, 0, 4)
    assert counts(bring("donations", content)) == (4, 0, 0, 4)
    assert db_session.scalar(select(func.count()).select_from(Donation)) == 3
    notes = db_session.scalars(select(AuditEntry).where(AuditEntry.action == "import")).all()
    assert [note.changes["new"] for note in notes] == [3]


def test_third_occurrence_is_new(campaign, db_session):
    bring("donations", table(HEADER, CASH, CASH))
    assert counts(bring("donations", table(HEADER, CASH, CASH, CASH))) == (3, 1, 0, 2)


def test_changed_row_with_the_same_receipt_is_refused_with_advice(campaign, db_session):
    bring("donations", table(HEADER, PAPER))
    outcome = bring("donations", table(HEADER, CASH, PAPER.replace("200k", "300k")))
    message = told(outcome)["dòng 3, cột “Số phiếu”"]
    assert "20261103-1" in message and "200.000 đồng" in message and "đảo" in message
    assert db_session.scalar(select(func.count()).select_from(Donation)) == 1


def test_reversed_gift_may_come_again_corrected_but_not_as_it_was(campaign, accountant, chair, db_session):
    bring("donations", table(HEADER, PAPER), by=accountant)
    posting = db_session.scalar(select(Posting).where(Posting.kind == "donation"))
    reverse(posting, reason="Sai số tiền", by=accountant, second=chair)
    db_session.commit()
    assert counts(bring("donations", table(HEADER, PAPER))) == (1, 0, 0, 1)
    corrected = table(HEADER, PAPER.replace("200k", "300k"))
    assert counts(bring("donations", corrected)) == (1, 1, 0, 0)
    assert counts(bring("donations", corrected)) == (1, 0, 0, 1)
    assert total(db_session, "cash") == 300_000


def test_one_receipt_may_hold_money_and_goods_but_not_two_sums(campaign, db_session):
    goods = "03/11/2026,TPH,D26,,Lê Thị Bình,cá nhân,,hiện vật,100k,mì tôm,5,thùng,,BL-01,"
    assert bring("donations", table(HEADER, PAPER, goods)).new == 2
    other = PAPER.replace("BL-01", "BL-02")
    twice = bring("donations", table(HEADER, other, other.replace("200k", "300k")))
    assert "đã dùng ở dòng 2" in told(twice)["dòng 3, cột “Số phiếu”"]


def test_our_own_receipts_brought_back_are_known(campaign, accountant, db_session):
    """An export holds the numbers that the portal gave out; brought back it must not count twice."""
    gift = make_donation(campaign=campaign, by=accountant, day=date(2026, 11, 2))
    for number in (gift.posting.paper_number, gift.code):
        row = f"02/11/2026,Xã Tân Phú Hòa,{number},Nguyễn Văn An,Tiền mặt,500000"
        header = "Ngày,Đơn vị,Số phiếu,Người ủng hộ,Hình thức,Số tiền (đ)"
        assert counts(bring("donations", table(header, row))) == (1, 0, 0, 1)
        assert (
            "khoản 20261102-1"
            in told(bring("donations", table(header, row.replace("500000", "600000"))))[
                "dòng 2, cột “Số phiếu”"
            ]
        )
    assert db_session.scalar(select(func.count()).select_from(Donation)) == 1


def test_absent_columns_are_not_compared(campaign, db_session):
    bring("donations", table(HEADER, PAPER))
    short = table(
        "Ngày,Mã đơn vị,Mã đợt,Hình thức,Số tiền,Số phiếu", "03/11/2026,TPH,D26,tiền mặt,200000,BL-01"
    )
    assert counts(bring("donations", short)) == (1, 0, 0, 1)


def test_codes_of_the_command_stand_in(campaign, db_session):
    content = table("Ngày,Hình thức,Số tiền", "02/11/2026,chuyển khoản,1tr", "02/11/2026,tiền mặt,1tr")
    assert bring("donations", content, unit="TPH", campaign="D26", account="VCB").accepted
    assert (total(db_session, "transit"), total(db_session, "cash")) == (1_000_000, 1_000_000)


def test_closed_period_books_on_the_first_open_day(campaign, accountant, db_session):
    close_period(campaign.unit, make_fund(), date(2026, 11, 10), by=accountant)
    assert bring("donations", table(HEADER, CASH)).accepted
    assert db_session.execute(select(Posting.document_on, Posting.booked_on)).one() == (
        date(2026, 11, 2),
        date(2026, 11, 11),
    )
    assert db_session.scalar(select(Transfer.booked_on)) == date(2026, 11, 11)


def test_ended_unit_names_its_successor(campaign, db_session):
    make_unit(code="CU", name="Xã Cũ", valid_to=date(2025, 6, 30))
    bring("units", table("Mã đơn vị,Tên đơn vị,Hiệu lực từ,Thay thế cho", "MOI,Xã Mới,01/07/2025,CU"))
    old = "30/06/2025,CU,,,An,,,tiền mặt,500.000,,,,,,"
    assert bring("donations", table(HEADER, old)).accepted
    outcome = bring("donations", table(HEADER, old.replace("30/06", "01/07")))
    assert "Xã Mới (mã MOI)" in told(outcome)["dòng 2, cột “Mã đơn vị”"]


def test_a_reused_code_means_its_bearer_on_the_day(db_session):
    before = make_unit(code="X", name="Xã Trước", valid_to=date(2025, 6, 30))
    after = make_unit(code="X", name="Xã Sau", valid_from=date(2025, 7, 1))
    rows = [f"{day},X,,,An,,,tiền mặt,500.000,,,,,," for day in ("30/06/2025", "01/07/2025")]
    assert bring("donations", table(HEADER, *rows)).accepted
    owners = db_session.scalars(select(Donation.unit_id).order_by(Donation.id)).all()
    assert owners == [before.id, after.id]


def test_foreign_units_are_told_per_row(campaign, cast, outsider, db_session):
    rows = [CASH, "02/11/2026,AL,,,An,,,tiền mặt,500.000,,,,,,", PAPER]
    outcome = bring("donations", table(HEADER, *rows), by=outsider)
    assert set(told(outcome)) == {"dòng 2, cột “Mã đợt”", "dòng 4, cột “Mã đơn vị”"}


def test_campaign_and_account_must_fit_the_unit(campaign, cast, db_session):
    rows = [
        "02/11/2026,AL,D26,,An,,,tiền mặt,500.000,,,,,,",
        "02/11/2026,AL,,VCB,An,,,chuyển khoản,500.000,,,,,,",
        "02/11/2026,TPH,,VCB,An,,,tiền mặt,500.000,,,,,,",
        "02/11/2026,,,,An,,,tiền mặt,500.000,,,,,,",
    ]
    assert set(told(bring("donations", table(HEADER, *rows)))) == {
        "dòng 2, cột “Mã đợt”",
        "dòng 3, cột “Tài khoản”",
        "dòng 4, cột “Tài khoản”",
        "dòng 5, cột “Mã đơn vị”",
    }


def test_many_gifts_in_few_statements(campaign, db_session, statements):
    """The number of SQL statements does not follow the number of gifts one by one."""
    row = GiftRow(date(2026, 11, 2), campaign.unit_id, campaign.fund_id, campaign.id, None, "cash", 1_000)
    with statements() as few:
        post_gifts([((row,), f"a{place}") for place in range(50)], by=None)
    with statements() as many:
        post_gifts([((row,), f"b{place}") for place in range(1_500)], by=None)
    assert len(many) <= len(few) + 5
