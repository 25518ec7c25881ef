"""The people and things that tests talk about: one province, two communes, six people, and builders.

Builders take keywords only, flush, and never commit. Everybody and everything here is invented.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import count
from typing import Any

import pytest
from flask import Flask
from flask import session as flask_session
from flask.testing import FlaskClient
from flask_login import login_user
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.campaigns.models import Campaign
from portal.donations.actions import record_donation
from portal.donations.models import Donation
from portal.kit import access
from portal.kit.days import EARLIEST
from portal.kit.db import db
from portal.kit.passwords import hash_password
from portal.ledger.models import BankAccount, Fund
from portal.people.models import RoleGrant, User
from portal.units.models import Unit

PASSWORD = "mat khau thu 2026"  # noqa: S105
_next = count(1)


def make_unit(
    *,
    code: str | None = None,
    name: str = "Xã Tân Phú Hòa",
    level: str = "xã",
    parent: Unit | None = None,
    valid_from: date = EARLIEST,
    valid_to: date | None = None,
) -> Unit:
    """A unit; without a code it gets one of its own."""
    code = code or f"X{next(_next):04d}"
    parent_id = parent.id if parent else None
    return _keep(
        Unit(code=code, name=name, level=level, parent_id=parent_id, valid_from=valid_from, valid_to=valid_to)
    )


def make_user(
    *,
    name: str = "Trần Thị Ghi",
    email: str | None = None,
    role: str | None = None,
    unit: Unit | None = None,
    active: bool = True,
    password: str | None = None,
) -> User:
    """A person, with `role` in `unit` (None = the whole installation) unless `role` is None.

    Without `password` nobody can sign in through the form as them; `sign_in` works all the same.
    """
    user = User(name=name, email=email or f"nguoi{next(_next)}@vidu.vn", active=active)
    if password is not None:
        user.password_hash = hash_password(password)
    _keep(user)
    if role is not None:
        grant(user=user, role=role, unit=unit)
    return user


def grant(*, user: User, role: str, unit: Unit | None = None) -> RoleGrant:
    """One more role for a person."""
    given = RoleGrant(user_id=user.id, unit_id=unit.id if unit else None, role=role)
    _keep(given)
    db.session.expire(user, ["grants"])
    return given


def make_fund(*, code: str = "VNN", name: str = "Quỹ “Vì người nghèo”") -> Fund:
    """The fund of this code; the migrations bring VNN and CUUTRO."""
    known = db.session.scalar(select(Fund).where(Fund.code == code))
    return known or _keep(Fund(code=code, name=name))


def make_campaign(
    *,
    unit: Unit,
    code: str | None = None,
    name: str = "Tháng cao điểm Vì người nghèo",
    fund: Fund | None = None,
    starts_on: date = date(2026, 10, 17),
    ends_on: date | None = date(2026, 11, 18),
    legal_basis: str = "",
) -> Campaign:
    """A campaign of a unit's fund, without a target."""
    return _keep(
        Campaign(
            code=code or f"DOT{next(_next):04d}",
            name=name,
            unit_id=unit.id,
            fund_id=(fund or make_fund()).id,
            starts_on=starts_on,
            ends_on=ends_on,
            legal_basis=legal_basis,
        )
    )


def make_account(
    *,
    unit: Unit,
    code: str | None = None,
    fund: Fund | None = None,
    bank: str = "Vietcombank",
    number: str | None = None,
    holder: str = "",
    published: bool = True,
) -> BankAccount:
    """A bank account of a unit's fund."""
    serial = next(_next)
    return _keep(
        BankAccount(
            code=code or f"TK{serial:04d}",
            unit_id=unit.id,
            fund_id=(fund or make_fund()).id,
            bank=bank,
            number=number or f"{1_000_000_000 + serial}",
            holder=holder,
            published=published,
        )
    )


