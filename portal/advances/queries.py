"""Reading advances and money put aside, within a person's units."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select

from portal.advances.models import PutAside, Settlement, SettlementRow
from portal.kit.db import db
from portal.ledger.models import Posting
from portal.people.models import User
from portal.people.queries import readable_units
from portal.spending.models import DecisionRow, Voucher, VoucherRow
from portal.spending.queries import commits
from portal.spending.rules import ADVANCE, PAID


def counts() -> ColumnElement[bool]:
    """Condition: the settlement holds money of its advance: it waits, or stands in the books."""
    return or_(Settlement.approved.is_(None), Settlement.approved.is_(True)) & Settlement.reversed.is_(False)


def _sum_of_rows() -> ColumnElement[int]:
    return func.coalesce(func.sum(SettlementRow.paid + SettlementRow.absent + SettlementRow.returned), 0)


def given() -> ColumnElement[int]:
    """What the advance of the present row gave, đồng."""
    total = select(func.coalesce(func.sum(VoucherRow.amount), 0))
    total = total.where(VoucherRow.voucher_id == Voucher.id, VoucherRow.refused.is_(None))
    return total.correlate(Voucher).scalar_subquery()


def settled() -> ColumnElement[int]:
    """What of the advance of the present row was settled (in the books), đồng."""
    total = select(_sum_of_rows()).join(Settlement, Settlement.id == SettlementRow.settlement_id)
    total = total.where(
        Settlement.voucher_id == Voucher.id, Settlement.approved.is_(True), Settlement.reversed.is_(False)
    )
    return total.correlate(Voucher).scalar_subquery()


def advances_for(user: User) -> Select[tuple[Voucher]]:
    """Advances that were paid and stand, of the units that a person may read."""
    mine = Voucher.unit_id.in_(readable_units(user))
    return select(Voucher).where(Voucher.what == ADVANCE, Voucher.state == PAID, mine)


def advance_or_404(voucher_id: int, *, for_user: User) -> Voucher:
    """One advance, if the person may read its unit; otherwise 404."""
    return db.one_or_404(advances_for(for_user).where(Voucher.id == voucher_id))


def listed_advances(user: User) -> Select[Any]:
    """(Voucher, given, settled, document) for the list."""
    rows: Any = advances_for(user).join(Posting, Posting.number == Voucher.posting_number)
    return rows.add_columns(given().label("given"), settled().label("settled"), Posting)


def settlements_for(user: User) -> Select[tuple[Settlement]]:
    """Settlements of the units that a person may read."""
    rows = select(Settlement).join(Voucher, Voucher.id == Settlement.voucher_id)
    return rows.where(Voucher.unit_id.in_(readable_units(user)))


def settlement_or_404(settlement_id: int, *, for_user: User) -> Settlement:
    """One settlement, if the person may read its unit; otherwise 404."""
    return db.one_or_404(settlements_for(for_user).where(Settlement.id == settlement_id))


def settlements_of(voucher: Voucher) -> list[Settlement]:
    """Everything that was said about an advance, oldest first."""
    rows = select(Settlement).where(Settlement.voucher_id == voucher.id)
    return list(db.session.scalars(rows.order_by(Settlement.id)))


def open_rows(voucher: Voucher, *, waiting: bool = True) -> dict[int, int]:
    """What of each row of an advance is not settled, đồng by voucher row; what waits for an answer is not open."""
    told = select(SettlementRow.voucher_row_id, _sum_of_rows()).join(
        Settlement, Settlement.id == SettlementRow.settlement_id
    )
    told = told.where(Settlement.voucher_id == voucher.id, counts())
    if not waiting:
        told = told.where(Settlement.approved.is_(True))
    found = {
        row_id: int(amount)
        for row_id, amount in db.session.execute(told.group_by(SettlementRow.voucher_row_id))
    }
    return {row.id: row.amount - found.get(row.id, 0) for row in voucher.live_rows}


@commits
def open_advances(unit_id: int, fund_id: int, campaign_id: int | None) -> int:
    """Money of a campaign that officers took along and have not settled, đồng."""
    of_campaign = (
        DecisionRow.campaign_id == campaign_id
        if campaign_id is not None
        else DecisionRow.campaign_id.is_(None)
    )
    mine = (
        select(VoucherRow.id)
        .join(Voucher, Voucher.id == VoucherRow.voucher_id)
        .join(DecisionRow, DecisionRow.id == VoucherRow.decision_row_id)
        .where(
            Voucher.unit_id == unit_id,
            Voucher.fund_id == fund_id,
            Voucher.what == ADVANCE,
            Voucher.state == PAID,
            VoucherRow.refused.is_(None),
            of_campaign,
        )
    )
    out = db.session.scalar(
        select(func.coalesce(func.sum(VoucherRow.amount), 0)).where(VoucherRow.id.in_(mine))
    )
    back = select(_sum_of_rows()).join(Settlement, Settlement.id == SettlementRow.settlement_id)
    back = back.where(
        SettlementRow.voucher_row_id.in_(mine), Settlement.approved.is_(True), Settlement.reversed.is_(False)
    )
    return int(out or 0) - int(db.session.scalar(back) or 0)


def items_for(user: User) -> Select[tuple[PutAside]]:
    """Money put aside in the units that a person may read; what came to nothing is left out."""
    return select(PutAside).where(PutAside.unit_id.in_(readable_units(user)), PutAside.void.is_(False))


def item_or_404(item_id: int, *, for_user: User) -> PutAside:
    """One item, if the person may read its unit; otherwise 404."""
    return db.one_or_404(items_for(for_user).where(PutAside.id == item_id))


def is_waiting() -> ColumnElement[bool]:
    """Condition: somebody asked to end the item and nobody has answered."""
    return PutAside.ended.is_(None) & PutAside.wish.is_not(None) & PutAside.answered_at.is_(None)


def kept_of_rows(voucher: Voucher) -> dict[int, int]:
    """What of each paid row came back to be kept, đồng by voucher row."""
    rows = (
        select(PutAside.voucher_row_id, func.sum(PutAside.amount))
        .join(VoucherRow, VoucherRow.id == PutAside.voucher_row_id)
        .where(VoucherRow.voucher_id == voucher.id, PutAside.void.is_(False))
        .group_by(PutAside.voucher_row_id)
    )
    return {row_id: int(amount) for row_id, amount in db.session.execute(rows)}
