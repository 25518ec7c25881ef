"""Vouchers on screen: list, one voucher with its next steps, its papers and the file for the bank."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, abort, flash, request, send_file, url_for
from flask_login import current_user

from portal.campaigns.models import Campaign
from portal.campaigns.queries import campaigns_for
from portal.frame import shows_sample
from portal.kit.access import ACCOUNTANT, APPROVER, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.forms import PortalForm, ReasonForm
from portal.kit.listing import MIMETYPES, BulkAction
from portal.kit.money import format_amount
from portal.kit.pdf import pdf_answer, render_paper
from portal.kit.web import go, page
from portal.ledger import actions as ledger
from portal.ledger.queries import open_request_of, reversal_of
from portal.people.queries import may
from portal.spending import actions_vouchers as actions
from portal.spending import bank_file, documents_vouchers, lists_vouchers, queries, rules, story_vouchers
from portal.spending import queries_vouchers as found
from portal.spending.forms_vouchers import AnswerForm, PayForm, approve_form_for
from portal.spending.models import Voucher
from portal.spending.views import READERS, WRITERS, bp

SHEETS = 200  # vouchers printed at once


def _spec() -> Any:
    named: Any = campaigns_for(current_user).order_by(Campaign.id)
    campaigns = [(0, "Chung, ngoài các đợt"), *((one.id, one.name) for one in db.session.scalars(named))]
    purposes = [(one.key, one.name) for one in queries.purposes()]
    return lists_vouchers.vouchers_list(
        campaigns, purposes, lambda row: url_for("spending.voucher", voucher_id=row.Voucher.id)
    )


@bp.get("/phieu/")
@allow(*READERS)
def vouchers() -> Response:
    """Vouchers of the person's units."""
    spec, rows = _spec(), found.listed_vouchers(current_user)
    bulk = [BulkAction("In phiếu", url_for("spending.vouchers_pdf"), "print")]
    if _holds(APPROVER):
        bulk.append(BulkAction("Duyệt các phiếu đã chọn", url_for("spending.approve_many"), "check"))
    listing = spec.run(rows, request.args, request.path, bulk)
    return spec.download(rows, request.args) or page(
        "spending/vouchers.html", "list", status=listing.status, listing=listing, may_write=_holds(*WRITERS)
    )


def _holds(*roles: str) -> bool:
    return any(grant.role in roles for grant in current_user.grants)


@bp.post("/phieu/in", endpoint="vouchers_pdf")
@allow(*READERS, writes=False)
def print_many() -> Response:
    """The chosen vouchers as one PDF."""
    spec, rows = _spec(), found.listed_vouchers(current_user)
    try:
        chosen = spec.chosen(rows, request.args, request.form)
        numbers = [row.Voucher.id for row in db.session.execute(chosen.limit(SHEETS + 1))]
        if len(numbers) > SHEETS:
            raise Refused(f"Mỗi lần in nhiều nhất {SHEETS} phiếu. Chọn ít hơn rồi in tiếp.")
    except Refused as refused:
        flash(refused.text, "warning")
        return go(url_for("spending.vouchers"))
    papers = [documents_vouchers.paper_of(found.with_rows(number)) for number in numbers]
    return pdf_answer(
        render_paper("documents/voucher.html", papers=papers, sample=shows_sample()), "phieu-chi"
    )


@bp.post("/phieu/duyet")
@allow(APPROVER)
def approve_many() -> Response:
    """Approve the chosen vouchers that wait; one that may not be approved is named and left as it is."""
    spec, rows = _spec(), found.listed_vouchers(current_user)
    try:
        chosen = spec.chosen(rows, request.args, request.form)
    except Refused as refused:
        flash(refused.text, "warning")
        return go(url_for("spending.vouchers"))
    done, left = 0, []
    for row in db.session.execute(chosen.limit(SHEETS)).all():
        try:
            if not may(current_user, APPROVER, row.Voucher.unit_id):
                raise Refused("Đơn vị này không thuộc quyền duyệt của bạn. Nhờ người duyệt của đơn vị đó.")
            actions.approve_voucher(row.Voucher, by=current_user)
            done += 1
        except Refused as refused:
            left.append(f"Phiếu {row.Voucher.id}: {refused.text}")
    if done:
        flash(f"Đã duyệt {done} phiếu.")
    if left:
        flash(f"Chưa duyệt {len(left)} phiếu. {left[0]}", "warning")
    response = go(url_for("spending.vouchers"))
    db.session.commit()
    return response


