"""Writing bulletins: a draft, then its issue as a snapshot. Flushes; the caller commits."""

from __future__ import annotations

from datetime import date

from portal.bulletins.documents import compose
from portal.bulletins.models import Bulletin
from portal.bulletins.queries import bulletin_by_code, issued_in_year
from portal.bulletins.rules import check_issue, code_of, paper_number, period_name
from portal.figures.scope import Scope
from portal.kit.days import Period, today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.numbers import last_number, take_posting_lock
from portal.people.models import User
from portal.units.models import Unit


def draft_bulletin(*, unit: Unit, starts_on: date, ends_on: date, by: User | None) -> Bulletin:
    """A bulletin in the making: its figures follow the books until it is issued. Raises Refused."""
    if unit.valid_to is not None and starts_on > unit.valid_to:
        raise Refused(
            f"{unit.name} đã kết thúc ngày {unit.valid_to:%d/%m/%Y}. Chọn đơn vị kế thừa, hoặc kỳ sớm hơn.",
            "unit_id",
        )
    bulletin = Bulletin(
        unit_id=unit.id,
        title=f"Bản tin công tác giảm nghèo {period_name(Period(starts_on, ends_on))}",
        starts_on=starts_on,
        ends_on=ends_on,
        made_by_id=by.id if by else None,
    )
    db.session.add(bulletin)
    db.session.flush()
    return bulletin


def issue_bulletin(
    bulletin: Bulletin, *, by: User | None, day: date | None = None, is_sample: bool = False
) -> Bulletin:
    """Give number, code and day (None = today), and freeze content and as-of for good. Raises Refused.

    Under the posting lock, so that the figures are those of the number; the PDF is made later, outside.
    """
    day = day or today_in_vietnam()
    take_posting_lock()
    db.session.refresh(bulletin)  # under the lock: somebody may have issued it meanwhile
    check_issue(bulletin.code is not None, bulletin.ends_on, day, today=today_in_vietnam())
    number = issued_in_year(bulletin.unit_id, day.year) + 1  # no gap: nothing issued is ever deleted
    code = code_of(bulletin.unit.code, day.year, number)
    if bulletin_by_code(code) is not None:  # another unit bore the same code before
        code = f"{code}-{bulletin.id}"
    bulletin.as_of = last_number()
    bulletin.code, bulletin.paper_number, bulletin.issued_on = code, paper_number(number), day
    bulletin.issued_by_id = by.id if by else None
    scope = Scope(bulletin.unit, bulletin.starts_on, bulletin.ends_on)
    bulletin.content = compose(scope, day=day, number=bulletin.paper_number, is_sample=is_sample)
    db.session.flush()
    return bulletin


def drop_draft(bulletin: Bulletin) -> None:
    """Throw a draft away. Raises Refused for an issued bulletin."""
    take_posting_lock()
    db.session.refresh(bulletin)
    if bulletin.code is not None:
        raise Refused("Bản tin đã phát hành không xóa được. Phát hành bản tin mới nếu cần đính chính.")
    db.session.delete(bulletin)
    db.session.flush()
