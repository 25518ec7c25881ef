"""What of the imports waits for a person: requests to undo one."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select

from portal.imports.models import ImportRun
from portal.imports.queries import undo_to_decide
from portal.ledger.waiting import Waiting, ask, waits
from portal.ledger.work import TODAY, Work
from portal.people.models import User


def _undo(waiting: Waiting) -> Work:
    only = waiting.count == 1
    return Work(
        TODAY,
        waiting.count,
        "Đề nghị hoàn lại lần nhập bảng",
        waiting.name if only else "Mở danh sách để chọn",
        "Chờ duyệt",
        "warn",
        "Xem và trả lời",
        "imports.run" if only else "imports.runs",
        {"run_id": waiting.first} if only else {},
    )


@waits("imports.undo", _undo)
def undo(user: User) -> Select[Any] | None:
    """Requests by others that this person may answer."""
    mine = undo_to_decide(user)
    return None if mine is None else ask(ImportRun.id, name=ImportRun.file_name).where(mine)
