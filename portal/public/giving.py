"""How a resident gives: the campaigns and genuine accounts to choose from, and the transfer that is composed."""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from portal.campaigns.models import Campaign
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.models import BankAccount
from portal.ledger.paying import Payment, payment_to, published_account


def accounts() -> list[BankAccount]:
    """Every account that units show to the public, with unit and fund."""
    rows = select(BankAccount).where(BankAccount.published)
    loaded = rows.options(joinedload(BankAccount.unit), joinedload(BankAccount.fund))
    return list(db.session.scalars(loaded.order_by(BankAccount.id)))


def open_campaigns(today: date) -> list[Campaign]:
    """Campaigns under way whose unit shows an account of their fund, the newest first."""
    mine = (BankAccount.unit_id == Campaign.unit_id) & (BankAccount.fund_id == Campaign.fund_id)
    shown = select(BankAccount.id).where(mine, BankAccount.published).exists()
    still = or_(Campaign.ends_on.is_(None), Campaign.ends_on >= today)
    rows = select(Campaign).where(Campaign.starts_on <= today, still, shown)
    rows = rows.options(joinedload(Campaign.unit))
    return list(db.session.scalars(rows.order_by(Campaign.starts_on.desc(), Campaign.id.desc())))


def payment_of(campaign: Campaign) -> Payment | None:
    """A transfer for a campaign, without an amount; None while its unit shows no account."""
    account = published_account(campaign.fund_id, [campaign.unit_id])
    return payment_to(account, campaign.transfer_code) if account else None


def compose(
    campaign: Campaign | None,
    account: BankAccount | None,
    usual: BankAccount,
    *,
    amount: int | None,
    message: str | None,
) -> Payment:
    """The transfer for what was chosen; `usual` is the account for no campaign. Raises Refused (tai_khoan)."""
    if campaign is None:
        chosen = account or usual
        return payment_to(chosen, chosen.fund.transfer_code, amount=amount, message=message)
    owner = (campaign.unit_id, campaign.fund_id)
    if account is not None and (account.unit_id, account.fund_id) != owner:
        raise Refused(
            f"Tài khoản này không nhận cho đợt “{campaign.name}”. Chọn tài khoản của đợt, hoặc bỏ chọn đợt.",
            "tai_khoan",
        )
    chosen = account or published_account(campaign.fund_id, [campaign.unit_id]) or usual
    return payment_to(chosen, campaign.transfer_code, amount=amount, message=message)
