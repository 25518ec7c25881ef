"""Writing the captions of papers: a new caption holds from a day on, older papers keep theirs."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import select

from portal.kit.db import db
from portal.kit.errors import Refused
from portal.units.models import PaperForm


def set_paper_form(
    key: str, *, unit_id: int | None, title: str, caption: str, basis: str, valid_from: date
) -> PaperForm:
    """What papers of this kind carry from `valid_from` on, for one unit or (None) for all without a row of their own.

    A row that begins on the same day is changed; the one before it ends on the day before. Raises Refused when a
    later row exists already.
    """
    rows = select(PaperForm).where(PaperForm.key == key)
    rows = rows.where(PaperForm.unit_id.is_(None) if unit_id is None else PaperForm.unit_id == unit_id)
    known = list(db.session.scalars(rows.order_by(PaperForm.valid_from)))
    if known and known[-1].valid_from > valid_from:
        raise Refused(
            f"Đã có mẫu áp dụng từ {known[-1].valid_from:%d/%m/%Y}. Ghi ngày từ đó trở đi.", "valid_from"
        )
    form = known[-1] if known and known[-1].valid_from == valid_from else None
    if form is None:
        if known:
            known[-1].valid_to = valid_from - timedelta(days=1)
        form = PaperForm(unit_id=unit_id, key=key, valid_from=valid_from)
        db.session.add(form)
    form.title, form.caption, form.basis = title, caption, basis
    db.session.flush()
    return form
