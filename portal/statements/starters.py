"""Rules to begin with, as data: they fill the form, and count only once a person has tried and saved them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.statements.classes import FEE, IN, INTEREST, OUT, OWN, REFUND, UNCLEAR

LONGEST = 500  # characters of the words of a rule


@dataclass(frozen=True)
class Starter:
    """`key` stands in the address. `before_number`: the words are these before each number of the unit's own accounts.

    The bare number would not do: banks print the account that receives in the text of every gift.
    """

    key: str
    name: str
    direction: str
    words: str
    kind: str
    before_number: tuple[str, ...] = ()


STARTERS = (
    Starter(
        "phi",
        "Phí ngân hàng",
        OUT,
        "thu phí; phí sms; phí quản lý; phí duy trì; phí dịch vụ; phí chuyển tiền",
        FEE,
    ),
    Starter("lai", "Lãi tiền gửi", IN, "lãi nhập vốn; trả lãi; lãi tiền gửi; trả lãi tiền gửi", INTEREST),
    Starter(
        "noi-bo-vao", "Chuyển giữa tài khoản của Quỹ, tiền vào", IN, "", OWN, ("từ", "từ tk", "tk chuyển")
    ),
    Starter(
        "noi-bo-ra",
        "Chuyển giữa tài khoản của Quỹ, tiền ra",
        OUT,
        "",
        OWN,
        ("tới", "đến", "sang", "sang tk"),
    ),
    Starter(
        "chuyen-nham",
        "Chuyển nhầm, xin lại tiền",
        IN,
        "chuyển nhầm; ck nhầm; nhầm tài khoản; xin lại tiền; hoàn lại tiền; xin hoàn",
        UNCLEAR,
    ),
    Starter(
        "tra-lai",
        "Ngân hàng trả lại tiền",
        IN,
        "hoàn trả; trả lại lệnh; hoàn lệnh; lệnh bị trả; sai tên người thụ hưởng; sai số tài khoản",
        REFUND,
    ),
)


def starter_of(key: str | None) -> Starter | None:
    """The starter of an address, None for another text."""
    return next((one for one in STARTERS if one.key == key), None)


def words_for(starter: Starter, numbers: Sequence[str]) -> str:
    """What it looks for; `numbers`: the unit's own account numbers, as many as there is room for."""
    if not starter.before_number:
        return starter.words
    plain = ["".join(filter(str.isalnum, number)) for number in numbers]
    words = ""
    for phrase in (f"{before} {number}" for number in plain for before in starter.before_number):
        longer = f"{words}; {phrase}" if words else phrase
        if len(longer) > LONGEST:
            break
        words = longer
    return words
