"""What a rule for statement lines says, in words. Pure."""

from __future__ import annotations

from typing import Any

from portal.kit.money import format_amount
from portal.statements.classes import DIRECTIONS, KINDS


def sentence_of(rule: Any) -> str:
    """What a rule looks for: 'nội dung có “thu phí” hoặc “phí sms”, từ 1.000 đến 55.000 đ'."""
    parts = []
    phrases = [part.strip() for part in rule.words.split(";") if part.strip()]
    if phrases:
        parts.append("nội dung có " + " hoặc ".join(f"“{phrase}”" for phrase in phrases))
    if rule.least is not None and rule.least == rule.most:
        parts.append(f"đúng {format_amount(rule.least)} đ")
    else:
        ends = (("từ", rule.least), ("đến", rule.most))
        span = " ".join(f"{word} {format_amount(amount)}" for word, amount in ends if amount is not None)
        parts += [f"{span} đ"] if span else []
    return ", ".join(parts)


def result_of(rule: Any) -> str:
    """What a line then is, with the campaign of a donation."""
    return KINDS[rule.kind] + (f", đợt {rule.campaign.name}" if rule.campaign else "")


def facts_of(rule: Any) -> list[tuple[str, str]]:
    """A rule as (label, text)."""
    return [
        ("Đơn vị", rule.unit.name),
        ("Tài khoản", rule.bank_account.code if rule.bank_account else "mọi tài khoản của đơn vị"),
        ("Chiều tiền", DIRECTIONS[rule.direction]),
        ("Nhận ra khi", sentence_of(rule)),
        ("Dòng đó là", result_of(rule)),
    ]
