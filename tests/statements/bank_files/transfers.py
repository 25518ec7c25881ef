"""An endless stream of invented transfers: the same for the same seed, quick enough for millions."""

import datetime as dt
import random
from collections.abc import Iterator
from typing import NamedTuple

FAMILIES = ["NGUYEN", "TRAN", "LE", "PHAM", "HOANG", "PHAN", "VU", "DANG", "BUI", "DO", "HO", "NGO", "LY"]
MIDDLES = ["VAN", "THI", "DUC", "MINH", "NGOC", "THANH", "QUOC", "HONG", "XUAN", "THU"]
GIVEN = [
    "AN",
    "BINH",
    "CUONG",
    "DUNG",
    "GIANG",
    "HA",
    "HUNG",
    "KHANH",
    "LAN",
    "MAI",
    "NAM",
    "OANH",
    "PHUC",
    "YEN",
]
NAMES = [f"{family} {middle} {given}" for family in FAMILIES for middle in MIDDLES for given in GIVEN]
ACCOUNT = "0011999000123"
AMOUNTS = (
    20_000, 50_000, 100_000, 200_000, 300_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 68_000, 123_456,
)  # fmt: skip
ODD = (  # what donors write, and what careless readers drop or split
    "Ngô Nhật Minh ủng hộ",
    "Gia đình bà Lý Thị Quỳnh ủng hộ người nghèo",
    "NGUYễN XIểN ung ho",
    "Taylor Swift",
    "Page 3",
    "Tổng cộng cả lớp 9A",
    "Ung ho; chia se, 100%",
    'Quy "Vi nguoi ngheo" so du dau ky',
    "chau ten la Cong\nung ho dong bao",
    "Total",
    "=1+1",
)
CUTS = (210, 255)  # where banks cut their texts, in the middle of a word


class Transfer(NamedTuple):
    """One line of an account; `amount` in đồng, money out negative."""

    number: int
    day: dt.date
    hours: int
    minutes: int
    seconds: int
    document: str
    reference: str
    amount: int
    text: str
    name: str
    account: str


def transfers(
    count: int, *, seed: int, start: dt.date, days: int, skip_days: tuple[int, ...] = ()
) -> Iterator[Transfer]:
    """`count` transfers over `days` days from `start`; in the days numbered `skip_days` (from 0) nothing moves.

    Every 89th repeats the one before in everything but its number, as 9.424 real lines of one file did.
    """
    chance = random.Random(seed)
    open_days = [start + dt.timedelta(days=n) for n in range(days + len(skip_days)) if n not in skip_days]
    per_day = max(1, -(-count // days))
    before: Transfer | None = None
    for number in range(1, count + 1):
        place = (number - 1) % per_day
        if number % 89 == 2 and before and place:
            before = before._replace(number=number)
        else:
            clock = divmod(divmod(place * 86_400 // per_day, 60)[0], 60)
            before = _transfer(chance, number, open_days[(number - 1) // per_day], *clock)
        yield before


def _transfer(chance: random.Random, number: int, day: dt.date, hours: int, minutes: int) -> Transfer:
    """Document numbers repeat, as the bank's do."""
    document = f"{chance.randrange(5000, 5400)} - {chance.randrange(100_000):05d}"
    code = chance.randrange(10**9, 10**10)
    name, account = NAMES[chance.randrange(len(NAMES))], f"09{chance.randrange(10**8):08d}"
    reference = f"FT26{code}{number % 100:02d}"
    if number % 211 == 7:
        text = f"QD {chance.randrange(1000, 3000)}/QD-BVDTW CHUYEN KINH PHI HO TRO XAY NHA"
        amount, name, account = -chance.randrange(50, 120) * 1_000, "", ""
    elif number % 503 == 11:
        text, amount, name, account = "THU PHI QUAN LY TAI KHOAN", -11_000, "", ""
    else:
        amount = AMOUNTS[chance.randrange(len(AMOUNTS))]
        text = _text(number, code, name, account)
    return Transfer(
        number, day, hours, minutes, number % 60, document, reference, amount, text, name, account
    )


def _text(number: int, code: int, name: str, account: str) -> str:
    kind = number % 8
    if kind < 3:
        text = f"MBVCB.{code}.{name} ung ho.CT tu {account} {name} toi {ACCOUNT} QUY VI NGUOI NGHEO"
        return text if number % 97 else _long(text, number)
    if kind < 5:
        return f"020097{code}{number % 10**6:06d}.Ung ho dong bao {name}"
    if kind == 5:
        return f"PARTNER.DIRECT_DEBITS_VCB.MSE.{code}.{name} ung ho qua MoMo"
    if kind == 6:
        return f"SHGD:{code}.DD:260803.BO:CONG TY TNHH {name}.Remark:Ung ho &amp; chia se"
    if number % 40 == 7:
        return ODD[number // 40 % len(ODD)]
    return f"{name} giup nguoi ngheo {code}"


def _long(text: str, number: int) -> str:
    cut = CUTS[number % 2]
    return (text + " voi mong muon chia se cung ba con vung lu lut" * 6)[:cut]
