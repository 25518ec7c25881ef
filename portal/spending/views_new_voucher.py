"""Preparing a voucher: first the decision, then the rows, the place and the receiver."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import Response, abort, flash, request, url_for
from flask_login import current_user

from portal.kit.access import ACCOUNTANT, allow
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.money import format_amount
from portal.kit.numbers import peek_paper_number
from portal.kit.web import go, page
from portal.people.queries import may, units_for
from portal.spending import actions_vouchers as actions
from portal.spending import queries, rules
from portal.spending import queries_vouchers as found
from portal.spending.forms_vouchers import ACCOUNT, BOX, HAND, VoucherForm, form_for
from portal.spending.models import Decision
from portal.spending.views import WRITERS, bp

SETTLE_WITHIN = timedelta(days=30)  # what the form proposes for an advance


@bp.route("/phieu/moi", methods=["GET", "POST"])
@allow(*WRITERS)
def new_voucher() -> Response:
    """Prepare a voucher on the decision of the address; without one, choose it."""
    number = request.args.get("van_ban", "")
    if not number.isdecimal() or len(number) > 15:
        decisions = found.payable_decisions(units_for(current_user, *WRITERS))
        return page("spending/choose_for_voucher.html", decisions=decisions, bases=rules.BASES)
    decision = queries.decision_or_404(int(number), for_user=current_user)
    if not may(current_user, WRITERS, decision.unit_id):
        abort(403)
    left = queries.left_of(decision)
    form, places = _form(decision, left)
    if request.method == "POST" and form.validate_on_submit():
        try:
            voucher = _prepare(decision, form, places)
            response = go(url_for("spending.voucher", voucher_id=voucher.id))
            flash(f"Đã lập phiếu {format_amount(voucher.amount)} đ, chờ người khác duyệt.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            decision = queries.decision_or_404(int(number), for_user=current_user)
            left = queries.left_of(decision)
            form, places = _form(decision, left)
            form.validate()
            form.add_refusal(refused)
    return page(
        "spending/new_voucher.html",
        "voucher",
        status=form.status,
        form=form,
        decision=decision,
        rows=[row for row in decision.rows if left[row.id] > 0],
        left=left,
        will_be=_will_be(decision, form, places),
        bases=rules.BASES,
    )


def _form(decision: Decision, left: dict[int, int]) -> tuple[VoucherForm, dict[str, Any]]:
    """The form with its choices, and what each place means: (name, bank account, person)."""
    form = form_for(decision.rows, left, request.args if request.args.get("place") else None)
    places: dict[str, Any] = {}
    if may(current_user, ACCOUNTANT, decision.unit_id):
        places[BOX] = ("Két của đơn vị", None, None)
        for account in found.bank_accounts_of(decision.unit_id, decision.fund_id):
            places[f"{ACCOUNT}{account.id}"] = (f"Tài khoản {account.code}, {account.bank}", account, None)
    places[HAND] = ("Tiền mặt tôi đang giữ", None, current_user)
    form.place.offer([(key, value[0]) for key, value in places.items()])
    form.officer_id.offer([(person.id, person.name) for person in found.officers_of(decision.unit)])
    form.to_unit_id.offer([(unit.id, unit.name) for unit in found.partner_units(decision.unit)])
    if request.method == "GET":
        form.content.data = decision.subject
        form.settle_by.data = today_in_vietnam() + SETTLE_WITHIN
        if len(decision.rows) == 1:
            form.receiver.data, form.receiver_address.data = (
                decision.rows[0].receiver,
                decision.rows[0].address,
            )
    return form, places


def _prepare(decision: Decision, form: VoucherForm, places: dict[str, Any]) -> Any:
    _, account, holder = places[form.place.data]
    officers = {person.id: person for person in found.officers_of(decision.unit)}
    units = {unit.id: unit for unit in found.partner_units(decision.unit)}
    advance, allocation = form.what.data == rules.ADVANCE, form.what.data == rules.ALLOCATION
    return actions.prepare_voucher(
        decision,
        wanted=form.wanted(),
        what=form.what.data,
        content=form.content.data or "",
        bank_account=account,
        holder=holder,
        officer=officers.get(form.officer_id.data) if advance else None,
        settle_by=form.settle_by.data if advance else None,
        to_unit=units.get(form.to_unit_id.data) if allocation else None,
        receiver=form.receiver.data,
        receiver_address=form.receiver_address.data,
        receiver_paper=form.receiver_paper.data,
        attachments=form.attachments.data,
        by=current_user,
    )


def _will_be(decision: Decision, form: VoucherForm, places: dict[str, Any]) -> dict[str, Any] | None:
    """What the side panel says of the voucher to be: number, place, before, this, after (đồng)."""
    chosen = places.get(form.place.data or "")
    if chosen is None:
        return None
    _, account, holder = chosen
    series = rules.BANK_SERIES if account else rules.CASH_SERIES
    day = today_in_vietnam()
    number = peek_paper_number(unit_id=decision.unit_id, fund_id=decision.fund_id, kind=series, day=day)
    before = queries.held_at(
        decision.unit_id,
        decision.fund_id,
        holder_id=holder.id if holder else None,
        bank_account_id=account.id if account else None,
    )
    this = sum(one.amount for one in form.wanted())
    return {
        "number": f"{series}-{number:04d}/{day.year}",
        "place": chosen[0],
        "before": before,
        "this": this,
        "after": before - this,
    }
