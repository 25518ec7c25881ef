"""What becomes of lines: posted as what they are, recognised later, met by their papers, undone."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from portal.donations import search
from portal.donations.finding import Wanted
from portal.donations.models import Donation
from portal.donations.queries import is_reversed
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import account_for, post, reverse
from portal.ledger.models import Account, DayTotal
from portal.ledger.rules import Line
from portal.operate import verify
from portal.pledges.queries import come_of
from portal.statements import meeting, settling
from portal.statements.classes import FEE, IN, INTEREST, OUT, OWN, UNCLEAR
from portal.statements.correcting import decide_correction, request_correction
from portal.statements.models import StatementLine
from portal.statements.models_settling import TransitMatch
from portal.statements.references import public_references
from portal.statements.settling import GiftPart
from tests.cast import make_account, make_campaign, make_donation
from tests.pledges.books import make_pledge
from tests.statements.builders import (
    DAY,
    bring,
    documents,
    make_rule,
    suspense,
    waiting_lines,
    waiting_papers,
)


@pytest.fixture
def account(db_session, cast):
    return make_account(unit=cast.commune, code="TK1", number="0011004123456")


@pytest.fixture
def campaign(db_session, cast):
    return make_campaign(unit=cast.commune, code="D1", starts_on=date(2026, 1, 1), ends_on=None)


@pytest.fixture(autouse=True)
def books_agree(db_session):
    """Whatever a test has done, the books agree afterwards."""
    yield
    assert verify.first_problem(db.session.connection()) is None


def balance(kind: str) -> int:
    """Debit less credit of all accounts of a kind."""
    value = func.coalesce(func.sum(DayTotal.debit - DayTotal.credit), 0)
    return int(db.session.scalar(select(value).join(Account).where(Account.kind == kind)))


def kinds() -> list[str | None]:
    return list(db.session.scalars(select(StatementLine.kind).order_by(StatementLine.ordinal)))


def alive() -> list[Donation]:
    return list(db.session.scalars(select(Donation).where(~is_reversed()).order_by(Donation.id)))


def test_every_line_is_posted_as_what_a_rule_says(tmp_path, account, campaign) -> None:
    make_rule(account=account, kind=FEE, direction=OUT, words="thu phí; phí sms")
    make_rule(account=account, kind=INTEREST, words="lãi nhập vốn")
    make_rule(account=account, kind=OWN, words="chuyển nội bộ", least=1_000_000)
    make_rule(account=account, kind=UNCLEAR, words="chuyển nhầm")
    outcome = bring(
        tmp_path,
        (500_000, "NGUYEN VAN AN ung ho"),
        (-11_000, "THU PHI SMS THANG 11"),
        (4_321, "LAI NHAP VON T11"),
        (9_000_000, "MTTQ chuyen noi bo"),
        (200_000, "toi chuyen nham xin lai"),
        (-3_000_000, "QD 12 HO TRO"),
        account=account,
        campaign="D1",
    )
    assert kinds() == ["donation", "fee", "interest", "own", "unclear", "unclear"]
    assert [balance(kind) for kind in ("bank", "received", "other", "suspense", "transit")] == [
        6_693_321, -500_000, 6_679, -200_000, -6_000_000,
    ]  # fmt: skip
    assert [gift.amount for gift in alive()] == [500_000]
    told = {(row["kind"], row["direction"]): (row["count"], row["sum"]) for row in outcome.classes}
    assert told[("donation", IN)] == (1, 500_000) and told[("fee", OUT)] == (1, 11_000)
    assert outcome.doubts == {"Quy tắc": 1}


def test_a_rule_counts_for_its_direction_amount_and_account_only(tmp_path, account, campaign, cast) -> None:
    other = make_account(unit=cast.commune, code="TK2", number="0011004999999")
    make_rule(account=account, kind=OWN, words="abc", bank_account_id=other.id)
    make_rule(account=account, kind=INTEREST, words="abc", most=100)
    make_rule(account=account, kind=FEE, direction=OUT, words="abc")
    bring(tmp_path, (500, "abc"), (100, "abc"), (50, "abcd"), account=account, campaign="D1")
    assert kinds() == ["donation", "interest", "donation"]


def test_codes_lead_lines_to_pledges_and_campaigns(tmp_path, account, campaign, cast) -> None:
    second = make_campaign(unit=cast.commune, code="D2", starts_on=date(2026, 1, 1), ends_on=None)
    pledge = make_pledge(unit=cast.commune, campaign=second, shown_as="name")
    lines = (
        (2_000_000, f"MBVCB.123.{pledge.transfer_code} UNG HO"),
        (4_000_000, f"ung ho{pledge.transfer_code.lower()}"),
        (10_000, second.transfer_code),
        (20_000, f"{pledge.transfer_code} {campaign.transfer_code}"),
        (30_000, "khong ma"),
    )
    bring(tmp_path, *lines, account=account, campaign="D1")
    assert kinds() == ["donation"] * 3 + ["unclear", "donation"]
    assert [(gift.amount, gift.campaign.code, gift.donor_name) for gift in alive()] == [
        (2_000_000, "D2", "Nguyễn Văn An"),
        (4_000_000, "D2", "Nguyễn Văn An"),
        (10_000, "D2", None),
        (30_000, "D1", None),
    ]
    assert come_of(pledge.id) == 5_000_000, "the surplus stays a gift, the pledge takes what it was"
    assert search.search(Wanted("Nguyễn Văn An")).count == 2


def test_a_code_of_another_fund_or_line_of_units_waits_for_a_person(
    tmp_path, account, campaign, cast
) -> None:
    foreign = make_campaign(unit=cast.other_commune, code="D9", starts_on=date(2026, 1, 1), ends_on=None)
    bring(tmp_path, (10_000, foreign.transfer_code), account=account, campaign="D1")
    assert kinds() == ["unclear"] and len(suspense()) == 1


def test_a_line_in_suspense_becomes_gifts_of_several_pledges(tmp_path, account, campaign, cast) -> None:
    first, second = (make_pledge(unit=cast.commune, campaign=campaign, amount=n) for n in (300_000, 200_000))
    bring(tmp_path, (500_000, "NGUYEN VAN AN"), account=account)
    (line,) = suspense()
    with pytest.raises(Refused, match="cộng lại"):
        settling.settle_as_gift(line, [GiftPart(100_000, campaign)], by=cast.accountant)
    parts = [GiftPart(300_000, campaign, (first,)), GiftPart(200_000, campaign, (second,))]
    posting = settling.settle_as_gift(line, parts, by=cast.accountant)
    assert (come_of(first.id), come_of(second.id)) == (300_000, 200_000)
    assert balance("suspense") == balance("transit") == 0 and balance("received") == -500_000
    account.published = True
    assert set(public_references([gift.id for gift in alive()]).values()) == {line.line.reference}
    assert {gift.donated_on for gift in alive()} == {DAY} and posting.document_on == DAY
    with pytest.raises(Refused, match="đã được xử lý"):
        settling.settle_as_gift(line, parts, by=cast.accountant)
    settling.undo(posting, by=cast.accountant)
    assert (come_of(first.id), alive(), len(suspense())) == (0, [], 1) and balance("received") == 0
    settling.settle_as(suspense()[0], INTEREST, by=cast.accountant)
    assert balance("other") == -500_000 and suspense() == []


def test_a_gift_typed_from_paper_meets_its_line(tmp_path, account, campaign, cast) -> None:
    typed = make_donation(
        campaign=campaign, amount=700_000, day=date(2026, 11, 9), form="bank", bank_account=account
    )
    bring(tmp_path, (700_000, "ung ho"), (700_000, "ung ho"), (1, "ung ho"), account=account, campaign="D1")
    assert kinds() == ["unclear", "unclear", "donation"], "both may be the typed one: neither is guessed"
    first, second = suspense()
    meeting.meet(first, [(typed.posting_number, 1)], by=cast.accountant)
    assert waiting_papers(IN) == [] and balance("transit") == 0 and balance("received") == -700_001
    with pytest.raises(Refused, match="không còn chờ"):
        meeting.meet(second, [(typed.posting_number, 1)], by=cast.accountant)
    db.session.rollback()


def test_a_debit_meets_vouchers_and_parts_again(tmp_path, account, campaign, cast) -> None:
    owner = {"unit_id": account.unit_id, "fund_id": account.fund_id}
    transit, box = (
        account_for(**owner, kind="transit", bank_account_id=account.id),
        account_for(**owner, kind="cash"),
    )
    paid = [
        post("internal", unit=account.unit, fund=account.fund, document_on=DAY, lines=[Line(transit, box, n)],
             by=cast.accountant)
        for n in (2_000_000, 1_000_000, 500_000)
    ]  # fmt: skip
    bring(tmp_path, (9_000_000, "ung ho"), (-3_200_000, "UNC danh sach"), account=account, campaign="D1")
    (line,) = waiting_lines()
    meeting.meet(line, [(one.number, 1) for one in paid], by=cast.accountant)
    assert waiting_lines() == [] and waiting_papers(OUT) == [(paid[2].number, 1)]
    assert db.session.scalar(select(func.sum(TransitMatch.amount))) == 3_200_000
    meeting.part(db.session.scalars(select(TransitMatch).order_by(TransitMatch.id)).first(), by=cast.chair)
    (line,) = waiting_lines()
    assert (line.amount, line.left) == (3_200_000, 2_000_000)
    reverse(paid[1], reason="Sai", by=cast.accountant, second=cast.chair)
    assert waiting_lines()[0].left == 3_000_000 and len(waiting_papers(OUT)) == 2


def test_two_own_accounts_meet(tmp_path, account, campaign, cast) -> None:
    other = make_account(unit=cast.commune, code="TK2", number="0011004999999")
    bring(tmp_path, (5_000_000, "ung ho"), (-4_000_000, "chuyen sang TK2"), account=account, campaign="D1")
    bring(tmp_path, (4_000_000, "tu TK1"), account=other, name="hai.csv")
    (debit,), (credit,) = waiting_lines(), suspense()
    posting = meeting.meet(credit, [debit.key], by=cast.accountant).posting
    assert waiting_lines() == suspense() == [] and balance("transit") == 0 and balance("bank") == 5_000_000
    settling.undo(posting, by=cast.accountant)
    assert (len(waiting_lines()), len(suspense())) == (1, 1), "the credit is back in suspense"


def test_money_between_units_is_an_allocation(tmp_path, account, campaign, cast) -> None:
    other = make_account(unit=cast.other_commune, code="TK2", number="0011004999999")
    bring(tmp_path, (-4_000_000, "chuyen"), account=account)
    bring(tmp_path, (4_000_000, "nhan"), account=other, name="hai.csv")
    with pytest.raises(Refused, match="phân bổ"):
        meeting.meet(suspense()[0], [waiting_lines()[0].key], by=cast.accountant)
    db.session.rollback()


def test_a_fee_that_no_rule_knew(tmp_path, account, cast) -> None:
    bring(tmp_path, (90_000, "ung ho"), (-22_000, "phi quan ly"), account=account)
    posting = settling.settle_as(waiting_lines()[0], FEE, by=cast.accountant)
    assert balance("other") == 22_000 and waiting_lines() == []
    with pytest.raises(Refused, match="lãi tiền gửi với dòng tiền vào"):
        settling.settle_as(_undone(posting, cast), INTEREST, by=cast.accountant)
    assert balance("other") == 0


def _undone(posting, cast):
    settling.undo(posting, by=cast.accountant)
    return waiting_lines()[0]


def test_money_that_came_back_waits_for_its_paper(tmp_path, account, cast) -> None:
    bring(tmp_path, (90_000, "tra lai do sai ten"), account=account)
    settling.bring_to_transit(suspense()[0], OWN, by=cast.accountant)
    (line,) = waiting_lines()
    assert (line.direction, line.place, line.left) == (IN, "transit", 90_000)


def test_what_a_receipt_rests_on_is_not_undone_alone(tmp_path, account, campaign, cast) -> None:
    from portal.receipts.actions import issue_receipt

    bring(tmp_path, (500_000, "NGUYEN VAN AN"), account=account)
    part = GiftPart(500_000, campaign, donor_name="Nguyễn Văn An")
    posting = settling.settle_as_gift(suspense()[0], [part], by=cast.accountant)
    issue_receipt(alive()[0], cast.officer, day=DAY)
    with pytest.raises(Refused, match="đã cấp biên nhận"):
        settling.undo(posting, by=cast.accountant)
    reverse(posting, reason="Sai", by=cast.accountant, second=cast.chair)
    assert len(suspense()) == 1 and alive() == []


def test_a_line_counted_as_a_gift_is_taken_back_by_two(tmp_path, account, campaign, cast) -> None:
    pledge = make_pledge(unit=cast.commune, campaign=campaign)
    bring(tmp_path, (500_000, pledge.transfer_code), (1_000, "le"), account=account, campaign="D1")
    gift = alive()[0]
    asked = request_correction(gift, reason="Tiền chuyển nội bộ", by=cast.accountant)
    for wrong in (lambda: request_correction(gift, reason="x", by=cast.accountant),
                  lambda: decide_correction(asked, approve=True, answer="", by=cast.accountant)):  # fmt: skip
        with pytest.raises(Refused):
            wrong()
    assert search.search(Wanted(gift.code)).count == 1
    decide_correction(asked, approve=True, answer="", by=cast.chair)
    assert [one.amount for one in alive()] == [1_000] and come_of(pledge.id) == 0
    assert (balance("suspense"), balance("received")) == (-500_000, -1_000)
    assert search.search(Wanted(gift.code)).count == 0
    (line,) = suspense()
    assert line.line.text == pledge.transfer_code
    settling.settle_as_gift(line, [GiftPart(500_000, None)], by=cast.accountant)
    assert [one.amount for one in alive()] == [1_000, 500_000]
    with pytest.raises(Refused, match="không đảo được"):
        reverse(asked.posting, reason="Sai", by=cast.accountant, second=cast.chair)
    db.session.rollback()


def test_the_statements_of_an_account_settle_in_the_open_period(tmp_path, account, campaign, cast) -> None:
    from portal.ledger.actions import close_period

    bring(tmp_path, (500_000, "ung ho"), account=account)
    db.session.commit()
    close_period(cast.commune, account.fund, DAY, by=cast.accountant)
    posting = settling.settle_as_gift(suspense()[0], [GiftPart(500_000, campaign)], by=cast.accountant)
    assert (posting.document_on, posting.booked_on) == (DAY, date(2026, 11, 11))
    assert documents()[-1] is posting
