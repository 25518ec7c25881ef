"""Support norms as dated data: a new one ends the one before it. Flushes; the caller commits."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from portal.distributions.models import SupportNorm
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.vietnamese import fold


def add_norm(values: dict[str, Any]) -> SupportNorm:
    """A norm from a day on; the one of the same unit, purpose, subject and zone ends the day before. Raises Refused."""
    if values["amount"] <= 0:
        raise Refused("Mức hỗ trợ phải lớn hơn 0. Gõ số đồng, ví dụ 500.000.", "amount")
    same = select(SupportNorm).where(SupportNorm.purpose == values["purpose"])
    unit_id = values.get("unit_id")
    same = same.where(SupportNorm.unit_id == unit_id if unit_id else SupportNorm.unit_id.is_(None))
    wanted = fold(values.get("zone")), fold(values.get("subject"))
    for known in db.session.scalars(same):
        if (fold(known.zone), fold(known.subject)) != wanted:
            continue
        if known.valid_from == values["valid_from"]:
            raise Refused(
                "Đã có mức của ngày này. Chọn ngày khác, hoặc cho mức cũ ngừng trước.", "valid_from"
            )
        if known.valid_from < values["valid_from"] and (
            known.valid_to is None or known.valid_to >= values["valid_from"]
        ):
            known.valid_to = values["valid_from"] - timedelta(days=1)
        elif known.valid_from > values["valid_from"]:
            ends = known.valid_from - timedelta(days=1)
            values = {**values, "valid_to": min(values.get("valid_to") or ends, ends)}
    norm = SupportNorm(
        **{
            **values,
            "zone": values.get("zone") or "",
            "subject": values.get("subject") or "",
            "basis": values.get("basis") or "",
        }
    )
    db.session.add(norm)
    db.session.flush()
    return norm


def end_norm(norm: SupportNorm, *, valid_to: date) -> None:
    """The last day of a norm; lists of later days are no longer measured by it. Raises Refused (valid_to)."""
    if valid_to < norm.valid_from:
        raise Refused(f"Ngày cuối trước ngày áp dụng {norm.valid_from:%d/%m/%Y}. Sửa ngày.", "valid_to")
    norm.valid_to = valid_to
    db.session.flush()
