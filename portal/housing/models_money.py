"""Who pays for a house: sources, what came outside the fund, decisions of the fund and their tranches.

What the fund paid stands in vouchers; here stands which row of which decision belongs to which project.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.campaigns.models import Campaign
from portal.housing.models import HouseProject
from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Money, Text, db, now
from portal.people.models import User
from portal.spending.models import Decision, DecisionRow, VoucherRow
from portal.spending.models_others import InAndOut


class HouseSource(Audited, db.Model):
    """A source of the budget. `kind`: rules.SOURCES; `amount` is what it is to bring, đồng.

    The fund's names its campaign (None = chung). Labour is days at `day_value` đồng.
    """

    __tablename__ = "house_source"
    audit_personal = {"name"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("house_project.id"), index=True)
    kind: Mapped[str] = mapped_column(Text(10))
    name: Mapped[str] = mapped_column(Text(200), default="")
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id"), index=True)
    amount: Mapped[int] = mapped_column(Money)
    days: Mapped[int | None]
    day_value: Mapped[int | None] = mapped_column(Money)
    withdrawn: Mapped[bool] = mapped_column(default=False)

    project: Mapped[HouseProject] = relationship()
    campaign: Mapped[Campaign | None] = relationship()

    __table_args__ = (db.CheckConstraint("amount > 0", name="positive"),)


class HouseOutside(Audited, db.Model):
    """What came without passing through the fund: money, material at value, labour days at value, đồng."""

    __tablename__ = "house_outside"
    audit_personal = {"note"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("house_project.id"), index=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("house_source.id"), index=True)
    happened_on: Mapped[date]
    amount: Mapped[int] = mapped_column(Money)
    days: Mapped[int | None]
    paper: Mapped[str | None] = mapped_column(Text(200))  # what shows it: invoice, minutes
    note: Mapped[str | None] = mapped_column(Text(500))
    withdrawn_at: Mapped[datetime | None] = mapped_column(Moment)
    withdrawn_reason: Mapped[str | None] = mapped_column(Text(500))
    by_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))
    at: Mapped[datetime] = mapped_column(Moment, default=now)

    source: Mapped[HouseSource] = relationship()
    by: Mapped[User | None] = relationship()

    __table_args__ = (db.CheckConstraint("amount > 0", name="positive"),)


class HouseDecision(Audited, db.Model):
    """A decision of the fund for a house. `norm`: đồng on that day, None = there was none."""

    __tablename__ = "house_decision"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decision.id"), primary_key=True, autoincrement=False)
    project_id: Mapped[int] = mapped_column(ForeignKey("house_project.id"), index=True)
    norm: Mapped[int | None] = mapped_column(Money)
    over_norm: Mapped[str | None] = mapped_column(Text(500))

    project: Mapped[HouseProject] = relationship()
    decision: Mapped[Decision] = relationship()


class HouseDecisionRow(Audited, db.Model):
    """A row of such a decision: out of which source of the budget it pays."""

    __tablename__ = "house_decision_row"

    decision_row_id: Mapped[int] = mapped_column(
        ForeignKey("decision_row.id"), primary_key=True, autoincrement=False
    )
    decision_id: Mapped[int] = mapped_column(ForeignKey("house_decision.decision_id"), index=True)
    source_id: Mapped[int] = mapped_column(ForeignKey("house_source.id"), index=True)

    row: Mapped[DecisionRow] = relationship()
    source: Mapped[HouseSource] = relationship()


class HouseTranche(Audited, db.Model):
    """Đợt cấp: so much of a decision's row, once the house has reached `stage`. One paper takes exactly that.

    It is a voucher's row, or what a sponsor paid directly (ghi thu – ghi chi). A paper that no longer holds money
    (refused, void, reversed) leaves the tranche open.
    """

    __tablename__ = "house_tranche"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    project_id: Mapped[int] = mapped_column(ForeignKey("house_project.id"), index=True)
    decision_row_id: Mapped[int] = mapped_column(ForeignKey("house_decision_row.decision_row_id"), index=True)
    stage: Mapped[str] = mapped_column(Text(12))
    amount: Mapped[int] = mapped_column(Money)
    voucher_row_id: Mapped[int | None] = mapped_column(ForeignKey("voucher_row.id"), index=True)
    in_and_out_id: Mapped[int | None] = mapped_column(ForeignKey("in_and_out.id"), index=True)
    withdrawn: Mapped[bool] = mapped_column(default=False)

    project: Mapped[HouseProject] = relationship()
    decided: Mapped[HouseDecisionRow] = relationship()
    voucher_row: Mapped[VoucherRow | None] = relationship()
    in_and_out: Mapped[InAndOut | None] = relationship()

    __table_args__ = (db.CheckConstraint("amount > 0", name="positive"),)
