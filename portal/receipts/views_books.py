"""Paper receipt books on screen: give out, look through the stubs, void one, take the book back."""

from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, request, url_for
from flask_login import current_user
from sqlalchemy import select

from portal.kit.access import allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import PortalForm
from portal.kit.web import go, page
from portal.ledger.models import Fund
from portal.ledger.queries import default_fund, funds
from portal.people.models import RoleGrant, User
from portal.people.queries import may, units_for
from portal.receipts import actions_books as actions
from portal.receipts import queries_books as queries
from portal.receipts.forms import BookForm, ReturnForm, VoidForm
from portal.receipts.lists import books_list
from portal.receipts.models import ReceiptBook
from portal.receipts.rules import spans
from portal.receipts.views import bp
from portal.receipts.views_answers import READERS, WRITERS, holds
from portal.units.models import Unit
from portal.units.queries import keeps_books

BOOKS = books_list(lambda row: url_for("receipts.book", book_id=row.ReceiptBook.id))


@bp.get("/quyen/")
@allow(*READERS)
def books() -> Response:
    """Every paper book, with its stubs that are missing or left."""
    rows = queries.listed_books(current_user)
    listing = BOOKS.run(rows, request.args, request.path)
    return BOOKS.download(rows, request.args) or page(
        "receipts/books.html", "list", status=listing.status, listing=listing, may_write=holds(*WRITERS)
    )


def _form() -> BookForm:
    form, mine = BookForm(), units_for(current_user, *WRITERS)
    units = db.session.scalars(select(Unit).where(Unit.id.in_(mine), keeps_books()).order_by(Unit.id)).all()
    held = select(RoleGrant.user_id).where(RoleGrant.unit_id.in_(mine))
    people = db.session.scalars(select(User).where(User.id.in_(held), User.active).order_by(User.name))
    form.unit_id.offer([(unit.id, unit.name) for unit in units])
    form.fund_id.offer([(fund.id, fund.name) for fund in funds()])
    form.holder_id.offer([(user.id, user.name) for user in people])
    if request.method == "GET":
        form.unit_id.data = units[0].id if len(units) == 1 else None
        form.fund_id.data = default_fund().id
    return form


@bp.get("/quyen/giao")
@allow(*WRITERS)
def new_book() -> Response:
    """The form of a book that is given out."""
    return page("receipts/book_new.html", form=_form())


@bp.post("/quyen/giao")
@allow(*WRITERS)
def give_book() -> Response:
    """Give out a book."""
    form = _form()
    if form.validate_on_submit():
        try:
            book = _give(form.values())
            response = go(url_for("receipts.book", book_id=book.id))
            flash(f"Đã ghi giao quyển {book.series} cho {book.holder_name}.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form = _form()
            form.validate()
            form.add_refusal(refused)
    return page("receipts/book_new.html", form=form, status=form.status)


def _give(values: dict[str, Any]) -> ReceiptBook:
    """Raises Refused when nobody, or two people, are named."""
    holder_id, holder_name = values.pop("holder_id"), values.pop("holder_name")
    if not holder_id and not holder_name:
        raise Refused("Chưa ghi người giữ quyển. Chọn cán bộ, hoặc ghi tên người giữ khác.", "holder_name")
    if holder_id and holder_name:
        raise Refused("Đã chọn cán bộ mà lại ghi tên khác. Bỏ một trong hai.", "holder_name")
    return actions.give_out(
        unit=db.session.get_one(Unit, values.pop("unit_id")),
        fund=db.session.get_one(Fund, values.pop("fund_id")),
        holder=db.session.get_one(User, holder_id) if holder_id else None,
        holder_name=holder_name or "",
        **values,
    )


def _book_to_write(book_id: int) -> ReceiptBook:
    book = queries.book_or_404(book_id, for_user=current_user)
    if not may(current_user, WRITERS, book.unit_id):
        abort(403)
    return book


@bp.get("/quyen/<int:book_id>")
@allow(*READERS)
def book(book_id: int) -> Response:
    """A book with all its stubs."""
    found = queries.book_or_404(book_id, for_user=current_user)
    return _show(found, VoidForm(), ReturnForm())


def _show(found: ReceiptBook, void: VoidForm, back: ReturnForm) -> Response:
    stubs = queries.stubs_of(found)
    missing, left = ([stub.number for stub in stubs if stub.state == state] for state in ("missing", "left"))
    status = 422 if void.errors or back.errors else 200
    return page(
        "receipts/book.html",
        status=status,
        book=found,
        stubs=[stub for stub in stubs if stub.state != "left"],
        states=queries.STUB_STATES,
        missing=spans(missing),
        missing_count=len(missing),
        left=spans(left),
        left_count=len(left),
        void=void,
        back=back,
        may_write=may(current_user, WRITERS, found.unit_id),
    )


@bp.post("/quyen/<int:book_id>/huy")
@allow(*WRITERS)
def void_stub(book_id: int) -> Response:
    """A stub that will not be used."""
    found, form = _book_to_write(book_id), VoidForm()

    def void() -> str:
        actions.void_stub(found, form.number.data, reason=form.reason.data, by=current_user)
        return f"Đã ghi hủy số {form.number.data}."

    return _written(book_id, form, void) or _show(
        queries.book_or_404(book_id, for_user=current_user), form, ReturnForm(None)
    )


@bp.post("/quyen/<int:book_id>/tra")
@allow(*WRITERS)
def return_book(book_id: int) -> Response:
    """The book comes back; what is missing is said."""
    found, form = _book_to_write(book_id), ReturnForm()

    def take_back() -> str:
        missing = actions.take_back(found, form.returned_on.data, note=form.note.data)
        return f"Đã ghi trả quyển. {actions.missing_text(missing)}"

    return _written(book_id, form, take_back) or _show(
        queries.book_or_404(book_id, for_user=current_user), VoidForm(None), form
    )


def _written(book_id: int, form: PortalForm, write: Any) -> Response | None:
    """The way back to the book when it was written, None when the form came back."""
    if not form.validate_on_submit():
        return None
    try:
        said = write()
    except Refused as refused:
        db.session.rollback()
        form.add_refusal(refused)
        return None
    response = go(url_for("receipts.book", book_id=book_id))
    flash(said)
    db.session.commit()
    return response