@bp.get("/phieu/<int:voucher_id>")
@allow(*READERS)
def voucher(voucher_id: int) -> Response:
    """One voucher."""
    return show(queries.voucher_or_404(voucher_id, for_user=current_user))


def show(one: Voucher, **forms: PortalForm) -> Response:
    """The page of a voucher; `forms` came back with errors."""
    one = found.with_rows(one.id)
    number = one.posting_number
    reversal = reversal_of(number) if number else None
    waiting = open_request_of(number) if number else None
    known: dict[str, Any] = {
        "approve_form": approve_form_for(row.id for row in one.rows),
        "pay_form": PayForm(None),
        "refuse_form": AnswerForm(None),
        "void_form": AnswerForm(None),
        "reverse_form": ReasonForm(None),
        **forms,
    }
    return page(
        "spending/voucher.html",
        status=max(form.status for form in known.values()),
        voucher=one,
        place=queries.place_name(one),
        held=queries.held_at(
            one.unit_id, one.fund_id, holder_id=one.holder_id, bank_account_id=one.bank_account_id
        ),
        what=found.what_name(one),
        states=rules.VOUCHER_STATES,
        steps=story_vouchers.steps_of(one),
        story=story_vouchers.story_of(one, reversal),
        reversal=reversal,
        waiting=waiting,
        **_may(one, reversed_or_asked=reversal is not None or waiting is not None),
        **known,
    )


def _may(one: Voucher, *, reversed_or_asked: bool) -> dict[str, Any]:
    """What this person may do with the voucher in the state it is in."""
    writer = may(current_user, WRITERS, one.unit_id)
    approver = may(current_user, APPROVER, one.unit_id)
    own = one.prepared_by_id == current_user.id
    return {
        "own": own,
        "may_approve": one.state == rules.PREPARED and approver and not own,
        "may_pay": one.state == rules.APPROVED and may_pay(one),
        "may_void": one.state in (rules.PREPARED, rules.APPROVED) and writer,
        "may_ask": one.state == rules.PAID and writer and not reversed_or_asked,
        "is_approver": approver,
    }


def may_pay(one: Voucher) -> bool:
    """The box and the accounts are opened by an accountant (or treasurer); a hand only by whose it is."""
    if one.approved_by_id == current_user.id:
        return False
    if one.holder_id is not None:
        return one.holder_id == current_user.id
    return may(current_user, ACCOUNTANT, one.unit_id)


def _carry_out(
    voucher_id: int,
    name: str,
    form: PortalForm,
    allowed: Callable[[Voucher], bool],
    act: Callable[[Voucher], str],
) -> Response:
    """One step with a voucher, then its page again; a refusal stands at its form."""
    one = queries.voucher_or_404(voucher_id, for_user=current_user)
    if not allowed(one):
        abort(403)
    if form.validate_on_submit():
        try:
            said = act(one)
            response = go(url_for("spending.voucher", voucher_id=voucher_id))
            flash(said)
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
            one = queries.voucher_or_404(voucher_id, for_user=current_user)
    return show(one, **{name: form})


def _approves(one: Voucher) -> bool:
    return may(current_user, APPROVER, one.unit_id)


def _writes(one: Voucher) -> bool:
    return may(current_user, WRITERS, one.unit_id)


