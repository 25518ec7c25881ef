"""The sample's hamlets and households: groups, lacking indicators, needs, helpers, visits. Nobody here exists."""

from __future__ import annotations

import random
from datetime import date, timedelta

from sqlalchemy import select

from portal.households.actions_changes import propose
from portal.households.actions_help import assign, record_aid, record_visit
from portal.households.actions_private import log_reading, set_private
from portal.households.actions_registry import (
    add_need,
    record_household,
    set_groups,
    set_income,
    set_lacks,
    set_members,
)
from portal.households.models import HouseholdGroup
from portal.households.models_registry import Household
from portal.households.queries_catalogue import indicators_in, needs_on
from portal.households.rules_registry import Person
from portal.households.rules_watch import ASSOCIATION, BETTER, HOUSEHOLDS, OFFICER, SAME, WORSE
from portal.kit.access import APPROVER, RECORDER
from portal.kit.db import db
from portal.sample.names import (
    FAMILIES,
    GIVEN_F,
    GIVEN_M,
    HAMLETS,
    MIDDLES_F,
    MIDDLES_M,
    person,
)
from portal.sample.province import Province
from portal.units.models import Unit

COUNT = 120
WARDS = ("Khu phố 1", "Khu phố 2", "Khu phố 3")
ROADS = ("Tổ 1", "Tổ 2", "Tổ 4", "Tổ 7", "đường Bờ Kè", "đường Kênh Mới")
SOURCES = ("Hội Chữ thập đỏ xã", "Chùa Phước Hưng", "Nhóm bạn học khóa 1998", "Hội Liên hiệp Phụ nữ xã")
GOODS = (("10 kg gạo, 2 chai dầu ăn", 280_000), ("1 xe đạp", 1_600_000), ("20 cuốn tập, 1 cặp sách", 350_000))
SEEN = {
    BETTER: "Bò mẹ đã đẻ, con gái có việc ở nhà máy.",
    SAME: "Nhà còn dột góc bếp, vẫn đi làm thuê theo mùa.",
    WORSE: "Mất mùa, mới vay thêm để trả tiền giống.",
}
GROUPS = (
    "poor",
    "poor",
    "poor",
    "near_poor",
    "near_poor",
    "newly_out",
    "newly_out",
    "hardship",
    "hardship",
    "",
)


def record_households(province: Province, chance: random.Random, today: date) -> None:
    """Hamlets in four communes and some 120 households there, with two years of reviews."""
    places = [hamlet for commune in province.communes[:4] for hamlet in _hamlets(commune)]
    places.append(province.communes[4])  # a commune whose hamlets are not in the books yet
    groups = {group.key: group for group in db.session.scalars(select(HouseholdGroup))}
    officer = province.people[RECORDER]
    made = []
    for place in range(COUNT):
        household = _household(places[place % len(places)], chance)
        key = GROUPS[place % len(GROUPS)]
        if key:
            _years(household, key, groups, chance, today)
        if place % 3 == 0:
            kind = chance.choice(needs_on(today)[:-1])
            since = today - timedelta(days=chance.randint(5, 200))
            add_need(household, kind, since=since, note=None, by=officer)
        made.append(household)
    _twins(made, chance)
    _help(province, made, chance, today)
    _sensitive(province, made)


def _hamlets(commune: Unit) -> list[Unit]:
    names = WARDS if commune.level == "phường" else [name[:1].upper() + name[1:] for name in HAMLETS[:4]]
    level = "khu phố" if commune.level == "phường" else "ấp"
    made = [
        Unit(
            code=f"{commune.code}-{place:02d}",
            name=name,
            level=level,
            parent_id=commune.id,
            valid_from=commune.valid_from,
        )
        for place, name in enumerate(names, 1)
    ]
    db.session.add_all(made)
    db.session.flush()
    return made


def _name(is_man: bool, chance: random.Random) -> str:
    middle = chance.choice(MIDDLES_M if is_man else MIDDLES_F)
    return f"{chance.choice(FAMILIES)} {middle} {chance.choice(GIVEN_M if is_man else GIVEN_F)}"


