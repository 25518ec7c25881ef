"""The sample's province: units, what they print, bank accounts and people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER
from portal.kit.db import db
from portal.kit.passwords import hash_password
from portal.ledger.actions import account_for, post
from portal.ledger.models import BankAccount, Fund
from portal.ledger.rules import Line
from portal.people.models import RoleGrant, User
from portal.units.models import Unit, UnitText

PASSWORD = "minh-hoa-2026"  # noqa: S105  printed by `portal sample`; exists in sample installations only
PROVINCE = ("MH", "Tỉnh Minh Hòa", "tỉnh")
COMMUNES = (
    ("MH01", "Xã Tân Phú Hòa", "xã"),
    ("MH02", "Xã Phú Đông", "xã"),
    ("MH03", "Xã Long Thạnh", "xã"),
    ("MH04", "Phường Hòa Thuận", "phường"),
    ("MH05", "Xã Bàu Sen", "xã"),
    ("MH06", "Xã Mỹ Lợi", "xã"),
    ("MH07", "Phường Tân Bình", "phường"),
    ("MH08", "Xã Rạch Tre", "xã"),
)
TEXTS = {
    "committee": "BAN VẬN ĐỘNG QUỸ “VÌ NGƯỜI NGHÈO”",
    "address": "Số 12 đường Hòa Bình, tỉnh Minh Hòa",
    "phone": "0900 000 186",
    "head": "Nguyễn Thanh Bình",
    "accountant": "Trần Thị Mỹ Duyên",
    "treasurer": "Lê Văn Hậu",
    "signer_title": "CHỦ TỊCH",
    "signer_name": "Lê Hữu Phước",
}
PEOPLE = (
    ("quantri@minhhoa.example", "Đỗ Minh Khoa", "Quản trị hệ thống", ADMINISTRATOR),
    ("ketoan@minhhoa.example", "Trần Thị Mỹ Duyên", "Kế toán Ban vận động Quỹ", ACCOUNTANT),
    ("canbo@minhhoa.example", "Phạm Ngọc Lan", "Cán bộ Mặt trận xã Tân Phú Hòa", RECORDER),
    ("chutich@minhhoa.example", "Lê Hữu Phước", "Chủ tịch, Trưởng Ban vận động", APPROVER),
    ("giamsat@minhhoa.example", "Hồ Văn Quý", "Trưởng ban Thanh tra nhân dân", AUDITOR),
)


@dataclass
class Province:
    """What the rest of the sample builds on."""

    unit: Unit
    communes: list[Unit]
    fund: Fund
    bank: BankAccount
    people: dict[str, User]


def make_province(fund: Fund, *, opening_on: date) -> Province:
    """Units, texts, the fund's bank account with its opening balance, and one person per role.

    The administrator's role is for the whole installation: catalogues and layouts are shared by all units.
    """
    top = _unit(*PROVINCE, parent=None)
    communes = [_unit(*row, parent=top) for row in COMMUNES]
    for unit in (top, *communes):
        db.session.add_all(UnitText(unit_id=unit.id, key=key, value=value) for key, value in TEXTS.items())
    people = {
        role: make_person(email, name, position, role, None if role == ADMINISTRATOR else top)
        for email, name, position, role in PEOPLE
    }
    bank = BankAccount(
        code="VCB-MH",
        unit_id=top.id,
        fund_id=fund.id,
        bank="Vietcombank",
        number="0011000990186",
        holder="BVD QUY VI NGUOI NGHEO TINH MINH HOA",
        published=True,
    )
    db.session.add(bank)
    db.session.flush()
    _open_balances(top, fund, bank, opening_on, people[ACCOUNTANT])
    return Province(top, communes, fund, bank, people)


def _unit(code: str, name: str, level: str, *, parent: Unit | None) -> Unit:
    unit = Unit(code=code, name=name, level=level, parent_id=parent.id if parent else None)
    if parent is not None:
        unit.valid_from = date(2025, 7, 1)
    db.session.add(unit)
    db.session.flush()
    return unit


def make_person(email: str, name: str, position: str, role: str, unit: Unit | None) -> User:
    """Somebody who signs in with the sample's password, with one role in a unit and below (None: everywhere)."""
    user = User(email=email, name=name, position=position, password_hash=hash_password(PASSWORD))
    user.grants.append(RoleGrant(unit_id=unit.id if unit else None, role=role))
    db.session.add(user)
    db.session.flush()
    return user


def _open_balances(unit: Unit, fund: Fund, bank: BankAccount, day: date, by: User) -> None:
    opening = account_for(unit_id=unit.id, fund_id=fund.id, kind="opening")
    cash = account_for(unit_id=unit.id, fund_id=fund.id, kind="cash")
    place = account_for(unit_id=unit.id, fund_id=fund.id, kind="bank", bank_account_id=bank.id)
    lines = [Line(opening, place, 400_000_000), Line(opening, cash, 12_680_000)]
    post("opening", unit=unit, fund=fund, document_on=day, lines=lines, by=by, reason="Số dư đầu năm")
