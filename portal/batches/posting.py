"""All lines of a batch into the books at once, by a second person: everything or nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import update

from portal.batches import columns as cols
from portal.batches import queries
from portal.batches.actions import locked
from portal.batches.models import GiftBatch, GiftDraft
from portal.batches.rules import POSTED, WAITING, Line
from portal.donations.gifts import Gift, Part, Posted, RefusedGift
from portal.donations.posting import post_gifts
from portal.donations.rules import BANK, GOODS, PAPERS
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.numbers import take_posting_lock
from portal.people.models import User
from portal.people.rules import check_second_person


def post_batch(batch: GiftBatch, *, by: User) -> list[Posted]:
    """Post every line as a document of its own, in one transaction; `by` had no hand in the batch.

    The lines are read once more. Raises Refused when the batch is not handed in, when a total differs, when a line
    cannot be posted (it names the line), and for a person who typed.
    """
    take_posting_lock()
    _check_state(locked(batch))
    for typist in queries.typists_of(batch):
        check_second_person(typist, by.id)
    drafts = queries.drafts_of(batch.id)
    lines = queries.read_lines(batch, drafts)
    _check_lines(batch, lines)
    gifts = [_gift(batch, draft, line) for draft, line in zip(drafts, lines, strict=True)]
    maker = db.session.get_one(User, batch.handed_in_by_id or batch.by_id)
    try:
        posted = post_gifts(gifts, by=maker, second=by)
    except RefusedGift as refused:
        raise Refused(f"Dòng {refused.place + 1}: {refused.text}") from refused
    _tie(drafts, posted)
    batch.posted_at, batch.posted_by_id = now(), by.id
    batch.first_posting = min(item.posting_number for item in posted)
    batch.last_posting = max(item.posting_number for item in posted)
    db.session.flush()
    return posted


def _check_state(batch: GiftBatch) -> None:
    state = queries.state_of(batch)
    if state == POSTED:
        raise Refused("Đợt nhập này đã ghi sổ rồi. Tải lại trang để xem kết quả.")
    if state != WAITING:
        raise Refused("Đợt nhập này chưa được giao ghi sổ. Người nhập bấm “Giao ghi sổ” trước.")


def _check_lines(batch: GiftBatch, lines: Sequence[Line]) -> None:
    """What was typed may read differently today (a kind of donor that ended): it is told before anything is written."""
    wrong = [number for number, line in enumerate(lines, 1) if line.errors]
    if wrong:
        numbers = ", ".join(str(number) for number in wrong[:10])
        raise Refused(f"Dòng {numbers} còn ô sai. Trả lại người nhập để sửa.")
    if obstacle := queries.totals_of(batch).obstacle():
        raise Refused(obstacle)
    count = len(lines)
    money = sum(line.values[cols.AMOUNT] for line in lines if line.values[cols.FORM] != GOODS)
    if (count, money) != (batch.control_count, batch.control_sum):
        raise Refused("Hai tổng chưa bằng nhau. Trả lại người nhập để tìm dòng thiếu hoặc thừa.")


def _gift(batch: GiftBatch, draft: GiftDraft, line: Line) -> Gift:
    values = line.values
    return Gift(
        day=values[cols.DAY],
        unit_id=batch.unit_id,
        fund_id=batch.fund_id,
        campaign_id=batch.campaign_id,
        parts=(_part(batch, values),),
        donor_id=draft.donor_id,
        donor_name=values[cols.DONOR],
        donor_kind=values[cols.KIND],
        address=values[cols.ADDRESS],
        shown_as=values[cols.SHOWN],
        holder_id=batch.holder_id,
        paper_number=values[cols.PAPER],
        note=values[cols.NOTE],
    )


def _part(batch: GiftBatch, values: dict[str, Any]) -> Part:
    form = values[cols.FORM]
    goods = form == GOODS
    stored = {}
    if goods and "item_id" in values:
        stored = {
            "item_id": values["item_id"],
            "store_id": batch.store_id,
            "thousandths": values[cols.QUANTITY],
        }
    return Part(
        form=form,
        amount=values[cols.AMOUNT],
        bank_account_id=batch.bank_account_id if form == BANK else None,
        goods=values[cols.GOODS] if form in (GOODS, PAPERS) else None,
        quantity=values["quantity_text"] if goods else None,
        measure=values[cols.MEASURE] if goods else None,
        **stored,
    )


def _tie(drafts: Sequence[GiftDraft], posted: Sequence[Posted]) -> None:
    """Each line knows its document; one statement for all of them."""
    numbers = [
        {"id": draft.id, "posting_number": item.posting_number}
        for draft, item in zip(drafts, posted, strict=True)
    ]
    db.session.execute(update(GiftDraft), numbers)
