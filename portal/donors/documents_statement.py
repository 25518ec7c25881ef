"""The yearly statement of a donor and the printed list of donors, as the values of their templates.

Layout of official papers after Nghị định 30/2020/NĐ-CP, phụ lục I. What was handed over directly stands in its own
table, outside the fund's books, and is added to nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from portal.bulletins.rules import signing_lines
from portal.donations.models import Donation
from portal.donations.rules import FORMS, GOODS
from portal.donors.documents import Given, gifts_of, refunds_of, shares_of
from portal.donors.models import Donor
from portal.donors.queries import direct_aid_of, kind_name
from portal.kit.days import format_day, long_day, today_in_vietnam
from portal.people.models import User
from portal.units.models import Unit
from portal.units.queries import unit_texts


def compose_statement(donor: Donor, year: int, user: User, *, is_sample: bool = False) -> dict[str, Any]:
    """What the statement of a year says, in the person's units; reversed gifts are left out."""
    given = [row for row in reversed(gifts_of(donor.id, user, year=year)) if not row.is_reversed]
    money = [row for row in given if row.gift.form != GOODS]
    goods = [row for row in given if row.gift.form == GOODS]
    refunds = refunds_of(donor.id, user, year)
    aid = [item for item in reversed(direct_aid_of(donor.id, user)) if item.given_on.year == year]
    received = sum(row.gift.amount for row in money)
    returned = sum(item.amount for _, item in refunds)
    texts = unit_texts(donor.unit, today_in_vietnam())
    return {
        **_frame(donor.unit, is_sample),
        "year": year,
        "donor": donor,
        "kind": kind_name(donor.kind),
        "money": [_line(row, donor) for row in money],
        "goods": [_line(row, donor) for row in goods],
        "refunds": [(format_day(posting.document_on), item.reason, item.amount) for posting, item in refunds],
        "shares": [
            (format_day(item.donation.donated_on), item.donation.donor_name, item.code, item.amount)
            for item in reversed(shares_of(donor.id, user, year))
        ],
        "received": received,
        "returned": returned,
        "total": received - returned,
        "words": texts.in_words(received - returned) if received - returned > 0 else None,
        "goods_total": sum(row.gift.amount for row in goods),
        "has_unvalued": any(row.gift.amount == 0 for row in goods),
        "aid": aid,
        "aid_total": sum(item.value or 0 for item in aid),
    }


def _line(row: Given, donor: Donor) -> dict[str, Any]:
    gift = row.gift
    place = "" if gift.unit_id == donor.unit_id else f" ({gift.unit.name})"
    return {
        "day": format_day(gift.donated_on),
        "form": FORMS[gift.form],
        "content": (gift.campaign.name if gift.campaign else "Ủng hộ thường xuyên") + place,
        "goods": goods_of(gift),
        "papers": row.papers,
        "amount": gift.amount,
    }


def goods_of(gift: Donation) -> str:
    """Goods with their quantity, "20 thùng mì"; "" for money."""
    return " ".join(part for part in (gift.quantity, gift.measure, gift.goods) if part)


def compose_list(
    rows: Sequence[Any], unit: Unit, filters: Sequence[str], *, is_sample: bool = False
) -> dict[str, Any]:
    """A printed list of donors: rows of lists.donors_with_sums, without phones; `filters` say what was asked."""
    return {
        **_frame(unit, is_sample),
        "filters": filters,
        "rows": [(row.Donor, kind_name(row.Donor.kind), row.money, row.goods, row.last_on) for row in rows],
        "money": sum(row.money or 0 for row in rows),
        "goods": sum(row.goods or 0 for row in rows),
    }


def _frame(unit: Unit, is_sample: bool, day: date | None = None) -> dict[str, Any]:
    day = day or today_in_vietnam()
    texts = unit_texts(unit, day)
    return {
        "issuer": texts.issuing_lines,
        "office": texts.committee,
        "owner": texts.owner_name,
        "place_date": f"{texts.place}, {long_day(day)}",
        "accountant": texts.accountant,
        "signer": {
            "lines": signing_lines(texts.issuing_office, texts.signer_title),
            "name": texts.signer_name,
        },
        "sample": is_sample,
    }
