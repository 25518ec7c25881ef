"""The way of a batch: made, handed in, sent back, discarded, brought back. Flushes; the caller commits.

A batch is posted in posting.py, its lines are written in lines.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from secrets import token_hex
from typing import Any

from sqlalchemy import Select, func, select

from portal.batches import columns as cols
from portal.batches import queries
from portal.batches.lines import check_typing
from portal.batches.models import DraftEdit, GiftBatch
from portal.batches.rules import POSTED, TYPING, WAITING
from portal.campaigns.models import Campaign
from portal.campaigns.queries import with_units_above
from portal.donations.rules import TYPED_FORMS, check_choice
from portal.goods.models import Store
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.ledger.actions import check_unit_alive
from portal.ledger.models import BankAccount, Fund
from portal.people.models import User
from portal.units.models import Unit

CHANGEABLE = (
    "title", "campaign_id", "day", "form", "columns", "holder_id", "bank_account_id", "store_id", "counted_by",
    "control_count", "control_sum",
)  # fmt: skip
READ_FROM = ("campaign_id", "day", "form", "store_id")  # what the lines are read by


def make_batch(*, unit: Unit, fund: Fund, by: User, values: Mapping[str, Any]) -> GiftBatch:
    """Open a batch of a unit's fund; `values` are those of CHANGEABLE. Raises Refused."""
    batch = GiftBatch(unit_id=unit.id, fund_id=fund.id, by_id=by.id, columns=[])
    _set(batch, values)
    _check(batch, unit, fund)
    db.session.add(batch)
    db.session.flush()
    return batch


def change_batch(batch: GiftBatch, values: Mapping[str, Any], *, by: User) -> None:
    """Change the head of a batch that is being typed; its lines are read anew where that matters. Raises Refused."""
    check_typing(batch)
    before = {name: getattr(batch, name) for name in CHANGEABLE}
    _set(batch, values)
    changed = {name for name in CHANGEABLE if getattr(batch, name) != before[name]}
    if not changed:
        return
    fund = db.session.get_one(Fund, batch.fund_id)
    with db.session.no_autoflush:
        _check(batch, batch.unit, fund)
    _note_change(batch, by)
    db.session.flush()
    db.session.expire(batch, ["campaign", "holder", "bank_account", "store"])
    if changed & set(READ_FROM):
        _reread(batch)


def _set(batch: GiftBatch, values: Mapping[str, Any]) -> None:
    for name in CHANGEABLE:
        if name in values:
            setattr(batch, name, values[name])
    batch.columns = [group for group in cols.GROUPS if group in (batch.columns or [])]


def _note_change(batch: GiftBatch, by: User) -> None:
    """Who changes the head has a hand in the batch, as one who types a line; the audit keeps the values."""
    edit = DraftEdit(
        draft_id=0, batch_id=batch.id, version=0, cells={}, place=0, by_id=by.id, act=f"head-{token_hex(8)}"
    )
    db.session.add(edit)


def _reread(batch: GiftBatch) -> None:
    """Read all lines anew: what they say may mean something else now."""
    drafts = queries.drafts_of(batch.id)
    for draft, line in zip(drafts, queries.read_lines(batch, drafts), strict=True):
        draft.form, draft.amount = line.values.get("form"), line.values.get("amount")
        draft.day, draft.faults = line.values.get("day"), len(line.errors)
    db.session.flush()


def show_columns(batch: GiftBatch, groups: list[str]) -> None:
    """Show more (or fewer) columns; those that hold something are shown anyway."""
    batch.columns = [group for group in cols.GROUPS if group in groups]
    db.session.flush()


