"""Reading the hand-over: answers, what is still open, counts, what a phone shows. Loaders stand in queries.py."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload

from portal.distributions.models import Distribution, DistributionGoods, DistributionRow, Portion, PortionItem
from portal.distributions.models_handover import HandoverAnswer, HandoverSettlement, NameConsent, SettledRow
from portal.distributions.rules import HANDED, OUTCOMES
from portal.distributions.rules_handover import APPROVED, ASKED
from portal.households.models_registry import HouseholdMember
from portal.kit.db import db
from portal.kit.folded import has_words
from portal.kit.vietnamese import natural_key
from portal.ledger.models import Posting

OUT, ISSUED, BACK, KEPT = "out", "given", "back", "kept"
"""What a store document of a list does: to the officer's hand, to the households, back to the store, put aside."""


@dataclass(frozen=True)
class Hamlet:
    """One hamlet of a list: rows in all, rows of which nothing is said yet."""

    name: str
    rows: int
    open: int


@dataclass(frozen=True)
class Counts:
    """How many households of a list, by outcome; `open` = nobody has said anything."""

    rows: int
    by_outcome: dict[str, int]

    @property
    def told(self) -> int:
        """Of how many something was said."""
        return sum(self.by_outcome.values())

    @property
    def open(self) -> int:
        """Of how many nothing was said."""
        return self.rows - self.told

    @property
    def handed(self) -> int:
        """How many got their portion, themselves or through somebody."""
        return sum(self.by_outcome.get(outcome, 0) for outcome in HANDED)


def live(distribution: Distribution) -> ColumnElement[bool]:
    """Condition: a row of the list that was not refused."""
    return (DistributionRow.distribution_id == distribution.id) & DistributionRow.refused.is_(None)


def newest_answer(row_id: int) -> HandoverAnswer | None:
    """What was told of a row last."""
    rows = select(HandoverAnswer).where(HandoverAnswer.row_id == row_id)
    return db.session.scalar(rows.order_by(HandoverAnswer.id.desc()).limit(1))


def answer_before(answer: HandoverAnswer) -> HandoverAnswer | None:
    """What was told of the same row before this answer."""
    rows = select(HandoverAnswer).where(HandoverAnswer.row_id == answer.row_id, HandoverAnswer.id < answer.id)
    return db.session.scalar(rows.order_by(HandoverAnswer.id.desc()).limit(1))


def answers_of(row: DistributionRow) -> list[HandoverAnswer]:
    """Everything that was told of a row, newest first."""
    rows = (
        select(HandoverAnswer).where(HandoverAnswer.row_id == row.id).options(joinedload(HandoverAnswer.by))
    )
    return list(db.session.scalars(rows.order_by(HandoverAnswer.id.desc())))


def consent_of(row_id: int) -> NameConsent | None:
    """The consent that holds: the name of this household may be shown."""
    rows = select(NameConsent).where(NameConsent.row_id == row_id, NameConsent.withdrawn.is_(None))
    return db.session.scalar(
        rows.options(joinedload(NameConsent.by)).order_by(NameConsent.id.desc()).limit(1)
    )


def newest_of_rows(row_ids: Sequence[int]) -> dict[int, int]:
    """The id of the newest answer of each row that has one."""
    found: dict[int, int] = {}
    for start in range(0, len(row_ids), 500):
        part = row_ids[start : start + 500]
        rows = select(HandoverAnswer.row_id, func.max(HandoverAnswer.id)).where(
            HandoverAnswer.row_id.in_(part)
        )
        found |= {
            row: int(newest) for row, newest in db.session.execute(rows.group_by(HandoverAnswer.row_id))
        }
    return found


def answers_since(distribution: Distribution, seen: int) -> list[HandoverAnswer]:
    """What was told of the list after an answer, one per row (the newest), oldest first."""
    newest = (
        select(func.max(HandoverAnswer.id))
        .where(HandoverAnswer.distribution_id == distribution.id, HandoverAnswer.id > seen)
        .group_by(HandoverAnswer.row_id)
    )
    rows = select(HandoverAnswer).where(HandoverAnswer.id.in_(newest)).order_by(HandoverAnswer.id)
    return list(db.session.scalars(rows.options(joinedload(HandoverAnswer.by))))


def last_answer(distribution: Distribution) -> int:
    """The id of the newest answer of the list; 0 without one."""
    rows = select(func.max(HandoverAnswer.id)).where(HandoverAnswer.distribution_id == distribution.id)
    return int(db.session.scalar(rows) or 0)


