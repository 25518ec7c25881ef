"""Slips on screen: the list, one with its goods, its paper, asking for a reversal, goods that come back."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, make_response, request, url_for
from flask_login import current_user

from portal.goods import actions, documents, queries
from portal.goods.forms import BACK, ReturnForm, with_lines
from portal.goods.models import StockDocument, StockMovement
from portal.goods.rules import ISSUE, SlipRow, format_quantity, lot_name
from portal.goods.typed import quantity_of
from portal.goods.views import READERS, WRITERS, bp, paper
from portal.goods.views_lists import DOCUMENT_LIST, KINDS, kind_of, lines, reversed_mark, worth
from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import ReasonForm
from portal.kit.pdf import pdf_answer
from portal.kit.web import go, page
from portal.ledger import actions as ledger
from portal.ledger.models import Posting
from portal.ledger.queries import open_request_of, reversal_of
from portal.people.queries import may


@bp.get("/phieu/", endpoint="documents")
@allow(*READERS)
def documents_index() -> Response:
    """Every document that moved goods."""
    rows = queries.documents_for(current_user).add_columns(
        worth.label("worth"), lines.label("lines"), reversed_mark.label("is_reversed")
    )
    listing = DOCUMENT_LIST.run(rows, request.args, request.path)
    return DOCUMENT_LIST.download(rows, request.args) or page(
        "goods/documents.html", "list", status=listing.status, listing=listing
    )


@bp.get("/phieu/<int:number>")
@allow(*READERS)
def document(number: int) -> Response:
    """One document with its goods."""
    return _show(number, ReasonForm())


def _show(number: int, form: ReasonForm) -> Response:
    posting, head = queries.document_or_404(number, for_user=current_user)
    reversal, waiting = reversal_of(number), open_request_of(number)
    writer = may(current_user, WRITERS, posting.unit_id)
    own = head is not None and reversal is None and waiting is None and writer
    original = db.session.get(Posting, posting.reverses) if posting.reverses else None
    return page(
        "goods/document.html",
        posting=posting,
        head=head,
        name=documents.document_name(posting, head),
        kind=KINDS[head.what if head else kind_of(posting)],
        moved=queries.movements_of(number),
        gift=documents.first_gift(number) if head is None and original is None else None,
        campaign=documents.campaign_of(posting) if head and head.what == ISSUE else None,
        returned_from=db.session.get(Posting, head.of_number) if head and head.of_number else None,
        original=original,
        reversal=reversal,
        waiting=waiting,
        form=form,
        status=form.status,
        has_paper=head is not None and (head.what in documents.PAPERS),
        may_ask=own,
        may_return=own and head.what == ISSUE,
        quantity=format_quantity,
        lot_name=lot_name,
    )


@bp.post("/phieu/<int:number>/dao")
@allow(*WRITERS)
def request_reversal(number: int) -> Response:
    """Ask another person to reverse the document."""
    posting, head = queries.document_or_404(number, for_user=current_user)
    if head is None or not may(current_user, WRITERS, posting.unit_id):
        abort(403)
    form = ReasonForm()
    if form.validate_on_submit():
        try:
            ledger.request_reversal(posting, reason=form.reason.data, by=current_user)
            response = go(url_for("goods.document", number=number))
            flash("Đã gửi đề nghị đảo. Người duyệt sẽ thấy trong “Việc của tôi”.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(number, form)


def _paper_html(number: int, **links: Any) -> str:
    """The slip of a document, or of the goods of a gift; 404 for what has none.

    The slip of a gift of goods alone is a numbered paper of its own, printed and counted with the receipts.
    """
    posting, head = queries.document_or_404(number, for_user=current_user)
    numbered = head is None and posting.series == "NK"
    if posting.reverses is not None or numbered or (head is not None and head.what not in documents.PAPERS):
        abort(404)
    slip = documents.slip_paper(posting, head, queries.movements_of(number))
    template = documents.PAPERS[head.what] if head else "goods_receipt"
    return paper(f"documents/{template}.html", slip=slip, **links)


@bp.get("/phieu/<int:number>/ban-in")
@allow(*READERS)
def document_paper(number: int) -> Response:
    """The slip as it will be printed."""
    links = {
        "pdf_url": url_for("goods.document_pdf", number=number),
        "back_url": url_for("goods.document", number=number),
    }
    return make_response(_paper_html(number, **links))


@bp.get("/phieu/<int:number>.pdf")
@allow(*READERS)
def document_pdf(number: int) -> Response:
    """The slip on A5 landscape, on A4 when it is long."""
    return pdf_answer(_paper_html(number), f"phieu-kho-{number}")


def _issue_or_404(number: int) -> tuple[Posting, StockDocument]:
    posting, head = queries.document_or_404(number, for_user=current_user)
    if head is None or head.what != ISSUE:
        abort(404)
    if not may(current_user, WRITERS, posting.unit_id):
        abort(403)
    return posting, head


def _open_rows(number: int) -> list[tuple[StockMovement, int]]:
    """(movement of the issue, thousandths that have not come back), those that can still come back."""
    out = actions.still_out(number)
    return [
        (row, out[row.item_id, row.lot_id][0])
        for row in queries.movements_of(number)
        if out.get((row.item_id, row.lot_id), (0, 0))[0] > 0
    ]


def _return_page(posting: Posting, rows: list[tuple[StockMovement, int]], form: ReturnForm) -> Response:
    return page(
        "goods/new_return.html",
        form=form,
        status=form.status,
        posting=posting,
        rows=list(zip(rows, form.lines(), strict=True)),
        quantity=format_quantity,
        lot_name=lot_name,
    )


@bp.get("/phieu/<int:number>/nhap-lai")
@allow(*WRITERS)
def new_return(number: int) -> Response:
    """The form for goods of an issue that come back."""
    posting, _ = _issue_or_404(number)
    rows = _open_rows(number)
    return _return_page(posting, rows, with_lines(ReturnForm, len(rows), BACK)())  # type: ignore[arg-type]


@bp.post("/phieu/<int:number>/nhap-lai")
@allow(*WRITERS)
def create_return(number: int) -> Response:
    """Goods come back at the value at which they left."""
    posting, _ = _issue_or_404(number)
    rows = _open_rows(number)
    form: Any = with_lines(ReturnForm, len(rows), BACK)()
    if form.validate_on_submit():
        try:
            back = [
                SlipRow(
                    row.item_id,
                    quantity_of(line.quantity.data, row.item, line.quantity.id),
                    lot_id=row.lot_id,
                )
                for (row, _), line in zip(rows, form.lines(), strict=True)
                if line.quantity.data
            ]
            made = actions.take_back(posting, rows=back, by=current_user, **form.head())
            response = go(url_for("goods.document", number=made.number))
            flash(f"Đã ghi sổ phiếu nhập lại {made.paper_number}.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            posting, _ = _issue_or_404(number)
            rows = _open_rows(number)
            form.add_refusal(refused)
    return _return_page(posting, rows, form)
