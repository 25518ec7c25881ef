"""The banks that take VietQR, and which of them an account is at. Writes flush; the caller commits."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import select

from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.vietnamese import fold
from portal.ledger.models import Bank


def names_of(bank: Bank) -> list[str]:
    """Every name of a bank, folded."""
    return [folded for name in (bank.name, *bank.aliases.split(";")) if (folded := fold(name))]


def bank_named(text: str, banks: Iterable[Bank]) -> Bank | None:
    """The bank that an account's "Ngân hàng" names, with branch or legal form around it; None when it is unclear.

    The longest name found decides ("Đầu tư và Phát triển Việt Nam" before "MB"); two banks by names of one length
    are unclear.
    """
    words = f" {fold(text)} "
    found = [(len(name), bank.bin) for bank in banks for name in names_of(bank) if f" {name} " in words]
    longest = max((length for length, _ in found), default=0)
    named = {number for length, number in found if length == longest}
    return next(bank for bank in banks if bank.bin in named) if len(named) == 1 else None


def all_banks() -> list[Bank]:
    """Every bank by name, withdrawn ones too."""
    return sorted(db.session.scalars(select(Bank)), key=lambda bank: fold(bank.name))


def bank_of(text: str) -> Bank | None:
    """The bank in use that a text names; None when none, or not clearly one."""
    return bank_named(text, [bank for bank in all_banks() if not bank.withdrawn])


def save_bank(bank: Bank | None, *, bin: str, name: str, aliases: str | None, withdrawn: bool) -> Bank:
    """A new bank (`bank` None), or the present one's names; a BIN stays. Raises Refused (bin, name, aliases)."""
    number = bin.strip()
    if not re.fullmatch(r"\d{6}", number, re.ASCII):
        raise Refused("Mã BIN gồm 6 chữ số, ví dụ 970436. Gõ lại theo danh mục của NAPAS.", "bin")
    others = [other for other in all_banks() if other is not bank]
    if any(other.bin == number for other in others):
        raise Refused(f"Mã BIN {number} đã có trong danh mục. Sửa ngân hàng đang mang mã đó.", "bin")
    wanted = Bank(bin=number, name=name, aliases=_tidy(aliases), withdrawn=withdrawn)
    _check_names(wanted, others)
    if bank is None:
        db.session.add(wanted)
        bank = wanted
    else:
        bank.name, bank.aliases, bank.withdrawn = wanted.name, wanted.aliases, withdrawn
    db.session.flush()
    return bank


def _tidy(aliases: str | None) -> str:
    return "; ".join(part for name in (aliases or "").split(";") if (part := name.strip()))


def _check_names(bank: Bank, others: Iterable[Bank]) -> None:
    if not fold(bank.name):
        raise Refused("Tên ngân hàng phải có chữ. Gõ tên thường dùng, ví dụ Vietcombank.", "name")
    known = {name: other for other in others for name in names_of(other)}
    for name in names_of(bank):
        if name in known:
            field = "name" if name == fold(bank.name) else "aliases"
            raise Refused(f"Tên này đã dùng cho {known[name].name}. Đặt tên khác để không lẫn.", field)
