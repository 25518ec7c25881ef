"""Gifts of statements that may keep a pledge: one table, ticked and joined together."""

from __future__ import annotations

from flask import Response, abort, flash, request, url_for
from flask_login import current_user

from portal.donations.queries import donation_or_404
from portal.kit.access import ACCOUNTANT, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.web import go, page
from portal.ledger.models import BankAccount
from portal.people.queries import may
from portal.pledges.queries import pledge_or_404
from portal.statements import gifts, queries, suggesting
from portal.statements.candidates import PledgeBook
from portal.statements.views import bp, me
from portal.statements.views_many import chosen_account


@bp.get("/doi-chieu/khoan-da-ghi")
@allow(ACCOUNTANT)
def match_gifts() -> Response:
    """What may be joined; nothing is, before somebody says so."""
    return _page(chosen_account(request.args.get("tk")))


def _page(account: BankAccount | None, *, status: int = 200, error: str | None = None) -> Response:
    found = gifts.unkept(account, PledgeBook(account)) if account else []
    return page(
        "statements/desk_gifts.html",
        status=status,
        account=account,
        accounts=queries.bank_accounts_for(current_user, ACCOUNTANT),
        found=found,
        total=sum(one.gift.amount for one in found),
        levels=suggesting.LEVELS,
        badges=suggesting.LEVEL_BADGES,
        level_of=suggesting.level_of,
        sure=suggesting.VERY,
        error=error,
    )


@bp.post("/doi-chieu/khoan-da-ghi")
@allow(ACCOUNTANT)
def keep_gifts() -> Response:
    """Join the ticked gifts with their pledges: "code:pledge"; all of them, or none."""
    account = queries.bank_account_of(request.form.get("tk", ""), for_user=current_user, role=ACCOUNTANT)
    pairs = [value.split(":") for value in dict.fromkeys(request.form.getlist("khoan"))][:500]
    try:
        if not pairs:
            raise Refused("Chưa chọn khoản nào. Đánh dấu ít nhất một khoản.")
        for pair in pairs:
            _keep(pair)
    except Refused as refused:
        db.session.rollback()
        return _page(chosen_account(request.form.get("tk")), status=422, error=refused.text)
    response = go(url_for("statements.match_gifts", tk=account.code))
    flash(f"Đã ghép {len(pairs)} khoản với đăng ký. Gỡ ghép ở trang của từng đăng ký.")
    db.session.commit()
    return response


def _keep(pair: list[str]) -> None:
    if len(pair) != 2 or not pair[1].isdecimal() or len(pair[1]) > 18:
        abort(404)
    gift = donation_or_404(pair[0], for_user=current_user)
    if not may(current_user, (ACCOUNTANT,), gift.unit_id):
        abort(404)
    gifts.keep(gift, pledge_or_404(int(pair[1]), for_user=current_user).pledge, by=me())
