"""Who sent a transfer, from invented texts in the shapes of the banks."""

from __future__ import annotations

import random

import pytest

from portal.kit.vietnamese import fold
from portal.statements.sender_words import FAMILIES, LEADING
from portal.statements.senders import EXPLICIT, NONE, PROBABLE, Sender, is_agent, sender_of
from tests.transfer_texts import name, plain_text

E, P, N = EXPLICIT, PROBABLE, NONE


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "MBVCB.6789012345.NGUYEN VAN AN ung ho.CT tu 0123456789 NGUYEN VAN AN toi 0011999000123 QUY VI NGUOI NGHEO",
            Sender("NGUYEN VAN AN", "NGUYEN VAN AN ung ho", E),
        ),
        (
            "IBVCB.2808240123456.con xin ung ho.CT tu 0351000999888 LE THI HOA toi 0011999000123 QUY",
            Sender("LE THI HOA", "con xin ung ho", E),
        ),
        ("MBVCB.6789012345.ung ho ba con.CT tu 0123456789 TRAN DUC", Sender("TRAN DUC", "ung ho ba con", E)),
        (
            "MBVCB.6789012345." + "chuc ba con som vuot qua kho khan " * 5 + ".CT tu 0123456789 TRAN DU",
            Sender("TRAN DU", ("chuc ba con som vuot qua kho khan " * 5).strip(), P),
        ),
        ("MBVCB.6789012345.ung ho.CT tu 0123456789 MOMOIBFT toi 0011999000123", Sender(None, "ung ho", N)),
        (
            "MBVCB.6789012345.Le Van Binh ung ho.CT tu 0123456789 ACC toi 00119",
            Sender("Le Van Binh", "Le Van Binh ung ho", P),
        ),
        (
            "NGO THI NGOC THAO chuyen nham xin lai tien",
            Sender("NGO THI NGOC THAO", "NGO THI NGOC THAO chuyen nham xin lai tien", P),
        ),
        ("chuyen nham, xin lai tien", Sender(None, "chuyen nham, xin lai tien", N)),
        ("020097042209123456.Ung ho dong bao", Sender(None, "Ung ho dong bao", N)),
        ("020097042209123456.Ung ho dong bao NGUYEN THI LAN", Sender("NGUYEN THI LAN", "Ung ho dong bao NGUYEN THI LAN", P)),
        (
            "PARTNER.DIRECT_DEBITS_VCB.MSE.62943571823.PHAM MINH HA ung ho qua MoMo",
            Sender("PHAM MINH HA", "PHAM MINH HA ung ho", P),
        ),
        ("PARTNER.DIRECT_DEBITS_VCB.MSE.62943571823.Ung ho qua MoMo", Sender(None, "Ung ho", N)),
        (
            "SHGD:10012345.DD:261112.BO:CONG TY TNHH AN BINH.Remark:Ung ho &amp; chia se",
            Sender("CONG TY TNHH AN BINH", "Ung ho & chia se", E),
        ),
        ("SHGD:10012345.DD:261112.BO:CONG TY TNHH AN BI", Sender("CONG TY TNHH AN BI", "", P)),
        ("SHGD:10012345.DD:261112.BO:CONG TY CO PHAN ZION.Remark:zp ung ho", Sender(None, "zp ung ho", N)),
        ("MOMOIBFT DO VAN NAM chuyen tien", Sender("DO VAN NAM", "DO VAN NAM chuyen tien", P)),
        ("MBBANK IBFT ung ho mien trung", Sender(None, "ung ho mien trung", N)),
        ("Ngô Nhật Minh ủng hộ", Sender("Ngô Nhật Minh", "Ngô Nhật Minh ủng hộ", P)),
        ("NGUYễN XIểN ung ho", Sender("NGUYễN XIểN", "NGUYễN XIểN ung ho", P)),
        (
            "Gia đình bà Lý Thị Quỳnh ủng hộ người nghèo",
            Sender("Lý Thị Quỳnh", "Gia đình bà Lý Thị Quỳnh ủng hộ người nghèo", P),
        ),
        (
            "Cong ty CP Gach ngoi Hoa Thuan ung ho quy",
            Sender("Cong ty CP Gach ngoi Hoa Thuan", "Cong ty CP Gach ngoi Hoa Thuan ung ho quy", P),
        ),
        ("HO THI MAI chuyen tien ho tro FT24255123456789", Sender("HO THI MAI", "HO THI MAI chuyen tien ho tro", P)),
        ("Nguyen Van An va Tran Thi Binh ung ho", Sender(None, "Nguyen Van An va Tran Thi Binh ung ho", N)),
        ("Taylor Swift", Sender(None, "Taylor Swift", N)),
        ("Page 3", Sender(None, "Page 3", N)),
        ("ho tro dong bao vung lu", Sender(None, "ho tro dong bao vung lu", N)),
        ("ung ho ho ngheo xa Tan Phu", Sender(None, "ung ho ho ngheo xa Tan Phu", N)),
        ("", Sender(None, "", N)),
        ("\n .", Sender(None, "", N)),
    ],
)  # fmt: skip
def test_texts_of_the_banks(text: str, expected: Sender) -> None:
    assert sender_of(text) == expected


@pytest.mark.parametrize(
    ("counterparty", "name", "kind"),
    [
        ("NGUYEN THI HOA – 0123456789", "NGUYEN THI HOA", E),
        ("NGUYEN THI HOA - 0123****89", "NGUYEN THI HOA", E),
        ("CTY TNHH XAY XAT PHU HOA", "CTY TNHH XAY XAT PHU HOA", E),
        ("CONG TY CO PHAN ZION – 9990001", "LE VAN BINH", P),
        ("MBBANK IBFT", "LE VAN BINH", P),
        ("Ngân hàng TMCP Quân đội", "LE VAN BINH", P),
        ("", "LE VAN BINH", P),
        (None, "LE VAN BINH", P),
    ],
)
def test_a_column_of_the_bank_speaks_first_unless_it_names_a_wallet(counterparty, name, kind) -> None:
    assert sender_of("020097042209123456.LE VAN BINH ung ho", counterparty) == Sender(
        name, "LE VAN BINH ung ho", kind
    )


def test_words_before_a_name_are_no_families() -> None:
    assert not LEADING & FAMILIES and fold("Nguyễn") in FAMILIES


def test_further_agents_are_data() -> None:
    assert is_agent("VNPAYQR") is False
    assert (
        sender_of("x.CT tu 0123456789 CHI HO SAO MAI toi 001", agents={fold("Chi ho Sao Mai")}).name is None
    )


def test_of_generated_texts_no_other_name_is_called_explicit() -> None:
    """Where the bank's phrase names somebody it is that one; a third and more are not known, and stay so."""
    chance = random.Random(27)
    kinds = {EXPLICIT: 0, PROBABLE: 0, NONE: 0}
    for _ in range(3_000):
        donor = name(chance)
        text = plain_text(chance, f"{donor} ung ho" if chance.random() < 0.6 else "ung ho dong bao")
        found = sender_of(text if chance.random() < 0.7 else text[:210])
        kinds[found.kind] += 1
        if found.kind == EXPLICIT:
            assert f" {found.name} toi " in text or f"BO:{found.name}." in text
        assert found.name is None or found.name in text
        assert (found.name is None) == (found.kind == NONE)
    assert min(kinds.values()) > 300, kinds
