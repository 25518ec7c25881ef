"""What of the receipts waits for a person: prints that have not ended."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Select

from portal.ledger.waiting import Waiting, ask, waits
from portal.ledger.work import TODAY, Work
from portal.people.models import User
from portal.receipts.models import PrintRun


def _unfinished(waiting: Waiting) -> Work:
    only = waiting.count == 1
    return Work(
        TODAY,
        waiting.count,
        "Đợt in chưa xong",
        waiting.name if only else "Báo tờ đã ra khỏi máy, hoặc in tiếp",
        "Đang in",
        "neutral",
        "In tiếp",
        "receipts.run" if only else "receipts.runs",
        {"run_id": waiting.first} if only else {},
    )


@waits("receipts.run", _unfinished)
def unfinished(user: User) -> Select[Any]:
    """This person's prints that have not ended."""
    mine = (PrintRun.by_id == user.id) & PrintRun.finished_at.is_(None)
    return ask(PrintRun.id, name=PrintRun.title).where(mine)
