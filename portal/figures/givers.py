"""How many gifts and givers: counted on the gifts whose document has not been reversed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select, func, select

from portal.donations.models import Donation
from portal.figures.scope import Scope
from portal.figures.values import Definition, FigureValue, answered
from portal.kit.db import db
from portal.kit.vietnamese import fold
from portal.ledger.models import Account, Transfer
from portal.ledger.queries import is_reversed
from portal.units.models import Unit

COUNT = Definition(
    "received.count",
    "Số khoản ủng hộ",
    "khoản",
    "Số khoản ủng hộ ghi sổ trong kỳ, kể cả hiện vật, trừ những khoản đã đảo.",
)
DONORS = Definition(
    "received.donors",
    "Số người ủng hộ",
    "người",
    "Số tên khác nhau của người và tổ chức ủng hộ trong kỳ; khoản không rõ tên không tính.",
)
FIGURES = (COUNT, DONORS)


def compute(scope: Scope) -> Iterator[FigureValue]:
    """Both figures, two statements."""
    gifts = gifts_in(scope)
    yield answered(COUNT, db.session.scalar(select(func.count()).select_from(gifts.subquery())) or 0)
    named = gifts.with_only_columns(Donation.donor_name).where(Donation.donor_name.is_not(None)).distinct()
    names = db.session.scalars(named.execution_options(yield_per=5_000))
    yield answered(DONORS, len({fold(name) for name in names} - {""}))


def rows(scope: Scope, key: str) -> Iterator[dict[str, Any]] | None:
    """The gifts behind both figures, without names; None for other keys."""
    if key not in (COUNT.key, DONORS.key):
        return None
    gifts = gifts_in(scope).add_columns(Transfer.booked_on, Unit.code)
    found = db.session.execute(gifts.order_by(Donation.id).execution_options(yield_per=1_000))
    return (
        {
            "gift": gift.code,
            "day": day.isoformat(),
            "posting": gift.posting_number,
            "unit": unit,
            "form": gift.form,
            "amount": gift.amount,
        }
        for gift, day, unit in found
    )


def gifts_in(scope: Scope) -> Select[Any]:
    """Gifts whose transfer counts in the scope: unit and campaign of its account, booking day, number."""
    gifts = (
        select(Donation)
        .join(
            Transfer,
            (Transfer.posting_number == Donation.posting_number) & (Transfer.ordinal == Donation.ordinal),
        )
        .join(Account, Account.id == Transfer.credit_id)
        .join(Unit, Unit.id == Account.unit_id)
        .where(
            Account.unit_id.in_(scope.units()),
            Transfer.booked_on.between(scope.start, scope.end),
            ~is_reversed(Transfer.posting_number.expression, up_to=scope.as_of),
        )
    )
    if scope.campaign is not None:
        gifts = gifts.where(Account.campaign_id == scope.campaign.id)
    if scope.as_of is not None:
        gifts = gifts.where(Transfer.posting_number <= scope.as_of)
    return gifts
