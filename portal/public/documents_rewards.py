"""/khen-thuong/ and /xac-minh/ as a template, a JSON answer or a file needs them: names only as people have agreed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.emulation import queries_certificates as queries
from portal.emulation.models_certificates import Reward
from portal.emulation.queries_public import AskedRewards, page_of
from portal.emulation.rules_nominations import SUBJECTS, public_name
from portal.kit.check_codes import shown_code
from portal.kit.db import db
from portal.kit.masking import mask_public

HEADS = (
    "Ngày",
    "Hình thức",
    "Số giấy",
    "Người, tập thể",
    "Đối tượng",
    "Thành tích",
    "Đơn vị",
    "Quyết định",
    "Tình trạng",
)
PAGE_ROWS = 100
STANDS, GONE = "Còn hiệu lực", "Đã thu hồi"


@dataclass(frozen=True)
class Shown:
    """One reward as everybody reads it; `code` only where the paper in hand has given it."""

    name: str
    is_named: bool
    subject: str
    form: str
    number: str
    day: date
    achievement: str
    unit: str
    decision: str | None
    gone_on: date | None
    gone_by: str | None
    campaign: str | None

    @property
    def state(self) -> str:
        """In words."""
        return GONE if self.gone_on else STANDS


def shown_page(asked: AskedRewards) -> list[Shown]:
    """A page of what is asked, the newest first, those taken back marked. A fixed number of statements."""
    return _shown(page_of(asked, PAGE_ROWS))


def shown_rewards() -> list[Shown]:
    """Every reward for a file, the newest first, those taken back marked. A fixed number of statements."""
    rows = list(db.session.scalars(queries.public_rewards()))
    return _shown(rows)


def shown_by_code(code: str) -> Shown | None:
    """The reward whose certificate bears this code."""
    one = queries.reward_by_code(code)
    return _shown([one])[0] if one else None


def _shown(rows: Sequence[Reward]) -> list[Shown]:
    gone = queries.withdrawals(rows)
    return [_one(one, gone.get(one.id)) for one in rows]


def _one(one: Reward, gone: Any) -> Shown:
    name = public_name(one.name, one.subject, one.shown_as)
    return Shown(
        name=name,
        is_named=name == mask_public(one.name),
        subject=SUBJECTS[one.subject],
        form=one.form.name,
        number=one.number,
        day=one.decided_on,
        achievement=mask_public(one.achievement),
        unit=one.unit.name,
        decision=one.decision.number,
        gone_on=gone.decision.decided_on if gone else None,
        gone_by=gone.decision.number if gone else None,
        campaign=one.campaign.name if one.campaign else None,
    )


def reward_row(one: Shown) -> list[Any]:
    """One row of the file, under HEADS."""
    return [
        one.day, one.form, one.number, one.name, one.subject, one.achievement, one.unit, one.decision, one.state,
    ]  # fmt: skip


def reward_json(one: Shown) -> dict[str, Any]:
    """One reward; a name only as its bearer has agreed."""
    return {
        "form": one.form,
        "number": one.number,
        "decided_on": one.day.isoformat(),
        "decision": one.decision,
        "unit": one.unit,
        "name": one.name,
        "subject": one.subject,
        "achievement": one.achievement,
        "valid": one.gone_on is None,
        "withdrawn_on": one.gone_on.isoformat() if one.gone_on else None,
        "withdrawn_by": one.gone_by,
    }


def code_text(code: str) -> str:
    """A code in two groups, as the paper prints it."""
    return shown_code(code)
