"""A gift as it is recorded: plain values, before it is a document of the books."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from portal.kit.errors import Refused


@dataclass(frozen=True)
class Foreign:
    """Foreign money: `minor` cents (yen: whole), `rate` đồng for one whole unit in ten-thousandths."""

    currency: str
    minor: int
    rate: int
    rate_source: str
    rate_on: date


@dataclass(frozen=True)
class Part:
    """One kind of money or goods within a gift; it becomes one row of `donation` and one transfer.

    `amount` is đồng (the value at the day's rate, the face value of a paper, the value of goods); 0 only for
    goods without a value. Goods of the catalogue name `item_id`, `store_id` and `thousandths` of the item's measure;
    then their stock movement is written with the gift. `goods` is the text that papers and lists show.
    """

    form: str
    amount: int
    bank_account_id: int | None = None
    goods: str | None = None
    quantity: str | None = None
    measure: str | None = None
    item_id: int | None = None
    store_id: int | None = None
    lot_id: int | None = None
    thousandths: int | None = None
    foreign: Foreign | None = None
    spent_for: str | None = None  # the purpose of what a sponsor paid directly: such a part is spent at once


@dataclass(frozen=True)
class Gift:
    """One gift: one document, one giver (or group), one or more parts.

    `holder_id` has its cash in hand (None = the unit's cash box). `people` is the number of givers of a group.
    `donor_pending` = "chờ xác định": money first, donor later. A gift with `paper_number` keeps that number and takes none.
    """

    day: date
    unit_id: int
    fund_id: int
    campaign_id: int | None
    parts: tuple[Part, ...]
    donor_id: int | None = None
    donor_name: str | None = None
    donor_kind: str | None = None
    donor_pending: bool = False
    address: str | None = None
    shown_as: str | None = None
    people: int | None = None
    holder_id: int | None = None
    paper_number: str | None = None
    text: str | None = None
    note: str | None = None
    identity: str | None = None
    reason: str | None = None  # on the document, where it needs one

    @property
    def document(self) -> str:
        """The kind of its document in the books."""
        return "in_and_out" if any(part.spent_for for part in self.parts) else "donation"


class RefusedGift(Refused):
    """A rule says no to one gift of several: `place` counts them from 0, `part` the parts of that gift."""

    def __init__(self, refused: Refused, place: int, part: int | None = None):
        super().__init__(refused.text, refused.field)
        self.place, self.part = place, part


@dataclass(frozen=True)
class Posted:
    """What became of a gift: its document, its code (of the first part), its number ("PT-0413/2026") if it took one."""

    posting_number: int
    donation_id: int
    paper_number: str | None
