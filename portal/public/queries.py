"""What residents may read, in plain values: nothing here knows who asks, so nothing may show more.

Figures come from portal.figures alone, so that a page, its JSON, the dashboard and a bulletin say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from portal.bulletins.models import Bulletin
from portal.bulletins.queries import issued_bulletins
from portal.campaigns.rules import UNDER_WAY
from portal.donations.models import Donation, DonationWords, SearchWatermark
from portal.figures import registry
from portal.figures.scope import Scope
from portal.figures.values import FigureValue
from portal.kit.audit import AuditEntry
from portal.kit.days import EARLIEST, today_in_vietnam
from portal.kit.db import db
from portal.kit.numbers import Entry, Numbering
from portal.public.gifts import Gift, newest_gifts
from portal.public.progress import Progress, campaigns
from portal.statements.covering import PUBLISHED, Coverage, coverages
from portal.units.models import Unit

NEWEST = 6
HOME_KEYS = (
    "received.total",
    "received.count",
    "received.goods",
    "received.goods_unvalued",
    "pledged.total",
    "pledged.outstanding",
    "refunded.total",
    "other.total",
    "spent.total",
    "allocated.in",
    "allocated.out",
    "balance.opening",
    "balance.closing",
    "balance.untracked",
    "balance.untracked_change",
    "balance.suspense",
    "balance.on_the_way",
)


@dataclass(frozen=True)
class Books:
    """How far the books have come: their last entry."""

    number: int
    recorded_at: datetime | None


@dataclass(frozen=True)
class Home:
    """The start page."""

    unit: Unit | None
    start: date
    end: date
    figures: Mapping[str, FigureValue]
    books: Books
    receipts: int
    covers: list[Coverage]
    campaigns: list[Progress] = field(default_factory=list)
    gifts: list[Gift] = field(default_factory=list)
    bulletin: Bulletin | None = None

    def amount(self, key: str) -> int:
        """A figure in đồng; 0 in a portal without units."""
        figure = self.figures.get(key)
        return int(figure.value or 0) if figure else 0


def version() -> str:
    """Changes whenever a public page may: with the books, with audited records, with the index."""
    parts = select(
        select(func.max(Entry.number)).scalar_subquery(),
        select(func.max(AuditEntry.id)).scalar_subquery(),
        select(func.max(SearchWatermark.posting_number)).scalar_subquery(),
        select(func.max(SearchWatermark.ordinal)).scalar_subquery(),
    )
    return ".".join(str(part or 0) for part in db.session.execute(parts).one())


def books() -> Books:
    """The last entry."""
    newest = select(Entry.number, Entry.recorded_at).order_by(Entry.number.desc()).limit(1)
    row = db.session.execute(newest).first()
    return Books(row[0], row[1]) if row else Books(0, None)


def index_lags() -> bool:
    """Whether gifts of the newest documents cannot be found by words yet."""
    mark = select(func.max(SearchWatermark.posting_number)).scalar_subquery()
    known = select(DonationWords.donation_id).where(DonationWords.donation_id == Donation.id).exists()
    waiting = select(Donation.id).where(Donation.posting_number > func.coalesce(mark, 0), ~known)
    return db.session.scalar(waiting.limit(1)) is not None


def home(unit: Unit | None, today: date) -> Home:
    """The fund since the start of the year, for the unit whose portal this is."""
    start, known = date(today.year, 1, 1), books()
    if unit is None:
        return Home(None, start, today, {}, known, 0, [])
    return Home(
        unit=unit,
        start=start,
        end=today,
        figures=registry.compute(Scope(unit, start, today), HOME_KEYS),
        books=known,
        receipts=receipts_of(start.year),
        covers=statement_cover(start),
        campaigns=[row for row in campaigns(today) if row.state == UNDER_WAY],
        gifts=newest_gifts(NEWEST),
        bulletin=newest_bulletin(),
    )


def receipts_of(year: int) -> int:
    """How many receipts of cash gifts the year has so far."""
    last = select(func.coalesce(func.sum(Numbering.last), 0)).where(
        Numbering.kind == "PT", Numbering.year == year
    )
    return int(db.session.scalar(last) or 0)


def statement_cover(start: date | None = None, end: date | None = None) -> list[Coverage]:
    """The published bank accounts with the days that their statements cover, up to yesterday; None: from the first."""
    yesterday = today_in_vietnam() - timedelta(days=1)
    return coverages(PUBLISHED, start or EARLIEST, min(end or yesterday, yesterday))


def newest_bulletin() -> Bulletin | None:
    """The bulletin issued last."""
    return db.session.scalar(issued_bulletins().limit(1))
