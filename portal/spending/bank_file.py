"""One ủy nhiệm chi that pays a whole list: its file in the form of the bank that carries it out."""

from __future__ import annotations

import io
from typing import Any

from sqlalchemy import or_, select

from portal.kit import tables
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.vietnamese import ascii_text
from portal.spending.models import Voucher, VoucherRow
from portal.spending.models_batch import BankBatchForm
from portal.spending.rules import APPROVED, PAID

NAMED = 5  # rows that a refusal names


def form_of(bank: str) -> BankBatchForm:
    """The form of a bank today; the common one for banks without their own. Raises Refused when there is none."""
    today = today_in_vietnam()
    valid = (BankBatchForm.valid_from <= today) & or_(
        BankBatchForm.valid_to.is_(None), BankBatchForm.valid_to >= today
    )
    known = {form.bank: form for form in db.session.scalars(select(BankBatchForm).where(valid))}
    for name in sorted(known, key=len, reverse=True):
        if bank.lower().startswith(name.lower()):
            return known[name]
    raise Refused("Chưa có mẫu tệp chi theo danh sách. Nhờ quản trị khai mẫu của ngân hàng.")


def batch_of(voucher: Voucher) -> io.BytesIO:
    """The file of an approved or paid bank voucher. Raises Refused for rows without an account."""
    if voucher.bank_account is None:
        raise Refused("Phiếu này chi tiền mặt, không có tệp cho ngân hàng.")
    if voucher.state not in (APPROVED, PAID):
        raise Refused("Phiếu chưa được duyệt. Tải tệp cho ngân hàng sau khi duyệt.")
    lacking = [row for row in voucher.live_rows if not row.decision_row.account_number]
    if lacking:
        names = ", ".join(str(row.ordinal) for row in lacking[:NAMED])
        more = f" và {len(lacking) - NAMED} dòng nữa" if len(lacking) > NAMED else ""
        raise Refused(
            f"Dòng {names}{more} chưa có số tài khoản người nhận. Chi những dòng này bằng tiền mặt, "
            "hoặc lập văn bản có số tài khoản."
        )
    form, out = form_of(voucher.bank_account.bank), io.BytesIO()
    heads = [heading for _, heading in form.columns]
    amounts = [heading for name, heading in form.columns if name == "amount"]
    rows = [_cells(form, place, row, voucher) for place, row in enumerate(voucher.live_rows, start=1)]
    tables.write_xlsx(heads, [*rows, _total(form, voucher)], out, amount_columns=amounts)
    out.seek(0)
    return out


def _cells(form: BankBatchForm, place: int, row: VoucherRow, voucher: Voucher) -> list[Any]:
    decided = row.decision_row
    values: dict[str, Any] = {
        "stt": place,
        "receiver": _plain(form, decided.account_holder or decided.receiver),
        "account": decided.account_number,
        "bank": decided.bank,
        "amount": row.amount,
        "content": _plain(form, voucher.content)[: form.content_limit],
    }
    return [values[name] for name, _ in form.columns]


def _total(form: BankBatchForm, voucher: Voucher) -> list[Any]:
    values = {"receiver": _plain(form, "Tổng cộng"), "amount": voucher.amount}
    return [values.get(name) for name, _ in form.columns]


def _plain(form: BankBatchForm, text: str) -> str:
    return ascii_text(text).upper() if form.plain else text
