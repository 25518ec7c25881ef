"""A list as the values its paper prints: households with money and goods in columns of their own, sums, signatures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from portal.distributions import queries_rows as found
from portal.distributions import rules
from portal.distributions.lists import goods_of, rows_with_households
from portal.distributions.models import Distribution, DistributionRow
from portal.households.queries_registry import is_hamlet
from portal.kit.days import format_day, long_day, today_in_vietnam
from portal.kit.db import db
from portal.kit.money import format_amount
from portal.units.queries import unit_texts


class PaperRow(NamedTuple):
    """One household, as printed."""

    number: int
    name: str
    birth_year: str
    hamlet: str
    commune: str
    group: str
    portion: str
    goods: str
    amount: str


@dataclass(frozen=True)
class ListPaper:
    """The list, ready to be printed. `mark`: what it is not yet ("ĐANG LẬP"), or nothing."""

    issuer: list[str]
    committee: str
    place_date: str
    title: str
    facts: list[tuple[str, str]]
    rows: list[PaperRow]
    with_goods: bool
    with_money: bool
    count: str
    total: str
    words: str
    goods: list[str]
    signer: list[str]
    signer_name: str
    mark: str | None
    number: str | None = None


MARKS = {rules.DRAFT: "ĐANG LẬP", rules.CANCELLED: "ĐÃ HỦY"}


def list_paper(distribution: Distribution) -> ListPaper:
    """The paper of a list in the state it is in; refused rows are left out."""
    day = distribution.handed_on
    own = unit_texts(distribution.unit, day)
    records = rows_with_households(distribution).where(DistributionRow.refused.is_(None))
    records = records.order_by(DistributionRow.ordinal, DistributionRow.id)
    draft = distribution.state == rules.DRAFT
    rows = [
        _row(place, record.DistributionRow, record.head, draft)
        for place, record in enumerate(db.session.execute(records), start=1)
    ]
    total = found.money_of(distribution)
    return ListPaper(
        issuer=own.issuing_lines,
        committee=own.issuing_office,
        place_date=", ".join(part for part in (own.place, long_day(today_in_vietnam())) if part),
        title=distribution.name,
        facts=_facts(distribution),
        rows=rows,
        with_goods=any(row.goods for row in rows),
        with_money=total > 0,
        count=format_amount(len(rows)),
        total=format_amount(total),
        words=own.in_words(total) if total else "",
        goods=[
            rules.goods_text([(one.quantity, one.item.measure, one.item.name)]) or ""
            for one in found.goods_of(distribution)
        ],
        signer=["TM. BAN THƯỜNG TRỰC", own.signer_title] if own.signer_title else ["TM. BAN THƯỜNG TRỰC"],
        signer_name=own.signer_name,
        mark=MARKS.get(distribution.state),
    )  # fmt: skip


def _facts(distribution: Distribution) -> list[tuple[str, str]]:
    decision = distribution.decision
    facts = [
        ("Nội dung", distribution.content),
        ("Đợt vận động", distribution.campaign.name if distribution.campaign else "Nguồn chung"),
        ("Nguồn", distribution.source or ""),
        ("Ngày trao", format_day(distribution.handed_on)),
        ("Nơi trao", distribution.place),
        ("Theo", f"{decision.number or '……'} ngày {format_day(decision.decided_on)}" if decision else ""),
    ]
    return [(label, text) for label, text in facts if text]


def _row(place: int, row: DistributionRow, household: object, draft: bool) -> PaperRow:
    unit = household.unit  # type: ignore[attr-defined]
    below = is_hamlet(unit)
    commune = row.commune or (unit.parent.name if below and unit.parent else unit.name)
    born = household.birth_year if draft else row.birth_year  # type: ignore[attr-defined]
    amount = row.portion.amount if draft else row.amount
    return PaperRow(
        number=row.ordinal or place,
        name=row.receiver or household.name,  # type: ignore[attr-defined]
        birth_year=str(born or ""),
        hamlet=row.hamlet or (unit.name if below else ""),
        commune=commune,
        group=row.group_name or "",
        portion=row.portion.name,
        goods=(goods_of(row.portion) if draft else row.goods) or "",
        amount=format_amount(amount) if amount else "",
    )