def in_live_settlement() -> ColumnElement[bool]:
    """Condition on a row: it stands in a settlement that waits or is in the books."""
    told = (
        select(SettledRow.id)
        .join(HandoverSettlement, HandoverSettlement.id == SettledRow.settlement_id)
        .where(SettledRow.row_id == DistributionRow.id, HandoverSettlement.state.in_((ASKED, APPROVED)))
    )
    return told.correlate(DistributionRow).exists()


def settled_of(row_ids: Sequence[int]) -> set[int]:
    """Which of these rows stand in a settlement that waits or is in the books."""
    found: set[int] = set()
    for start in range(0, len(row_ids), 500):
        part = DistributionRow.id.in_(row_ids[start : start + 500])
        found |= set(db.session.scalars(select(DistributionRow.id).where(part, in_live_settlement())))
    return found


def settlement_of_row(row_id: int) -> HandoverSettlement | None:
    """The settlement, waiting or in the books, in which a row stands."""
    rows = select(HandoverSettlement).join(SettledRow, SettledRow.settlement_id == HandoverSettlement.id)
    return db.session.scalar(
        rows.where(SettledRow.row_id == row_id, HandoverSettlement.state.in_((ASKED, APPROVED))).limit(1)
    )


def open_rows(distribution: Distribution, hamlet: str | None = None) -> list[int]:
    """Ids of rows of which nothing was said yet."""
    rows = select(DistributionRow.id).where(live(distribution), DistributionRow.outcome.is_(None))
    if hamlet is not None:
        rows = rows.where(DistributionRow.hamlet == hamlet)
    return list(db.session.scalars(rows.order_by(DistributionRow.ordinal)))


def counts_of(distribution: Distribution, hamlet: str | None = None) -> Counts:
    """Households of the list (or of one hamlet) by outcome. One statement."""
    rows = select(DistributionRow.outcome, func.count()).where(live(distribution))
    if hamlet is not None:
        rows = rows.where(DistributionRow.hamlet == hamlet)
    found = {outcome: int(n) for outcome, n in db.session.execute(rows.group_by(DistributionRow.outcome))}
    return Counts(sum(found.values()), {key: found[key] for key in OUTCOMES if key in found})


def hamlets_of(distribution: Distribution) -> list[Hamlet]:
    """The hamlets of a list in natural order, with what is open in each."""
    is_open = func.count().filter(DistributionRow.outcome.is_(None))
    rows = select(DistributionRow.hamlet, func.count(), is_open).where(live(distribution))
    found = [
        Hamlet(name or "", int(n), int(left))
        for name, n, left in db.session.execute(rows.group_by(DistributionRow.hamlet))
    ]
    return sorted(found, key=lambda hamlet: natural_key(hamlet.name))


def phone_rows(
    distribution: Distribution, hamlet: str | None, words: str = "", limit: int | None = None
) -> list[DistributionRow]:
    """Rows as they stand on the sheets, with portion and goods; of one hamlet, or with a name, where it is asked."""
    rows: Select[Any] = select(DistributionRow).where(live(distribution))
    if hamlet is not None:
        rows = rows.where(DistributionRow.hamlet == hamlet)
    if words.strip():
        rows = rows.where(has_words(DistributionRow.receiver, words))
    rows = rows.order_by(DistributionRow.ordinal, DistributionRow.id).limit(limit)
    loaded = joinedload(DistributionRow.portion).selectinload(Portion.goods).joinedload(PortionItem.item)
    return list(db.session.scalars(rows.options(loaded)).unique())


def members_of(household_ids: Sequence[int]) -> dict[int, list[HouseholdMember]]:
    """Who lives in each household besides its head: who may take the portion instead."""
    found: dict[int, list[HouseholdMember]] = {}
    for start in range(0, len(household_ids), 500):
        rows = select(HouseholdMember).where(
            HouseholdMember.household_id.in_(household_ids[start : start + 500]),
            HouseholdMember.withdrawn.is_(False),
        )
        for member in db.session.scalars(rows.order_by(HouseholdMember.id)):
            found.setdefault(member.household_id, []).append(member)
    return found


def days_taken_along(distribution: Distribution) -> list[date]:
    """Days of the documents by which money and goods of the list left: its voucher, its goods."""
    numbers = select(DistributionGoods.posting_number).where(
        DistributionGoods.distribution_id == distribution.id,
        DistributionGoods.what == OUT,
        DistributionGoods.reversed.is_(False),
    )
    days = list(db.session.scalars(select(Posting.document_on).where(Posting.number.in_(numbers))))
    voucher = distribution.voucher
    if voucher is not None and voucher.posting is not None:
        days.append(voucher.posting.document_on)
    return days
