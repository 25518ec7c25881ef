"""Rules to begin with, as data: they fill the form, and count only once a person has tried and saved them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from portal.statements.classes import FEE, IN, INTEREST, OUT, OWN, REFUND, UNCLEAR


@dataclass(frozen=True)
class Starter:
    """`key` stands in the address; `own_numbers`: the words are the numbers of the unit's own accounts."""

    key: str
    name: str
    direction: str
    words: str
    kind: str
    own_numbers: bool = False


STARTERS = (
    Starter(
        "phi",
        "Phí ngân hàng",
        OUT,
        "thu phí; phí sms; phí quản lý; phí duy trì; phí dịch vụ; phí chuyển tiền",
        FEE,
    ),
    Starter("lai", "Lãi tiền gửi", IN, "lãi nhập vốn; trả lãi; lãi tiền gửi; trả lãi tiền gửi", INTEREST),
    Starter("noi-bo-vao", "Chuyển giữa tài khoản của Quỹ, tiền vào", IN, "", OWN, own_numbers=True),
    Starter("noi-bo-ra", "Chuyển giữa tài khoản của Quỹ, tiền ra", OUT, "", OWN, own_numbers=True),
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
    """What it looks for; `numbers`: the unit's own account numbers."""
    return "; ".join(numbers) if starter.own_numbers else starter.words
