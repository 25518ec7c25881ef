"""What one person asks and another answers: the answer is taken once, and never by who has asked."""

from __future__ import annotations

from typing import Any

from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.people.models import User
from portal.people.rules import check_second_person


def take_answer(asked: Any, *, approve: bool, answer: str, by: User) -> None:
    """Write the answer to a request with the usual fields (`approved`, `answer`, `decided_by_id` …). Raises Refused."""
    take_posting_lock()
    db.session.refresh(asked, with_for_update={"of": type(asked)})
    if asked.approved is not None:
        raise Refused("Đề nghị này đã được trả lời. Tải lại trang để xem kết quả.")
    check_second_person(asked.requested_by_id, by.id)
    if not approve and not answer.strip():
        raise Refused("Chưa ghi lý do từ chối. Ghi để người đề nghị biết cần sửa gì.", "answer")
    asked.approved, asked.answer = approve, answer.strip() or None
    asked.decided_by_id, asked.decided_at = by.id, now()
