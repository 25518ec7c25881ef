"""Cash carried to the bank: list, form, one deposit and its paper."""

from __future__ import annotations

from flask import Response, abort, flash, request, url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.cash import actions, documents, lists, queries
from portal.cash.forms import BOX, DepositForm
from portal.cash.models import CashDeposit
from portal.cash.views import READERS, WRITERS, bp, pdf
from portal.kit.access import ACCOUNTANT, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_amount
from portal.kit.web import go, page
from portal.ledger import actions as ledger
from portal.ledger.models import BankAccount, Posting
from portal.ledger.queries import open_request_of, reversal_of
from portal.people.queries import holds, may, units_for


@bp.get("/nop-ngan-hang/")
@allow(*READERS)
def deposits() -> Response:
    """Cash carried to the bank."""
    spec = lists.deposits_list(lambda slip: url_for("cash.deposit", number=slip.posting_number))
    rows = queries.deposits_for(current_user).options(
        joinedload(CashDeposit.posting).joinedload(Posting.unit),
        joinedload(CashDeposit.bank_account),
        joinedload(CashDeposit.holder),
    )
    listing = spec.run(rows, request.args, request.path)
    return spec.download(rows, request.args) or page(
        "cash/deposits.html",
        "list",
        status=listing.status,
        listing=listing,
        may_write=holds(current_user, *WRITERS),
    )


def _deposit_form() -> tuple[DepositForm, dict[int, BankAccount]]:
    form = DepositForm()
    mine = select(BankAccount).where(BankAccount.unit_id.in_(units_for(current_user, *WRITERS)))
    known = mine.options(joinedload(BankAccount.unit), joinedload(BankAccount.fund)).order_by(BankAccount.id)
    accounts = {account.id: account for account in db.session.scalars(known)}
    form.account_id.offer([(item.id, f"{item.code}, {item.bank}") for item in accounts.values()])
    if len(accounts) == 1 and form.account_id.data is None:
        form.account_id.data = next(iter(accounts))
    return form, accounts


@bp.route("/nop-ngan-hang/moi", methods=["GET", "POST"])
@allow(*WRITERS)
def to_bank() -> Response:
    """Carry cash to the bank; it waits in transit until the statement's line comes."""
    form, accounts = _deposit_form()
    if request.method == "POST" and form.validate_on_submit():
        account = accounts[form.account_id.data]
        try:
            _check_box(form.source.data == BOX, account.unit_id)
            slip = actions.deposit(
                unit=account.unit,
                fund=account.fund,
                bank_account=account,
                from_box=form.source.data == BOX,
                amount=form.amount.data,
                day=form.day.data,
                notes=form.notes,
                by=current_user,
            )
            response = go(url_for("cash.deposit", number=slip.posting_number))
            flash(f"Đã ghi nộp {format_amount(slip.amount)} đ, chờ dòng sao kê của ngân hàng.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form, accounts = _deposit_form()
            form.validate()
            form.add_refusal(refused)
    return page("cash/to_bank.html", form=form, status=form.status)


def _check_box(box: bool, unit_id: int) -> None:
    """Whoever opens the box is an accountant (or treasurer) of the unit. Raises Refused."""
    if box and not may(current_user, ACCOUNTANT, unit_id):
        raise Refused(
            "Chỉ kế toán, thủ quỹ của đơn vị lấy tiền trong két. Chọn “Tiền tôi đang giữ”.", "source"
        )


@bp.get("/nop-ngan-hang/<int:number>")
@allow(*READERS)
def deposit(number: int) -> Response:
    """One deposit."""
    slip = queries.deposit_or_404(number, for_user=current_user)
    reversal, waiting = reversal_of(number), open_request_of(number)
    return page(
        "cash/deposit.html",
        slip=slip,
        notes=documents.notes_of(slip.notes),
        reversal=reversal,
        waiting=waiting,
        may_ask=may(current_user, WRITERS, slip.posting.unit_id) and reversal is None and waiting is None,
    )


@bp.get("/nop-ngan-hang/<int:number>.pdf")
@allow(*READERS)
def deposit_pdf(number: int) -> Response:
    """Bảng kê nộp tiền."""
    slip = queries.deposit_or_404(number, for_user=current_user)
    return pdf(documents.deposit_paper(slip), f"nop-tien-{number}")


@bp.post("/nop-ngan-hang/<int:number>/dao")
@allow(*WRITERS)
def request_reversal(number: int) -> Response:
    """Ask another person to reverse a deposit that was written down wrongly."""
    slip = queries.deposit_or_404(number, for_user=current_user)
    if not may(current_user, WRITERS, slip.posting.unit_id):
        abort(403)
    try:
        ledger.request_reversal(slip.posting, reason=request.form.get("reason", ""), by=current_user)
        flash("Đã gửi đề nghị đảo. Người duyệt sẽ thấy trong “Việc của tôi”.")
    except Refused as refused:
        db.session.rollback()
        flash(refused.text, "warning")
    response = go(url_for("cash.deposit", number=number))
    db.session.commit()
    return response
