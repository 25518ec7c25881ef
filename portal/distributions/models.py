"""Distributions: a list of households, the portion each of them gets, how far the list has come.

A row is frozen when the list is locked: papers keep the name, hamlet and group of that day. Cash, goods and
what others estimate are separate; None = nobody said.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.campaigns.models import Campaign
from portal.goods.models import Item, Store
from portal.households.models_registry import Household
from portal.kit.audit import Audited
from portal.kit.days import EARLIEST
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.ledger.models import BankAccount, Fund, Posting
from portal.people.models import User
from portal.spending.models import Decision, DecisionRow, SpendingPurpose, Voucher
from portal.units.models import Unit


class SupportNorm(Audited, db.Model):
    """Mức hỗ trợ: at most (or exactly) so much for a purpose, in a zone, from a day on. `unit_id` None = everybody.

    A unit's own norm wins over that of the unit above it; a norm of a zone over one without.
    """

    __tablename__ = "support_norm"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"), index=True)
    purpose: Mapped[str] = mapped_column(ForeignKey("spending_purpose.key"))
    subject: Mapped[str] = mapped_column(
        Text(200), default=""
    )  # finer than the purpose: "xây mới", "sửa chữa"
    zone: Mapped[str] = mapped_column(Text(60), default="")  # "" = everywhere; Vùng I, đô thị, …
    amount: Mapped[int] = mapped_column(Money)  # đồng per household
    basis: Mapped[str] = mapped_column(Text(300), default="")  # the paper that sets it
    valid_from: Mapped[date] = mapped_column(default=EARLIEST)
    valid_to: Mapped[date | None]

    unit: Mapped[Unit | None] = relationship()
    spending_purpose: Mapped[SpendingPurpose] = relationship()

    __table_args__ = (db.CheckConstraint("amount > 0", name="positive"),)


class Distribution(Audited, db.Model):
    """Đợt trao quà: one list. `state`: distributions.rules.STATES.

    draft → locked → decided → approved → released → closed; cancelled from any state before money or goods left.
    `way`: how its money goes: `advance` (an officer hands it out), `bank` (to the households' accounts), `none`.
    """

    __tablename__ = "distribution"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"))
    fund_id: Mapped[int] = mapped_column(ForeignKey("fund.id"))
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)  # None = chung
    name: Mapped[str] = mapped_column(Text(300))
    content: Mapped[str] = mapped_column(Text(200))  # nội dung, on the sheet: "Tặng quà Tết 2027"
    purpose: Mapped[str] = mapped_column(ForeignKey("spending_purpose.key"))
    round_key: Mapped[str] = mapped_column(
        Text(400), default="", server_default=""
    )  # rules_rounds.round_key of the round's first list: lists of one round
    round_name: Mapped[str] = mapped_column(Text(200), default="", server_default="")
    round_reason: Mapped[str | None] = mapped_column(
        Text(500)
    )  # why it is another round than one named nearly alike
    level: Mapped[str | None] = mapped_column(ForeignKey("support_level.key"))
    source: Mapped[str | None] = mapped_column(Text(200))  # nguồn, on the sheet
    zone: Mapped[str] = mapped_column(Text(60), default="")  # for the norm
    handed_on: Mapped[date]  # the planned day
    place: Mapped[str] = mapped_column(Text(300), default="")
    way: Mapped[str] = mapped_column(Text(10), default="advance")
    bank_account_id: Mapped[int | None] = mapped_column(ForeignKey("bank_account.id"))
    store_id: Mapped[int | None] = mapped_column(ForeignKey("store.id"))  # goods come out of it
    officer_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # who hands out
    settle_by: Mapped[date | None]
    criteria: Mapped[dict[str, Any] | None] = mapped_column(JSON)  # by which the list was built last
    state: Mapped[str] = mapped_column(Text(12), default="draft")
    prepared_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    prepared_at: Mapped[datetime] = mapped_column(Moment, default=now)
    locked_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    locked_at: Mapped[datetime | None] = mapped_column(Moment)
    unlocked_reason: Mapped[str | None] = mapped_column(Text(500))
    decision_id: Mapped[int | None] = mapped_column(ForeignKey("decision.id"), unique=True)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    approved_at: Mapped[datetime | None] = mapped_column(Moment)
    voucher_id: Mapped[int | None] = mapped_column(ForeignKey("voucher.id"), unique=True)
    hand_store_id: Mapped[int | None] = mapped_column(ForeignKey("store.id"))  # goods in the officer's hand
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    released_at: Mapped[datetime | None] = mapped_column(Moment)
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    closed_at: Mapped[datetime | None] = mapped_column(Moment)
    cancelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    cancelled_reason: Mapped[str | None] = mapped_column(Text(500))

    unit: Mapped[Unit] = relationship()
    fund: Mapped[Fund] = relationship()
    campaign: Mapped[Campaign | None] = relationship()
    spending_purpose: Mapped[SpendingPurpose] = relationship()
    bank_account: Mapped[BankAccount | None] = relationship()
    store: Mapped[Store | None] = relationship(foreign_keys=[store_id])
    hand_store: Mapped[Store | None] = relationship(foreign_keys=[hand_store_id])
    officer: Mapped[User | None] = relationship(foreign_keys=[officer_id])
    prepared_by: Mapped[User | None] = relationship(foreign_keys=[prepared_by_id])
    locked_by: Mapped[User | None] = relationship(foreign_keys=[locked_by_id])
    approved_by: Mapped[User | None] = relationship(foreign_keys=[approved_by_id])
    released_by: Mapped[User | None] = relationship(foreign_keys=[released_by_id])
    closed_by: Mapped[User | None] = relationship(foreign_keys=[closed_by_id])
    cancelled_by: Mapped[User | None] = relationship(foreign_keys=[cancelled_by_id])
    decision: Mapped[Decision | None] = relationship()
    voucher: Mapped[Voucher | None] = relationship()
    portions: Mapped[list[Portion]] = relationship(back_populates="distribution", order_by="Portion.id")

    __table_args__ = (
        Index("ix_distribution_unit", "unit_id", "handed_on"),
        Index("ix_distribution_round_key", "round_key"),
    )


class Portion(Audited, db.Model):
    """Suất quà: what a household of the list gets. `amount` None = no money in it."""

    __tablename__ = "distribution_portion"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    distribution_id: Mapped[int] = mapped_column(ForeignKey("distribution.id"), index=True)
    name: Mapped[str] = mapped_column(Text(100))
    amount: Mapped[int | None] = mapped_column(Money)
    over_norm: Mapped[str | None] = mapped_column(Text(500))  # why it is above the support norm

    distribution: Mapped[Distribution] = relationship(back_populates="portions")
    goods: Mapped[list[PortionItem]] = relationship(order_by="PortionItem.id")

    __table_args__ = (
        db.UniqueConstraint("distribution_id", "name"),
        db.CheckConstraint("amount > 0", name="positive"),
    )


class PortionItem(Audited, db.Model):
    """So much of an item (or kit) in a portion; thousandths of its measure."""

    __tablename__ = "distribution_portion_item"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    portion_id: Mapped[int] = mapped_column(ForeignKey("distribution_portion.id"), index=True)
    item_id: Mapped[int] = mapped_column(ForeignKey("item.id"))
    quantity: Mapped[int] = mapped_column(BigInteger)

    item: Mapped[Item] = relationship()

    __table_args__ = (
        db.UniqueConstraint("portion_id", "item_id"),
        db.CheckConstraint("quantity > 0", name="positive"),
    )


class DistributionRow(db.Model):
    """One household of a list. Names are frozen at the lock; the outcome is what happened at the hand-over.

    Rows come and go in bulk while the list is a draft, so the list's own audit entry tells of them (how many, by
    which criteria); later changes are told by `distribution_event`.
    """

    __tablename__ = "distribution_row"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    distribution_id: Mapped[int] = mapped_column(ForeignKey("distribution.id"))
    household_id: Mapped[int] = mapped_column(ForeignKey("household.id"), index=True)
    portion_id: Mapped[int] = mapped_column(ForeignKey("distribution_portion.id"))
    ordinal: Mapped[int | None]  # on the sheets: xã → xóm (natural) → tên; set at the lock
    receiver: Mapped[str | None] = mapped_column(Text(200))
    birth_year: Mapped[int | None]
    commune: Mapped[str | None] = mapped_column(Text(200))
    hamlet: Mapped[str | None] = mapped_column(Text(200))
    group_name: Mapped[str | None] = mapped_column(Text(200))  # đối tượng
    amount: Mapped[int | None] = mapped_column(Money)  # đồng, of the portion at the lock
    goods: Mapped[str | None] = mapped_column(Text(500))  # in words, at the lock
    override: Mapped[str | None] = mapped_column(Text(500))  # why it gets something in spite of a warning
    overridden_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    refused: Mapped[str | None] = mapped_column(Text(500))  # why the approver took it out
    decision_row_id: Mapped[int | None] = mapped_column(ForeignKey("decision_row.id"), unique=True)
    outcome: Mapped[str | None] = mapped_column(Text(10))  # rules.OUTCOMES; None = nobody said yet
    outcome_on: Mapped[date | None]
    outcome_by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    outcome_at: Mapped[datetime | None] = mapped_column(Moment)
    proxy_name: Mapped[str | None] = mapped_column(Text(200))
    proxy_relation: Mapped[str | None] = mapped_column(Text(100))
    outcome_note: Mapped[str | None] = mapped_column(Text(500))

    distribution: Mapped[Distribution] = relationship()
    household: Mapped[Household] = relationship()
    portion: Mapped[Portion] = relationship()
    decision_row: Mapped[DecisionRow | None] = relationship()
    outcome_by: Mapped[User | None] = relationship(foreign_keys=[outcome_by_id])
    overridden_by: Mapped[User | None] = relationship(foreign_keys=[overridden_by_id])

    __table_args__ = (
        db.UniqueConstraint("distribution_id", "household_id"),
        db.UniqueConstraint("distribution_id", "ordinal"),
        db.CheckConstraint("amount > 0", name="positive"),
    )


class DistributionEvent(Audited, db.Model):
    """What happened to a list or one of its rows, in words for people: locked, refused, received, put right."""

    __tablename__ = "distribution_event"
    audit_personal = {"text"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    distribution_id: Mapped[int] = mapped_column(ForeignKey("distribution.id"), index=True)
    row_id: Mapped[int | None] = mapped_column(ForeignKey("distribution_row.id"), index=True)
    what: Mapped[str] = mapped_column(Text(20))
    text: Mapped[str] = mapped_column(Text(1000), default="")
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    by: Mapped[User | None] = relationship()


class DistributionGoods(Audited, db.Model):
    """A store document of a list: `out` (to the officer's hand), `given` (signed for), `back` (to the store)."""

    __tablename__ = "distribution_goods"

    posting_number: Mapped[int] = mapped_column(
        ForeignKey("ledger_posting.number"), primary_key=True, autoincrement=False
    )
    distribution_id: Mapped[int] = mapped_column(ForeignKey("distribution.id"), index=True)
    what: Mapped[str] = mapped_column(Text(10))
    reversed: Mapped[bool] = mapped_column(default=False)

    posting: Mapped[Posting] = relationship()
