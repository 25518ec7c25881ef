"""What waits for a person, as rows of the start page: how many, what, how urgent, where to act.

Pure: it is given the records and only words them. Addresses are named by endpoint; the template links.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from portal.kit.days import VIETNAM, days_left, format_day
from portal.kit.money import format_amount

OVERDUE, TODAY, WEEK = 1, 2, 3
GROUPS = {OVERDUE: "Quá hạn", TODAY: "Làm trong hôm nay", WEEK: "Trong tuần này"}
PUBLISH_WITHIN = timedelta(days=15)  # after reception ends: Điều 14 Nghị định 93/2021/NĐ-CP
DECREE = "93/2021"
ENDS_SOON = timedelta(days=7)


@dataclass(frozen=True)
class Work:
    """One row: `endpoint` with `args` is where `verb` leads."""

    group: int
    count: int
    name: str
    note: str
    badge: str
    badge_kind: str
    verb: str
    endpoint: str
    args: dict[str, Any] = field(default_factory=dict)


def reversal_work(waiting: Sequence[Any]) -> list[Work]:
    """Reversal requests (request, document, sum) as one row."""
    if not waiting:
        return []
    asked, posting, amount = waiting[0]
    name = posting.paper_number or f"chứng từ số {posting.number}"
    note = f"{name}, {format_amount(amount)} đ, do {asked.requested_by.name} đề nghị"
    if len(waiting) > 1:
        note = f"Cũ nhất: {note}"
    since = f"Từ {format_day(asked.requested_at.astimezone(VIETNAM).date())}"
    target: tuple[str, dict[str, Any]] = ("ledger.reversal", {"request_id": asked.id})
    if len(waiting) > 1:
        target = ("ledger.reversals", {"tinh_trang": "cho"})
    return [
        Work(TODAY, len(waiting), "Đề nghị đảo chờ duyệt", note, since, "warn", "Xem và trả lời", *target)
    ]


def statement_work(statements: Sequence[Any]) -> list[Work]:
    """Statements that were read but do not stand in the books."""
    found = []
    for statement in statements:
        failed = statement.state == "failed"
        found.append(
            Work(
                TODAY,
                1,
                "Sao kê không nạp được" if failed else "Sao kê đọc xong, chưa ghi sổ",
                f"{statement.file_name}, tài khoản {statement.bank_account.code}, {statement.rows} dòng",
                "Không xong" if failed else "Chưa ghi sổ",
                "bad" if failed else "warn",
                "Xem sao kê",
                "statements.show",
                {"statement_id": statement.id},
            )
        )
    return found


def checked_statement_work(jobs: Sequence[Any]) -> list[Work]:
    """Statement files that were checked and bring something new, but were not posted."""
    waiting = [
        job
        for job in jobs
        if job.state == "done" and job.result.get("new") and not job.params.get("import_job")
    ]
    if not waiting:
        return []
    newest = waiting[0]
    note = f"Tệp {newest.params['filename']}, {newest.result['new']} dòng mới"
    since = f"Từ {format_day(waiting[-1].created_at.astimezone(VIETNAM).date())}"
    where = ("statements.review", {"job_id": newest.id})
    name = "Sao kê đã kiểm tra, chưa ghi sổ"
    return [Work(TODAY, len(waiting), name, note, since, "warn", "Xem và ghi sổ", *where)]


def failed_job_work(jobs: Sequence[Any]) -> list[Work]:
    """Background work that stopped."""
    return [
        Work(
            TODAY,
            1,
            job.title,
            job.message or "Không xong",
            "Không xong",
            "bad",
            "Xem",
            "jobs.show",
            {"job_id": job.id},
        )
        for job in jobs
        if job.state == "failed"
    ]


def campaign_work(campaigns: Sequence[Any], covered: Mapping[int, date], today: date) -> list[Work]:
    """Campaigns that end soon, and ended ones that no bulletin covers (`covered`: last day by unit)."""
    found = []
    for campaign in campaigns:
        if campaign.ends_on is None:
            continue
        if campaign.ends_on >= today:
            if campaign.ends_on <= today + ENDS_SOON:
                found.append(_ends_soon(campaign, today))
        elif covered.get(campaign.unit_id, date.min) < campaign.ends_on:
            found.append(_unpublished(campaign, today))
    return found


def _ends_soon(campaign: Any, today: date) -> Work:
    note = f"Nhận đến hết ngày {format_day(campaign.ends_on)}; khoản sau ngày đó không ghi vào đợt"
    left = days_left(campaign.ends_on, today=today)
    return Work(
        WEEK,
        1,
        f"Đợt “{campaign.name}” sắp kết thúc",
        note,
        left[:1].upper() + left[1:],
        "neutral",
        "Xem đợt",
        "campaigns.show",
        {"code": campaign.code},
    )


def _unpublished(campaign: Any, today: date) -> Work:
    due = campaign.ends_on + PUBLISH_WITHIN
    note = f"Tiếp nhận đến {format_day(campaign.ends_on)}"
    if DECREE in campaign.legal_basis:
        note += "; hạn 15 ngày theo Điều 14 Nghị định 93/2021/NĐ-CP"
    left = days_left(due, today=today)
    overdue = due < today
    return Work(
        OVERDUE if overdue else WEEK,
        1,
        f"Công khai kết quả đợt “{campaign.name}”",
        note,
        left[:1].upper() + left[1:],
        "bad" if overdue else "neutral",
        "Lập bản tin",
        "bulletins.index",
    )
