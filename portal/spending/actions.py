"""Writing decisions: drafted, issued by a second person, withdrawn. Flushes; the caller commits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.ledger.actions import check_unit_alive
from portal.ledger.models import Fund
from portal.people.models import User
from portal.people.rules import check_second_person
from portal.spending import queries, rules
from portal.spending.models import Decision, DecisionRow
from portal.spending.models_others import DecisionText
from portal.spending.texts import FILLED, Texts, check_words
from portal.units.models import Unit

HEAD = (
    "kind",
    "number",
    "decided_on",
    "subject",
    "grounds",
    "articles",
    "recipients",
    "signer_title",
    "signer_name",
)


@dataclass(frozen=True)
class RowFields:
    """One row of a decision as it is typed or brought; `amount` in đồng, `households` None = nobody said.

    `amount` is 0 only where `goods` (in words) are decided instead of money.
    """

    receiver: str
    amount: int
    purpose: str
    campaign_id: int | None = None
    address: str | None = None
    content: str | None = None
    level: str | None = None
    source: str | None = None
    households: int | None = None
    bank: str | None = None
    account_number: str | None = None
    account_holder: str | None = None
    goods: str | None = None


Follower = Callable[[Decision, str], None]
_followers: list[Follower] = []
DELETED = "deleted"


def after_decision(follower: Follower) -> Follower:
    """Mark a function of another room that follows what became of a decision, in its transaction.

    It gets the decision and `rules.ISSUED`, `rules.WITHDRAWN` or `DELETED` (just before it is gone); it may raise
    Refused, which refuses the step.
    """
    _followers.append(follower)
    return follower


def _follow(decision: Decision, what: str) -> None:
    for follower in _followers:
        follower(decision, what)


NUMBERS: list[Callable[[int, str, int, str], date | None]] = []
"""(unit id, kind, year, number) → the day of a paper of another room that bears this number, or None: one register."""


def number_elsewhere(unit_id: int, kind: str, year: int, number: str) -> date | None:
    """The day of another room's paper with this number of this unit, kind and year, or None."""
    return next((day for used in NUMBERS if (day := used(unit_id, kind, year, number)) is not None), None)


def number_used(unit_id: int, kind: str, year: int, number: str, *, but: int | None = None) -> date | None:
    """The day of the decision that bears this number of this unit, kind and year (`but` leaves out one), or None."""
    twin = select(Decision.decided_on).where(
        Decision.unit_id == unit_id,
        Decision.kind == kind,
        Decision.year == year,
        Decision.number == number,
        Decision.id != (but or 0),
    )
    return db.session.scalar(twin)


def check_number_free(used: date | None, number: str) -> None:
    """Raises Refused when a paper of that day bears the number."""
    if used is not None:
        raise Refused(
            f"Số {number} đã dùng cho văn bản ngày {used:%d/%m/%Y}. Mỗi số chỉ dùng một lần trong năm; "
            "kiểm tra lại số.",
            "number",
        )


def rows_of(decision: Decision) -> list[RowFields]:
    """The rows of a decision as they could be written again."""
    return [
        RowFields(**{name: getattr(row, name) for name in RowFields.__dataclass_fields__})
        for row in decision.rows
    ]


def draft_decision(
    *, unit: Unit, fund: Fund, rows: Sequence[RowFields], by: User | None, **head: Any
) -> Decision:
    """Write a draft: `head` has the fields of `HEAD` (missing = blank). Raises Refused."""
    decision = Decision(
        unit_id=unit.id, unit=unit, fund_id=fund.id, fund=fund, prepared_by_id=by.id if by else None
    )
    with db.session.no_autoflush:
        _write(decision, rows, head)
    db.session.add(decision)
    db.session.flush()
    return decision


def change_decision(
    decision: Decision, *, rows: Sequence[RowFields], by: User | None = None, **head: Any
) -> Decision:
    """Write a draft anew, head and rows; whoever changes it is its maker from now on. Raises Refused."""
    take_posting_lock()
    db.session.refresh(decision, with_for_update={"of": Decision})
    rules.check_draft(decision.state)
    if by is not None:
        decision.prepared_by_id = by.id
    if list(rows) == rows_of(decision):  # only the head changes
        with db.session.no_autoflush:
            _write_head(decision, head)
        db.session.flush()
        return decision
    if (origin := queries.rows_come_from(decision)) is not None:
        raise Refused(f"{origin.text} Sửa danh sách ở đó rồi lập lại dự thảo.", "rows")
    for row in list(decision.rows):
        db.session.delete(row)
    db.session.flush()
    db.session.expire(decision, ["rows"])
    with db.session.no_autoflush:
        _write(decision, rows, head)
    db.session.flush()
    return decision


def delete_decision(decision: Decision) -> None:
    """Deleting is for drafts only. Raises Refused."""
    take_posting_lock()
    db.session.refresh(decision, with_for_update={"of": Decision})
    rules.check_draft(decision.state)
    _follow(decision, DELETED)
    for row in list(decision.rows):
        db.session.delete(row)
    db.session.flush()
    db.session.expire(decision, ["rows"])
    db.session.delete(decision)
    db.session.flush()


