"""Photos of a single case: what its album calls its parts, and when its photos may stand on a public page."""

from __future__ import annotations

from sqlalchemy import select

from portal.cases.models_appeal import CaseAppeal
from portal.cases.queries import case_or_404, may_write
from portal.cases.rules_appeal import CLOSED, PUBLISHED
from portal.files import album
from portal.kit.db import db

KIND = "case"
ROLES = {"before": "Trước khi giúp", "after": "Sau khi giúp", "paper": "Giấy tờ", "other": "Khác"}


def is_public(case_id: int) -> bool:
    """Whether the case stands on a public page under consent; not any more once its text was taken down."""
    state = db.session.scalar(select(CaseAppeal.state).where(CaseAppeal.case_id == case_id))
    return state in (PUBLISHED, CLOSED)


album.register(
    album.Subject(
        kind=KIND,
        name="Trường hợp cần giúp",
        load=case_or_404,
        unit=lambda case: case.unit,
        title=lambda case: f"{case.field.name}, hộ {case.household.name}",
        may_write=may_write,
        is_public=is_public,
        endpoint="cases.show",
        argument="case_id",
        roles=ROLES,
    )
)
