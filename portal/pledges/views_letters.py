"""Papers of pledges: the slip, and reminder letters, singly and for many at once. Every sending is kept."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, make_response, request, url_for
from flask_login import current_user
from sqlalchemy import func, select

from portal.frame import shows_sample
from portal.kit.access import allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.pdf import pdf_answer, render_paper
from portal.kit.qr import png_answer
from portal.kit.web import go, page
from portal.pledges import actions, documents, queries
from portal.pledges.models import Pledge, PledgeTerms, Reminder
from portal.pledges.paying import payment_of
from portal.pledges.rules import CANCELLED, FULL
from portal.pledges.views import READERS, WRITERS, bp, pledges

MOST_LETTERS = 100  # at one print: about 10 s of one core


def _slip(pledge_id: int, **links: Any) -> str:
    terms = queries.pledge_or_404(pledge_id, for_user=current_user)
    made = documents.slip_of(terms, maker=queries.recorder_name(terms.pledge))
    return render_paper("documents/pledge_slip.html", slip=made, sample=shows_sample(), **links)


@bp.get("/<int:pledge_id>/phieu")
@allow(*READERS)
def slip(pledge_id: int) -> Response:
    """The slip as it will be printed."""
    links = {
        "pdf_url": url_for("pledges.slip_pdf", pledge_id=pledge_id),
        "back_url": url_for("pledges.show", pledge_id=pledge_id),
    }
    return make_response(_slip(pledge_id, **links))


@bp.get("/<int:pledge_id>/phieu.pdf")
@allow(*READERS)
def slip_pdf(pledge_id: int) -> Response:
    """The slip on A5 landscape."""
    return pdf_answer(_slip(pledge_id), f"dang-ky-{pledge_id}")


@bp.get("/<int:pledge_id>/ma-qr.png")
@allow(*READERS)
def qr_picture(pledge_id: int) -> Response:
    """The QR of what is still to come, to be sent to the donor."""
    terms = queries.pledge_or_404(pledge_id, for_user=current_user)
    payment = payment_of(terms, documents.left_of(terms))
    if payment is None or payment.payload is None:
        abort(404)
    return png_answer(payment.payload, payment.code)


def _numbers_asked() -> list[int]:
    """The keys of the address (`so=1,2,3`)."""
    parts = request.args.get("so", "").split(",")
    return [int(part) for part in parts if part.isascii() and part.isdecimal() and len(part) < 19]


@bp.post("/thu-nhac/chon")
@allow(*WRITERS)
def choose_letters() -> Response:
    """From ticked rows to the page that shows who would get a letter."""
    try:
        rows = queries.listed(queries.pledges_for(current_user))
        chosen = pledges().chosen(rows, request.args, request.form)
        ids = db.session.scalars(chosen.with_only_columns(Pledge.id).limit(MOST_LETTERS + 1)).all()
        if len(ids) > MOST_LETTERS:
            raise Refused(f"Mỗi lần nhiều nhất {MOST_LETTERS} thư. Lọc bớt rồi chọn lại.")
        where = url_for("pledges.letters", so=",".join(str(one) for one in ids))
    except Refused as refused:
        flash(refused.text, "warning")
        kept: dict[str, Any] = request.args.to_dict()
        where = url_for("pledges.index", **kept)
    response = go(where)
    db.session.commit()
    return response


def _asked() -> list[Any]:
    """The chosen pledges of units in which the person records: rows of `queries.listed` and the last letter's day."""
    last = select(func.max(Reminder.sent_on)).where(Reminder.pledge_id == PledgeTerms.pledge_id)
    rows = queries.listed(queries.pledges_for(current_user)).add_columns(
        last.correlate(PledgeTerms).scalar_subquery().label("last_letter")
    )
    mine = set(db.session.scalars(queries.may_write_in(current_user)))
    asked = rows.where(Pledge.id.in_(_numbers_asked()[:MOST_LETTERS])).order_by(Pledge.id)
    return [row for row in db.session.execute(asked) if row.PledgeTerms.pledge.unit_id in mine]


def _sendable(rows: list[Any]) -> list[Any]:
    """Those with something still to come."""
    return [row for row in rows if row.state not in (FULL, CANCELLED)]


@bp.get("/thu-nhac")
@allow(*WRITERS)
def letters() -> Response:
    """Who would get a letter, what was sent before, and the first letter to read."""
    rows = _asked()
    sendable = _sendable(rows)
    if not sendable:
        flash(
            "Không có đăng ký nào còn phần chờ thực hiện trong các dòng đã chọn. Chọn đăng ký khác.",
            "warning",
        )
        return go(url_for("pledges.index"))
    first = sendable[0].PledgeTerms
    today = today_in_vietnam()
    return page(
        "pledges/letters.html",
        rows=sendable,
        left_out=len(rows) - len(sendable),
        so=",".join(str(row.PledgeTerms.pledge_id) for row in sendable),
        letter=documents.letter_of(first, on=today, left=documents.left_of(first)),
        first=first,
    )


@bp.post("/thu-nhac")
@allow(*WRITERS)
def send_letters() -> Response:
    """Keep that the letters are sent today; then their print."""
    try:
        rows = _sendable(_asked())
        if not rows:
            raise Refused("Các đăng ký này không còn phần chờ thực hiện. Chọn lại từ danh sách.")
        sent = [actions.record_reminder(row.PledgeTerms.pledge, by=current_user) for row in rows]
        response = go(url_for("pledges.letters_pdf", so=",".join(str(one.id) for one in sent)))
    except Refused as refused:
        db.session.rollback()
        flash(refused.text, "warning")
        response = go(url_for("pledges.index"))
    db.session.commit()
    return response


@bp.get("/thu-nhac.pdf")
@allow(*READERS)
def letters_pdf() -> Response:
    """Letters that were sent, one to a page, with what was still to come on the day of each."""
    wanted = queries.pledges_for(current_user).join(Reminder, Reminder.pledge_id == Pledge.id)
    wanted = wanted.where(Reminder.id.in_(_numbers_asked()[:MOST_LETTERS])).add_columns(Reminder)
    rows = list(db.session.execute(wanted.options(*queries.LOADED).order_by(Reminder.id)))
    if not rows:
        flash("Không tìm thấy thư đã chọn. Mở trang của đăng ký để in lại thư.", "warning")
        return go(url_for("pledges.index"))
    shared = documents.Shared()
    made = [
        documents.letter_of(terms, on=reminder.sent_on, left=reminder.outstanding, shared=shared)
        for terms, reminder in rows
    ]
    return pdf_answer(
        render_paper("documents/pledge_reminder.html", letters=made, sample=shows_sample()),
        "thu-nhac-dang-ky",
    )
