"""People of the sample who see one commune or one hamlet only, and a list of that commune. Nobody here exists."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from portal.distributions.actions_fairness import override
from portal.distributions.actions_list import PortionFields, create_list, set_portions
from portal.distributions.actions_lock import lock_list
from portal.distributions.actions_rows import add_households
from portal.distributions.models import DistributionRow
from portal.distributions.queries_fairness import checked_rows
from portal.households.models_registry import Household
from portal.kit.access import RECORDER
from portal.kit.db import db
from portal.people.models import User
from portal.sample.province import Province, make_person
from portal.units.models import Unit
from portal.units.queries import subtree

COMMUNE, HAMLET = "MH02", "MH02-01"
PEOPLE = (
    ("canboxa@minhhoa.example", "Võ Thị Kim Chi", "Cán bộ Mặt trận xã Phú Đông", COMMUNE),
    ("banap@minhhoa.example", "Huỳnh Văn Đực", "Trưởng Ban công tác Mặt trận ấp, xã Phú Đông", HAMLET),
)
"""(e-mail, name, position, code of the unit). All record; the second proposes changes, the commune decides."""
FAMILIES, MONEY = 8, 400_000


def add_people_below(province: Province, today: date) -> None:
    """The two people, and a locked list that the officer of the commune has made."""
    units = {unit.code: unit for unit in db.session.scalars(select(Unit))}
    officer, _ = [
        make_person(email, name, position, RECORDER, units[code]) for email, name, position, code in PEOPLE
    ]
    _locked_list(province, units[COMMUNE], officer, today)


def _locked_list(province: Province, commune: Unit, officer: User, today: date) -> None:
    inside = select(Household.id).where(
        Household.unit_id.in_(subtree(commune.id)),
        Household.merged_into_id.is_(None),
        Household.withdrawn.is_(False),
    )
    families = list(db.session.scalars(inside.order_by(Household.id).limit(FAMILIES)))
    made = create_list(
        unit=commune,
        fund=province.fund,
        by=officer,
        name="Gạo giáp hạt – xã Phú Đông",
        content="Trao gạo mùa giáp hạt",
        purpose="gifts",
        level="commune",
        way="advance",
        place="Nhà văn hóa xã",
        handed_on=today + timedelta(days=10),
        officer_id=officer.id,
        settle_by=today + timedelta(days=25),
    )
    (portion,) = set_portions(made, [PortionFields("Suất hộ khó khăn", MONEY)], by=officer)
    add_households(made, families, portion=portion, by=officer)
    checked = checked_rows(made)
    warned = checked.rows.where(checked.needs_reason)
    warned = warned.with_only_columns(DistributionRow.id, maintain_column_froms=True)
    if ids := list(db.session.scalars(warned)):
        override(made, ids, reason="Họp ấp thống nhất, nhà hết gạo", by=officer)
    lock_list(made, by=officer)
