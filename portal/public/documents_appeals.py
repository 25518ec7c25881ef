"""/loi-keu-goi/ as a template, a JSON answer or a file needs it: nobody's name or address, sums by the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.cases import queries_appeal as queries
from portal.cases.models_appeal import AppealSurplus, CaseAppeal
from portal.cases.queries_appeal import Sums
from portal.cases.rules_appeal import CLOSED, DOWN, PUBLISHED
from portal.kit.days import VIETNAM, format_day
from portal.kit.db import db
from portal.kit.masking import mask_public

HEADS = (
    "Mã", "Tiêu đề", "Đơn vị", "Tình trạng", "Công bố ngày", "Kết thúc ngày", "Cần", "Đã nhận", "Đã trao",
    "Đang giữ hộ người vắng", "Hiện vật đã nhận", "Hiện vật đã trao", "Phần dư đã chuyển", "Còn lại", "Phần dư dùng vào",
)  # fmt: skip
STATES = {PUBLISHED: "Đang kêu gọi", CLOSED: "Đã kết thúc", DOWN: "Đã gỡ nội dung"}
TAKEN_DOWN = "Nội dung đã gỡ theo yêu cầu"


@dataclass(frozen=True)
class Moved:
    """A surplus that went on: the day, đồng of money and of goods at value."""

    day: date
    amount: int
    goods: int


@dataclass(frozen=True)
class Shown:
    """One appeal as everybody reads it."""

    case_id: int  # for its published photos; never shown
    campaign: Campaign
    code: str
    title: str
    body: list[str]
    illness: str | None
    state: str
    target: int
    sums: Sums
    published_on: date
    closed_on: date | None
    versions: list[tuple[int, date]]
    surplus_to: str
    surplus_text: str
    moved: list[Moved]

    @property
    def state_name(self) -> str:
        """In words."""
        return STATES[self.state]

    @property
    def is_open(self) -> bool:
        """Whether it asks for gifts."""
        return self.state == PUBLISHED

    @property
    def summary(self) -> str:
        """The first words of the text, for the list."""
        first = self.body[0] if self.body else ""
        return first if len(first) <= 220 else f"{first[:220].rsplit(' ', 1)[0]} …"

    @property
    def span(self) -> str:
        """ "từ 02/11/2026", "02/11/2026 – 20/11/2026"."""
        first = format_day(self.published_on)
        return f"{first} – {format_day(self.closed_on)}" if self.closed_on else f"từ {first}"


def shown_appeals() -> list[Shown]:
    """Every public appeal, newest first. A fixed number of statements."""
    return _shown(list(db.session.scalars(queries.public_appeals())))


def shown_appeal(code: str) -> Shown | None:
    """The public appeal of a code."""
    wanted = queries.public_appeals().join(CaseAppeal.campaign).where(Campaign.code == code)
    return next(iter(_shown(list(db.session.scalars(wanted)))), None)


def _shown(appeals: list[CaseAppeal]) -> list[Shown]:
    sums = queries.sums_of([one.campaign_id for one in appeals if one.campaign_id])
    moved = _moved([one.id for one in appeals])
    return [_one(one, sums.get(one.campaign_id or 0, Sums()), moved.get(one.id, [])) for one in appeals]


def _moved(appeal_ids: list[int]) -> dict[int, list[Moved]]:
    rows = select(AppealSurplus).where(
        AppealSurplus.appeal_id.in_(appeal_ids),
        AppealSurplus.posting_number.is_not(None),
        AppealSurplus.reversed_at.is_(None),
    )
    found: dict[int, list[Moved]] = {}
    for one in db.session.scalars(rows.order_by(AppealSurplus.id)):
        assert one.decided_at is not None
        day = one.decided_at.astimezone(VIETNAM).date()
        found.setdefault(one.appeal_id, []).append(Moved(day, one.amount, one.goods))
    return found


def _one(appeal: CaseAppeal, sums: Sums, moved: list[Moved]) -> Shown:
    campaign, text = appeal.campaign, queries.text_of(appeal)
    assert campaign is not None and text is not None and appeal.published_on is not None
    down = appeal.state == DOWN
    target = appeal.surplus_campaign
    return Shown(
        case_id=appeal.case_id,
        campaign=campaign,
        code=campaign.code,
        title=TAKEN_DOWN if down else mask_public(text.title),
        body=[] if down else [mask_public(line) for line in text.body.splitlines() if line.strip()],
        illness=None if down or not text.illness else mask_public(text.illness),
        state=appeal.state,
        target=appeal.target,
        sums=sums,
        published_on=appeal.published_on,
        closed_on=appeal.closed_on,
        versions=[
            (one.version, one.decided_at.astimezone(VIETNAM).date())
            for one in appeal.texts
            if one.approved and one.decided_at
        ],
        surplus_to=f"đợt “{target.name}”" if target else "nguồn chung của Quỹ",
        surplus_text=mask_public(appeal.surplus_text),
        moved=moved,
    )


def appeal_row(one: Shown) -> list[Any]:
    """One row of the file, under HEADS."""
    sums = one.sums
    return [
        one.code, one.title, one.campaign.unit.name, one.state_name, one.published_on, one.closed_on, one.target,
        sums.received, sums.handed, sums.kept, sums.received_goods, sums.spent_goods, sums.moved, sums.left,
        one.surplus_text,
    ]  # fmt: skip


def appeal_json(one: Shown) -> dict[str, Any]:
    """One appeal; sums in đồng."""
    sums = one.sums
    return {
        "code": one.code,
        "transfer_code": one.campaign.transfer_code if one.is_open else None,
        "unit": one.campaign.unit.code,
        "state": one.state,
        "title": one.title,
        "text": "\n".join(one.body),
        "illness": one.illness,
        "published_on": one.published_on.isoformat(),
        "closed_on": one.closed_on.isoformat() if one.closed_on else None,
        "versions": [{"version": version, "published_on": day.isoformat()} for version, day in one.versions],
        "target": one.target,
        "received": sums.received,
        "refunded": sums.refunded,
        "handed_over": sums.handed,
        "kept": sums.kept,
        "other": sums.other,
        "goods": {
            "received": sums.received_goods,
            "handed_over": sums.spent_goods,
            "moved": sums.moved_goods,
        },
        "surplus": {
            "to": one.surplus_to,
            "text": one.surplus_text,
            "moved": [
                {"on": item.day.isoformat(), "amount": item.amount, "goods": item.goods} for item in one.moved
            ],
        },
        "left": sums.left,
    }
