"""The sample's rules for statement lines, and two statements whose lines wait for a person."""

from __future__ import annotations

import csv
import random
from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.kit.access import ACCOUNTANT
from portal.kit.db import db
from portal.kit.vietnamese import fold
from portal.ledger.models import BankAccount
from portal.pledges.models import PledgeTerms
from portal.sample.names import giver
from portal.sample.province import Province
from portal.statements.actions import import_file
from portal.statements.actions_rules import FIELDS, make_rule
from portal.statements.classes import FEE, IN, INTEREST, OUT, OWN, UNCLEAR

SEED = 20261118
SECOND = ("AGR-MH", "Agribank", "6600201000423")
HEAD = ("Ngày giao dịch", "Số tham chiếu", "Số tiền ghi nợ", "Số tiền ghi có", "Mô tả")
Row = tuple[int, int, str]  # days ago, đồng (out negative), the bank's words


def write_rules(province: Province) -> None:
    """A second account of the fund, and what the accountant has said of lines."""
    first, second = province.bank, _second_account(province)
    from_own, to_own = (
        "; ".join(f"{word} {account.number}" for account in (first, second)) for word in ("từ", "tới")
    )
    for name, direction, words, most, kind in (
        ("Phí ngân hàng", OUT, "thu phí; phí sms; phí duy trì", 500_000, FEE),
        ("Lãi tiền gửi", IN, "lãi nhập vốn; lãi tiền gửi", None, INTEREST),
        ("Nhận từ tài khoản khác của Quỹ", IN, from_own, None, OWN),
        ("Chuyển sang tài khoản khác của Quỹ", OUT, to_own, None, OWN),
        ("Chuyển nhầm, xin lại tiền", IN, "chuyển nhầm; xin lại tiền", None, UNCLEAR),
    ):
        said = {"name": name, "direction": direction, "words": words, "most": most, "kind": kind}
        make_rule(province.unit, {**dict.fromkeys(FIELDS), **said}, by=province.people[ACCOUNTANT])


def _second_account(province: Province) -> BankAccount:
    code, bank, number = SECOND
    account = BankAccount(
        code=code,
        unit_id=province.unit.id,
        fund_id=province.fund.id,
        bank=bank,
        number=number,
        holder=province.bank.holder,
        published=True,
    )
    db.session.add(account)
    db.session.flush()
    return account


def import_waiting(folder: Path, today: date) -> None:
    """Two short statements brought without a campaign: what no rule and no code tells waits."""
    first = db.session.scalars(select(BankAccount).order_by(BankAccount.id).limit(1)).one()
    chance = random.Random(SEED)  # noqa: S311  invented transfers, not secrets
    names = [fold(giver(chance)).upper() for _ in range(6)]
    ours = f"Chuyen von. CT tu {first.number} {first.holder} toi {SECOND[2]}"
    main, other, code = _of_first(first.number, names, ours), _of_second(names, ours), first.code
    db.session.rollback()
    for name, account, rows in (
        ("sao-ke-cho-xu-ly.csv", code, main),
        ("sao-ke-agribank.csv", SECOND[0], other),
    ):
        _write(folder / name, rows, today)
        import_file(folder / name, account_code=account, by=None, filename=name)


def _of_first(number: str, names: list[str], ours: str) -> list[Row]:
    promised, amount = _promise()
    return [
        (10, 1_500_000, f"{names[0]} chuyen khoan"),
        (9, 300_000, f"{names[1]} chuyen nham xin lai tien"),
        (8, -15_000_000, "QD 58/QD-BVD HO TRO BO SINH SAN"),
        (6, 2_000_000, "Chuyen tien ung ho Quy"),
        (5, 700_000, f"{names[2]} ung ho Tet {_newest_campaign().transfer_code}"),
        (4, amount, f"{promised} ung ho theo dang ky"),
        (3, -30_000_000, ours),
        (2, -11_000, "THU PHI SMS"),
        (2, 87_312, "LAI NHAP VON"),
        (1, 500_000, f"MBVCB.7301946285.{names[3]} ung ho.CT tu 1090011223 {names[3]} toi {number}"),
    ]


def _of_second(names: list[str], ours: str) -> list[Row]:
    return [
        (3, 30_000_000, ours),
        (2, 1_200_000, f"{names[4]} ung ho vi nguoi ngheo"),
        (1, 250_000, names[5]),
        (1, -5_500, "PHI DUY TRI TAI KHOAN"),
    ]


def _newest_campaign() -> Campaign:
    return db.session.scalars(select(Campaign).order_by(Campaign.id.desc()).limit(1)).one()


def _promise() -> tuple[str, int]:
    """The name and the amount of a promise whose money has not come."""
    rows = select(PledgeTerms).where(PledgeTerms.as_of(None), PledgeTerms.amount.is_not(None))
    terms = db.session.scalars(rows.order_by(PledgeTerms.id.desc()).limit(1)).one()
    assert terms.donor_name is not None and terms.amount is not None  # so the sample records its promises
    return fold(terms.donor_name).upper(), terms.amount


def _write(path: Path, rows: list[Row], today: date) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(HEAD)
        for number, (ago, signed, words) in enumerate(rows, start=1):
            debit, credit = ("", signed) if signed > 0 else (-signed, "")
            day = today - timedelta(days=ago)
            out.writerow([f"{day:%d/%m/%Y}", f"FT{day:%y%m%d}{number:06d}", debit, credit, words])
