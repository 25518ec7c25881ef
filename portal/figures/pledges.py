"""What was promised in the period, and how much of it has come. A promise is never money received.

Money only; cancelled promises are out; what has come beyond a promise is not counted here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Select

from portal.figures.scope import Scope
from portal.figures.values import DONG, Definition, FigureValue, answered
from portal.kit.db import db
from portal.pledges.columns import come, promised
from portal.pledges.models import Pledge, PledgeTerms
from portal.pledges.queries import standing, totals_of
from portal.pledges.rules import MONEY
from portal.units.models import Unit

TOTAL = Definition(
    "pledged.total", "Đã đăng ký", DONG, "Tiền đăng ký ủng hộ trong kỳ; lời hứa, chưa phải tiền quỹ."
)
FULFILLED = Definition(
    "pledged.fulfilled",
    "Đăng ký đã thực hiện",
    DONG,
    "Phần tiền đăng ký trong kỳ đã có khoản ủng hộ thực hiện, trừ phần đã đảo và hoàn trả.",
)
OUTSTANDING = Definition(
    "pledged.outstanding", "Đăng ký còn lại", DONG, "Phần tiền đăng ký trong kỳ chưa thực hiện."
)
COUNT = Definition(
    "pledged.count",
    "Số lượt đăng ký",
    "lượt",
    "Số lượt đăng ký ủng hộ trong kỳ, kể cả hiện vật, nhà, ngày công; không kể đăng ký đã hủy.",
)
FIGURES = (TOTAL, FULFILLED, OUTSTANDING, COUNT)


def compute(scope: Scope) -> Iterator[FigureValue]:
    """All of them, one statement."""
    found = totals_of(pledges_in(scope), as_of=scope.as_of)
    yield answered(TOTAL, found.total)
    yield answered(FULFILLED, found.fulfilled)
    yield answered(OUTSTANDING, found.outstanding)
    yield answered(COUNT, found.count)


def rows(scope: Scope, key: str) -> Iterator[dict[str, Any]] | None:
    """The promises behind a figure, without names; None for other keys."""
    if key not in {figure.key for figure in FIGURES}:
        return None
    wanted = pledges_in(scope).join(Unit, Unit.id == Pledge.unit_id)
    if key != COUNT.key:
        wanted = wanted.where(PledgeTerms.kind == MONEY)
    columns = (
        Pledge.year, Pledge.number, Unit.code, PledgeTerms.pledged_on, PledgeTerms.kind, PledgeTerms.since,
        promised().label("promised"), come(scope.as_of).label("come"),
    )  # fmt: skip
    found = wanted.with_only_columns(*columns, maintain_column_froms=True).order_by(Pledge.id)
    return (
        {
            "pledge": f"{row.number:04d}/{row.year}",
            "unit": row.code,
            "day": row.pledged_on.isoformat(),
            "kind": row.kind,
            "amount": int(row.promised),
            "fulfilled": int(row.come),
            "outstanding": int(row.promised - row.come),
            "entry": row.since,
        }
        for row in db.session.execute(found.execution_options(yield_per=1_000))
    )


def pledges_in(scope: Scope) -> Select[Any]:
    """Terms that count in the scope: unit of the pledge, day of the promise, campaign, as of the number."""
    wanted = standing(as_of=scope.as_of).where(
        Pledge.unit_id.in_(scope.units()), PledgeTerms.pledged_on.between(scope.start, scope.end)
    )
    if scope.campaign is not None:
        wanted = wanted.where(PledgeTerms.campaign_id == scope.campaign.id)
    return wanted
