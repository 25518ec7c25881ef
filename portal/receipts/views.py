"""Receipts on screen: the numbers with their state, one paper, the papers of a gift, printing."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, flash, make_response, request, url_for
from flask_login import current_user
from sqlalchemy import Select

from portal.campaigns.queries import campaigns_of
from portal.donations import queries as donations
from portal.donations.lists import REGULAR, gifts_list
from portal.donations.members import group_of
from portal.donations.models import Donation
from portal.donations.queries import ended_by
from portal.donations.rules import GOODS
from portal.jobs import worker
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.listing import BulkAction, ListSpec
from portal.kit.web import go, page
from portal.people.queries import may, units_for
from portal.receipts import actions, documents, queries
from portal.receipts.lists import papers_list
from portal.receipts.queries import PAPER
from portal.receipts.rules import (
    DONOR_PAPER_SLUGS,
    DONOR_PAPERS,
    GOODS_RECEIPT,
    PAPER_OF_SLUG,
    PAPERS,
    RECEIPT,
    STATES,
)
from portal.receipts.views_answers import PRINTERS, READERS, WRITERS, gift_prefix, head_or_404, holds, sample

bp = Blueprint("receipts", __name__, url_prefix="/quan-ly/bien-lai")
MAY_NOT_PRINT = "Vai trò của bạn chỉ xem biên lai. Nhờ người ghi, kế toán hoặc người duyệt của đơn vị in."


def _campaign_choices() -> list[tuple[int, str]]:
    mine = campaigns_of(units_for(current_user, *READERS))
    return [(REGULAR, "Ủng hộ thường xuyên"), *((item.id, item.name) for item in mine)]


def _papers() -> ListSpec:
    return papers_list(_campaign_choices(), queries.years_for(current_user), _paper_url)


def _paper_url(row: Any) -> str:
    return url_for("receipts.paper", code=row.Donation.code, slug=PAPERS[row.paper].slug)


@bp.get("/")
@allow(*READERS)
def index() -> Response:
    """Every number in order, with what became of it on paper."""
    papers = _papers()
    rows = queries.papers_for(current_user).add_columns(queries.amount().label("amount"))
    bulk = [BulkAction("In các phiếu đã chọn", url_for("receipts.print_papers"), "print")]
    listing = papers.run(rows, request.args, request.path, bulk=bulk if holds(*PRINTERS) else ())
    return papers.download(rows, request.args) or page(
        "receipts/index.html",
        "list",
        status=listing.status,
        listing=listing,
        runs=queries.waiting(current_user),
        may_write=holds(*WRITERS),
    )


@bp.post("/in")
@allow(*READERS)
def print_papers() -> Response:
    """From ticked numbers, or all of the filter, to a print."""
    return _to_print("receipts.index", lambda: _papers().chosen(_printable(), request.args, request.form))


@bp.post("/in-khoan")
@allow(*READERS)
def print_gifts() -> Response:
    """From ticked gifts to a print of their papers."""

    def chosen() -> Select[Any]:
        spec = gifts_list(_campaign_choices(), lambda row: "")
        gifts = spec.chosen(donations.listed_donations(current_user), request.args, request.form)
        wanted = gifts.with_only_columns(Donation.id, maintain_column_froms=True).order_by(None)
        return _printable().where(queries.of_gifts(wanted))

    return _to_print("donations.index", chosen)


def _printable() -> Select[Any]:
    return queries.papers().where(PAPER.c.unit_id.in_(units_for(current_user, *PRINTERS)))


def _to_print(back: str, chosen: Any) -> Response:
    try:
        if not holds(*PRINTERS):
            raise Refused(MAY_NOT_PRINT)
        run = actions.make_run(chosen(), by=current_user, gift_prefix=gift_prefix(), sample=sample())
        response = go(url_for("receipts.run", run_id=run.id))
    except Refused as refused:
        db.session.rollback()
        flash(refused.text, "warning")
        kept: dict[str, Any] = request.args.to_dict()
        return go(url_for(back, **kept))
    db.session.commit()
    worker.wake()
    return response


@bp.get("/khoan/<code>")
@allow(*READERS)
def of_gift(code: str) -> Response:
    """What a gift has on paper, and what can be made for its giver."""
    gift = head_or_404(code)
    papers = queries.papers_of(gift)
    parts = queries.parts_of([gift.id])[gift.id]
    known = {paper.paper for paper in papers}
    missing = [RECEIPT] if RECEIPT not in known and not _has_only_goods_paper(known, parts) else []
    if GOODS_RECEIPT not in known and any(part.form == GOODS for part in parts):
        missing.append(GOODS_RECEIPT)
    return page(
        "receipts/gift.html",
        gift=gift,
        papers=papers,
        slugs={key: kind.slug for key, kind in PAPERS.items()},
        names={key: kind.name for key, kind in PAPERS.items()},
        states=STATES,
        missing=missing,
        made=queries.donor_papers_of(gift),
        kinds=DONOR_PAPERS,
        kind_slugs=DONOR_PAPER_SLUGS,
        reversed=ended_by(gift) is not None,
        is_group=group_of(gift, parts) is not None,
        may_write=may(current_user, WRITERS, gift.unit_id),
        may_print=may(current_user, PRINTERS, gift.unit_id),
    )


def _has_only_goods_paper(known: set[str], parts: list[Donation]) -> bool:
    """Goods alone have their phiếu nhập kho; a phiếu thu would be a second number for the same gift."""
    return GOODS_RECEIPT in known and all(part.form == GOODS for part in parts)


@bp.post("/khoan/<code>/cap/<slug>")
@allow(*WRITERS)
def issue(code: str, slug: str) -> Response:
    """Give a gift a number that its document does not have."""
    gift, paper_key = head_or_404(code), PAPER_OF_SLUG.get(slug)
    if paper_key is None:
        abort(404)
    if not may(current_user, WRITERS, gift.unit_id):
        abort(403)
    try:
        receipt = actions.issue_receipt(gift, current_user, paper=paper_key)
    except Refused as refused:
        db.session.rollback()
        flash(refused.text, "bad")
        return go(url_for("receipts.of_gift", code=code))
    response = go(url_for("receipts.paper", code=code, slug=slug))
    flash(f"Đã cấp {PAPERS[paper_key].name.lower()} số {receipt.paper_number}.")
    db.session.commit()
    return response


def _paper_or_404(code: str, slug: str) -> tuple[Donation, queries.Paper]:
    gift, wanted = head_or_404(code), PAPER_OF_SLUG.get(slug)
    found = next((paper for paper in queries.papers_of(gift) if paper.paper == wanted), None)
    if found is None:
        abort(404)
    return gift, found


@bp.get("/khoan/<code>/<slug>")
@allow(*READERS)
def paper(code: str, slug: str) -> Response:
    """One paper as it will be printed, with the button that prints and counts it."""
    gift, found = _paper_or_404(code, slug)
    asked = documents.Asked(gift.id, found.paper, copy=found.prints > 0, prints=found.prints)
    (receipt,) = documents.receipts_of([asked], gift_prefix=gift_prefix())
    html = documents.render_sheets(
        [documents.Sheet("", [receipt])],
        template="receipts/paper.html",
        per_sheet=1,
        sample=sample(),
        found=found,
        gift=gift,
        slug=slug,
        state=STATES[found.state],
        may_print=may(current_user, PRINTERS, gift.unit_id) and found.state != "queued",
    )
    return make_response(html)


@bp.post("/khoan/<code>/<slug>")
@allow(*PRINTERS)
def print_paper(code: str, slug: str) -> Response:
    """Print one paper: it counts as printed, and its PDF opens."""
    gift, found = _paper_or_404(code, slug)
    if not may(current_user, PRINTERS, gift.unit_id):
        abort(403)
    try:
        run = actions.print_one(gift, found.paper, by=current_user)
    except Refused as refused:
        db.session.rollback()
        flash(refused.text, "warning")
        return go(url_for("receipts.of_gift", code=code))
    response = go(url_for("receipts.run_pdf", run_id=run.id))
    db.session.commit()
    return response


from portal.receipts import views_books, views_donor_list, views_papers, views_runs  # noqa: E402, F401