def _household(unit: Unit, chance: random.Random) -> Household:
    is_man = chance.random() < 0.55
    name = _name(is_man, chance)
    born = chance.randint(1938, 1992)
    values = {
        "unit_id": unit.id,
        "name": name,
        "sex": "m" if is_man else "f",
        "birth_year": born,
        "address": chance.choice(ROADS),
        "phone": f"0900 {chance.randint(100, 999)} {chance.randint(100, 999)}"
        if chance.random() < 0.6
        else None,
    }
    household = record_household(values, by=None)
    people = [
        Person(_name(not is_man, chance), "vợ" if is_man else "chồng", "f" if is_man else "m", born + 2)
    ]
    people += [
        Person(person(chance), chance.choice(("con", "cháu", "mẹ")), None, chance.randint(1995, 2022))
        for _ in range(chance.randint(0, 3))
    ]
    set_members(household, people if chance.random() < 0.85 else people[1:], None)
    return household


def _years(
    household: Household, key: str, groups: dict[str, HouseholdGroup], chance: random.Random, today: date
) -> None:
    """Last year and this one: what was poor may have come out, what came out may lack something again."""
    out = key == "newly_out"
    for year in (today.year - 1, today.year):
        now = year == today.year
        held = "hardship" if key == "hardship" else ("poor" if out and not now else key)
        set_groups(household, year, [groups[held]], None)
        most = {"poor": 6, "near_poor": 2, "newly_out": 2, "hardship": 1}[held]
        least = 3 if held == "poor" else 0
        indicators = indicators_in(year)
        if indicators:
            count = min(chance.randint(least, most), len(indicators))
            set_lacks(household, year, chance.sample(indicators, count), None)
        low = held in ("poor", "near_poor")
        set_income(
            household,
            year,
            chance.randint(9, 15) * 100_000 if low else chance.randint(14, 26) * 100_000,
            None,
        )


def _twins(made: list[Household], chance: random.Random) -> None:
    """The same household twice, as lists of two years bring it: without accents, another order, a year off."""
    for household in chance.sample(made, 3):
        words = household.name.split()
        name = household.folded.upper() if chance.random() < 0.5 else " ".join([*words[1:], words[0]])
        year = (household.birth_year or 1960) + 1
        record_household({"unit_id": household.unit_id, "name": name, "birth_year": year}, by=None)


def _help(province: Province, made: list[Household], chance: random.Random, today: date) -> None:
    officer, approver = province.people[RECORDER], province.people[APPROVER]
    ways = ((OFFICER, 1), (ASSOCIATION, 1), (HOUSEHOLDS, 3))
    for place, household in enumerate(made[:24]):
        kind, count = ways[place % 3]
        names = [chance.choice(SOURCES)] if kind == ASSOCIATION else [person(chance) for _ in range(count)]
        starts_on = today - timedelta(days=chance.randint(60, 300))
        assign(household, kind=kind, helpers=names, starts_on=starts_on, note=None, by=officer)
        verdict = (BETTER, SAME, WORSE)[place % 3]
        record_visit(
            household,
            visited_on=today - timedelta(days=chance.randint(1, 50)),
            visitor=names[0],
            verdict=verdict,
            illness=place % 6 == 5,
            note=SEEN[verdict],
            by=officer,
        )
        goods, estimate = chance.choice(GOODS)
        record_aid(
            household,
            given_on=today - timedelta(days=chance.randint(10, 250)),
            source=chance.choice(SOURCES),
            cash=500_000 if place % 2 else None,
            goods=None if place % 2 else goods,
            estimate=None if place % 2 else estimate,
            by=officer,
        )
    for household, phone in ((made[0], "0900 111 222"), (made[7], "0900 333 444")):
        propose(household, field="phone", new=phone, reason="Hộ báo đã đổi số điện thoại.", by=approver)


def _sensitive(province: Province, made: list[Household]) -> None:
    """Numbers that no province gives out (their first digits are nobody's), and one reading."""
    officer = province.people[RECORDER]
    for place, household in enumerate(made[:6]):
        told = {"cccd": f"099{place:09d}", "ethnicity": "Kinh" if place % 2 else "Khmer"}
        set_private(household, None, told, officer)
    log_reading(made[0], province.people[APPROVER], "Đối chiếu hồ sơ thẻ bảo hiểm y tế")
