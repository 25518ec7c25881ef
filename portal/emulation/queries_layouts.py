"""Reading layouts of certificates."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import or_, select

from portal.emulation.models_certificates import Reward
from portal.emulation.models_layouts import RewardLayout
from portal.emulation.models_rewards import RewardForm
from portal.emulation.rules_layouts import Look
from portal.kit.days import today_in_vietnam
from portal.kit.db import db


def layouts(*, ended: bool = False) -> list[RewardLayout]:
    """Layouts in use today; with `ended` all that ever were."""
    rows = select(RewardLayout).order_by(RewardLayout.position, RewardLayout.id)
    if not ended:
        today = today_in_vietnam()
        still = or_(RewardLayout.valid_to.is_(None), RewardLayout.valid_to >= today)
        rows = rows.where(RewardLayout.valid_from <= today, still)
    return list(db.session.scalars(rows))


def layout_or_404(layout_id: int) -> RewardLayout:
    """One of them; otherwise 404."""
    return db.one_or_404(select(RewardLayout).where(RewardLayout.id == layout_id))


def layout_names() -> dict[str, str]:
    """Key → name, also of those that have ended."""
    return {one.key: one.name for one in layouts(ended=True)}


def looks(keys: Iterable[str]) -> dict[str, Look]:
    """Key → look, of certificates that are to be printed. One statement."""
    rows = select(RewardLayout).where(RewardLayout.key.in_(set(keys)))
    return {one.key: look_of_layout(one) for one in db.session.scalars(rows)}


def look_of_layout(one: RewardLayout) -> Look:
    """A row as the paper needs it."""
    return Look(
        frame=one.frame,
        colour=one.colour,
        national=one.national,
        heading=tuple(one.heading.splitlines()),
        parts=tuple(one.parts.split(",")),
        align=one.align,
        title_size=one.title_size,
        name_size=one.name_size,
        sign_place=one.sign_place,
        check_place=one.check_place,
    )


def is_borne(layout: RewardLayout) -> bool:
    """Whether a reward was given in this layout: then it never changes."""
    return db.session.scalar(select(Reward.id).where(Reward.layout == layout.key).limit(1)) is not None


def forms_with(layout: RewardLayout) -> list[RewardForm]:
    """Forms of rewards whose certificates are laid out so from now on."""
    rows = select(RewardForm).where(RewardForm.layout == layout.key)
    return list(db.session.scalars(rows.order_by(RewardForm.position, RewardForm.id)))