def _check(batch: GiftBatch, unit: Unit, fund: Fund) -> None:
    """Raises Refused for what does not fit the unit and the fund, or the calendar."""
    check_choice(batch.form, TYPED_FORMS, "form")
    check_unit_alive(unit, batch.day)
    if batch.day > today_in_vietnam():
        text = f"Ngày {format_day(batch.day)} chưa tới. Ghi ngày nhận tiền, muộn nhất là hôm nay."
        raise Refused(text, "day")
    if (batch.control_count or 0) < 0 or (batch.control_sum or 0) < 0:
        raise Refused("Tổng của phiếu kiểm không được âm. Gõ số từ 0 trở lên.", "control_sum")
    if batch.campaign_id is not None:
        _check_campaign(batch, unit, fund)
    bank = db.session.get(BankAccount, batch.bank_account_id) if batch.bank_account_id else None
    if bank is not None and (bank.unit_id, bank.fund_id) != (unit.id, fund.id):
        text = f"Tài khoản “{bank.code}” không thuộc {unit.name} và quỹ này. Chọn tài khoản khác."
        raise Refused(text, "bank_account_id")
    store = db.session.get(Store, batch.store_id) if batch.store_id else None
    if store is not None and (store.unit_id, store.fund_id) != (unit.id, fund.id):
        raise Refused(f"Kho đã chọn không thuộc {unit.name} và quỹ này. Chọn kho khác.", "store_id")


def _check_campaign(batch: GiftBatch, unit: Unit, fund: Fund) -> None:
    campaign = db.session.get_one(Campaign, batch.campaign_id)
    own: Select[Any] = select(Unit.id).where(Unit.id == unit.id)
    above = with_units_above(own).subquery()
    fits = db.session.scalar(select(func.count()).select_from(above).where(above.c.id == campaign.unit_id))
    if not fits:
        text = f"Đợt “{campaign.name}” không phải của {unit.name} hay đơn vị cấp trên. Chọn đợt khác."
        raise Refused(text, "campaign_id")
    if campaign.fund_id != fund.id:
        raise Refused(f"Đợt “{campaign.name}” thuộc quỹ khác. Chọn đợt của {fund.name}.", "campaign_id")


def locked(batch: GiftBatch) -> GiftBatch:
    """The batch as it is now; nobody else changes its state until the transaction ends."""
    db.session.refresh(batch, with_for_update={"of": GiftBatch})
    return batch


def hand_in(batch: GiftBatch, *, by: User) -> None:
    """Typing is over: totals agree, nothing is wrong, a second person may post. Raises Refused."""
    check_typing(locked(batch))
    totals = queries.totals_of(batch)
    if obstacle := totals.obstacle():
        raise Refused(obstacle)
    batch.handed_in_at, batch.handed_in_by_id = now(), by.id
    batch.returned_by_id = batch.returned_reason = None
    db.session.flush()


def send_back(batch: GiftBatch, *, reason: str, by: User) -> None:
    """Back to typing, with the reason that those who type will read. Raises Refused."""
    if queries.state_of(locked(batch)) != WAITING:
        raise Refused("Chỉ đợt nhập đang chờ ghi sổ mới trả lại được. Tải lại trang để xem.")
    batch.handed_in_at = None
    batch.returned_by_id, batch.returned_reason = by.id, reason
    db.session.flush()


def discard(batch: GiftBatch, *, reason: str, by: User) -> None:
    """Give a batch up that is not posted; its lines stay readable, and it can be brought back. Raises Refused."""
    state = queries.state_of(locked(batch))
    if state == POSTED:
        raise Refused("Đợt nhập đã ghi sổ nên không bỏ được. Khoản nào sai thì đề nghị đảo khoản đó.")
    if state not in (TYPING, WAITING):
        raise Refused("Đợt nhập này đã bỏ rồi. Tải lại trang để xem.")
    batch.discarded_at, batch.discarded_by_id, batch.discard_reason = now(), by.id, reason
    batch.handed_in_at = None
    db.session.flush()


def restore(batch: GiftBatch) -> None:
    """Bring a discarded batch back to typing. Raises Refused."""
    if locked(batch).discarded_at is None:
        raise Refused("Đợt nhập này không ở trạng thái đã bỏ. Tải lại trang để xem.")
    batch.discarded_at = batch.discarded_by_id = batch.discard_reason = None
    db.session.flush()
