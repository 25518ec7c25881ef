"""Texts of transfers as banks hand them on, with and without a code in them, and what banks do to a code."""

from __future__ import annotations

import random
from typing import NamedTuple

from portal.kit.transfer_codes import ALPHABET, CAMPAIGN, FUND, LENGTH, PLEDGE, make_code

FAMILIES = (
    "NGUYEN",
    "TRAN",
    "LE",
    "PHAM",
    "HOANG",
    "PHAN",
    "VU",
    "DANG",
    "BUI",
    "DO",
    "HO",
    "NGO",
    "DUONG",
    "LY",
)
MIDDLES = ("VAN", "THI", "DUC", "MINH", "NGOC", "THANH", "QUOC", "HONG", "XUAN", "THU", "THI KIM", "")
GIVEN = (
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
)
WORDS = (
    "ung ho",
    "UNG HO QUY VI NGUOI NGHEO",
    "Ung ho dong bao",
    "chuyen tien",
    "chuyen khoan",
    "giup nguoi ngheo",
)
COMPANIES = ("CTY TNHH XD TM DV", "CT TNHH MTV NHAT NAM", "CTCP XNK T&T", "HTX NN TAN PHU", "DNTN PHUC THINH")
ANY = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
CUTS = (210, 255)


class Text(NamedTuple):
    """A bank's text, the code that the donor wrote, and whether all of its characters still stand in it."""

    text: str
    code: str | None
    whole: bool


def given_out(count: int) -> set[str]:
    """Codes of a portal in use: pledges, some campaigns, both funds."""
    known: set[str] = set()
    for number in range(count):
        known.add(make_code(PLEDGE, f"pledge {number}", is_taken=known.__contains__))
    for number in range(60):
        known.add(make_code(CAMPAIGN, f"campaign {number}", is_taken=known.__contains__))
    return known | {make_code(FUND, f"fund {number}") for number in range(2)}


def name(chance: random.Random) -> str:
    """Somebody."""
    return " ".join(f"{chance.choice(FAMILIES)} {chance.choice(MIDDLES)} {chance.choice(GIVEN)}".split())


def _digits(chance: random.Random, count: int) -> str:
    return "".join(chance.choice("0123456789") for _ in range(count))


def _mixed(chance: random.Random, count: int) -> str:
    return "".join(chance.choice(ANY) for _ in range(count))


def plain_text(chance: random.Random, written: str) -> str:
    """A text of one of the banks' shapes around what the donor wrote, with references that look like codes."""
    who, account = name(chance), "0" + _digits(chance, chance.choice((9, 10, 12, 13)))
    number = _digits(chance, 10)
    shapes = (
        f"MBVCB.{number}.{written}.CT tu {account} {who} toi 0011999000123 QUY VI NGUOI NGHEO",
        f"MBVCB.{number}.{who} {written}.CT tu {account} {who} toi 0011999000123 QUY VI NGUOI NGHEO",
        f"020097{_digits(chance, 16)}.{written}",
        f"{_digits(chance, 6)}.{_digits(chance, 6)}.{_digits(chance, 6)}.{written} FT{_digits(chance, 14)}",
        f"PARTNER.DIRECT_DEBITS_VCB.MSE.{number}.{written} qua MoMo",
        f"SHGD:{_digits(chance, 8)}.DD:2611{_digits(chance, 2)}.BO:{chance.choice(COMPANIES)}.Remark:{written}",
        f"REM  Tfr Ac: {account} O@L_{_digits(chance, 6)}_{_mixed(chance, 12)} {written}",
        f"{who} chuyen tien {written} Ma GD {_mixed(chance, chance.choice((8, 10, 12, 16)))}",
        f"IBFT {written} {_mixed(chance, 11)} Trace {_digits(chance, 6)}",
        f"CK den tu {account} {who} ND {written}",
        f"{written}",
    )
    return chance.choice(shapes)


def _split(chance: random.Random, code: str) -> str:
    place = chance.randrange(1, LENGTH)
    return code[:place] + chance.choice((" ", " ", "\n", "  ")) + code[place:]


def _glue(chance: random.Random, code: str) -> str:
    before = _mixed(chance, chance.randrange(4)) if chance.random() < 0.7 else _digits(chance, 6)
    after = _mixed(chance, chance.randrange(4)) if chance.random() < 0.7 else _digits(chance, 5)
    return before + code + after


def _wrong(chance: random.Random, code: str) -> str:
    """One character is another one, of the alphabet more often than not."""
    place = chance.randrange(LENGTH)
    letters = ALPHABET if chance.random() < 0.7 else ANY
    other = chance.choice([letter for letter in letters if letter != code[place]])
    return code[:place] + other + code[place + 1 :]


def _swapped(chance: random.Random, code: str) -> str:
    places = [place for place in range(LENGTH - 1) if code[place] != code[place + 1]]
    place = chance.choice(places)
    return code[:place] + code[place + 1] + code[place] + code[place + 2 :]


def _cut(chance: random.Random, text: str) -> str:
    """At a bank's length, wherever that is in the text."""
    length = chance.choice(CUTS)
    long = " ".join([text] + ["voi mong muon chia se cung ba con vung lu lut"] * 8)
    return long[:length]


def mangled(chance: random.Random, codes: list[str]) -> Text:
    """One line of a statement: a third without a code, the rest with one as banks and donors leave it."""
    turn = chance.random()
    if turn < 0.33:
        return Text(_case(chance, plain_text(chance, f"{name(chance)} {chance.choice(WORDS)}")), None, False)
    code = chance.choice(codes)
    if turn < 0.43:  # wrong by a character, or two changed places
        broken = _wrong(chance, code) if turn < 0.39 else _swapped(chance, code)
        return Text(_case(chance, plain_text(chance, f"{broken} {chance.choice(WORDS)}")), code, False)
    if turn < 0.49:  # cut inside the code, which stood last
        filler = "ung ho " * 40
        length = chance.choice(CUTS)
        kept = chance.randrange(1, LENGTH)
        return Text(_case(chance, filler[: length - kept] + code[:kept]), code, False)
    written = chance.choice(
        (code, _split(chance, code), _glue(chance, code), _glue(chance, _split(chance, code)))
    )
    text = plain_text(chance, f"{written} {chance.choice(WORDS)}")
    whole = _cut(chance, text) if chance.random() < 0.3 else text
    return Text(_case(chance, whole), code, written in whole)


def _case(chance: random.Random, text: str) -> str:
    return text.upper() if chance.random() < 0.6 else text


def lines(count: int, codes: set[str], *, seed: int) -> list[Text]:
    """So many lines, the same for the same seed."""
    chance, ordered = random.Random(seed), sorted(codes)
    return [mangled(chance, ordered) for _ in range(count)]
