"""Rows of one document, goods of the catalogue into a store, gifts after the campaign's end."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.donations.models import Donation
from portal.goods import actions as goods
from portal.goods.models import StockBalance
from portal.ledger.models import Posting
from tests.cast import make_campaign, make_fund
from tests.imports.helpers import bring, counts, table, told

HEADER = (
    "Ngày,Mã đơn vị,Mã đợt,Người ủng hộ,Hình thức,Số tiền,Hiện vật,Số lượng,Đơn vị tính,Số phiếu,"
    "Mã hàng,Kho,Mã chứng từ"
)
CASH = "02/11/2026,TPH,D26,Nguyễn Văn An,tiền mặt,500.000,,,,,,,A1"
NOODLES = "02/11/2026,TPH,D26,Nguyễn Văn An,hiện vật,600.000,,5 thùng,,,MI,,A1"
RICE = "02/11/2026,TPH,D26,Nguyễn Văn An,hiện vật,,gạo,20,kg,,,,A1"


@pytest.fixture(autouse=True)
def stocked(cast, db_session):
    make_campaign(unit=cast.commune, code="D26")
    goods.record_store(code="KHO-1", name="Kho xã", unit=cast.commune, fund_id=make_fund().id)
    goods.record_item(name="Mì gói", measure="gói", code="MI", packs={"thùng": 30_000})
    db_session.commit()


def test_one_document_of_three_parts(accountant, db_session):
    content = table(HEADER, CASH, CASH.replace("A1", ""), NOODLES, RICE)
    assert counts(bring("donations", content, by=accountant)) == (4, 4, 0, 0)
    assert counts(bring("donations", content, by=accountant)) == (4, 0, 0, 4)
    gifts = db_session.scalars(select(Donation).order_by(Donation.posting_number, Donation.ordinal)).all()
    assert [(gift.form, gift.amount, gift.goods, gift.part_of is None) for gift in gifts] == [
        ("cash", 500_000, None, True),
        ("goods", 600_000, "Mì gói", False),
        ("goods", 0, "gạo", False),
        ("cash", 500_000, None, True),
    ]
    assert db_session.execute(select(StockBalance.quantity, StockBalance.value)).all() == [(150_000, 600_000)]
    numbers = db_session.execute(select(Posting.series, Posting.series_no).order_by(Posting.number)).all()
    assert numbers == [("PT", 1), ("PT", 2)]


def test_a_document_on_a_paper_receipt(accountant, db_session):
    rows = [row.replace(",MI,,A1", ",,,A1") for row in (CASH, RICE)]
    rows = [row.replace(",,,,A1", ",BL-01,,,A1") for row in rows]
    content = table(HEADER, *rows)
    assert counts(bring("donations", content, by=accountant)) == (2, 2, 0, 0)
    assert counts(bring("donations", content, by=accountant)) == (2, 0, 0, 2)
    outcome = bring("donations", table(HEADER, *[row.replace("500.000", "400.000") for row in rows]))
    assert "đã ghi sổ là khoản" in told(outcome)["dòng 2, cột “Số phiếu”"]
    assert [gift.paper_number for gift in db_session.scalars(select(Donation))] == ["BL-01", "BL-01"]


def test_rows_of_a_document_agree(accountant):
    other = NOODLES.replace("Nguyễn Văn An", "Lê Bình")
    later = RICE.replace("02/11/2026", "03/11/2026")
    cells = told(bring("donations", table(HEADER, CASH, other, later), by=accountant))
    assert set(cells) == {"dòng 3, cột “Người ủng hộ”", "dòng 4, cột “Ngày”"}
    assert "Khác với dòng 2 cùng mã chứng từ “A1”" in cells["dòng 4, cột “Ngày”"]


def test_faults_of_goods_at_their_cells(accountant, cast, db_session):
    rows = [
        (NOODLES.replace("MI", "KHONG"), "Mã hàng"),
        (NOODLES.replace("MI,", "MI,KHO-9"), "Kho"),
        (NOODLES.replace("5 thùng", "5 bao"), "Số lượng"),
        (NOODLES.replace("5 thùng", ""), "Số lượng"),
        (CASH.replace(",,,A1", ",MI,,A1"), "Mã hàng"),
    ]
    for row, column in rows:
        assert set(told(bring("donations", table(HEADER, row), by=accountant))) == {f"dòng 2, cột “{column}”"}
    goods.record_store(code="KHO-2", name="Kho hai", unit=cast.commune, fund_id=make_fund().id)
    outcome = bring("donations", table(HEADER, NOODLES), by=accountant)
    assert "có 2 kho" in told(outcome)["dòng 2, cột “Kho”"]
    assert bring("donations", table(HEADER, NOODLES.replace("MI,", "MI,KHO-2")), by=accountant).accepted


def test_a_late_gift_is_taken_and_told(accountant, db_session):
    outcome = bring("donations", table(HEADER, CASH.replace("02/11", "20/11")), by=accountant)
    assert outcome.new == 1 and outcome.notes == [
        "Khoản sau ngày kết thúc đợt vẫn ghi vào đợt và được đánh dấu: dòng 2."
    ]
    assert db_session.scalar(select(Donation.donated_on)) == date(2026, 11, 20)