def issue_decision(decision: Decision, *, by: User, number: str | None = None) -> Decision:
    """A person other than the maker puts a draft into force; from now on it does not change.

    `number` is the one given to the paper now, where the draft has none. Raises Refused.
    """
    take_posting_lock()
    db.session.refresh(decision, with_for_update={"of": Decision})
    rules.check_draft(decision.state)
    check_second_person(decision.prepared_by_id, by.id)
    if number is not None:
        decision.number = rules.tidy_number(number)
        with db.session.no_autoflush:
            _check_head(decision)
    check_unit_alive(decision.unit, decision.decided_on)
    if not decision.number:
        raise Refused("Chưa ghi số văn bản. Ghi số như trên bản ký, ví dụ 12/QĐ-MTTQ-BTT.", "number")
    if not decision.rows:
        raise Refused("Văn bản chưa có dòng nào. Thêm ít nhất một người hoặc một nơi nhận.", "rows")
    decision.state, decision.issued_by_id, decision.issued_at = rules.ISSUED, by.id, now()
    db.session.flush()
    _follow(decision, rules.ISSUED)
    return decision


def withdraw_decision(decision: Decision, *, reason: str, by: User) -> Decision:
    """Take a decision out of force: what was paid stays, what was not is not paid any more. Raises Refused."""
    take_posting_lock()
    db.session.refresh(decision, with_for_update={"of": Decision})
    rules.check_issued(decision.state)
    check_second_person(decision.prepared_by_id, by.id)
    if not reason.strip():
        raise Refused("Chưa ghi lý do thu hồi. Ghi theo văn bản thu hồi.", "reason")
    decision.state, decision.withdrawn_reason = rules.WITHDRAWN, reason.strip()
    decision.withdrawn_by_id, decision.withdrawn_at = by.id, now()
    db.session.flush()
    _follow(decision, rules.WITHDRAWN)
    return decision


def keep_texts(unit_id: int, kind: str, texts: Texts) -> None:
    """The unit's next draft of this kind is offered these texts."""
    kept = db.session.scalar(
        select(DecisionText).where(DecisionText.unit_id == unit_id, DecisionText.kind == kind)
    )
    if kept is None:
        kept = DecisionText(unit_id=unit_id, kind=kind)
        db.session.add(kept)
    for name, text in vars(texts).items():
        setattr(kept, name, text)
    db.session.flush()


def _write(decision: Decision, rows: Sequence[RowFields], head: dict[str, Any]) -> None:
    _write_head(decision, head)
    _check_rows(decision, rows)
    decision.rows = [DecisionRow(ordinal=place, **vars(row)) for place, row in enumerate(rows, start=1)]


def _write_head(decision: Decision, head: dict[str, Any]) -> None:
    unknown = set(head) - set(HEAD)
    if unknown:
        raise ValueError(f"not of a decision's head: {unknown}")
    for name, value in head.items():
        setattr(decision, name, value)
    decision.number = rules.tidy_number(decision.number)
    decision.year = decision.decided_on.year
    _check_head(decision)


def _check_head(decision: Decision) -> None:
    today: date = today_in_vietnam()
    if decision.kind not in rules.BASES:
        raise Refused("Chưa chọn loại văn bản. Chọn quyết định, tờ trình hoặc biên bản họp.", "kind")
    if decision.decided_on > today:
        raise Refused(
            f"Ngày {decision.decided_on:%d/%m/%Y} chưa tới. Ghi ngày trên văn bản, muộn nhất là hôm nay.",
            "decided_on",
        )
    for name in ("grounds", "articles", "recipients"):
        check_words(getattr(decision, name) or "", FILLED, name)
    if decision.number is None:
        return
    head = decision.unit_id, decision.kind, decision.year, decision.number
    check_number_free(number_used(*head, but=decision.id) or number_elsewhere(*head), decision.number)


def _check_rows(decision: Decision, rows: Sequence[RowFields]) -> None:
    if len(rows) > rules.MAX_ROWS:
        raise Refused(
            f"Danh sách có {len(rows)} dòng, nhiều hơn {rules.MAX_ROWS}. Chia thành nhiều văn bản.", "rows"
        )
    known = {purpose.key for purpose in queries.purposes()}
    wanted = {row.campaign_id for row in rows if row.campaign_id is not None}
    campaigns = select(Campaign.id, Campaign.fund_id).where(Campaign.id.in_(wanted))
    funds = {row.id: row.fund_id for row in db.session.execute(campaigns)}
    for place, row in enumerate(rows, start=1):
        if not row.receiver.strip():
            raise Refused(f"Dòng {place} chưa có người nhận. Ghi họ tên hoặc tên nơi nhận.", "rows")
        if row.amount < 0 or (row.amount == 0 and not row.goods):
            raise Refused(f"Dòng {place} chưa có số tiền. Gõ số đồng, ví dụ 500.000.", "rows")
        if row.purpose not in known:
            raise Refused(f"Dòng {place} chưa chọn mục đích chi. Chọn trong danh mục.", "rows")
        if row.campaign_id is not None and funds.get(row.campaign_id) != decision.fund_id:
            raise Refused(f"Dòng {place}: đợt vận động thuộc quỹ khác. Chọn đợt của quỹ này.", "rows")
        if row.households is not None and row.households < 0:
            raise Refused(f"Dòng {place}: số hộ không thể âm. Gõ lại số hộ.", "rows")
