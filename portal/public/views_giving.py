"""A resident composes a transfer: what for, how much, which words; the page answers with its QR. Writes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from flask import Response, abort, jsonify, make_response, url_for
from htmx_flask import request

from portal.campaigns.models import Campaign
from portal.frame import present_site
from portal.kit.access import PUBLIC, allow
from portal.kit.days import today_in_vietnam
from portal.kit.errors import Refused
from portal.kit.qr import png_answer
from portal.kit.web import page
from portal.ledger.models import BankAccount
from portal.ledger.paying import Payment
from portal.public import documents, forms, giving
from portal.public.views import HTML, bp, revalidated
from portal.units.queries import unit_texts


def _payment(
    form: forms.GivingForm, campaigns: Sequence[Campaign], accounts: Sequence[BankAccount]
) -> Payment | None:
    """The transfer of the form; None while an error stands in it, or no account is shown to the public."""
    if form.errors or not accounts:
        return None
    unit = present_site().unit
    usual = next((row for row in accounts if unit and row.unit_id == unit.id), accounts[0])
    try:
        return giving.compose(
            next((row for row in campaigns if row.code == form.dot.data), None),
            next((row for row in accounts if row.code == form.tai_khoan.data), None),
            usual,
            amount=form.so_tien.data,
            message=form.loi_nhan.data,
        )
    except Refused as refused:
        form.add_refusal(refused)
        return None


def _words(payment: Payment | None, today: date) -> str | None:
    if payment is None or payment.amount is None:
        return None
    return unit_texts(payment.account.unit, today).in_words(payment.amount)


@bp.get("/ung-ho", defaults={"kind": HTML})
@bp.get("/ung-ho.<any(json,png):kind>")
@allow(PUBLIC)
@revalidated
def give(kind: str) -> Response:
    """How to give, and a QR with campaign, amount and words."""
    today, accounts = today_in_vietnam(), giving.accounts()
    campaigns = giving.open_campaigns(today)
    form = forms.read_giving(request.args, campaigns, accounts)
    payment = _payment(form, campaigns, accounts)
    words = _words(payment, today)
    if kind == "json":
        return _json(form, payment, words)
    if kind == "png":
        return _picture(payment)
    kept = {field.short_name: typed for field in form if (typed := request.args.get(field.short_name))}
    values = {"form": form, "payment": payment, "words": words, "many": len(accounts) > 1}
    picture_url = url_for("public.give", kind="png", **kept)
    return page("public/give.html", "composed", status=form.status, picture_url=picture_url, **values)


def _json(form: forms.GivingForm, payment: Payment | None, words: str | None) -> Response:
    if form.errors:
        fields = {name: errors[0] for name, errors in form.errors.items() if name and errors}
        return make_response(jsonify(error=next(iter(fields.values())), fields=fields), 422)
    return jsonify({**documents.payment_json(payment), "words": words} if payment else {})


def _picture(payment: Payment | None) -> Response:
    """The QR as a picture to keep. 404 where the page would show none."""
    if payment is None or payment.payload is None:
        abort(404)
    return png_answer(payment.payload, payment.code)
