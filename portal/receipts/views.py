"""Receipts on screen: printing, paper books, letters and minutes for donors."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, Response, abort, current_app, flash, make_response, request, url_for
from flask_login import current_user

from portal.campaigns.queries import campaigns_of
from portal.donations import documents
from portal.donations import queries as donations
from portal.donations.lists import REGULAR, gifts_list
from portal.donations.models import Donation
from portal.frame import is_sample
from portal.kit.access import ACCOUNTANT, ADMINISTRATOR, APPROVER, AUDITOR, RECORDER, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.pdf import html_to_pdf, render_paper
from portal.kit.web import go
from portal.ledger.models import Posting
from portal.people.queries import units_for

bp = Blueprint("receipts", __name__, url_prefix="/quan-ly/bien-lai")
READERS = (RECORDER, ACCOUNTANT, APPROVER, AUDITOR, ADMINISTRATOR)
MOST_RECEIPTS = 100  # at one print: about 5 s of one core
NOTHING = "Các khoản đã chọn không có phiếu thu để in. Chỉ khoản tiền mặt ghi tại đây có phiếu."


def _receipts(gifts: list[Donation], per_sheet: int, **values: Any) -> str:
    made = [
        documents.receipt_of(gift, gift_url=url_for("public.gift", code=gift.code, _external=True))
        for gift in gifts
    ]
    sheets = [made[start : start + per_sheet] for start in range(0, len(made), per_sheet)]
    title = f"Phiếu thu {made[0].number}" if len(made) == 1 else f"{len(made)} phiếu thu"
    sample = is_sample(current_app.config["PORTAL"].instance)
    values |= {"sheets": sheets, "per_sheet": per_sheet, "title": title, "sample": sample}
    return render_paper("documents/receipt.html", **values)


def _pdf(html: str, name: str) -> Response:
    db.session.rollback()  # printing takes a while: hold no transaction
    response = make_response(html_to_pdf(html))
    response.headers["Content-Type"] = "application/pdf"
    response.headers["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


def _with_receipt_or_404(code: str) -> Donation:
    donation = donations.donation_or_404(code, for_user=current_user)
    if not documents.has_receipt(donation):
        abort(404)
    return donation


@bp.get("/khoan/<code>/phieu-thu")
@allow(*READERS)
def paper(code: str) -> Response:
    """The receipt as it will be printed."""
    donation = _with_receipt_or_404(code)
    links = {
        "pdf_url": url_for("receipts.paper_pdf", code=code),
        "back_url": url_for("donations.show", code=code),
    }
    return make_response(_receipts([donation], 1, **links))


@bp.get("/khoan/<code>/phieu-thu.pdf")
@allow(*READERS)
def paper_pdf(code: str) -> Response:
    """The receipt on A5 landscape."""
    return _pdf(_receipts([_with_receipt_or_404(code)], 1), f"phieu-thu-{code}")


@bp.post("/in")
@allow(*READERS)
def print_gifts() -> Response:
    """From ticked gifts to the address of their print."""
    try:
        mine = campaigns_of(units_for(current_user, *READERS))
        choices = [(REGULAR, "Ủng hộ thường xuyên"), *((item.id, item.name) for item in mine)]
        spec = gifts_list(choices, lambda row: "")
        chosen = spec.chosen(donations.listed_donations(current_user), request.args, request.form)
        found = db.session.scalars(chosen.with_only_columns(Donation.id).limit(MOST_RECEIPTS + 1)).all()
        if len(found) > MOST_RECEIPTS:
            raise Refused(f"Mỗi lần in nhiều nhất {MOST_RECEIPTS} phiếu. Lọc bớt rồi in lại.")
        where = url_for("receipts.printed", so=",".join(str(number) for number in found))
    except Refused as refused:
        flash(refused.text, "warning")
        kept: dict[str, Any] = request.args.to_dict()
        where = url_for("donations.index", **kept)
    response = go(where)
    db.session.commit()
    return response


@bp.get("/phieu-thu.pdf")
@allow(*READERS)
def printed() -> Response:
    """The receipts of the given gifts, two on an A4 sheet; gifts without one, and others' gifts, are left out."""
    parts = request.args.get("so", "").split(",")
    asked = [int(part) for part in parts if part.isdecimal() and len(part) < 19]
    rows = donations.donations_for(current_user).where(Donation.id.in_(asked[:MOST_RECEIPTS]))
    rows = rows.join(Donation.posting).where(Posting.series.is_not(None)).order_by(Donation.id)
    gifts = list(db.session.scalars(rows.options(*donations.LOADED)))
    if not gifts:
        flash(NOTHING, "warning")
        return go(url_for("donations.index"))
    return _pdf(_receipts(gifts, 2), "phieu-thu")
