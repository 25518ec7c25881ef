"""Gifts as JSON answers and rows of files: what the page of a gift, a search and a list say, in plain values."""

from __future__ import annotations

from typing import Any

from portal.public.facts import Foreign, GiftFacts, Part, People
from portal.public.gifts import Gift, Person

GIFT_HEADS = ("Mã khoản", "Ngày", "Số tiền", "Nội dung", "Đợt vận động", "Hình thức", "Thuộc khoản")
PERSON_HEADS = ("Mã tra cứu", "Người góp", "Số tiền")


def gift_json(gift: Gift) -> dict[str, Any]:
    """One row of a search; `campaign` is a code. `part_of`: the gift that the row is one kind of."""
    row: dict[str, Any] = {
        "code": gift.code,
        "date": gift.day.isoformat(),
        "amount": gift.amount,
        "text": gift.text,
        "campaign": gift.campaign.code if gift.campaign else None,
    }
    if gift.first != gift.code:
        row["part_of"] = gift.first
    if gift.people:
        row["people"] = [person_json(person) for person in gift.people]
    return row


def person_json(person: Person) -> dict[str, Any]:
    """One of the people behind a group gift, as they want to be shown."""
    return {"code": person.code, "name": person.name, "amount": person.amount}


def gift_row(gift: Gift) -> list[Any]:
    """One row of the file, under GIFT_HEADS."""
    name = gift.campaign.name if gift.campaign else ""
    amount = None if gift.is_unvalued else gift.amount
    return [gift.code, gift.day, amount, gift.text, name, gift.form_name, gift.first]


def person_row(person: Person) -> list[Any]:
    """One row of the file of a group, under PERSON_HEADS."""
    return [person.code, person.name, person.amount]


def facts_json(facts: GiftFacts) -> dict[str, Any]:
    """One gift with its parts, its people, its document, and what happened to it. Money and goods stand apart."""
    reversal = facts.reversal
    return {
        **gift_json(facts.gift),
        "form": facts.gift.form,
        "giver": facts.gift.name,
        "receipt": facts.receipts[0][1] if facts.receipts else None,
        "reference": facts.bank_reference,
        "posting": facts.posting.number,
        "booked_on": facts.booked_on.isoformat(),
        "money": facts.money,
        "goods_value": facts.goods_value,
        "parts": [part_json(part) for part in facts.parts],
        "group": people_json(facts.people) if facts.people else None,
        "person": person_json(facts.person) if facts.person else None,
        "supplement": facts.is_supplement,
        "late": facts.is_late,
        "refunded": sum(one.amount for one in facts.happened),
        "happened": [{"date": one.day.isoformat(), "text": one.text} for one in facts.happened],
        "reversed": reversal is not None,
        "reversed_by": reversal.number if reversal else None,
    }


def part_json(part: Part) -> dict[str, Any]:
    """One kind of money or goods; `amount` null = goods without a value."""
    return {
        "code": part.code,
        "form": part.form,
        "amount": part.amount or None,
        "goods": part.goods,
        "foreign": foreign_json(part.foreign) if part.foreign else None,
    }


def foreign_json(money: Foreign) -> dict[str, Any]:
    """Foreign money: `minor` cents (yen: whole), `rate` đồng for one whole unit in ten-thousandths."""
    return {
        "currency": money.currency,
        "minor": money.minor,
        "text": money.text,
        "rate": money.rate,
        "rate_source": money.source,
        "rate_on": money.day.isoformat(),
    }


def people_json(people: People) -> dict[str, Any]:
    """The people behind a group gift and what is left unnamed."""
    return {
        "count": people.count,
        "named": [person_json(person) for person in people.named],
        "unnamed": people.left_people,
        "unnamed_amount": people.left,
    }


def gift_head(facts: GiftFacts) -> str:
    """What a gift without money and value is headed by: "20 thùng mì; áo ấm"."""
    return "; ".join(part.goods or "hiện vật" for part in facts.parts)
