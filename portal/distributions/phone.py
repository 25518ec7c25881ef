"""A list as a phone shows it: households with what each gets, hamlet by hamlet, and what was told of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.distributions import queries_handover as queries
from portal.distributions.actions_handover import told_of
from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.models_handover import HandoverAnswer
from portal.distributions.rules import OUTCOMES
from portal.distributions.rules_handover import Told
from portal.goods.rules import format_quantity
from portal.kit.days import format_moment
from portal.kit.money import format_amount
from portal.kit.vietnamese import fold

AT_ONCE = 300  # rows on one phone page; longer lists are shown a hamlet at a time
ALL = "*"


@dataclass(frozen=True)
class Card:
    """One household: who, where, what it gets (pairs of name and amount), what was told of it."""

    id: int
    number: int
    name: str
    place: str
    portion: list[tuple[str, str]]
    members: list[tuple[str, str]]
    told: Told
    seen: int  # id of the newest answer, 0 = none
    settled: bool

    @property
    def searched(self) -> str:
        """By which the page finds it."""
        return fold(f"{self.name} {self.place} {self.number}")

    @property
    def state(self) -> str:
        """ "open", or the outcome."""
        return self.told.outcome or "open"


@dataclass(frozen=True)
class Phone:
    """The page: the cards, the one in front, the hamlets to choose from, counts of the whole list."""

    cards: list[Card]
    front: Card | None
    before: Card | None
    after: Card | None
    hamlets: list[queries.Hamlet]
    hamlet: str | None
    counts: queries.Counts
    shown: queries.Counts
    last: int
    words: str = ""  # of a search over the whole list

    @property
    def open_cards(self) -> list[Card]:
        """Of which nothing was said."""
        return [card for card in self.cards if card.told.outcome is None]

    @property
    def told_cards(self) -> list[Card]:
        """Of which something was said."""
        return [card for card in self.cards if card.told.outcome is not None]


def phone_of(distribution: Distribution, *, hamlet: str | None, row_id: int | None, words: str = "") -> Phone:
    """What the page shows. `hamlet` None chooses: all, or the first one with open rows of a long list.

    A search looks through the whole list, whatever the hamlet.
    """
    hamlets, counts = queries.hamlets_of(distribution), queries.counts_of(distribution)
    if words.strip():
        hamlet = ALL
    elif hamlet is None and counts.rows > AT_ONCE:
        hamlet = next((one.name for one in hamlets if one.open), hamlets[0].name)
    chosen = None if hamlet in (None, ALL) else hamlet
    rows = queries.phone_rows(distribution, chosen, words, AT_ONCE if words.strip() else None)
    cards = _cards(rows)
    front = _front(cards, row_id)
    place = cards.index(front) if front else 0
    return Phone(
        cards=cards,
        front=front,
        before=cards[place - 1] if front and place else None,
        after=cards[place + 1] if front and place + 1 < len(cards) else None,
        hamlets=hamlets,
        hamlet=chosen,
        counts=counts,
        shown=queries.counts_of(distribution, chosen) if chosen is not None else counts,
        last=queries.last_answer(distribution),
        words=words.strip(),
    )


def _front(cards: Sequence[Card], row_id: int | None) -> Card | None:
    asked = next((card for card in cards if card.id == row_id), None)
    return asked or next((card for card in cards if card.told.outcome is None), cards[0] if cards else None)


def _cards(rows: Sequence[DistributionRow]) -> list[Card]:
    seen = queries.newest_of_rows([row.id for row in rows])
    members = queries.members_of([row.household_id for row in rows])
    settled = queries.settled_of([row.id for row in rows])
    return [
        Card(
            id=row.id,
            number=row.ordinal or place,
            name=row.receiver or "",
            place=", ".join(part for part in (row.hamlet, row.group_name) if part),
            portion=portion_of(row),
            members=[(one.name, one.relation or "") for one in members.get(row.household_id, [])],
            told=Told(row.outcome, row.outcome_on, row.proxy_name, row.proxy_relation, row.outcome_note),
            seen=seen.get(row.id, 0),
            settled=row.id in settled,
        )
        for place, row in enumerate(rows, start=1)
    ]


def portion_of(row: DistributionRow) -> list[tuple[str, str]]:
    """Money and goods of a row, each apart: ("Tiền mặt", "500.000 đ"), ("Gạo", "10 kg")."""
    lines = [("Tiền mặt", f"{format_amount(row.amount)} đ")] if row.amount else []
    lines += [
        (part.item.name, f"{format_quantity(part.quantity)} {part.item.measure}")
        for part in row.portion.goods
    ]
    if not row.portion.goods and row.goods:
        lines.append(("Hiện vật", row.goods))
    return lines


def answer_json(answer: HandoverAnswer, words: str | None = None) -> dict[str, Any]:
    """An answer as the page's script takes it."""
    told = told_of(answer)
    return {
        "row": answer.row_id,
        "seen": answer.id,
        "outcome": told.outcome,
        "label": OUTCOMES[told.outcome] if told.outcome else "",
        "words": words or told.words,
        "by": answer.by.name if answer.by else "",
        "at": format_moment(answer.at),
    }
