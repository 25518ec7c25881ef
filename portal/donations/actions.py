"""Recording gifts. Flushes; the caller commits. Whatever a person may get wrong raises Refused."""

from __future__ import annotations

from datetime import date

from sqlalchemy import func, select

from portal.campaigns.models import Campaign
from portal.campaigns.rules import check_still_open
from portal.donations import rules, search
from portal.donations.models import Donation
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.ledger import actions as ledger
from portal.ledger.models import Account, BankAccount, Fund, ReversalRequest
from portal.ledger.rules import Line
from portal.people.models import User
from portal.units.models import Unit
from portal.units.queries import subtree


def record_donation(
    *,
    unit: Unit,
    fund: Fund,
    campaign: Campaign | None,
    form: str,
    amount: int,
    day: date,
    donor_name: str | None,
    donor_kind: str | None = None,
    address: str | None = None,
    shown_as: str | None = None,
    goods: str | None = None,
    quantity: str | None = None,
    measure: str | None = None,
    paper_number: str | None = None,
    text: str | None = None,
    note: str | None = None,
    bank_account: BankAccount | None = None,
    identity: str | None = None,
    by: User | None,
    receipt: bool = True,
    accept_late: bool = False,
) -> Donation:
    """Post one gift of `amount` đồng and index it for the public search, in this transaction.

    Cash gets the next number of the series "PT" unless `receipt` is False (gifts from paper books keep
    theirs in `paper_number`). A transfer waits for its statement line in `bank_account`'s transit; without
    an account it stands in "untracked". A gift after the campaign's committed end is refused; with
    `accept_late` it is taken and flagged in lists. Raises Refused (fields amount, day, campaign_id, …).
    """
    rules.check_choice(form, rules.FORMS, "form")
    rules.check_choice(donor_kind, rules.DONOR_KINDS, "donor_kind")
    rules.check_choice(shown_as, rules.SHOWN_AS, "shown_as")
    rules.check_amount(form, amount)
    if campaign is not None:
        _check_campaign(campaign, unit, fund, day, accept_late)
    posting = ledger.post(
        "donation",
        unit=unit,
        fund=fund,
        document_on=day,
        lines=[
            Line(received_account(unit, fund, campaign, form), _place(unit, fund, form, bank_account), amount)
        ],
        by=by,
        series=rules.RECEIPT_SERIES if form == rules.CASH and receipt else None,
    )
    donation = Donation(
        id=next_donation_ids({day: 1})[day],
        posting_number=posting.number,
        ordinal=1,
        unit_id=unit.id,
        campaign_id=campaign.id if campaign else None,
        donated_on=day,
        form=form,
        amount=amount,
        donor_name=donor_name,
        donor_kind=donor_kind,
        address=address,
        shown_as=shown_as,
        goods=goods,
        quantity=quantity,
        measure=measure,
        paper_number=paper_number,
        identity=identity,
        text=text,
        note=note,
    )
    db.session.add(donation)
    db.session.flush()
    search.index_posting(posting.number)
    return donation


def next_donation_ids(wanted: dict[date, int]) -> dict[date, int]:
    """The first free id of each day for so many gifts; under the posting lock until the transaction ends."""
    take_posting_lock()
    first: dict[date, int] = {}
    for day, count in wanted.items():
        start = rules.first_id(day)
        of_day = Donation.id.between(start, start + rules.PER_DAY - 1)
        last = db.session.scalar(select(func.max(Donation.id)).where(of_day)) or start
        if last + count >= start + rules.PER_DAY:
            raise Refused(
                f"Ngày {day:%d/%m/%Y} đã đủ số khoản mà sổ đánh số được. Báo người quản trị.", "day"
            )
        first[day] = last + 1
    return first


def received_account(unit: Unit, fund: Fund, campaign: Campaign | None, form: str) -> Account:
    """The source that counts gifts of one form in a campaign (None = "chung")."""
    return ledger.account_for(
        unit_id=unit.id,
        fund_id=fund.id,
        kind="received",
        campaign_id=campaign.id if campaign else None,
        purpose=form,
    )


def _place(unit: Unit, fund: Fund, form: str, bank_account: BankAccount | None) -> Account:
    """Where the gift lies: cash box, transit of the bank account, untracked, store, papers."""
    if form == rules.BANK and bank_account is not None:
        if (bank_account.unit_id, bank_account.fund_id) != (unit.id, fund.id):
            raise Refused(
                f"Tài khoản “{bank_account.code}” không thuộc {unit.name} và quỹ này. Chọn tài khoản khác.",
                "account",
            )
        return ledger.account_for(
            unit_id=unit.id, fund_id=fund.id, kind="transit", bank_account_id=bank_account.id
        )
    kind = {rules.CASH: "cash", rules.BANK: "untracked", rules.GOODS: "store", rules.PAPERS: "papers"}[form]
    return ledger.account_for(unit_id=unit.id, fund_id=fund.id, kind=kind)


def _check_campaign(campaign: Campaign, unit: Unit, fund: Fund, day: date, accept_late: bool) -> None:
    """The campaign is of the unit or one above it and of the fund, and still takes gifts. Raises Refused."""
    below = subtree(campaign.unit_id).subquery()
    if db.session.scalar(select(below.c.id).where(below.c.id == unit.id)) is None:
        raise Refused(
            f"Đợt “{campaign.name}” không phải của {unit.name} hay đơn vị cấp trên. Chọn đợt khác.",
            "campaign_id",
        )
    if campaign.fund_id != fund.id:
        raise Refused(f"Đợt “{campaign.name}” thuộc quỹ khác. Chọn đợt của {fund.name}.", "campaign_id")
    if not accept_late:
        check_still_open(campaign.name, campaign.ends_on, day)


def request_reversal(donation: Donation, *, reason: str, by: User) -> ReversalRequest:
    """Ask for the reversal of a gift's whole document; another person decides. Raises Refused."""
    if donation.posting.kind == "statement":
        raise Refused(
            "Khoản này vào sổ theo sao kê ngân hàng, không đảo riêng từng dòng được. "
            "Nếu sao kê nạp nhầm, báo kế toán để xử lý cả tệp sao kê."
        )
    return ledger.request_reversal(donation.posting, reason=reason, by=by)
