"""The banks of VietQR: their numbers, which one an account names, and what a transfer's picture says."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from vietnam_qr_pay import BanksObject, QRPay

from portal.kit.errors import Refused
from portal.ledger.banks import all_banks, bank_named, bank_of, save_bank
from portal.ledger.models import Bank, Fund
from portal.ledger.paying import payment_to, published_account
from portal.units.models import Unit
from tests.cast import make_account, make_fund, make_unit

OF_THE_DOMAIN = {
    "Vietcombank": "970436", "VietinBank": "970415", "BIDV": "970418", "Agribank": "970405", "MB": "970422",
    "Techcombank": "970407", "ACB": "970416", "VPBank": "970432", "TPBank": "970423", "Sacombank": "970403",
    "HDBank": "970437", "VIB": "970441", "SHB": "970443", "MSB": "970426", "SeABank": "970440", "OCB": "970448",
    "Eximbank": "970431", "LPBank": "970449",
}  # fmt: skip


def test_the_seeded_banks_have_the_numbers_of_the_other_list(db_session: Session) -> None:
    assert {bank.name: bank.bin for bank in all_banks()} == OF_THE_DOMAIN
    theirs = {bank.bin for bank in BanksObject.values()}
    assert set(OF_THE_DOMAIN.values()) <= theirs


@pytest.mark.parametrize(
    ("said", "name"),
    [
        *((name, name) for name in OF_THE_DOMAIN),
        ("VCB", "Vietcombank"),
        ("vietcombank – Chi nhánh Tân Hòa", "Vietcombank"),
        ("Agribank, Chi nhánh Tân Phú Hòa", "Agribank"),
        ("Ngân hàng Nông nghiệp và Phát triển Nông thôn Việt Nam", "Agribank"),
        ("Ngân hàng TMCP Đầu tư và Phát triển Việt Nam", "BIDV"),
        ("NGAN HANG TMCP QUAN DOI", "MB"),
        ("MB Bank", "MB"),
        ("TP Bank", "TPBank"),
        ("Ngân hàng Phát triển Thành phố Hồ Chí Minh", "HDBank"),
        ("Kho bạc Nhà nước", None),
        ("Ngân hàng Phát triển Việt Nam", None),
        ("MBX", None),
        ("Vietcombank và BIDV", "Vietcombank"),
        ("ACB hoặc VIB", None),
        ("", None),
    ],
)
def test_an_account_names_its_bank(db_session: Session, said: str, name: str | None) -> None:
    found = bank_named(said, all_banks())
    assert (found.name if found else None) == name


def test_a_withdrawn_bank_draws_no_picture(db_session: Session, commune: Unit) -> None:
    account = make_account(unit=commune, bank="Agribank, Chi nhánh Tân Hòa", number="6605 2050 00086")
    fund = db_session.get_one(Fund, account.fund_id)
    payment = payment_to(account, fund.transfer_code, amount=500_000)
    read = QRPay(payment.payload)
    assert (read.consumer.bank_bin, read.consumer.bank_number, read.amount) == (
        "970405",
        "6605205000086",
        "500000",
    )
    assert read.additional_data.purpose == payment.purpose == f"{fund.transfer_code} ung ho"
    bank = bank_of(account.bank)
    save_bank(bank, bin="970405", name=bank.name, aliases=bank.aliases, withdrawn=True)
    assert payment_to(account, fund.transfer_code).payload is None


@pytest.mark.parametrize("amount", [0, 10**13])
def test_an_amount_that_no_qr_holds_is_left_to_the_payer(
    db_session: Session, commune: Unit, amount: int
) -> None:
    payment = payment_to(make_account(unit=commune), "T000", amount=amount)
    assert payment.amount is None and "5802VN" in payment.payload and "53037045802" in payment.payload


def test_only_a_published_account_is_genuine(db_session: Session, commune: Unit) -> None:
    above, fund = make_unit(name="Tỉnh Thử"), make_fund()
    hidden = make_account(unit=commune, published=False)
    province = make_account(unit=above)
    assert published_account(fund.id, [commune.id, above.id]) == province
    hidden.published = True
    db_session.flush()
    assert published_account(fund.id, [commune.id, above.id]) == hidden
    assert published_account(make_fund(code="CUUTRO").id, [commune.id, above.id]) is None


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"bin": "97043"}, "bin"),
        ({"bin": "97043a"}, "bin"),
        ({"bin": "970436"}, "bin"),
        ({"name": "vietcombank"}, "name"),
        ({"name": "…"}, "name"),
        ({"aliases": "Ngân hàng Mới; VCB"}, "aliases"),
    ],
)
def test_a_bank_that_could_be_taken_for_another_is_refused(
    db_session: Session, values: dict, field: str
) -> None:
    with pytest.raises(Refused) as refused:
        save_bank(None, **{"bin": "970425", "name": "ABBANK", "aliases": "", "withdrawn": False, **values})
    assert refused.value.field == field
    assert db_session.scalar(select(func.count()).select_from(Bank)) == len(OF_THE_DOMAIN)


def test_one_more_bank(db_session: Session) -> None:
    save_bank(None, bin="970425", name="ABBANK", aliases=" An Bình ;; ABB ", withdrawn=False)
    assert bank_of("Ngân hàng An Bình chi nhánh 1").bin == "970425"
    assert db_session.get_one(Bank, "970425").aliases == "An Bình; ABB"
