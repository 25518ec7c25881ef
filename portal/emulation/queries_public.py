"""What everybody may ask of rewards: by year, form and words that the public page shows. Reads only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from portal.emulation.models_certificates import Reward
from portal.emulation.models_rewards import RewardForm
from portal.emulation.queries_certificates import public_rewards
from portal.kit.db import db
from portal.kit.folded import MAX_WORDS, folded
from portal.kit.vietnamese import key_of
from portal.units.models import Unit


@dataclass(frozen=True)
class AskedRewards:
    """A page of rewards from row `first` on (0 = the newest); "" asks nothing."""

    year: str = ""
    form: str = ""
    words: str = ""
    first: int = 0

    def conditions(self) -> list[ColumnElement[bool]]:
        """What a reward must meet; joined with its form and unit."""
        found: list[ColumnElement[bool]] = []
        if self.year:
            readable = self.year.isascii() and self.year.isdigit() and len(self.year) == 4
            found.append(Reward.series_year == (int(self.year) if readable else -1))
        if self.form:
            found.append(RewardForm.name == self.form)
        if self.words:
            found.append(_told(self.words))
        return found


def _told(text: str) -> ColumnElement[bool]:
    """Every word stands in what the public reads of a reward, or in the unit's name of today."""
    words = [word for word in key_of(text).split("_") if word][:MAX_WORDS]
    unit: Any = folded(Unit.name)
    return and_(
        True,
        *(
            or_(Reward.words.contains(word, autoescape=True), unit.contains(word, autoescape=True))
            for word in words
        ),
    )


def _joined(rows: Select[Any]) -> Select[Any]:
    return rows.join(RewardForm, RewardForm.id == Reward.form_id).join(Unit, Unit.id == Reward.unit_id)


def page_of(asked: AskedRewards, most: int) -> list[Reward]:
    """`most` rewards of what is asked, the newest first."""
    rows = _joined(public_rewards()).where(*asked.conditions())
    return list(db.session.scalars(rows.offset(asked.first).limit(most)))


def counted(asked: AskedRewards) -> tuple[int, int]:
    """How many rewards fit, and how many there are. One statement."""
    fits = and_(True, *asked.conditions())
    rows: Any = select(func.count(Reward.id).filter(fits), func.count(Reward.id))
    fitting, total = db.session.execute(_joined(rows.select_from(Reward))).one()
    return fitting, total


def years_and_forms() -> tuple[list[int], list[str]]:
    """What can be chosen: years with a reward, the newest first; names of forms that were given."""
    years = select(Reward.series_year).distinct().order_by(Reward.series_year.desc())
    given = select(Reward.id).where(Reward.form_id == RewardForm.id).exists()
    forms = select(RewardForm.name).where(given).order_by(RewardForm.name)
    return list(db.session.scalars(years)), list(db.session.scalars(forms))
