"""Recording gifts: what is posted where, what is refused, what the state of a gift is."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from portal.donations import actions, queries
from portal.donations.models import Donation, DonationWords
from portal.donations.posting import next_donation_ids
from portal.donations.rules import code_of, first_id, id_of_code
from portal.kit.errors import Refused
from portal.ledger.models import Account, Posting, Transfer
from tests.cast import make_account, make_campaign, make_donation, make_fund, make_unit

DAY = date(2024, 3, 1)


@pytest.fixture
def campaign(db_session, cast):
    """A campaign of the commune that ended on 31/03/2024."""
    return make_campaign(unit=cast.commune, starts_on=date(2024, 1, 1), ends_on=date(2024, 3, 31))


def record(cast: Any, **fields: Any) -> Donation:
    """A gift of the commune, without a campaign unless given."""
    usual = {"campaign": None, "form": "cash", "amount": 500_000, "day": DAY, "donor_name": "Nguyễn Văn An"}
    return actions.record_donation(
        unit=cast.commune, fund=make_fund(), by=cast.officer, **{**usual, **fields}
    )


def accounts(donation: Donation) -> tuple[Account, Account]:
    """Credit and debit of the gift's one transfer."""
    from portal.kit.db import db

    (line,) = db.session.scalars(select(Transfer).where(Transfer.posting_number == donation.posting_number))
    assert line.amount == donation.amount and line.ordinal == donation.ordinal
    return line.credit, line.debit


@pytest.mark.parametrize(
    ("form", "place"), [("cash", "cash"), ("bank", "untracked"), ("goods", "store"), ("papers", "papers")]
)
def test_each_form_has_its_source_and_place(db_session, cast, campaign, form: str, place: str) -> None:
    credit, debit = accounts(record(cast, form=form, campaign=campaign))
    assert (credit.kind, credit.purpose, credit.campaign_id) == ("received", form, campaign.id)
    assert (debit.kind, debit.campaign_id, debit.unit_id) == (place, None, cast.commune.id)


def test_a_transfer_waits_in_transit_of_its_account(db_session, cast) -> None:
    bank = make_account(unit=cast.commune)
    gift = record(cast, form="bank", bank_account=bank)
    assert (accounts(gift)[1].kind, accounts(gift)[1].bank_account_id) == ("transit", bank.id)
    assert gift.posting.series is None
    foreign = make_account(unit=cast.other_commune)
    with pytest.raises(Refused, match="không thuộc") as refused:
        record(cast, form="bank", bank_account=foreign)
    assert refused.value.field == "account"


def test_cash_takes_the_next_receipt_of_its_year(db_session, cast) -> None:
    first, second, old = record(cast), record(cast), record(cast, day=date(2023, 3, 1))
    numbers = [gift.posting.paper_number for gift in (first, second, old)]
    assert numbers == ["PT-0001/2024", "PT-0002/2024", "PT-0001/2023"]
    brought = record(cast, paper_number="0417")
    assert brought.posting.series is None and brought.paper_number == "0417"
    assert record(cast).posting.series_no == 3


def test_codes_count_within_their_day(db_session, cast) -> None:
    gifts = [record(cast), record(cast), record(cast, day=date(2024, 3, 2))]
    assert [gift.code for gift in gifts] == ["20240301-1", "20240301-2", "20240302-1"]
    assert [id_of_code(gift.code) for gift in gifts] == [gift.id for gift in gifts]
    assert [code_of(gift.id) for gift in gifts] == [gift.code for gift in gifts]
    assert next_donation_ids({DAY: 5, date(2024, 3, 3): 1}) == {
        DAY: first_id(DAY) + 3,
        date(2024, 3, 3): first_id(date(2024, 3, 3)) + 1,
    }


@pytest.mark.parametrize(
    "code", ["", "20240301", "20240301-0", "20240301-01", "2024030-1", "20240301-²", "a-1"]
)
def test_what_is_no_code(code: str) -> None:
    assert id_of_code(code) is None


def test_a_gift_is_found_by_the_public_at_once(db_session, cast) -> None:
    gift = record(cast, shown_as="name")
    assert "nguyen van an" in db_session.get_one(DonationWords, gift.id).words


def test_a_gift_after_the_committed_end_is_taken_and_flagged(db_session, cast, campaign) -> None:
    on_time = record(cast, campaign=campaign, day=date(2024, 3, 31))
    late = record(cast, campaign=campaign, day=date(2024, 4, 1))
    assert late.campaign_id == campaign.id
    flagged = db_session.scalars(select(Donation.id).where(queries.is_late())).all()
    assert flagged == [late.id] and on_time.id not in flagged


