"""Reading verifications, consents, and the follow-up list: who was absent, whose money came back."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from portal.advances.models import PutAside
from portal.distributions import given
from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.models_handover import KeptPortion, NameConsent, Verification, VerificationDraw
from portal.distributions.queries import distributions_for
from portal.distributions.queries_handover import in_live_settlement
from portal.distributions.rules import ABSENT, HANDED
from portal.distributions.rules_handover import VERDICTS
from portal.kit.db import db
from portal.people.models import User


def draws_of(distribution: Distribution) -> list[VerificationDraw]:
    """Every draw of a list, oldest first."""
    rows = select(VerificationDraw).where(VerificationDraw.distribution_id == distribution.id)
    return list(
        db.session.scalars(rows.options(joinedload(VerificationDraw.by)).order_by(VerificationDraw.id))
    )


def verifications_of(distribution: Distribution) -> list[Verification]:
    """Whom to ask, in the order of the sheets."""
    rows = select(Verification).join(Verification.row)
    rows = rows.where(DistributionRow.distribution_id == distribution.id)
    loaded = contains_eager(Verification.row), joinedload(Verification.by)
    return list(db.session.scalars(rows.options(*loaded).order_by(DistributionRow.ordinal)))


def verification_or_404(verification_id: int, *, for_user: User) -> Verification:
    """One of them, if the person may read its list; otherwise 404."""
    mine = distributions_for(for_user).with_only_columns(Distribution.id)
    rows = select(Verification).join(Verification.row)
    return db.one_or_404(
        rows.where(Verification.id == verification_id, DistributionRow.distribution_id.in_(mine))
    )


def verdicts_of(distribution: Distribution) -> dict[str | None, int]:
    """How many households by verdict; None = not asked yet."""
    rows = (
        select(Verification.verdict, func.count())
        .join(Verification.row)
        .where(DistributionRow.distribution_id == distribution.id)
        .group_by(Verification.verdict)
    )
    found = {verdict: int(count) for verdict, count in db.session.execute(rows)}
    return {key: found[key] for key in (*VERDICTS, None) if key in found}


def consented_rows(distribution: Distribution) -> set[int]:
    """Rows whose name may be shown now."""
    rows = (
        select(NameConsent.row_id)
        .join(NameConsent.row)
        .where(DistributionRow.distribution_id == distribution.id, NameConsent.withdrawn.is_(None))
    )
    return set(db.session.scalars(rows))


def money_waits() -> ColumnElement[bool]:
    """Condition on a row: money is kept for it."""
    kept = select(PutAside.id).where(
        PutAside.decision_row_id == DistributionRow.decision_row_id,
        PutAside.ended.is_(None),
        PutAside.void.is_(False),
    )
    return kept.correlate(DistributionRow).exists()


def goods_wait() -> ColumnElement[bool]:
    """Condition on a row: goods are kept for it."""
    kept = select(KeptPortion.id).where(
        KeptPortion.row_id == DistributionRow.id, KeptPortion.ended.is_(None), KeptPortion.void.is_(False)
    )
    return kept.correlate(DistributionRow).exists()


def waits() -> ColumnElement[bool]:
    """Condition on a row: its household was absent, or its money came back, and something waits for it."""
    return DistributionRow.outcome.in_(given.MAY_GET) & or_(money_waits(), goods_wait())


def settled() -> ColumnElement[bool]:
    """Condition on a row of the follow-up: an account was given of it; what was transferred needs none."""
    return or_(in_live_settlement(), DistributionRow.outcome != ABSENT)


def absent_for(user: User) -> Select[Any]:
    """(row, list, whether money waits, goods wait, it was settled) of households that were absent.

    Beside them stand those whose transferred money came back and was put aside.
    """
    row = DistributionRow
    came_back = row.outcome.in_(HANDED) & (given.put_aside() > 0)
    mine = distributions_for(user).with_only_columns(Distribution.id)
    rows: Any = select(
        DistributionRow,
        Distribution,
        money_waits().label("money_waits"),
        goods_wait().label("goods_wait"),
        settled().label("settled"),
    ).join(Distribution, Distribution.id == DistributionRow.distribution_id)
    return rows.where(
        DistributionRow.distribution_id.in_(mine),
        or_(row.outcome == ABSENT, came_back),
        row.refused.is_(None),
    )
