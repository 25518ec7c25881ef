"""Reading scans of signed sheets: which pages came back, which are missing, what waits to be filed by hand."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from portal.distributions.models import Distribution, DistributionRow
from portal.distributions.models_handover import Sheet, SheetScan
from portal.distributions.queries import distributions_for
from portal.distributions.queries_handover import live
from portal.distributions.rules import HANDED
from portal.distributions.rules_handover import Span, missing_pages
from portal.files.models import Picture
from portal.kit.db import db
from portal.people.models import User


def newest_edition(distribution_id: int) -> list[Sheet]:
    """The pages printed last, by number."""
    rows = select(Sheet).where(Sheet.distribution_id == distribution_id)
    sheets = list(db.session.scalars(rows.order_by(Sheet.edition.desc(), Sheet.page)))
    return [sheet for sheet in sheets if sheet.edition == sheets[0].edition]


def counts_scan() -> ColumnElement[bool]:
    """Condition: a scan that shows a page."""
    return SheetScan.sheet_id.is_not(None) & SheetScan.dropped.is_(None)


def is_covered() -> ColumnElement[bool]:
    """Condition on a row: a filed scan shows the page on which it stands, of whatever edition."""
    sheet, scan = aliased(Sheet), aliased(SheetScan)
    rows = select(scan.id).join(sheet, sheet.id == scan.sheet_id)
    rows = rows.where(
        sheet.distribution_id == DistributionRow.distribution_id,
        scan.dropped.is_(None),
        sheet.first <= DistributionRow.ordinal,
        sheet.last >= DistributionRow.ordinal,
    )
    return rows.correlate(DistributionRow).exists()


def handed_without_paper(distribution: Distribution) -> int:
    """How many households got something while no signed page shows them."""
    rows = select(func.count(DistributionRow.id)).where(
        live(distribution), DistributionRow.outcome.in_(HANDED), ~is_covered()
    )
    return int(db.session.scalar(rows) or 0)


def spans_of_scans(distribution: Distribution) -> list[tuple[int, int]]:
    """First and last row of every page that came back."""
    rows = (
        select(Sheet.first, Sheet.last)
        .join(SheetScan, SheetScan.sheet_id == Sheet.id)
        .where(Sheet.distribution_id == distribution.id, SheetScan.dropped.is_(None))
        .distinct()
    )
    return [(first, last) for first, last in db.session.execute(rows)]


def pages_missing(distribution: Distribution) -> list[int]:
    """Pages of the edition in force with a household that no filed scan shows."""
    pages = [Span(sheet.page, sheet.first, sheet.last) for sheet in newest_edition(distribution.id)]
    ordinals = db.session.scalars(select(DistributionRow.ordinal).where(live(distribution)))
    found = [ordinal for ordinal in ordinals if ordinal is not None]
    return missing_pages(pages, spans_of_scans(distribution), found)


def sheet_by_code(code: str) -> Sheet | None:
    """The page that bears a code, of any list: whoever asks checks the list."""
    return db.session.scalar(select(Sheet).where(Sheet.code == code))


def sheets_of(distribution: Distribution) -> list[Sheet]:
    """Every page that was ever printed, the newest edition first."""
    rows = select(Sheet).where(Sheet.distribution_id == distribution.id)
    return list(db.session.scalars(rows.order_by(Sheet.edition.desc(), Sheet.page)))


def scans_of(distribution: Distribution) -> list[SheetScan]:
    """Scans filed to the list, and those that were uploaded there and wait or were dropped."""
    rows = select(SheetScan).outerjoin(Sheet, Sheet.id == SheetScan.sheet_id)
    rows = rows.where(_belongs(distribution.id))
    loaded = joinedload(SheetScan.sheet), joinedload(SheetScan.picture)
    return list(db.session.scalars(rows.options(*loaded).order_by(Sheet.page, SheetScan.id)))


def _belongs(distribution_id: int) -> ColumnElement[bool]:
    here = and_(SheetScan.sheet_id.is_(None), SheetScan.distribution_id == distribution_id)
    return or_(Sheet.distribution_id == distribution_id, here)


def scans_for(user: User) -> Select[Any]:
    """Scans of lists that the person may read: filed ones by their page's list, others where they were uploaded."""
    mine = distributions_for(user).with_only_columns(Distribution.id)
    rows = select(SheetScan).outerjoin(Sheet, Sheet.id == SheetScan.sheet_id)
    return rows.where(func.coalesce(Sheet.distribution_id, SheetScan.distribution_id).in_(mine))


def scan_or_404(scan_id: int, *, for_user: User) -> SheetScan:
    """One scan; otherwise 404."""
    return db.one_or_404(scans_for(for_user).where(SheetScan.id == scan_id))


def same_bytes(sheet_id: int, sha256: str) -> SheetScan | None:
    """The same picture, filed to this page before."""
    rows = select(SheetScan).join(Picture, Picture.id == SheetScan.picture_id)
    return db.session.scalar(
        rows.where(SheetScan.sheet_id == sheet_id, Picture.file_sha == sha256, SheetScan.dropped.is_(None))
    )


def unfiled_of(distribution: Distribution) -> int:
    """How many scans wait to be filed by hand."""
    rows = select(func.count(SheetScan.id)).where(
        SheetScan.distribution_id == distribution.id,
        SheetScan.sheet_id.is_(None),
        SheetScan.dropped.is_(None),
    )
    return int(db.session.scalar(rows) or 0)
