"""Reading receipts: every number that a gift has taken, what became of it on paper, runs of the printer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, or_, select, union_all
from sqlalchemy.orm import aliased, joinedload
from werkzeug.exceptions import NotFound

from portal.donations import queries as donations
from portal.donations import search
from portal.donations.models import Donation
from portal.donations.rules import GOODS
from portal.kit.db import db, now
from portal.ledger import queries as ledger
from portal.ledger.models import Posting
from portal.people.models import User
from portal.people.queries import readable_units
from portal.receipts.models import DonorPaper, PrintLine, PrintRun, Receipt, SponsorPurpose
from portal.receipts.rules import GOODS_RECEIPT, PAPERS, RECEIPT

KEPT_OPEN = timedelta(minutes=15)  # a finished print can be opened again so long: the printer's second try
AT_ONCE = 500  # ids in one statement
KEY_STEP = 10  # keys of the list: donation · 10 + place of the series
SERIES = [PAPERS[RECEIPT].series, PAPERS[GOODS_RECEIPT].series]


def issued_numbers(donation_ids: Sequence[int]) -> dict[int, str]:
    """The numbers that gifts were given on request, "PT-0413/2026", by the gift's id: people search for them."""
    found: dict[int, str] = {}
    for start in range(0, len(donation_ids), AT_ONCE):
        rows = select(Receipt).where(Receipt.donation_id.in_(donation_ids[start : start + AT_ONCE]))
        for receipt in db.session.scalars(rows.order_by(Receipt.id)):
            said = [found.get(receipt.donation_id, ""), receipt.paper_number]
            found[receipt.donation_id] = " ".join(filter(None, said))
    return found


search.OTHER_LINES.append(issued_numbers)


def _columns(number: Any, day: Any) -> list[ColumnElement[Any]]:
    series = number.series
    place = case((series == SERIES[0], 1), else_=2)
    return [
        (Donation.id * KEY_STEP + place).label("key"),
        Donation.id.label("donation_id"),
        case((series == SERIES[0], RECEIPT), else_=GOODS_RECEIPT).label("paper"),
        number.unit_id.label("unit_id"),
        number.fund_id.label("fund_id"),
        series.label("series"),
        number.series_year.label("series_year"),
        number.series_no.label("series_no"),
        day.label("day"),
        Donation.posting_number.label("posting_number"),
    ]


def _numbers() -> Any:
    """Every number of the two series that belongs to a gift: its document's own, and those taken on request."""
    own = select(*_columns(Posting, Posting.document_on)).join(
        Donation, and_(Donation.posting_number == Posting.number, Donation.part_of.is_(None))
    )
    own = own.where(Posting.series.in_(SERIES), Posting.kind == "donation")
    asked = select(*_columns(Receipt, Receipt.issued_on)).join(Donation, Donation.id == Receipt.donation_id)
    return union_all(own, asked).subquery("paper")


PAPER = _numbers()


def _lines_of(paper: Any = PAPER) -> Select[Any]:
    lines = select(func.count()).select_from(PrintLine).join(PrintRun, PrintRun.id == PrintLine.run_id)
    mine = and_(PrintLine.donation_id == paper.c.donation_id, PrintLine.paper == paper.c.paper)
    return lines.where(mine).correlate(paper)


def prints() -> ColumnElement[int]:
    """How often the paper of the row is known to have come out of a printer."""
    return _lines_of().where(PrintLine.place <= PrintRun.printed).scalar_subquery()


def is_queued() -> ColumnElement[bool]:
    """Condition: the paper of the row waits in a print that has not ended."""
    waiting = and_(PrintLine.place > PrintRun.printed, PrintRun.finished_at.is_(None))
    return _lines_of().where(waiting).scalar_subquery() > 0


def state() -> ColumnElement[str]:
    """`rules.STATES` of the paper of the row."""
    return case(
        (ledger.is_reversed(PAPER.c.posting_number), "void"),
        (is_queued(), "queued"),
        (prints() > 0, "printed"),
        else_="new",
    )


