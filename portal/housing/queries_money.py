"""What a house costs and who pays: planned, decided, paid by the fund, come from outside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from portal.housing import rules, rules_money
from portal.housing.models import HouseProject
from portal.housing.models_closing import HouseHandover, HouseHandoverPaper
from portal.housing.models_money import (
    HouseDecision,
    HouseDecisionRow,
    HouseOutside,
    HouseSource,
    HouseTranche,
)
from portal.housing.queries_payments import Payment, payments_of
from portal.kit.db import db
from portal.spending.models import Decision, Voucher, VoucherRow
from portal.spending.models_others import InAndOut
from portal.spending.rules import LIVE


@dataclass(frozen=True)
class Share:
    """A source with what it brings: planned, decided (the fund's), and what has really come, đồng.

    Decided is what decisions in force grant, and what was paid by decisions that were withdrawn since: never less than
    what has come.
    """

    source: HouseSource
    planned: int
    decided: int
    come: int

    @property
    def label(self) -> str:
        """ "Quỹ: Tháng cao điểm", "Gia đình đối ứng"."""
        return source_name(self.source)

    @property
    def counted(self) -> int:
        """What it counts for in the value of the house: the fund's by its decisions, others by what has come."""
        return self.decided if self.source.kind == rules.FUND else self.come

    @property
    def unpaid(self) -> int:
        """What the fund has decided and not paid yet; 0 of other sources."""
        return self.counted - self.come


@dataclass(frozen=True)
class Cost:
    """The money of a house, đồng. `estimate` None = nobody has reckoned it."""

    estimate: int | None
    shares: list[Share]
    payments: list[Payment]

    @property
    def planned(self) -> int:
        """What the sources are to bring together."""
        return sum(one.planned for one in self.shares)

    @property
    def gap(self) -> int | None:
        """What no source pays yet."""
        return rules_money.gap(self.estimate, [one.planned for one in self.shares])

    @property
    def fund(self) -> int:
        """What the fund has paid."""
        return sum(one.come for one in self.shares if one.source.kind == rules.FUND)

    @property
    def outside(self) -> int:
        """What has come without passing through the fund."""
        return sum(one.come for one in self.shares if one.source.kind != rules.FUND)

    @property
    def decided(self) -> int:
        """What the fund has decided."""
        return sum(one.decided for one in self.shares if one.source.kind == rules.FUND)

    @property
    def unpaid(self) -> int:
        """What the fund has decided and not paid yet."""
        return sum(one.unpaid for one in self.shares)

    @property
    def come(self) -> int:
        """What was really paid and brought: the cost that is published (figure `houses.cost`)."""
        return self.fund + self.outside

    @property
    def total(self) -> int:
        """The value of the house as its sources say: what each counts for, also what the fund still has to pay."""
        return sum(one.counted for one in self.shares)


def source_name(source: HouseSource) -> str:
    """A source in words."""
    if source.kind == rules.FUND:
        return f"Quỹ: {source.campaign.name if source.campaign else 'nguồn chung'}"
    return ": ".join(part for part in (rules.SOURCES[source.kind], source.name) if part)


def sources_of(project_ids: Sequence[int]) -> dict[int, list[HouseSource]]:
    """The sources in force by project, in the order of their kinds."""
    rows = select(HouseSource).where(
        HouseSource.project_id.in_(project_ids), HouseSource.withdrawn.is_(False)
    )
    found: dict[int, list[HouseSource]] = defaultdict(list)
    for one in db.session.scalars(rows.options(joinedload(HouseSource.campaign)).order_by(HouseSource.id)):
        found[one.project_id].append(one)
    order = list(rules.SOURCES)
    return {key: sorted(ones, key=lambda one: order.index(one.kind)) for key, ones in found.items()}


def costs_of(projects: Sequence[HouseProject]) -> dict[int, Cost]:
    """The money of these projects. A fixed number of statements."""
    ids = [one.id for one in projects]
    sources, payments = sources_of(ids), payments_of(ids)
    decided, come = _decided(ids), _come(ids)
    found = {}
    for project in projects:
        mine = payments.get(project.id, [])
        paid: dict[int, int] = defaultdict(int)
        for one in mine:
            paid[one.source_id] += one.amount
            if not one.in_force:
                decided[one.source_id] += one.amount
        shares = [
            Share(
                one,
                one.amount,
                decided[one.id],
                paid[one.id] if one.kind == rules.FUND else come.get(one.id, 0),
            )
            for one in sources.get(project.id, [])
        ]
        found[project.id] = Cost(project.estimate, shares, mine)
    return found


def cost_of(project: HouseProject) -> Cost:
    """The money of one project."""
    return costs_of([project])[project.id]


def _decided(project_ids: Sequence[int]) -> defaultdict[int, int]:
    """What decisions in force grant, by source."""
    rows = (
        select(HouseDecisionRow.source_id, HouseDecisionRow)
        .join(HouseDecision, HouseDecision.decision_id == HouseDecisionRow.decision_id)
        .join(Decision, Decision.id == HouseDecision.decision_id)
        .where(HouseDecision.project_id.in_(project_ids), Decision.state == rules.ISSUED)
        .options(joinedload(HouseDecisionRow.row))
    )
    found: defaultdict[int, int] = defaultdict(int)
    for source_id, one in db.session.execute(rows):
        found[source_id] += one.row.amount
    return found


def _come(project_ids: Sequence[int]) -> dict[int, int]:
    rows = (
        select(HouseOutside.source_id, func.sum(HouseOutside.amount))
        .where(HouseOutside.project_id.in_(project_ids), HouseOutside.withdrawn_at.is_(None))
        .group_by(HouseOutside.source_id)
    )
    return {source_id: int(amount) for source_id, amount in db.session.execute(rows)}


def outside_of(project: HouseProject) -> list[HouseOutside]:
    """What came without passing through the fund, oldest first, also what was taken back."""
    rows = select(HouseOutside).where(HouseOutside.project_id == project.id)
    loaded = joinedload(HouseOutside.source)
    return list(db.session.scalars(rows.options(loaded).order_by(HouseOutside.happened_on, HouseOutside.id)))


def decisions_of(project: HouseProject) -> list[HouseDecision]:
    """Every decision of the fund for the house, oldest first."""
    rows = select(HouseDecision).where(HouseDecision.project_id == project.id)
    loaded = joinedload(HouseDecision.decision).selectinload(Decision.rows)
    return list(db.session.scalars(rows.options(loaded).order_by(HouseDecision.decision_id)))


def house_decision(decision_id: int) -> HouseDecision | None:
    """The house that a decision is for, or None."""
    return db.session.get(HouseDecision, decision_id)


def decided_rows(project: HouseProject) -> list[HouseDecisionRow]:
    """Rows of decisions in force."""
    rows = (
        select(HouseDecisionRow)
        .join(HouseDecision, HouseDecision.decision_id == HouseDecisionRow.decision_id)
        .join(Decision, Decision.id == HouseDecision.decision_id)
        .where(HouseDecision.project_id == project.id, Decision.state == rules.ISSUED)
        .options(joinedload(HouseDecisionRow.row), joinedload(HouseDecisionRow.source))
    )
    return list(db.session.scalars(rows.order_by(HouseDecisionRow.decision_row_id)))


def tranches_of(project: HouseProject) -> list[HouseTranche]:
    """Tranches by stage."""
    rows = select(HouseTranche).where(
        HouseTranche.project_id == project.id, HouseTranche.withdrawn.is_(False)
    )
    loaded = (
        joinedload(HouseTranche.voucher_row).joinedload(VoucherRow.voucher),
        joinedload(HouseTranche.in_and_out),
        joinedload(HouseTranche.decided).joinedload(HouseDecisionRow.row),
        joinedload(HouseTranche.decided).joinedload(HouseDecisionRow.source),
    )
    found = db.session.scalars(rows.options(*loaded)).all()
    return sorted(found, key=lambda one: (rules.ORDER.index(one.stage), one.id))


def voucher_of(tranche: HouseTranche) -> Voucher | None:
    """The live voucher of a tranche; None when no voucher pays it (any more)."""
    row = tranche.voucher_row
    if row is None or row.refused is not None or row.voucher.state not in LIVE:
        return None
    return row.voucher


def direct_of(tranche: HouseTranche) -> InAndOut | None:
    """What a sponsor paid directly for a tranche, asked for or in the books; None without (any more)."""
    entry = tranche.in_and_out
    return None if entry is None or entry.approved is False else entry


def is_taken(tranche: HouseTranche) -> bool:
    """Whether a paper pays the tranche or is about to."""
    return voucher_of(tranche) is not None or direct_of(tranche) is not None


def covered_by(project: HouseProject) -> set[int]:
    """Numbers of the documents that signed minutes of money hand over."""
    rows: Any = select(HouseHandoverPaper.posting_number).join(
        HouseHandover, HouseHandover.id == HouseHandoverPaper.handover_id
    )
    return set(
        db.session.scalars(
            rows.where(HouseHandover.project_id == project.id, HouseHandover.state == rules.SIGNED)
        )
    )


def to_hand_over(project: HouseProject) -> list[Payment]:
    """Payments that no signed minutes hand over."""
    covered = covered_by(project)
    return [one for one in payments_of([project.id]).get(project.id, []) if one.number not in covered]