@bp.post("/phieu/<int:voucher_id>/duyet")
@allow(APPROVER)
def approve(voucher_id: int) -> Response:
    """Approve, taking out the rows that have a reason beside them."""
    rows = queries.voucher_or_404(voucher_id, for_user=current_user).rows
    form = approve_form_for(row.id for row in rows)

    def act(one: Voucher) -> str:
        actions.approve_voucher(one, refused=form.refused(), by=current_user)
        return f"Đã duyệt chi {format_amount(one.amount)} đ."

    return _carry_out(voucher_id, "approve_form", form, _approves, act)


@bp.post("/phieu/<int:voucher_id>/khong-duyet")
@allow(APPROVER)
def refuse(voucher_id: int) -> Response:
    """Say no to the whole voucher."""
    form = AnswerForm()

    def act(one: Voucher) -> str:
        actions.refuse_voucher(one, reason=form.answer.data or "", by=current_user)
        return "Đã trả lời không duyệt. Người lập thấy lý do ở phiếu."

    return _carry_out(voucher_id, "refuse_form", form, _approves, act)


@bp.post("/phieu/<int:voucher_id>/chi")
@allow(*WRITERS)
def pay(voucher_id: int) -> Response:
    """The money leaves; the paper takes its number."""
    form = PayForm()

    def act(one: Voucher) -> str:
        posting = actions.pay_voucher(one, paid_on=form.paid_on.data, by=current_user)
        return f"Đã chi {format_amount(one.amount)} đ, phiếu số {posting.paper_number}."

    return _carry_out(voucher_id, "pay_form", form, may_pay, act)


@bp.post("/phieu/<int:voucher_id>/huy")
@allow(*WRITERS)
def void(voucher_id: int) -> Response:
    """Give up a voucher that is not paid."""
    form = AnswerForm()

    def act(one: Voucher) -> str:
        actions.void_voucher(one, reason=form.answer.data or "", by=current_user)
        return "Đã hủy phiếu. Các dòng của văn bản được lập phiếu lại."

    return _carry_out(voucher_id, "void_form", form, _writes, act)


@bp.post("/phieu/<int:voucher_id>/dao")
@allow(*WRITERS)
def request_reversal(voucher_id: int) -> Response:
    """Ask another person to reverse a payment."""
    form = ReasonForm()

    def act(one: Voucher) -> str:
        if one.posting is None:
            raise Refused("Phiếu này chưa chi nên không cần đảo. Hủy phiếu nếu không chi nữa.")
        ledger.request_reversal(one.posting, reason=form.reason.data or "", by=current_user)
        return "Đã gửi đề nghị đảo. Người duyệt sẽ thấy trong “Việc của tôi”."

    return _carry_out(voucher_id, "reverse_form", form, _writes, act)


@bp.get("/phieu/<int:voucher_id>.pdf")
@allow(*READERS)
def voucher_pdf(voucher_id: int) -> Response:
    """Phiếu chi or ủy nhiệm chi, with the list of receivers when there are several."""
    one = queries.voucher_or_404(voucher_id, for_user=current_user)
    paper = documents_vouchers.paper_of(found.with_rows(one.id))
    html = render_paper("documents/voucher.html", papers=[paper], sample=shows_sample())
    return pdf_answer(html, f"phieu-chi-{voucher_id}")


@bp.get("/phieu/<int:voucher_id>/tep-ngan-hang.xlsx")
@allow(*WRITERS)
def bank_batch(voucher_id: int) -> Response:
    """The list of an approved bank voucher in the bank's batch form."""
    one = queries.voucher_or_404(voucher_id, for_user=current_user)
    try:
        out = bank_file.batch_of(found.with_rows(one.id))
    except Refused as refused:
        flash(refused.text, "warning")
        return go(url_for("spending.voucher", voucher_id=voucher_id))
    name = f"uy-nhiem-chi-{voucher_id}.xlsx"
    return send_file(out, mimetype=MIMETYPES["xlsx"], as_attachment=True, download_name=name)
