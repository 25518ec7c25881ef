"""From the last line to the books: hand in, send back, discard, bring back, post, and what came of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from flask import Response, flash, url_for
from flask_login import current_user
from sqlalchemy import Select, func, select

from portal.batches import actions, queries
from portal.batches import columns as cols
from portal.batches.documents import columns_of
from portal.batches.models import GiftBatch, GiftDraft
from portal.batches.posting import post_batch
from portal.batches.rules import DISCARDED, POSTED, STATES, TYPING, WAITING, Line
from portal.batches.twins import twins_of
from portal.batches.views import POSTERS, WRITERS, batch_to_write, bp
from portal.donations.models import Donation
from portal.kit.access import ACCOUNTANT, APPROVER, RECORDER, allow
from portal.kit.days import format_moment
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import ReasonForm
from portal.kit.web import go, page
from portal.ledger.models import Posting
from portal.ledger.queries import closed_through
from portal.people.queries import may
from portal.receipts.actions import make_run
from portal.receipts.queries import PAPER, papers_for

ANY = (RECORDER, ACCOUNTANT, APPROVER)
PRINTERS = (RECORDER, ACCOUNTANT)
SERIES = {"PT": "Phiếu thu", "NK": "Phiếu nhập kho"}


def show_batch(batch: GiftBatch, form: ReasonForm | None = None, refusal: str | None = None) -> Response:
    """The lines as they stand, and what may be done next: for reading, checking, posting."""
    form = form or ReasonForm(formdata=None)
    drafts = queries.drafts_of(batch.id)
    lines = queries.read_lines(batch, drafts)
    state, typists = queries.state_of(batch), queries.typists_of(batch)
    writer = may(current_user, WRITERS, batch.unit_id)
    poster = may(current_user, POSTERS, batch.unit_id)
    columns = [
        column
        for column in columns_of(batch, drafts)[0]
        if column.key in (cols.DONOR, cols.AMOUNT) or any(draft.cells.get(column.key) for draft in drafts)
    ]
    return page(
        "batches/show.html",
        status=422 if refusal else form.status,
        batch=batch,
        form=form,
        refusal=refusal,
        state=state,
        states=STATES,
        steps=_steps(batch, state),
        columns=columns,
        lines=list(zip(drafts, lines, strict=True)),
        totals=queries.totals_of(batch),
        typists=", ".join(queries.names_of(typists)),
        may_write=writer,
        may_post=poster and state == WAITING and current_user.id not in typists,
        typed_self=poster and current_user.id in typists,
        twins=twins_of(batch) if state in (TYPING, WAITING) else {},
        late=sum(bool(line.remarks.get(cols.DAY)) for line in lines),
        closed=_in_closed_period(batch, lines) if state != POSTED else None,
        papers=_papers(batch) if state == POSTED else {},
        receipts=_results(batch, len(drafts)) if state == POSTED else [],
        may_print=state == POSTED and may(current_user, PRINTERS, batch.unit_id) and _printable(batch) > 0,
    )


def _steps(batch: GiftBatch, state: str) -> list[dict[str, Any]]:
    order = [TYPING, WAITING, POSTED]
    if state == DISCARDED:
        return [{"label": STATES[DISCARDED], "state": "now", "when": format_moment(batch.discarded_at)}]
    when = {TYPING: batch.made_at, WAITING: batch.handed_in_at, POSTED: batch.posted_at}
    here = order.index(state)
    kinds = ["done" if place < here or state == POSTED else "next" for place in range(3)]
    kinds[here] = "done" if state == POSTED else "now"
    return [
        {"label": STATES[name], "state": kind, "when": format_moment(when[name]) if when[name] else None}
        for name, kind in zip(order, kinds, strict=True)
    ]


def _in_closed_period(batch: GiftBatch, lines: list[Line]) -> tuple[int, date] | None:
    """(lines of the closed period, its last day): they are booked in the open one and named "ghi bổ sung"."""
    closed = closed_through(batch.unit_id, batch.fund_id)
    count = sum(line.values[cols.DAY] <= closed for line in lines if cols.DAY in line.values) if closed else 0
    return (count, closed) if closed and count else None


def _papers(batch: GiftBatch) -> dict[int, Any]:
    """Line id → (receipt number or None, code of the gift, day of the books where it differs)."""
    rows = select(GiftDraft.id, Posting, Donation).join(Posting, Posting.number == GiftDraft.posting_number)
    rows = rows.join(Donation, (Donation.posting_number == Posting.number) & (Donation.ordinal == 1))
    found = db.session.execute(rows.where(GiftDraft.batch_id == batch.id))
    return {
        line: {
            "number": posting.paper_number or gift.paper_number,
            "code": gift.code,
            "added": posting.booked_on if posting.booked_on != posting.document_on else None,
        }
        for line, posting, gift in found
    }


def _own_papers(batch: GiftBatch) -> Select[Any]:
    """The numbered papers of the batch that the person may read."""
    numbers = select(GiftDraft.posting_number).where(GiftDraft.batch_id == batch.id)
    return papers_for(current_user).where(PAPER.c.posting_number.in_(numbers))


def _printable(batch: GiftBatch) -> int:
    found = (
        _own_papers(batch).with_only_columns(PAPER.c.donation_id, maintain_column_froms=True).order_by(None)
    )
    return db.session.scalar(select(func.count()).select_from(found.subquery())) or 0


def _results(batch: GiftBatch, count: int) -> list[tuple[str, str]]:
    """What the posting brought: documents, and the range of numbers of each series."""
    told = [
        ("Số khoản đã ghi", str(count)),
        ("Chứng từ số", f"{batch.first_posting} đến {batch.last_posting}"),
    ]
    series = (Posting.series, Posting.series_year)
    rows = select(*series, func.min(Posting.series_no), func.max(Posting.series_no), func.count())
    rows = rows.join(GiftDraft, GiftDraft.posting_number == Posting.number)
    rows = rows.where(GiftDraft.batch_id == batch.id, Posting.series.is_not(None))
    for name, year, first, last, number in db.session.execute(rows.group_by(*series).order_by(*series)):
        span = f"{name}-{first:04d}/{year}" + (f" đến {name}-{last:04d}/{year}" if number > 1 else "")
        told.append((f"{SERIES.get(str(name), str(name))} ({number})", span))
    return told


def _step(batch_id: int, act: Callable[[GiftBatch], str], roles: tuple[str, ...]) -> Response:
    """Carry out one step of the batch; a refusal comes back on its page."""
    batch = batch_to_write(batch_id, roles)
    try:
        said = act(batch)
        response = go(url_for("batches.show", batch_id=batch_id))
        flash(said)
        db.session.commit()
        return response
    except Refused as refused:
        db.session.rollback()
        return show_batch(batch_to_write(batch_id, roles), refusal=refused.text)


def _step_with_reason(
    batch_id: int, act: Callable[[GiftBatch, str], str], roles: tuple[str, ...]
) -> Response:
    form = ReasonForm()
    if form.validate_on_submit():
        return _step(batch_id, lambda batch: act(batch, form.reason.data), roles)
    return show_batch(batch_to_write(batch_id, roles), form)


@bp.post("/<int:batch_id>/giao")
@allow(*WRITERS)
def hand_in(batch_id: int) -> Response:
    """Typing is over: a second person posts."""

    def act(batch: GiftBatch) -> str:
        actions.hand_in(batch, by=current_user)
        return "Đã giao ghi sổ. Người thứ hai có quyền ghi sổ sẽ thấy trong “Việc của tôi”."

    return _step(batch_id, act, WRITERS)


@bp.post("/<int:batch_id>/tra-lai")
@allow(*ANY)
def send_back(batch_id: int) -> Response:
    """Back to typing, with a reason."""

    def act(batch: GiftBatch, reason: str) -> str:
        actions.send_back(batch, reason=reason, by=current_user)
        return "Đã trả lại để sửa. Người nhập thấy lý do ở đầu bảng nhập."

    return _step_with_reason(batch_id, act, ANY)


@bp.post("/<int:batch_id>/bo")
@allow(*WRITERS)
def discard(batch_id: int) -> Response:
    """Give up a batch that is not posted."""

    def act(batch: GiftBatch, reason: str) -> str:
        actions.discard(batch, reason=reason, by=current_user)
        return "Đã bỏ đợt nhập, chưa có gì vào sổ. Các dòng vẫn xem được; bấm “Khôi phục” để nhập tiếp."

    return _step_with_reason(batch_id, act, WRITERS)


@bp.post("/<int:batch_id>/khoi-phuc")
@allow(*WRITERS)
def restore(batch_id: int) -> Response:
    """Bring a discarded batch back."""

    def act(batch: GiftBatch) -> str:
        actions.restore(batch)
        return "Đã khôi phục đợt nhập. Nhập tiếp các dòng rồi giao ghi sổ."

    return _step(batch_id, act, WRITERS)


@bp.post("/<int:batch_id>/ghi-so")
@allow(*POSTERS)
def post(batch_id: int) -> Response:
    """All lines into the books, in one transaction."""

    def act(batch: GiftBatch) -> str:
        posted = post_batch(batch, by=current_user)
        return f"Đã ghi sổ {len(posted)} khoản, mỗi khoản một chứng từ. Xem số phiếu ở bảng dưới."

    return _step(batch_id, act, POSTERS)


@bp.post("/<int:batch_id>/in-phieu")
@allow(*PRINTERS)
def print_papers(batch_id: int) -> Response:
    """The receipts of the batch into one run of the printer."""
    batch = batch_to_write(batch_id, PRINTERS)
    prefix = url_for("public.gift", code="0", _external=True).removesuffix("0")
    try:
        run = make_run(_own_papers(batch), by=current_user, gift_prefix=prefix)
        response = go(url_for("receipts.run", run_id=run.id))
        db.session.commit()
        return response
    except Refused as refused:
        db.session.rollback()
        return show_batch(batch_to_write(batch_id, PRINTERS), refusal=refused.text)
