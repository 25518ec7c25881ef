"""The banks that take VietQR, as data of the whole installation; and the accounts that no picture is drawn for."""

from __future__ import annotations

from flask import Response, abort, flash, url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from portal.kit.access import ADMINISTRATOR, allow
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.web import go, page
from portal.ledger.banks import all_banks, bank_named, save_bank
from portal.ledger.forms import BankForm
from portal.ledger.models import Bank, BankAccount
from portal.ledger.views import READERS, bp
from portal.people.queries import has_everywhere, readable_units


def _show(form: BankForm, bank: Bank | None) -> Response:
    banks = all_banks()
    mine = select(BankAccount).where(BankAccount.unit_id.in_(readable_units(current_user)))
    accounts = db.session.scalars(mine.options(joinedload(BankAccount.unit)).order_by(BankAccount.code))
    used = [item for item in banks if not item.withdrawn]
    return page(
        "ledger/banks.html",
        status=form.status,
        form=form,
        bank=bank,
        banks=banks,
        unclear=[account for account in accounts if bank_named(account.bank, used) is None],
        may_change=has_everywhere(current_user, ADMINISTRATOR),
    )


@bp.get("/ngan-hang/")
@allow(*READERS)
def banks() -> Response:
    """Every bank with its BIN and names."""
    return _show(BankForm(), None)


@bp.get("/ngan-hang/<bin>")
@allow(*READERS)
def bank(bin: str) -> Response:
    """One bank, to change its names."""
    found = db.get_or_404(Bank, bin)
    return _show(BankForm(obj=found), found)


def _save(found: Bank | None) -> Response:
    if not has_everywhere(current_user, ADMINISTRATOR):
        abort(403)  # the banks are everybody's: an administrator of one unit only looks
    form = BankForm()
    if form.validate_on_submit():
        try:
            saved = save_bank(found, **{**form.values(), "bin": found.bin if found else form.bin.data})
            response = go(url_for("ledger.banks"))
            flash(f"Đã ghi ngân hàng {saved.name}.")
            db.session.commit()
            return response
        except Refused as refused:
            db.session.rollback()
            form.add_refusal(refused)
    return _show(form, found)


@bp.post("/ngan-hang/")
@allow(ADMINISTRATOR)
def add_bank() -> Response:
    """One more bank."""
    return _save(None)


@bp.post("/ngan-hang/<bin>")
@allow(ADMINISTRATOR)
def change_bank(bin: str) -> Response:
    """Other names of a bank, or no picture for its accounts any more."""
    return _save(db.get_or_404(Bank, bin))
