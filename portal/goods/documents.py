"""Papers of the store as the values their templates print; what nobody knows stays empty (a dotted line)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import select

from portal.campaigns.models import Campaign
from portal.donations.models import Donation
from portal.goods.models import StockDocument, StockMovement, Store
from portal.goods.rules import (
    DOCUMENTS,
    ISSUE,
    RECEIPT,
    RETURN,
    TRANSFER,
    format_quantity,
    lot_name,
)
from portal.kit.days import long_day
from portal.kit.db import db
from portal.kit.money import format_amount
from portal.kit.vietnamese import capital_first
from portal.ledger.models import Account, Posting, Transfer
from portal.ledger.queries import reversal_of
from portal.units.models import PaperForm, Unit
from portal.units.queries import UnitTexts, paper_form, unit_texts

PAPERS = {RECEIPT: "goods_receipt", RETURN: "goods_receipt", ISSUE: "goods_issue", TRANSFER: "goods_transfer"}
SLIP_ROWS = 4  # printed lines of goods on half a sheet (A5); more take a whole one
NAME_WIDTH = 38  # letters of a name on one printed line there


class PaperHead(NamedTuple):
    """Who issues a paper, under which caption, who signs."""

    issuer: str
    committee: str
    address: str
    title: str
    caption: str
    basis: str
    head: str
    accountant: str
    keeper: str | None


class SlipLine(NamedTuple):
    """One line of a slip, as printed."""

    number: int
    name: str
    code: str
    measure: str
    quantity: str
    price: str
    value: str


@dataclass(frozen=True)
class SlipPaper:
    """Phiếu nhập kho, phiếu xuất kho, phiếu chuyển kho, ready to be printed."""

    head: PaperHead
    number: str
    day: str
    maker: str
    partner: str | None
    partner_address: str | None
    reason: str | None
    store: str
    to_store: str | None
    to_keeper: str | None
    lines: Sequence[SlipLine]
    total: str
    words: str
    reversed_on: date | None
    small: bool


def document_name(posting: Posting, document: StockDocument | None) -> str:
    """The number on the paper, else the kind of document and its number in the books."""
    if posting.paper_number:
        return posting.paper_number
    name = DOCUMENTS[document.what] if document else "Bút toán đảo" if posting.reverses else "Khoản ủng hộ"
    return f"{name} số {posting.number}"


def paper_head(key: str, title: str, store: Store, day: date) -> PaperHead:
    """The head of a paper of a store, with the caption that held on the day."""
    unit = db.session.get_one(Unit, store.unit_id)
    texts: UnitTexts = unit_texts(unit, day)
    form: PaperForm | None = paper_form(key, unit.id, day)
    return PaperHead(
        issuer=" ".join(texts.issuing_lines),
        committee=texts.committee,
        address=texts.address,
        title=form.title if form else title,
        caption=form.caption if form else "",
        basis=form.basis if form else "",
        head=texts.head,
        accountant=texts.accountant,
        keeper=keeper_of(store),
    )


def keeper_of(store: Store) -> str | None:
    """Who answers for the store."""
    return store.keeper.name if store.keeper else store.keeper_name


def slip_paper(posting: Posting, document: StockDocument | None, moved: Sequence[StockMovement]) -> SlipPaper:
    """The slip of a store document, or of the goods of a gift (`document` None)."""
    gift = None if document else first_gift(posting.number)
    store = document.store if document else moved[0].store
    what = document.what if document else RECEIPT
    shown = [row for row in moved if row.store_id == store.id and (what != TRANSFER or row.quantity < 0)]
    total = sum(abs(row.value) for row in shown if row.value)
    printed = [_line(number, row) for number, row in enumerate(shown, start=1)]
    texts = unit_texts(db.session.get_one(Unit, posting.unit_id), posting.document_on)
    reversal = reversal_of(posting.number)
    return SlipPaper(
        head=paper_head(PAPERS[what], DOCUMENTS[what], store, posting.document_on),
        number=posting.paper_number or "",
        day=capital_first(long_day(posting.document_on)),
        maker=posting.entry.by_name,
        partner=document.partner if document else gift.donor_name if gift else None,
        partner_address=document.partner_address if document else gift.address if gift else None,
        reason=document.remark if document else _gift_reason(gift),
        store=_placed(store),
        to_store=_placed(document.to_store) if document and document.to_store else None,
        to_keeper=keeper_of(document.to_store) if document and document.to_store else None,
        lines=printed,
        total=format_amount(total) if total else "",
        words=texts.in_words(total) if total else "",
        reversed_on=reversal.document_on if reversal else None,
        small=sum(-(-len(line.name) // NAME_WIDTH) for line in printed) <= SLIP_ROWS,
    )


def _placed(store: Store) -> str:
    return ", ".join(part for part in (store.name, store.address) if part)


def _line(number: int, row: StockMovement) -> SlipLine:
    name = row.item.name
    if row.lot is not None:
        name += f" (lô {lot_name(row.lot.code, row.lot.expires_on)})"
    value, quantity = abs(row.value) if row.value else None, abs(row.quantity)
    price = (2 * value * 1_000 + quantity) // (2 * quantity) if value else None
    return SlipLine(
        number,
        name,
        row.item.code,
        row.item.measure,
        format_quantity(quantity),
        format_amount(price) if price else "",
        format_amount(value) if value else "",
    )


def first_gift(number: int) -> Donation | None:
    """The first part of the gift whose document this is."""
    rows = select(Donation).where(Donation.posting_number == number).order_by(Donation.ordinal).limit(1)
    return db.session.scalar(rows)


def _gift_reason(gift: Donation | None) -> str | None:
    if gift is None:
        return None
    return f"Ủng hộ đợt {gift.campaign.name}" if gift.campaign else f"Ủng hộ {gift.posting.fund.name}"


def campaign_of(posting: Posting) -> Campaign | None:
    """The campaign that an issue was for, by its first transfer."""
    wanted = select(Campaign).join(Account, Account.campaign_id == Campaign.id)
    wanted = wanted.join(Transfer, Transfer.debit_id == Account.id)
    return db.session.scalar(wanted.where(Transfer.posting_number == posting.number).limit(1))
