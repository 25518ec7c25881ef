"""What the portal gives away as a file is a table it takes: brought back it adds and changes nothing."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.donations.gifts import Gift, Part
from portal.donations.models import Donation
from portal.donations.posting import post_gifts
from portal.donors.actions import record_donor
from portal.goods import actions as goods
from portal.pledges.actions import record_pledge
from tests.cast import make_account, make_campaign, make_donation, make_fund, sign_in
from tests.imports.helpers import bring, counts, told

LISTS = {
    "donations": ("/quan-ly/khoan-ung-ho/", 7),
    "donors": ("/quan-ly/nha-hao-tam/", 2),
    "pledges": ("/quan-ly/dang-ky/", 2),
    "goods": ("/quan-ly/kho/danh-muc/", 2),
}


@pytest.fixture
def filled(cast, db_session):
    """Gifts of every form, a gift of two parts, donors, pledges and goods."""
    unit, fund = cast.commune, make_fund()
    campaign = make_campaign(unit=unit, code="D26")
    bank = make_account(unit=unit, code="VCB")
    by = cast.accountant
    make_donation(campaign=campaign, by=by)
    make_donation(campaign=campaign, by=by, donor_name=None, shown_as="anonymous")
    make_donation(campaign=campaign, by=by, form="bank", bank_account=bank, donor_name="Công ty Một")
    make_donation(campaign=campaign, by=by, paper_number="BL-07", note="dòng 1, có dấu phẩy")
    make_donation(campaign=campaign, by=by, form="goods", goods="gạo", quantity="20", measure="kg")
    parts = (Part("cash", 200_000), Part("goods", 0, goods="mì", quantity="3", measure="thùng"))
    post_gifts([Gift(date(2026, 11, 5), unit.id, fund.id, None, parts, donor_name="=Lê Bình")], by=by)
    donor = {"unit": unit, "by": by}
    record_donor(kind="person", name="Nguyễn Văn An", phone="0912345678", note="hai dòng", **donor)
    record_donor(kind="company", name="Công ty Hai", tax_code="0101234567", introduced_by=unit, **donor)
    pledge = {"unit": unit, "fund": fund, "by": by, "pledged_on": date(2026, 11, 2)}
    days = [(date(2026, 12, 15), 2_000_000), (date(2027, 1, 15), 3_000_000)]
    record_pledge(campaign=campaign, donor_name="An", amount=5_000_000, instalments=days, **pledge)
    record_pledge(
        campaign=None, donor_name="Bình", kind="goods", content="mì", quantity="20", measure="thùng", **pledge
    )
    goods.record_item(name="Mì gói", measure="gói", code="MI", price=4_000, packs={"thùng": 30_000})
    goods.record_item(name="Gạo", measure="kg")
    db_session.commit()


@pytest.mark.parametrize("form", ["xlsx", "csv"])
@pytest.mark.parametrize("kind", LISTS)
def test_our_own_file_brought_back(kind, form, filled, accountant, client, db_session):
    address, rows = LISTS[kind]
    sign_in(client, accountant)
    answer = client.get(f"{address}?xuat={form}")
    assert answer.status_code == 200
    outcome = bring(kind, answer.data, by=accountant)
    assert (told(outcome), counts(outcome)) == ({}, (rows, 0, 0, rows))


def test_a_changed_amount_of_an_own_gift_is_refused(filled, accountant, client, db_session):
    sign_in(client, accountant)
    text = client.get("/quan-ly/khoan-ung-ho/?xuat=csv").data.decode()
    outcome = bring("donations", text.replace("200000", "300000").encode(), by=accountant)
    assert len(told(outcome)) == 1 and "Mã khoản này đã ghi sổ" in next(iter(told(outcome).values()))
    gift = db_session.scalar(select(Donation.id).where(Donation.donor_name == "Công ty Một"))
    code = f"{gift // 10**7}-{gift % 10**7}"
    outcome = bring("donations", text.replace(code, "20261102-99").encode(), by=accountant)
    assert "Không có khoản mang mã này" in next(iter(told(outcome).values()))
