"""Who may come in, and what they may do in which unit."""

from __future__ import annotations

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.kit.audit import Audited
from portal.kit.db import BigKey, Moment, Text, db, now
from portal.units.models import Unit


class User(UserMixin, Audited, db.Model):
    """A member of staff. `session_epoch` rises when the password changes, which ends every open session."""

    __tablename__ = "user"
    audit_personal = {"email", "name"}
    audit_hidden = {"password_hash"}

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    email: Mapped[str] = mapped_column(Text(200), unique=True)
    name: Mapped[str] = mapped_column(Text(200))
    position: Mapped[str] = mapped_column(Text(200), default="")
    password_hash: Mapped[str | None] = mapped_column(Text(300))
    active: Mapped[bool] = mapped_column(default=True)
    session_epoch: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[datetime] = mapped_column(Moment, default=now)

    grants: Mapped[list[RoleGrant]] = relationship(back_populates="user", order_by="RoleGrant.id")

    @property
    def is_active(self) -> bool:
        """For Flask-Login: a switched-off person has no session."""
        return self.active

    def get_id(self) -> str:
        """What the session cookie holds: the person and the epoch of their password."""
        return f"{self.id}:{self.session_epoch}"


class RoleGrant(Audited, db.Model):
    """A role of a person in a unit and all units below it."""

    __tablename__ = "role_grant"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user.id"), index=True)
    unit_id: Mapped[int | None] = mapped_column(
        ForeignKey("unit.id"), index=True
    )  # None: the whole installation
    role: Mapped[str] = mapped_column(Text(20))

    user: Mapped[User] = relationship(back_populates="grants")
    unit: Mapped[Unit | None] = relationship()

    __table_args__ = (db.UniqueConstraint("user_id", "unit_id", "role"),)


class OneTimeLink(db.Model):
    """A link that sets a password once. Only the hash of its secret is kept."""

    __tablename__ = "one_time_link"

    id: Mapped[int] = mapped_column(BigKey, primary_key=True)
    secret_hash: Mapped[str] = mapped_column(Text(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user.id"))  # None: makes the first administrator
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)
