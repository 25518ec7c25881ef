"""What changes people: links, passwords, roles. Passwords come in as hashes, made before the write begins."""

from __future__ import annotations

import secrets

from sqlalchemy import select, update

from portal.kit import audit
from portal.kit.access import ADMINISTRATOR, ROLE_NAMES, ROLES
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.people import queries
from portal.people.models import OneTimeLink, RoleGrant, User
from portal.people.rules import LINK_LASTS, hash_of_secret, tidy_email
from portal.units.models import Unit

LINK_GONE = "Đường dẫn này đã dùng hoặc đã hết hạn. Xin người quản trị một đường dẫn mới."
OUTSIDE = "Người này có vai trò ở đơn vị ngoài phạm vi quản trị của mình. Nhờ người quản trị cấp trên."


def first_administrator_link() -> str:
    """The path of a link (48 h) that makes the first administrator; earlier ones die. Flushes.

    Raises Refused when the portal has users already.
    """
    if not queries.nobody_yet():
        raise Refused(
            "Cổng thông tin đã có người dùng. Nhờ người quản trị tạo đường dẫn trong trang Người dùng."
        )
    return _make_link(None)


def one_time_link(user: User) -> str:
    """The path of a link (48 h) by which the person sets a password; earlier ones die. Flushes."""
    audit.note("link", "user", entity_id=user.id)
    return _make_link(user.id)


def _make_link(user_id: int | None) -> str:
    same = OneTimeLink.user_id.is_(None) if user_id is None else OneTimeLink.user_id == user_id
    db.session.execute(update(OneTimeLink).where(same, OneTimeLink.used_at.is_(None)).values(used_at=now()))
    secret = secrets.token_urlsafe(32)
    kept = OneTimeLink(secret_hash=hash_of_secret(secret), user_id=user_id, expires_at=now() + LINK_LASTS)
    db.session.add(kept)
    db.session.flush()
    return f"/thiet-lap/{secret}"


def use_link(secret: str, *, password_hash: str, name: str | None = None, email: str | None = None) -> User:
    """Set the password of the link's person, or make the first administrator (needs `name`, `email`).

    Flushes. Raises Refused when the link is no longer good or the address is none.
    """
    link = _locked_link(secret)
    if link.user_id is None:
        user = _make_first_administrator(name or "", email or "")
    else:
        user = db.session.get_one(User, link.user_id)
    link.used_at = now()
    set_password(user, password_hash)
    return user


def _locked_link(secret: str) -> OneTimeLink:
    wanted = select(OneTimeLink).where(OneTimeLink.secret_hash == hash_of_secret(secret)).with_for_update()
    link = db.session.scalar(wanted.execution_options(populate_existing=True))
    if link is None or link.used_at is not None or link.expires_at <= now():
        raise Refused(LINK_GONE)
    return link


def _make_first_administrator(name: str, email: str) -> User:
    if not queries.nobody_yet():
        raise Refused(LINK_GONE)
    user = User(name=name, email=tidy_email(email))
    db.session.add(user)
    db.session.flush()
    db.session.add(RoleGrant(user=user, unit_id=None, role=ADMINISTRATOR))
    db.session.flush()
    return user


def set_password(user: User, password_hash: str) -> None:
    """Set a password; every open session of the person ends. Flushes."""
    user.password_hash = password_hash
    user.session_epoch += 1
    db.session.flush()


def rename(user: User, name: str) -> None:
    """Change a person's name from now on; papers keep the name they were made with. Flushes."""
    user.name = name
    db.session.flush()


def add_user(*, email: str, name: str, role: str, unit: Unit | None, by: User | None) -> User:
    """A new person with a role in a unit (None = the whole installation). Flushes. `by` None: by command.

    Raises Refused when the address is taken or no address, or when `by` is no administrator there.
    """
    email = tidy_email(email)
    if queries.user_by_email(email) is not None:
        raise Refused(
            "Địa chỉ này đã có người dùng. Tìm người đó trong danh sách, hoặc gõ địa chỉ khác.", "email"
        )
    user = User(email=email, name=name)
    db.session.add(user)
    db.session.flush()
    give_role(user, role, unit, by=by, new=True)
    return user


def give_role(user: User, role: str, unit: Unit | None, *, by: User | None, new: bool = False) -> RoleGrant:
    """Give a role in a unit (None = the whole installation). Flushes. Raises Refused (unit, role)."""
    if role not in ROLES:
        raise Refused(f"Chưa có vai trò “{role}”. Chọn một trong: {', '.join(ROLE_NAMES.values())}.", "role")
    unit_id = unit.id if unit else None
    if by is not None and not queries.may(by, ADMINISTRATOR, unit_id):
        raise Refused("Đơn vị này ngoài phạm vi quản trị của mình. Chọn đơn vị khác.", "unit")
    if not new and any((grant.role, grant.unit_id) == (role, unit_id) for grant in user.grants):
        raise Refused("Người này đã có vai trò đó ở đơn vị đó. Chọn vai trò hoặc đơn vị khác.", "role")
    grant = RoleGrant(user=user, unit=unit, role=role)
    db.session.add(grant)
    db.session.flush()
    return grant


def take_role(user: User, grant_id: int, *, by: User) -> None:
    """Take a role away. Flushes. Raises Refused for the own last administrator role and outside own units."""
    grant = next((grant for grant in user.grants if grant.id == grant_id), None)
    if grant is None:
        raise Refused("Vai trò này đã được bỏ. Tải lại trang để xem các vai trò đang có.")
    if not queries.may(by, ADMINISTRATOR, grant.unit_id):
        raise Refused(OUTSIDE)
    own = [other for other in user.grants if other.role == ADMINISTRATOR]
    if user.id == by.id and own == [grant]:
        raise Refused("Không tự bỏ vai trò quản trị cuối cùng của mình được. Nhờ một người quản trị khác.")
    user.grants.remove(grant)
    db.session.delete(grant)
    db.session.flush()


def switch(user: User, active: bool, *, by: User) -> None:
    """Switch a person off (open sessions and links end) or on again. Flushes. Raises Refused."""
    if user.id == by.id:
        raise Refused("Không tự tắt tài khoản của mình được. Nhờ một người quản trị khác.")
    check_manageable(user, by=by)
    if user.active and not active:
        user.session_epoch += 1
        mine = (OneTimeLink.user_id == user.id, OneTimeLink.used_at.is_(None))
        db.session.execute(update(OneTimeLink).where(*mine).values(used_at=now()))
    user.active = active
    db.session.flush()


def check_manageable(user: User, *, by: User) -> None:
    """Raises Refused when the person has roles outside the administrator's units."""
    if not queries.may_manage(by, user):
        raise Refused(OUTSIDE)
