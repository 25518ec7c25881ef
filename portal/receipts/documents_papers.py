"""Letters, honours and minutes for donors as the values their templates print."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from portal.donations.models import Donation
from portal.donations.rules import BANK, CASH, DIRECT, FORMS, GOODS, PAPERS
from portal.kit.days import format_day, long_day
from portal.kit.money import format_amount
from portal.kit.pdf import render_paper
from portal.kit.vietnamese import capital_first
from portal.receipts import queries, wording
from portal.receipts.models import DonorPaper
from portal.receipts.rules import DONOR_PAPERS, HONOUR, MINUTES, THANKS
from portal.receipts.stack import Stack
from portal.units.queries import UnitTexts, unit_texts

TEMPLATES = {
    THANKS: "documents/thanks.html",
    HONOUR: "documents/honour.html",
    MINUTES: "documents/sponsorship.html",
}
FORM_ORDER = (BANK, CASH, PAPERS, GOODS)


@dataclass(frozen=True)
class Goods:
    """One row of the annex."""

    name: str
    measure: str
    quantity: str
    value: str


@dataclass(frozen=True)
class Content:
    """What all three papers say. Missing texts are "" and become dotted lines."""

    title: str
    issuer: Sequence[str]
    office: str
    committee: str
    number: str
    place_date: str
    day: str
    addressee: str
    address: str
    representative: str
    position: str
    tax_code: str
    gift: str
    campaign: str
    cause: str
    gift_day: str
    signer_title: str
    signer_name: str
    owner_name: str
    owner_address: str
    owner_phone: str
    owner_tax_code: str
    forms: Sequence[tuple[str, bool]]
    purposes: Sequence[tuple[str, bool]]
    total: str
    words: str
    goods: Sequence[Goods]
    goods_total: str


def content_of(paper: DonorPaper) -> Content:
    """The values of a kept paper; the unit's texts are those of the day it was made."""
    parts = queries.parts_of([paper.donation_id])[paper.donation_id]
    stack, gift = Stack([paper.donation_id]), parts[0]
    texts = unit_texts(gift.unit, paper.made_on)
    total = sum(part.amount for part in parts)
    goods = [part for part in parts if part.form == GOODS]
    return Content(
        title=DONOR_PAPERS[paper.what],
        issuer=texts.issuing_lines,
        office=texts.issuing_office,
        committee=texts.committee,
        number=paper.number or "",
        place_date=f"{texts.place}, {long_day(paper.made_on)}"
        if texts.place
        else capital_first(long_day(paper.made_on)),
        day=long_day(paper.made_on),
        addressee=paper.addressee,
        address=paper.address or "",
        representative=paper.representative or "",
        position=paper.position or "",
        tax_code=paper.tax_code or "",
        gift=gift_text(parts, stack, texts),
        campaign=gift.campaign.name if gift.campaign else gift.posting.fund.name,
        cause=f"đợt vận động {gift.campaign.name}" if gift.campaign else gift.posting.fund.name,
        gift_day=format_day(gift.donated_on),
        signer_title=texts.signer_title,
        signer_name=texts.signer_name or texts.head,
        owner_name=texts.owner_name,
        owner_address=texts.address,
        owner_phone=texts.phone,
        owner_tax_code=texts.tax_code,
        forms=_forms({part.form for part in parts}),
        purposes=_purposes(paper),
        total=wording.dong(total),
        words=wording.words(total, texts),
        goods=[_goods(part, stack) for part in goods],
        goods_total=wording.figures(sum(part.amount for part in goods)),
    )


def _forms(given: set[str]) -> list[tuple[str, bool]]:
    """The boxes of the forms; what a sponsor paid directly has a box only where it is so."""
    order = (*FORM_ORDER, DIRECT) if DIRECT in given else FORM_ORDER
    return [(FORMS[form], form in given) for form in order]


def gift_text(parts: Sequence[Donation], stack: Stack, texts: UnitTexts) -> str:
    """What was given, in a sentence: money in figures and words, papers and goods by name."""
    money = sum(part.amount for part in parts if part.form in (BANK, CASH, DIRECT))
    said = [f"số tiền {format_amount(money)} đồng ({wording.words(money, texts)})"] if money else []
    for form, name in ((PAPERS, "giấy tờ có giá"), (GOODS, "hiện vật")):
        these = [part for part in parts if part.form == form]
        if not these:
            continue
        named = ", ".join(text for part in these if (text := _named(part, stack)))
        worth = sum(part.amount for part in these)
        value = f" (trị giá {format_amount(worth)} đồng)" if worth else ""
        said.append(f"{name}: {named}{value}" if named else f"{name}{value}")
    return "; ".join(said)


def _named(part: Donation, stack: Stack) -> str:
    quantity = wording.quantity_of(part, stack.movements.get((part.posting_number, part.ordinal)))
    return f"{part.goods or ''} {quantity}".strip()


def _goods(part: Donation, stack: Stack) -> Goods:
    movement = stack.movements.get((part.posting_number, part.ordinal))
    quantity = wording.quantity_of(part, movement)
    measure = part.measure or (movement.item.measure if movement else "")
    return Goods(
        name=part.goods or "",
        measure=measure,
        quantity=quantity.removesuffix(measure).strip(),
        value=wording.figures(part.amount),
    )


def _purposes(paper: DonorPaper) -> list[tuple[str, bool]]:
    """The boxes as the closed list stood on the day, the chosen one ticked even if it has ended since."""
    if paper.what != MINUTES:
        return []
    boxes = queries.purposes(paper.made_on)
    if paper.purpose is not None and paper.purpose not in boxes:
        boxes.append(paper.purpose)
    return [(box.name, box.id == paper.purpose_id) for box in boxes]


def render(paper: DonorPaper, *, sample: bool, template: str | None = None, **values: Any) -> str:
    """The HTML of a kept paper."""
    content = content_of(paper)
    return render_paper(template or TEMPLATES[paper.what], content=content, sample=sample, **values)


def first_values(gift: Donation, *, day: date) -> dict[str, Any]:
    """What the form of a new paper begins with: what is known of the giver."""
    donor = gift.donor
    return {
        "made_on": day,
        "addressee": gift.donor_name or (donor.name if donor else None),
        "address": gift.address or (donor.address if donor else None),
        "representative": donor.representative if donor else None,
        "position": donor.position if donor else None,
        "tax_code": donor.tax_code if donor else None,
    }