def amount() -> ColumnElement[int]:
    """What the paper of the row is about, đồng: phiếu thu the money of its gift, phiếu nhập kho the goods' value."""
    part = aliased(Donation)
    goods = case((PAPER.c.paper == GOODS_RECEIPT, part.form == GOODS), else_=part.form != GOODS)
    total = select(func.coalesce(func.sum(part.amount), 0))
    total = total.where(or_(part.id == PAPER.c.donation_id, part.part_of == PAPER.c.donation_id), goods)
    return total.correlate(PAPER).scalar_subquery()


def standing_amount() -> ColumnElement[int]:
    """The same, nothing for a reversed one: what the foot of the list adds up."""
    return case((ledger.is_reversed(PAPER.c.posting_number), 0), else_=amount())


def papers() -> Select[Any]:
    """Every paper with its gift: columns of PAPER, Donation, `state` and `prints`."""
    rows = select(*PAPER.c, Donation, state().label("state"), prints().label("prints")).select_from(PAPER)
    rows = rows.join(Donation, Donation.id == PAPER.c.donation_id)
    return rows.options(joinedload(Donation.campaign), joinedload(Donation.unit))


def papers_for(user: User) -> Select[Any]:
    """The papers of the units that a person may read."""
    return papers().where(PAPER.c.unit_id.in_(readable_units(user)))


@dataclass(frozen=True)
class Paper:
    """One numbered paper of a gift."""

    donation_id: int
    paper: str
    series: str
    number: str
    day: date
    state: str
    prints: int


def papers_of(donation: Donation) -> list[Paper]:
    """The numbered papers of a gift (any of its parts may be given), phiếu thu first."""
    wanted = papers().where(PAPER.c.donation_id == head_id(donation)).order_by(PAPER.c.key)
    return [
        Paper(
            row.donation_id,
            row.paper,
            row.series,
            number_of(row),
            day=row.day,
            state=row.state,
            prints=row.prints,
        )
        for row in db.session.execute(wanted)
    ]


def head_id(donation: Donation) -> int:
    """The first part of a gift: the one that its public code and its papers are made of."""
    return donation.part_of or donation.id


def number_of(row: Any) -> str:
    """ "PT-0413/2026" of a row of PAPER."""
    return f"{row.series}-{row.series_no:04d}/{row.series_year}"


def parts_of(heads: Iterable[int]) -> dict[int, list[Donation]]:
    """All parts of gifts by the id of their first one, in order."""
    ids = list(heads)
    rows = select(Donation).where(Donation.id.in_(ids) | Donation.part_of.in_(ids)).order_by(Donation.id)
    found: dict[int, list[Donation]] = {}
    for part in db.session.scalars(rows.options(*donations.LOADED)):
        found.setdefault(head_id(part), []).append(part)
    return found


def of_gifts(gifts: Select[Any]) -> ColumnElement[bool]:
    """Condition: the paper belongs to one of these gifts (a select of donation ids, of any of their parts)."""
    head = select(func.coalesce(Donation.part_of, Donation.id)).where(Donation.id.in_(gifts))
    return PAPER.c.donation_id.in_(head)


# --- runs of the printer ---------------------------------------------------------------------------------


def runs_for(user: User) -> Select[tuple[PrintRun]]:
    """Prints of which the person may read every receipt."""
    hidden = exists().where(
        PrintLine.run_id == PrintRun.id,
        Donation.id == PrintLine.donation_id,
        Donation.unit_id.not_in(readable_units(user)),
    )
    return select(PrintRun).where(~hidden).options(joinedload(PrintRun.by))


def last_place() -> ColumnElement[int]:
    """The last place of the run of the row."""
    last = select(func.max(PrintLine.place)).where(PrintLine.run_id == PrintRun.id)
    return last.correlate(PrintRun).scalar_subquery()


def listed_runs(user: User, state: ColumnElement[str]) -> Select[Any]:
    """The same with counts: (PrintRun, lines, out = on paper, state)."""
    lines = select(func.count()).where(PrintLine.run_id == PrintRun.id).correlate(PrintRun)
    out = lines.where(PrintLine.place <= PrintRun.printed)
    columns = (lines.scalar_subquery().label("lines"), out.scalar_subquery().label("out"))
    return runs_for(user).add_columns(*columns, state.label("state"))


def run_or_404(run_id: int, *, for_user: User) -> PrintRun:
    """One print, if the person may read every receipt of it; otherwise 404."""
    return db.one_or_404(runs_for(for_user).where(PrintRun.id == run_id))


