"""Reading what may be spent: within a person's units; what rows, places and campaigns still hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, func, select, union_all

from portal.cash.rules import BOX
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.ledger import queries as ledger
from portal.ledger.models import Account, DayTotal
from portal.ledger.rules import GOODS, SOURCES, AccountFields
from portal.people.models import User
from portal.people.queries import readable_units
from portal.spending.models import Decision, DecisionRow, SpendingPurpose, SupportLevel, Voucher, VoucherRow
from portal.spending.models_others import InAndOut
from portal.spending.rules import LIVE

Commitment = Callable[[int, int, int | None], int]
_commitments: list[Commitment] = []
_NAMES = "purpose_names"  # where a session keeps them


def commits(commitment: Commitment) -> Commitment:
    """Mark a function (unit id, fund id, campaign id) → đồng that left its place but is not spent yet.

    An advance that is not settled, an allocation that is on the way: the books still count it as the campaign's,
    but nobody may spend it a second time.
    """
    _commitments.append(commitment)
    return commitment


class Origin(NamedTuple):
    """Where the rows of a decision come from, in a sentence, and the address of that page.

    `pays`: the money leaves from that page only; otherwise any voucher of the decision may pay it.
    """

    text: str
    address: str
    pays: bool = False


ORIGINS: list[Callable[[Decision], Origin | None]] = []


def rows_come_from(decision: Decision) -> Origin | None:
    """The list of another room that the rows of a decision were made of (then they are changed there), or None."""
    return next((found for asked in ORIGINS if (found := asked(decision)) is not None), None)


def decisions_for(user: User) -> Select[tuple[Decision]]:
    """Decisions of the units that a person may read."""
    return select(Decision).where(Decision.unit_id.in_(readable_units(user)))


def decision_or_404(decision_id: int, *, for_user: User) -> Decision:
    """One decision, if the person may read its unit; otherwise 404."""
    return db.one_or_404(decisions_for(for_user).where(Decision.id == decision_id))


def vouchers_for(user: User) -> Select[tuple[Voucher]]:
    """Vouchers of the units that a person may read."""
    return select(Voucher).where(Voucher.unit_id.in_(readable_units(user)))


def voucher_or_404(voucher_id: int, *, for_user: User) -> Voucher:
    """One voucher, if the person may read its unit; otherwise 404."""
    return db.one_or_404(vouchers_for(for_user).where(Voucher.id == voucher_id))


def voucher_of(posting_number: int) -> Voucher | None:
    """The voucher that a document of the books paid, or None."""
    return db.session.scalar(select(Voucher).where(Voucher.posting_number == posting_number))


def purposes(*, ended: bool = False) -> list[SpendingPurpose]:
    """Purposes in use today, in their order; with `ended` those that have ended, too."""
    return _catalogue(SpendingPurpose, ended)


def levels(*, ended: bool = False) -> list[SupportLevel]:
    """Levels of support in use today, in their order; with `ended` those that have ended, too."""
    return _catalogue(SupportLevel, ended)


def _catalogue(model: Any, ended: bool) -> list[Any]:
    rows = select(model).order_by(model.position, model.key)
    if not ended:
        rows = rows.where(model.valid_to.is_(None) | (model.valid_to >= today_in_vietnam()))
    return list(db.session.scalars(rows))


def purpose_names() -> dict[str, str]:
    """The name of every purpose that ever was, by key, in the order of the catalogue; read once a session."""
    known = db.session().info.get(_NAMES)
    if known is None:
        known = {purpose.key: purpose.name for purpose in purposes(ended=True)}
        db.session().info[_NAMES] = known
    return known


def forget_names() -> None:
    """After a change of the purposes."""
    db.session().info.pop(_NAMES, None)


def taken_of(decision_row_ids: Iterable[int] | Select[Any]) -> dict[int, int]:
    """What is taken of decision rows, đồng by row id (rows without any are missing): by live vouchers, and by what a
    sponsor paid directly.
    """
    chosen = decision_row_ids if isinstance(decision_row_ids, Select) else list(decision_row_ids)
    by_vouchers = (
        select(VoucherRow.decision_row_id.label("row_id"), VoucherRow.amount)
        .join(Voucher, Voucher.id == VoucherRow.voucher_id)
        .where(VoucherRow.decision_row_id.in_(chosen), VoucherRow.refused.is_(None), Voucher.state.in_(LIVE))
    )
    directly = select(InAndOut.decision_row_id, InAndOut.amount).where(
        InAndOut.decision_row_id.in_(chosen), live_in_and_out()
    )
    both = union_all(by_vouchers, directly).subquery()
    rows = select(both.c.row_id, func.sum(both.c.amount)).group_by(both.c.row_id)
    return {row_id: int(amount) for row_id, amount in db.session.execute(rows)}


def live_in_and_out() -> ColumnElement[bool]:
    """Condition on `InAndOut`: asked for and not refused, or in the books and not reversed."""
    undone = ledger.is_reversed(InAndOut.posting_number)  # type: ignore[arg-type]
    return InAndOut.approved.is_(None) | (InAndOut.approved.is_(True) & ~undone)


def left_of(decision: Decision) -> dict[int, int]:
    """What of each row of a decision no voucher has taken yet, đồng by row id."""
    taken = taken_of(select(DecisionRow.id).where(DecisionRow.decision_id == decision.id))
    return {row.id: row.amount - taken.get(row.id, 0) for row in decision.rows}


def held_at(unit_id: int, fund_id: int, *, holder_id: int | None, bank_account_id: int | None) -> int:
    """What a place holds by the books, đồng: a hand, the box, or a bank account with what is in transit."""
    if bank_account_id is not None:
        wanted = [
            AccountFields(unit_id, fund_id, kind, bank_account_id=bank_account_id)
            for kind in ("bank", "transit")
        ]
    else:
        wanted = [AccountFields(unit_id, fund_id, "cash", holder_id=holder_id)]
    keys = [fields.key for fields in wanted]
    ids = db.session.scalars(select(Account.id).where(Account.key.in_(keys)))
    return sum(ledger.account_balance(account_id) for account_id in ids)


def free_of(unit_id: int, fund_id: int, campaign_id: int | None) -> int:
    """What of a campaign's money (None = "chung") a unit may still spend, đồng: by the books, less what is committed."""
    total = select(func.coalesce(func.sum(DayTotal.credit - DayTotal.debit), 0))
    total = total.join(Account, Account.id == DayTotal.account_id).where(
        Account.unit_id == unit_id,
        Account.fund_id == fund_id,
        Account.kind.in_(SOURCES),
        Account.purpose != GOODS,
        Account.campaign_id == campaign_id if campaign_id is not None else Account.campaign_id.is_(None),
    )
    committed = sum(commitment(unit_id, fund_id, campaign_id) for commitment in _commitments)
    return int(db.session.scalar(total) or 0) - committed


def place_name(voucher: Voucher) -> str:
    """Where a voucher's money leaves, in words: "Két của đơn vị", a person's hand, an account."""
    if voucher.bank_account is not None:
        return f"Tài khoản {voucher.bank_account.code}"
    return f"Tiền mặt {voucher.holder.name} giữ" if voucher.holder else BOX


def decision_of_posting(number: int) -> int | None:
    """The decision whose rows a document paid: by a voucher, or directly by a sponsor. One statement."""
    paid = select(Voucher.decision_id).where(Voucher.posting_number == number)
    direct = (
        select(DecisionRow.decision_id)
        .join(InAndOut, InAndOut.decision_row_id == DecisionRow.id)
        .where(InAndOut.posting_number == number)
    )
    return db.session.scalar(union_all(paid, direct))
