"""Figures of rewards: how many were decided in the period and stand, all and by form. As of a number of the books."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select

from portal.emulation.models_certificates import Reward
from portal.emulation.models_rewards import RewardForm
from portal.emulation.queries_certificates import rewards_in
from portal.figures.scope import Scope
from portal.figures.values import Definition, FigureValue, answered
from portal.kit.db import db
from portal.units.models import Unit

TOTAL = Definition(
    "rewards.total",
    "Khen thưởng",
    "lượt",
    "Số lượt khen thưởng quyết định trong kỳ, trừ những lượt đã thu hồi.",
)
BY_FORM = Definition(
    "rewards.<form>",
    "Khen thưởng theo hình thức",
    "lượt",
    "Số lượt khen thưởng theo từng hình thức trong kỳ, trừ những lượt đã thu hồi.",
)
FIGURES = (TOTAL,)
FAMILIES = (BY_FORM,)


def counts(scope: Scope) -> dict[str, tuple[str, int]]:
    """Form's key → (its name, how many), in the order of the catalogue; every form, also without any. One statement."""
    here = _in(scope).subquery()
    rows = (
        select(RewardForm.key, RewardForm.name, func.count(here.c.id))
        .outerjoin(here, here.c.form_id == RewardForm.id)
        .group_by(RewardForm.id, RewardForm.key, RewardForm.name)
        .order_by(RewardForm.position, RewardForm.id)
    )
    return {key: (name, count) for key, name, count in db.session.execute(rows)}


def _in(scope: Scope) -> Any:
    campaign = scope.campaign.id if scope.campaign else None
    return rewards_in(scope.unit.id, scope.start, scope.end, campaign_id=campaign, as_of=scope.as_of)


def compute(scope: Scope) -> Iterator[FigureValue]:
    """The total, and one for each form that was given."""
    found = counts(scope)
    yield answered(TOTAL, sum(count for _, count in found.values()))
    for key, (name, count) in found.items():
        if count:
            yield answered(BY_FORM.filled(f"rewards.{key}", name), count)


def rows(scope: Scope, key: str) -> Iterator[dict[str, Any]] | None:
    """The rewards behind a figure, without names; None for other keys."""
    head, _, form = key.partition(".")
    if head != "rewards" or not form:
        return None
    wanted = (
        _in(scope).join(RewardForm, RewardForm.id == Reward.form_id).join(Unit, Unit.id == Reward.unit_id)
    )
    if form != "total":
        wanted = wanted.where(RewardForm.key == form)
    columns = (
        Reward.series, Reward.series_no, Reward.series_year, Reward.decided_on, Reward.subject, Reward.since,
        RewardForm.key, Unit.code,
    )  # fmt: skip
    found = wanted.with_only_columns(*columns, maintain_column_froms=True).order_by(Reward.id)
    return (
        {
            "certificate": f"{row.series}-{row.series_no:04d}/{row.series_year}",
            "form": row.key,
            "unit": row.code,
            "day": row.decided_on.isoformat(),
            "subject": row.subject,
            "entry": row.since,
        }
        for row in db.session.execute(found.execution_options(yield_per=1_000))
    )