def years_for(user: User) -> list[int]:
    """The years of which there are numbers within a person's units, the newest first."""
    rows = select(PAPER.c.series_year).where(PAPER.c.unit_id.in_(readable_units(user))).distinct()
    return sorted(db.session.scalars(rows), reverse=True)


def waiting(user: User) -> list[PrintRun]:
    """The person's prints that have not ended, the oldest first: for the start page."""
    mine = select(PrintRun).where(PrintRun.by_id == user.id, PrintRun.finished_at.is_(None))
    return list(db.session.scalars(mine.order_by(PrintRun.id)))


def places_of(run: PrintRun) -> list[int]:
    """The places of a run's lines, in order."""
    places = select(PrintLine.place).where(PrintLine.run_id == run.id)
    return list(db.session.scalars(places.order_by(PrintLine.place)))


def lines_left(run: PrintRun) -> list[PrintLine]:
    """What the next printing of this run brings: all lines that are not on paper.

    A finished run is given once more for a quarter of an hour, whole; then nothing of it (NotFound).
    """
    lines = select(PrintLine).where(PrintLine.run_id == run.id).order_by(PrintLine.place)
    if run.finished_at is None:
        lines = lines.where(PrintLine.place > run.printed)
    elif not is_kept_open(run):
        raise NotFound
    return list(db.session.scalars(lines))


def is_kept_open(run: PrintRun, moment: datetime | None = None) -> bool:
    """Whether a print can be opened: not ended, or just ended with everything printed."""
    if run.finished_at is None:
        return True
    return run.printed > 0 and (moment or now()) - run.finished_at < KEPT_OPEN


def earlier_prints(lines: Iterable[PrintLine]) -> dict[tuple[int, str, int, int], int]:
    """For each line (donation, paper, run, place): how often its paper came out before it."""
    found: dict[tuple[int, str, int, int], int] = {}
    wanted = list(lines)
    ids = {line.donation_id for line in wanted}
    rows = select(PrintLine.donation_id, PrintLine.paper, PrintLine.run_id, PrintLine.place)
    rows = rows.join(PrintRun, PrintRun.id == PrintLine.run_id)
    rows = rows.where(PrintLine.donation_id.in_(ids), PrintLine.place <= PrintRun.printed)
    out: dict[tuple[int, str], list[tuple[int, int]]] = {}
    for donation_id, paper, run_id, place in db.session.execute(rows):
        out.setdefault((donation_id, paper), []).append((run_id, place))
    for line in wanted:
        here = (line.run_id, line.place)
        before = [spot for spot in out.get((line.donation_id, line.paper), []) if spot < here]
        found[(line.donation_id, line.paper, *here)] = len(before)
    return found


# --- papers for donors -----------------------------------------------------------------------------------


def donor_papers_for(user: User) -> Select[Any]:
    """Letters, honours and minutes of gifts that the person may read."""
    rows = select(DonorPaper).join(Donation, Donation.id == DonorPaper.donation_id)
    return rows.where(Donation.unit_id.in_(readable_units(user)))


def donor_paper_or_404(paper_id: int, *, for_user: User) -> DonorPaper:
    """One of them, if the person may read its gift; otherwise 404."""
    wanted = donor_papers_for(for_user).where(DonorPaper.id == paper_id)
    return db.one_or_404(wanted.options(joinedload(DonorPaper.purpose)))


def donor_papers_of(donation: Donation) -> list[DonorPaper]:
    """What was made for a gift, the newest first."""
    rows = select(DonorPaper).where(DonorPaper.donation_id == head_id(donation))
    return list(db.session.scalars(rows.order_by(DonorPaper.id.desc())))


def purposes(day: date | None = None) -> list[SponsorPurpose]:
    """The closed list of purposes as it stood on `day` (None = every one that ever was), in its order."""
    rows = select(SponsorPurpose).order_by(SponsorPurpose.place, SponsorPurpose.id)
    if day is not None:
        ended = SponsorPurpose.valid_to.is_(None) | (SponsorPurpose.valid_to >= day)
        rows = rows.where(SponsorPurpose.valid_from <= day, ended)
    return list(db.session.scalars(rows))
