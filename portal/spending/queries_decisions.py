"""Reading decisions for their pages: with what they come to, what is taken of them, and what a draft rests on."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import joinedload

from portal.campaigns.models import Campaign
from portal.campaigns.queries import campaigns_of
from portal.kit.db import db
from portal.kit.folded import has_words
from portal.people.models import User
from portal.spending import queries
from portal.spending.models import Decision, DecisionRow, Voucher, VoucherRow
from portal.spending.models_others import DecisionText, InAndOut
from portal.spending.queries import live_in_and_out
from portal.spending.rows import Ground
from portal.spending.rules import ISSUED, LIVE, PAID
from portal.spending.texts import Texts, default_texts
from portal.units.models import Unit
from portal.units.queries import unit_texts


def _sum(column: Any, *conditions: Any) -> ColumnElement[int]:
    """A sum over the rows of the decision of the present row."""
    rows = select(func.coalesce(func.sum(column), 0)).where(*conditions)
    return rows.correlate(Decision).scalar_subquery()


def _of_vouchers(*states: str) -> ColumnElement[int]:
    mine = (Voucher.decision_id == Decision.id, VoucherRow.voucher_id == Voucher.id)
    return _sum(VoucherRow.amount, *mine, VoucherRow.refused.is_(None), Voucher.state.in_(states))


def _paid_directly() -> ColumnElement[int]:
    mine = (DecisionRow.decision_id == Decision.id, InAndOut.decision_row_id == DecisionRow.id)
    return _sum(InAndOut.amount, *mine, InAndOut.approved, live_in_and_out())


AMOUNT: Any = _sum(DecisionRow.amount, DecisionRow.decision_id == Decision.id)
HOUSEHOLDS: Any = _sum(DecisionRow.households, DecisionRow.decision_id == Decision.id)
ROWS: Any = _sum(1, DecisionRow.decision_id == Decision.id)
PAID_OUT: Any = _of_vouchers(PAID) + _paid_directly()


def listed_decisions(user: User) -> Select[Any]:
    """Decisions that a person may read, each with `amount`, `rows`, `paid` (đồng, a count, đồng)."""
    rows = queries.decisions_for(user).join(Decision.unit)
    sums = (AMOUNT.label("amount"), ROWS.label("rows"), PAID_OUT.label("paid"))
    return rows.add_columns(*sums).options(joinedload(Decision.unit))


def with_row(*conditions: Any) -> ColumnElement[bool]:
    """Condition: the decision has a row that meets these."""
    return (
        select(DecisionRow.id)
        .where(DecisionRow.decision_id == Decision.id, *conditions)
        .correlate(Decision)
        .exists()
    )


def said(text: str) -> ColumnElement[bool]:
    """Condition: the words stand in the number, the subject, or the name of a receiver."""
    here = func.coalesce(Decision.number, "") + " " + Decision.subject
    return or_(has_words(here, text), with_row(has_words(DecisionRow.receiver, text)))


def _of_row(*conditions: Any) -> ColumnElement[int]:
    rows = select(func.coalesce(func.sum(VoucherRow.amount), 0)).where(
        VoucherRow.decision_row_id == DecisionRow.id,
        VoucherRow.voucher_id == Voucher.id,
        VoucherRow.refused.is_(None),
        *conditions,
    )
    return rows.correlate(DecisionRow).scalar_subquery()


def _direct_of_row(*conditions: Any) -> ColumnElement[int]:
    rows = select(func.coalesce(func.sum(InAndOut.amount), 0)).where(
        InAndOut.decision_row_id == DecisionRow.id, live_in_and_out(), *conditions
    )
    return rows.correlate(DecisionRow).scalar_subquery()


ROW_TAKEN: Any = _of_row(Voucher.state.in_(LIVE)) + _direct_of_row()
ROW_PAID: Any = _of_row(Voucher.state == PAID) + _direct_of_row(InAndOut.approved)


def listed_rows(decision: Decision) -> Select[Any]:
    """The rows of a decision, each with `taken` and `paid`, đồng."""
    rows = select(DecisionRow).where(DecisionRow.decision_id == decision.id)
    rows = rows.add_columns(ROW_TAKEN.label("taken"), ROW_PAID.label("paid"))
    return rows.options(joinedload(DecisionRow.spending_purpose), joinedload(DecisionRow.campaign))


class Totals(NamedTuple):
    """Of one decision, đồng: what it decides, what vouchers have taken, what is paid."""

    amount: int
    taken: int
    paid: int


def totals_of(decision: Decision) -> Totals:
    """The sums over all rows of a decision."""
    sums = [func.coalesce(func.sum(part), 0) for part in (DecisionRow.amount, ROW_TAKEN, ROW_PAID)]
    found = db.session.execute(select(*sums).where(DecisionRow.decision_id == decision.id)).one()
    return Totals(*map(int, found))


def vouchers_of(decision: Decision) -> list[Voucher]:
    """The vouchers on a decision, the oldest first."""
    rows = select(Voucher).where(Voucher.decision_id == decision.id).order_by(Voucher.id)
    return list(db.session.scalars(rows.options(joinedload(Voucher.posting))))


def in_and_out_of(decision: Decision) -> list[InAndOut]:
    """What sponsors paid directly on a decision, the oldest first."""
    rows = select(InAndOut).join(InAndOut.decision_row).where(DecisionRow.decision_id == decision.id)
    return list(db.session.scalars(rows.order_by(InAndOut.id)))


def open_decisions(unit_ids: Select[Any]) -> list[Decision]:
    """Decisions in force of these units, the newest first."""
    rows = select(Decision).where(Decision.unit_id.in_(unit_ids), Decision.state == ISSUED)
    return list(db.session.scalars(rows.order_by(Decision.decided_on.desc(), Decision.id.desc())))


def ground_of(unit_id: int, fund_id: int, *, also: Iterable[Campaign] = ()) -> Ground:
    """What the rows of a unit's list may name; `also`: campaigns that known rows name already."""
    here: Any = select(Unit.id).where(Unit.id == unit_id)
    mine = campaigns_of(here)
    found = {item.id: item for item in (*mine, *also) if item.fund_id == fund_id}
    return Ground(
        purposes={item.key: item.name for item in queries.purposes()},
        levels={item.key: item.name for item in queries.levels()},
        campaigns={key: (item.code, item.name) for key, item in found.items()},
    )


def texts_for(unit: Unit, kind: str, day: Any) -> Texts:
    """What the unit has kept for papers of this kind, else the usual words with its own names."""
    kept = db.session.scalar(
        select(DecisionText).where(DecisionText.unit_id == unit.id, DecisionText.kind == kind)
    )
    if kept is not None:
        return Texts(kept.grounds, kept.articles, kept.recipients, kept.signer_title, kept.signer_name)
    own = unit_texts(unit, day)
    return default_texts(
        kind, owner=own.owner_name, place=own.place, title=own.signer_title, name=own.signer_name
    )