def test_a_campaign_of_the_province_takes_gifts_of_its_communes(db_session, cast) -> None:
    above = make_campaign(unit=cast.province, starts_on=date(2024, 1, 1), ends_on=None)
    assert record(cast, campaign=above).campaign_id == above.id
    beside = make_campaign(unit=cast.other_commune, starts_on=date(2024, 1, 1), ends_on=None)
    relief = make_campaign(unit=cast.commune, fund=make_fund(code="CUUTRO"), starts_on=DAY, ends_on=None)
    for wrong in (beside, relief):
        with pytest.raises(Refused) as refused:
            record(cast, campaign=wrong)
        assert refused.value.field == "campaign_id"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"amount": 0}, "amount"),
        ({"amount": -5}, "amount"),
        ({"form": "goods", "amount": 0}, "goods"),
        ({"form": "goods", "amount": -5}, "amount"),
        ({"amount": 10**15 + 1}, "amount"),
        ({"form": "vàng"}, "form"),
        ({"donor_kind": "robot"}, "donor_kind"),
        ({"shown_as": "photo"}, "shown_as"),
        ({"day": date(2200, 1, 1)}, "day"),
    ],
)
def test_what_is_refused_writes_nothing(db_session, cast, fields: dict, field: str) -> None:
    with pytest.raises(Refused) as refused:
        record(cast, **fields)
    assert refused.value.field == field
    db_session.rollback()
    assert db_session.scalar(select(Posting.number)) is None
    assert db_session.scalar(select(Donation.id)) is None


def test_sums_of_a_campaign_follow_reversals(db_session, cast, campaign) -> None:
    from portal.ledger.actions import reverse

    kept = make_donation(campaign=campaign, by=cast.officer, day=DAY, amount=300_000)
    wrong = make_donation(campaign=campaign, by=cast.officer, day=DAY, amount=900_000)
    make_donation(campaign=campaign, by=cast.officer, day=DAY, amount=70_000, form="goods")
    reverse(wrong.posting, reason="Ghi nhầm", by=cast.officer, second=cast.chair)
    assert queries.received_by_unit(campaign.id) == {cast.commune.id: (300_000, 70_000)}
    assert queries.cash_in_hand(cast.commune.id, campaign.fund_id) == 300_000
    reversed_ones = select(Donation.id).where(queries.is_reversed())
    assert db_session.scalars(reversed_ones).all() == [wrong.id] and kept.id != wrong.id


def test_a_gift_of_a_statement_is_not_reversed_alone(db_session, cast) -> None:
    from portal.ledger import actions as ledger
    from portal.ledger.rules import Line

    fund, bank = make_fund(), make_account(unit=cast.commune)
    source = ledger.account_for(unit_id=cast.commune.id, fund_id=fund.id, kind="received", purpose="bank")
    place = ledger.account_for(unit_id=cast.commune.id, fund_id=fund.id, kind="bank", bank_account_id=bank.id)
    posting = ledger.post(
        "statement",
        unit=cast.commune,
        fund=fund,
        document_on=DAY,
        lines=[Line(source, place, 9_000)],
        by=None,
    )
    gift = Donation(
        id=next_donation_ids({DAY: 1})[DAY],
        posting_number=posting.number,
        ordinal=1,
        unit_id=cast.commune.id,
        donated_on=DAY,
        form="bank",
        amount=9_000,
    )
    db_session.add(gift)
    db_session.flush()
    with pytest.raises(Refused, match="không đảo riêng từng dòng"):
        actions.request_reversal(gift, reason="Nhầm", by=cast.officer)


def test_staff_find_names_numbers_and_codes(db_session, cast) -> None:
    here = make_unit()
    campaign = make_campaign(unit=here, starts_on=date(2024, 1, 1), ends_on=None)
    first = make_donation(campaign=campaign, day=DAY, donor_name="Đỗ Thị Kim Ngân", address="ấp Phú Lợi")
    second = make_donation(campaign=campaign, day=DAY, donor_name="Lê Quốc Thịnh", note="gửi qua bà Ngân")
    third = make_donation(campaign=campaign, day=DAY, donor_name=None, paper_number="0417")
    wanted = {
        "ngan do": {first.id},
        "NGÂN": {first.id, second.id},
        "phu loi": {first.id},
        "PT-0002": {second.id},
        "pt-2/2024": {second.id},
        "2/2023": set(),
        "0417": {third.id},
        second.code: {second.id},
        "%": set(),
        "_": set(),
    }
    for text, ids in wanted.items():
        assert set(db_session.scalars(select(Donation.id).where(queries.found_by(text)))) == ids, text
