"""What becomes of a gift later: its donor is found, it is shown otherwise, counted elsewhere, given back, reversed."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from portal.donations import actions, queries
from portal.donations.gifts import Gift, Part
from portal.donations.models import (
    Donation,
    DonationWords,
    Reclassification,
    ReclassificationRequest,
    Refund,
)
from portal.donations.posting import post_gifts
from portal.donors.models import Donor
from portal.kit.audit import AuditEntry
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import reverse
from portal.ledger.models import Account, Posting, Transfer
from portal.ledger.queries import account_balance
from portal.operate.verify import outcomes
from tests.cast import make_account, make_campaign, make_donation, make_fund, make_unit
from tests.spending.builders import make_decision, make_payment, make_row

DAY = date(2024, 3, 1)


@pytest.fixture
def campaign(db_session, cast):
    """A campaign of the commune."""
    return make_campaign(unit=cast.commune, name="Đợt một", starts_on=date(2024, 1, 1), ends_on=None)


@pytest.fixture
def other(db_session, cast):
    """Another campaign of the commune, already over."""
    ends_on = date(2024, 2, 1)
    return make_campaign(unit=cast.commune, name="Đợt hai", starts_on=date(2024, 1, 1), ends_on=ends_on)


@pytest.fixture(autouse=True)
def verified(db_session):
    """Whatever a test did, the books agree at its end."""
    yield
    db.session.flush()
    assert [found.problem for found in outcomes(db.session.connection()) if found.problem] == []


def mixed(cast: Any, campaign: Any, **fields: Any) -> Donation:
    """A gift of cash and goods, one of them without a value."""
    parts = (Part("cash", 500_000), Part("goods", 0, goods="Áo ấm"), Part("goods", 70_000, goods="Gạo"))
    gift = Gift(
        DAY, cast.commune.id, make_fund().id, campaign.id, parts, donor_name="Trần Văn Bình", **fields
    )
    (posted,) = post_gifts([gift], by=cast.officer)
    return db.session.get_one(Donation, posted.donation_id)


def move(cast: Any, gift: Donation, to: Any) -> Posting:
    """The gift counts elsewhere from now on."""
    return actions.reclassify(gift, to, reason="Ghi nhầm đợt", by=cast.officer, second=cast.chair)


def undo(cast: Any, posting: Posting) -> Posting:
    """Reverse a document."""
    return reverse(posting, reason="Ghi nhầm", by=cast.officer, second=cast.chair)


def received(cast: Any, campaign: Any) -> tuple[int, int]:
    """(money, goods) that the books count for a campaign."""
    return queries.received_by_unit(campaign.id).get(cast.commune.id, (0, 0))


def test_reclassification_moves_every_part_and_keeps_code_and_receipt(
    db_session, cast, campaign, other
) -> None:
    gift = mixed(cast, campaign)
    code, paper = gift.code, gift.posting.paper_number
    document = move(cast, gift, other)
    assert (document.kind, document.series, document.second_id) == ("reclassification", None, cast.chair.id)
    assert (received(cast, campaign), received(cast, other)) == ((0, 0), (500_000, 70_000))
    parts = db_session.scalars(select(Donation).order_by(Donation.id)).all()
    assert {part.campaign_id for part in parts} == {other.id} and gift.campaign.id == other.id
    assert (gift.code, gift.posting.paper_number) == (code, paper)
    rows = db_session.scalars(select(Reclassification).order_by(Reclassification.ordinal)).all()
    assert [row.donation_id - gift.id for row in rows] == [0, 2, 1]
    lines = db_session.scalars(select(Transfer).where(Transfer.posting_number == document.number)).all()
    assert [line.ordinal for line in lines] == [1, 2]
    late = db_session.scalars(select(Donation.id).where(queries.is_late()).order_by(Donation.id)).all()
    assert late == [part.id for part in parts]


def test_a_gift_may_leave_campaigns_and_come_back(db_session, cast, campaign) -> None:
    gift = mixed(cast, campaign)
    move(cast, gift, None)
    assert gift.campaign_id is None and received(cast, campaign) == (0, 0)
    move(cast, gift, campaign)
    assert received(cast, campaign) == (500_000, 70_000)


def test_goods_without_a_value_move_without_transfers(db_session, cast, campaign, other) -> None:
    gift = Gift(DAY, cast.commune.id, make_fund().id, campaign.id, (Part("goods", 0, goods="Áo ấm"),))
    (posted,) = post_gifts([gift], by=cast.officer)
    row = db_session.get_one(Donation, posted.donation_id)
    document = move(cast, row, other)
    assert row.campaign_id == other.id
    undo(cast, document)
    assert row.campaign_id == campaign.id


def test_reversing_a_reclassification_puts_the_campaign_back(db_session, cast, campaign, other) -> None:
    gift = mixed(cast, campaign)
    first = move(cast, gift, other)
    second = move(cast, gift, None)
    with db_session.begin_nested() as inner:
        with pytest.raises(Refused, match=f"chứng từ số {second.number}"):
            undo(cast, first)
        inner.rollback()
    undo(cast, second)
    assert gift.campaign_id == other.id
    undo(cast, first)
    assert gift.campaign_id == campaign.id
    assert (received(cast, campaign), received(cast, other)) == ((500_000, 70_000), (0, 0))


def test_a_reversed_gift_takes_its_reclassifications_along(db_session, cast, campaign, other) -> None:
    gift = mixed(cast, campaign)
    documents = [move(cast, gift, other), move(cast, gift, None)]
    undo(cast, gift.posting)
    assert all(queries.ledger.reversal_of(document.number) for document in documents)
    assert (received(cast, campaign), received(cast, other), gift.campaign_id) == (
        (0, 0),
        (0, 0),
        campaign.id,
    )
    with pytest.raises(Refused, match="đã được đảo"):
        move(cast, gift, other)


def test_reclassification_is_refused_for_foreign_campaigns_and_for_nothing(
    db_session, cast, campaign
) -> None:
    gift = make_donation(campaign=campaign, by=cast.officer, day=DAY)
    beside = make_campaign(unit=cast.other_commune, starts_on=DAY, ends_on=None)
    relief = make_campaign(unit=cast.commune, fund=make_fund(code="CUUTRO"), starts_on=DAY, ends_on=None)
    for wrong in (beside, relief, campaign):
        with pytest.raises(Refused) as refused:
            move(cast, gift, wrong)
        assert refused.value.field == "campaign_id"
    with pytest.raises(Refused, match="khác người lập"):
        actions.reclassify(gift, None, reason="Nhầm", by=cast.officer, second=cast.officer)
    with pytest.raises(Refused) as refused:
        actions.request_reclassification(gift, None, reason=" ", by=cast.officer)
    assert refused.value.field == "reason"


def test_one_asks_for_another_campaign_and_another_decides(db_session, cast, campaign, other) -> None:
    gift = mixed(cast, campaign)
    second_part = db_session.get_one(Donation, gift.id + 2)
    asked = actions.request_reclassification(second_part, other, reason="Nhầm đợt", by=cast.officer)
    assert asked.donation_id == gift.id
    with pytest.raises(Refused, match="đang chờ duyệt"):
        actions.request_reclassification(gift, other, reason="Nhầm đợt", by=cast.officer)
    with pytest.raises(Refused, match="khác người lập"):
        actions.decide_reclassification(asked, approve=True, answer="", by=cast.officer)
    with pytest.raises(Refused) as refused:
        actions.decide_reclassification(asked, approve=False, answer=" ", by=cast.chair)
    assert refused.value.field == "answer"
    document = actions.decide_reclassification(asked, approve=True, answer="", by=cast.chair)
    assert document is not None and asked.posting_number == document.number and gift.campaign_id == other.id
    with pytest.raises(Refused, match="đã được trả lời"):
        actions.decide_reclassification(asked, approve=True, answer="", by=cast.chair)
    again = actions.request_reclassification(gift, campaign, reason="Nhầm đợt", by=cast.officer)
    undo(cast, gift.posting)
    db_session.refresh(again)
    assert (again.approved, again.answer) == (False, "Khoản ủng hộ đã được đảo.")
    assert (
        db_session.scalar(
            select(ReclassificationRequest.id).where(ReclassificationRequest.approved.is_(None))
        )
        is None
    )


def test_the_donor_comes_after_the_money(db_session, cast, campaign) -> None:
    parts = (Part("cash", 500_000), Part("goods", 9_000, goods="Gạo"))
    gift = Gift(DAY, cast.commune.id, make_fund().id, campaign.id, parts, donor_pending=True)
    (posted,) = post_gifts([gift], by=cast.officer)
    row = db_session.get_one(Donation, posted.donation_id)
    assert db_session.scalars(
        select(Donation.id).where(queries.is_pending()).order_by(Donation.id)
    ).all() == [row.id, row.id + 1]
    donor = Donor(
        unit_id=cast.commune.id, kind="person", name="Đỗ Thị Kim Ngân", folded="do thi kim ngan", sort_key="a"
    )
    db_session.add(donor)
    db_session.flush()
    with pytest.raises(Refused) as refused:
        actions.identify_donor(row, None, by=cast.officer)
    assert refused.value.field == "donor_name"
    actions.identify_donor(row, donor, shown_as="name", by=cast.officer)
    both = db_session.scalars(select(Donation)).all()
    assert {(part.donor_id, part.donor_name, part.donor_kind, part.donor_pending) for part in both} == {
        (donor.id, "Đỗ Thị Kim Ngân", "person", False)
    }
    assert "kim ngan" in db_session.get_one(DonationWords, row.id).words
    note = db_session.scalars(select(AuditEntry).where(AuditEntry.entity == "donation")).all()[-1]
    assert (note.action, note.by_id) == ("update", cast.officer.id) and "donor_name" in note.changes
    with pytest.raises(Refused, match="đã có tên"):
        actions.identify_donor(row, None, name="Người khác", by=cast.officer)


def test_a_gift_of_nobody_known_may_get_its_name(db_session, cast, campaign) -> None:
    gift = make_donation(campaign=campaign, by=cast.officer, day=DAY, donor_name=None)
    actions.identify_donor(gift, None, name=" Lê Quốc Thịnh ", by=cast.officer)
    assert gift.donor_name == "Lê Quốc Thịnh"


def test_how_a_donor_is_shown_changes_pages_and_search(db_session, cast, campaign) -> None:
    gift = make_donation(
        campaign=campaign, by=cast.officer, day=DAY, donor_name="Lê Quốc Thịnh", shown_as="name"
    )
    assert "quoc thinh" in db_session.get_one(DonationWords, gift.id).words
    actions.change_shown_as(gift, "anonymous", by=cast.officer)
    assert "thinh" not in db_session.get_one(DonationWords, gift.id).words
    with pytest.raises(Refused) as refused:
        actions.change_shown_as(gift, "photo", by=cast.officer)
    assert refused.value.field == "shown_as"
    actions.change_shown_as(gift, None, by=cast.officer)
    assert gift.shown_as is None


def ask(cast: Any, gift: Donation, amount: int, **fields: Any) -> Refund:
    """Ask for a refund in cash out of the box."""
    usual = {"place": "cash", "receiver": "Trần Văn Bình", "reason": "Chuyển nhầm", "by": cast.officer}
    return actions.request_refund(gift, amount=amount, **{**usual, **fields})


def give_back(cast: Any, gift: Donation, amount: int, **fields: Any) -> Refund:
    """Ask and approve."""
    refund = ask(cast, gift, amount, **fields)
    actions.decide_refund(refund, approve=True, answer="", by=cast.chair)
    return refund


def test_a_refund_is_a_document_of_its_own(db_session, cast, campaign) -> None:
    gift = mixed(cast, campaign)
    refund = give_back(cast, gift, 200_000)
    posting = refund.posting
    assert posting is not None
    assert (posting.kind, posting.paper_number[:2], posting.by_id, posting.second_id) == (
        "refund",
        "PC",
        cast.officer.id,
        cast.chair.id,
    )
    (line,) = posting.transfers
    assert (line.credit.kind, line.debit.kind, line.debit.campaign_id) == ("cash", "refunded", campaign.id)
    assert queries.refunded_of([gift.id]) == 200_000
    assert queries.cash_in_hand(cast.commune.id, campaign.fund_id) == 300_000
    assert received(cast, campaign) == (500_000, 70_000)
    undo(cast, posting)
    assert queries.refunded_of([gift.id]) == 0


def test_a_refund_never_exceeds_what_is_left_nor_what_the_place_holds(db_session, cast, campaign) -> None:
    gift = mixed(cast, campaign)
    make_donation(campaign=campaign, by=cast.officer, day=DAY, amount=900_000)
    for amount in (0, -1, 500_001):
        with pytest.raises(Refused) as refused:
            ask(cast, gift, amount)
        assert refused.value.field == "amount"
    waiting = ask(cast, gift, 300_000)
    with pytest.raises(Refused, match="còn 200.000 đồng .đang chờ duyệt hoàn trả 300.000 đồng"):
        ask(cast, gift, 200_001)
    actions.decide_refund(waiting, approve=True, answer="", by=cast.chair)
    with pytest.raises(Refused, match="còn 200.000 đồng"):
        ask(cast, gift, 200_001)
    with pytest.raises(Refused, match="Nơi chi đang có 0 đồng"):
        ask(cast, gift, 1, holder_id=cast.officer.id)
    goods = db_session.get_one(Donation, gift.id + 2)
    with pytest.raises(Refused, match="bằng tiền"):
        ask(cast, goods, 1)
    for field, changes in {
        "reason": {"reason": " "},
        "receiver": {"receiver": ""},
        "place": {"place": "store"},
    }.items():
        with pytest.raises(Refused) as refused:
            ask(cast, gift, 1, **changes)
        assert refused.value.field == field
    assert db_session.scalars(select(Refund.amount)).all() == [300_000]


def test_of_two_requests_at_once_only_what_is_left_is_paid(db_session, cast, campaign) -> None:
    """What the place holds is looked at again when the second person answers."""
    gift = make_donation(campaign=campaign, by=cast.officer, day=DAY, amount=500_000)
    first, second = ask(cast, gift, 400_000), ask(cast, gift, 100_000)
    actions.decide_refund(first, approve=True, answer="", by=cast.chair)
    box = actions.ledger.account_for(unit_id=cast.commune.id, fund_id=make_fund().id, kind="cash")
    decision = make_decision(
        unit=cast.commune,
        maker=cast.officer,
        issuer=cast.chair,
        rows=[make_row(campaign=campaign, amount=50_000)],
        decided_on=DAY,
    )
    make_payment(decision=decision, maker=cast.accountant, approver=cast.chair, day=DAY)
    with pytest.raises(Refused, match="không đủ hoàn trả"):
        actions.decide_refund(second, approve=True, answer="", by=cast.chair)
    db_session.refresh(second)
    assert account_balance(box.id) == 50_000


def test_a_transfer_is_given_back_through_the_bank(db_session, cast, campaign) -> None:
    bank, foreign = make_account(unit=cast.commune), make_account(unit=make_unit())
    gift = make_donation(campaign=campaign, by=cast.officer, day=DAY, form="bank", bank_account=bank)
    with pytest.raises(Refused) as refused:
        ask(cast, gift, 1, place="bank", bank_account=foreign)
    assert refused.value.field == "place"
    refund = give_back(cast, gift, 500_000, place="bank", bank_account=bank)
    assert refund.posting is not None and refund.posting.series is None
    assert refund.posting.transfers[0].credit.kind == "transit"
    transit = db_session.scalars(select(Account).where(Account.kind == "transit")).one()
    assert account_balance(transit.id) == 0


def test_a_refunded_gift_is_neither_reversed_nor_moved_before_its_refund(
    db_session, cast, campaign, other
) -> None:
    gift = mixed(cast, campaign)
    document = move(cast, gift, other)
    refund = give_back(cast, gift, 1_000)
    for refused_action in (
        lambda: undo(cast, gift.posting),
        lambda: undo(cast, document),
        lambda: move(cast, gift, campaign),
        lambda: actions.request_reversal(gift, reason="Nhầm", by=cast.officer),
    ):
        with db_session.begin_nested() as inner:
            with pytest.raises(Refused, match="Đảo chứng từ hoàn trả trước"):
                refused_action()
            inner.rollback()
    undo(cast, refund.posting)
    undo(cast, gift.posting)
    assert (received(cast, campaign), received(cast, other)) == ((0, 0), (0, 0))
    with pytest.raises(Refused, match="đã được đảo"):
        ask(cast, gift, 1)


def test_a_waiting_refund_is_answered_when_its_gift_is_reversed(db_session, cast, campaign) -> None:
    gift = mixed(cast, campaign)
    refund = ask(cast, gift, 1_000)
    undo(cast, gift.posting)
    db_session.refresh(refund)
    assert (refund.approved, refund.decided_by_id) == (False, cast.chair.id)
    with pytest.raises(Refused, match="đã được trả lời"):
        actions.decide_refund(refund, approve=True, answer="", by=cast.chair)


def test_a_refusal_needs_its_reason(db_session, cast, campaign) -> None:
    refund = ask(cast, mixed(cast, campaign), 1_000)
    with pytest.raises(Refused) as refused:
        actions.decide_refund(refund, approve=False, answer="", by=cast.chair)
    assert refused.value.field == "answer"
    assert actions.decide_refund(refund, approve=False, answer="Chưa rõ", by=cast.chair) is None
    assert (refund.approved, refund.posting_number) == (False, None)