def make_donation(
    *,
    campaign: Campaign,
    by: User | None = None,
    unit: Unit | None = None,
    amount: int = 500_000,
    day: date = date(2026, 11, 2),
    form: str = "cash",
    donor_name: str | None = "Nguyễn Văn An",
    **details: Any,
) -> Donation:
    """A gift, recorded and posted as the screen does it."""
    return record_donation(
        unit=unit or campaign.unit,
        fund=db.session.get_one(Fund, campaign.fund_id),
        campaign=campaign,
        form=form,
        amount=amount,
        day=day,
        donor_name=donor_name,
        by=by,
        **details,
    )


def _keep(record):  # type: ignore[no-untyped-def]
    db.session.add(record)
    db.session.flush()
    return record


def sign_in(client: FlaskClient, user: User) -> FlaskClient:
    """Give the client the session that /dang-nhap would give; returns the client."""
    db.session.commit()
    app: Flask = client.application
    with app.test_request_context("/", environ_overrides=client.environ_base):
        login_user(db.session.get_one(User, user.id))
        kept = dict(flask_session)
    with client.session_transaction() as session:
        session.clear()
        session.update(kept)
    return client


PEOPLE = {
    "accountant": ("Lê Thị Toán", "ketoan@vidu.vn", access.ACCOUNTANT),
    "officer": ("Phạm Văn Ghi", "canbo@vidu.vn", access.RECORDER),
    "chair": ("Hoàng Thị Duyệt", "chutich@vidu.vn", access.APPROVER),
    "auditor": ("Đỗ Văn Soát", "giamsat@vidu.vn", access.AUDITOR),
    "administrator": ("Vũ Quản Trị", "quantri@vidu.vn", access.ADMINISTRATOR),
    "outsider": ("Bùi Thị Ngoài", "ngoai@vidu.vn", access.RECORDER),
}


@dataclass(frozen=True)
class Cast:
    """Everybody at once. The officer records in the commune, the outsider does so in the other one."""

    province: Unit
    commune: Unit
    other_commune: Unit
    accountant: User
    officer: User
    chair: User
    auditor: User
    administrator: User
    outsider: User


def make_cast() -> None:
    """Let the cast in, and commit: done once for all tests that ask for it (see `conftest`)."""
    province = make_unit(code="TH", name="Tỉnh Tân Hòa", level="tỉnh")
    commune = make_unit(code="TPH", name="Xã Tân Phú Hòa", parent=province)
    other = make_unit(code="AL", name="Xã An Lạc", parent=province)
    places = dict.fromkeys(PEOPLE, commune) | {"administrator": None, "outsider": other}
    for part, (name, email, role) in PEOPLE.items():
        make_user(name=name, email=email, role=role, unit=places[part])
    db.session.commit()


@pytest.fixture
def cast(db_session: Session) -> Cast:
    """The named cast, in the portal from its beginning; let in now where the test did not name it beforehand."""
    if db_session.scalar(select(User.id).limit(1)) is None:
        make_cast()
    units = {unit.code: unit for unit in db_session.scalars(select(Unit))}
    people = {user.email: user for user in db_session.scalars(select(User))}
    parts = {part: people[email] for part, (_, email, _) in PEOPLE.items()}
    return Cast(province=units["TH"], commune=units["TPH"], other_commune=units["AL"], **parts)


@pytest.fixture
def commune(cast: Cast) -> Unit:
    """Where most tests happen."""
    return cast.commune


@pytest.fixture
def accountant(cast: Cast) -> User:
    """Kế toán of the commune."""
    return cast.accountant


@pytest.fixture
def officer(cast: Cast) -> User:
    """Người ghi of the commune."""
    return cast.officer


@pytest.fixture
def recorder(cast: Cast) -> User:
    """The officer, by role."""
    return cast.officer


@pytest.fixture
def chair(cast: Cast) -> User:
    """Người duyệt of the commune."""
    return cast.chair


@pytest.fixture
def auditor(cast: Cast) -> User:
    """Người giám sát of the commune."""
    return cast.auditor


@pytest.fixture
def administrator(cast: Cast) -> User:
    """Quản trị of the whole installation."""
    return cast.administrator


@pytest.fixture
def outsider(cast: Cast) -> User:
    """Người ghi of another commune."""
    return cast.outsider
