"""What of decisions and other entries waits: for a person, and when a period is closed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from portal.kit.access import APPROVER
from portal.kit.db import db
from portal.kit.money import format_amount
from portal.ledger.closing import OpenItem, still_open
from portal.ledger.waiting import Waiting, ask, waits
from portal.ledger.work import TODAY, Work
from portal.people.models import User
from portal.people.queries import units_for
from portal.spending.models import Decision
from portal.spending.models_others import InAndOut, OtherEntry
from portal.spending.rules import DRAFT
from portal.spending.rules_others import WAITING

WAITS = {"tinh_trang": WAITING}
KINDS = (
    (OtherEntry, "Thu, chi khác chờ duyệt", "spending.other_entry", "spending.other_entries"),
    (InAndOut, "Ghi thu – ghi chi chờ duyệt", "spending.in_and_out", "spending.in_and_outs"),
)


@still_open
def unanswered(unit_id: int, fund_id: int, through: date) -> Iterator[OpenItem]:
    """Entries of the period that nobody has answered."""
    for model, name, _, endpoint in KINDS:
        rows = (
            select(func.count())
            .select_from(model)
            .where(
                model.unit_id == unit_id,
                model.fund_id == fund_id,
                model.happened_on <= through,
                model.approved.is_(None),
            )
        )
        if count := db.session.scalar(rows) or 0:
            note = "Khóa trước khi trả lời thì chứng từ tính vào kỳ sau."
            yield OpenItem(count, name, note, endpoint, WAITS)


def _asked(waiting: Waiting, name: str, one: str, many: str) -> Work:
    where: tuple[str, dict[str, Any]] = (
        (one, {"entry_id": waiting.first}) if waiting.count == 1 else (many, WAITS)
    )
    note = f"{format_amount(waiting.amount)} đ"
    return Work(TODAY, waiting.count, name, note, "Chờ duyệt", "warn", "Xem và trả lời", *where)


def _to_decide(model: Any, user: User) -> Select[Any]:
    mine = model.unit_id.in_(units_for(user, APPROVER))
    return ask(model.id, model.amount).where(mine, model.approved.is_(None), model.requested_by_id != user.id)


@waits("spending.other_entry", lambda waiting: _asked(waiting, *KINDS[0][1:]))
def entries_to_decide(user: User) -> Select[Any]:
    """Other entries, asked for by others, that this person may answer."""
    return _to_decide(OtherEntry, user)


@waits("spending.in_and_out", lambda waiting: _asked(waiting, *KINDS[1][1:]))
def in_and_outs_to_decide(user: User) -> Select[Any]:
    """What sponsors paid directly, asked for by others, that this person may answer."""
    return _to_decide(InAndOut, user)


def _drafts(waiting: Waiting) -> Work:
    only = waiting.count == 1
    return Work(
        TODAY,
        waiting.count,
        "Văn bản chờ ban hành",
        waiting.name if only else "",
        "Chờ ban hành",
        "warn",
        "Xem và ban hành",
        "spending.decision" if only else "spending.decisions",
        {"decision_id": waiting.first} if only else {"tinh_trang": DRAFT},
    )


@waits("spending.draft", _drafts)
def drafts_to_issue(user: User) -> Select[Any]:
    """Drafts of others that this person may put into force."""
    mine = Decision.unit_id.in_(units_for(user, APPROVER))
    maker = Decision.prepared_by_id.is_(None) | (Decision.prepared_by_id != user.id)
    return ask(Decision.id, None, Decision.subject).where(mine, Decision.state == DRAFT, maker)
