"""Writing receipts: a number on request, runs of the printer and what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Select, func, select

from portal.donations import search
from portal.donations.models import Donation
from portal.donations.queries import ended_by
from portal.donations.rules import GOODS
from portal.jobs import actions as jobs
from portal.jobs.models import Job
from portal.kit.days import today_in_vietnam
from portal.kit.db import db, now
from portal.kit.errors import Refused
from portal.kit.numbers import take_paper_number, take_posting_lock
from portal.ledger.actions import check_unit_alive
from portal.people.models import User
from portal.receipts import queries
from portal.receipts.models import PrintLine, PrintRun, Receipt
from portal.receipts.queries import PAPER
from portal.receipts.rules import AT_ONCE, GOODS_RECEIPT, PAPERS, RECEIPT, copy_places, jam_at

JOB = "print_run"
PIECE = 2_000  # rows of one INSERT
NOTHING = "Các khoản đã chọn chưa có phiếu nào để in. Khoản chuyển khoản: mở trang của khoản rồi cấp biên lai trước."


def issue_receipt(
    donation: Donation, by: User | None, *, paper: str = RECEIPT, day: date | None = None
) -> Receipt:
    """Give a gift a number that its document does not have: a receipt of a transfer, the goods of a mixed gift.

    The number is the next of the same gap-free series that documents use; `day` is that of the receipt (None =
    today). Any part of the gift may be given. Raises Refused.
    """
    head = donation if donation.part_of is None else db.session.get_one(Donation, donation.part_of)
    today = day or today_in_vietnam()
    take_posting_lock()
    _check_may_issue(head, paper, today)
    kind, posting = PAPERS[paper], head.posting
    number = take_paper_number(unit_id=head.unit_id, fund_id=posting.fund_id, kind=kind.series, day=today)
    receipt = Receipt(
        donation_id=head.id,
        unit_id=head.unit_id,
        fund_id=posting.fund_id,
        series=kind.series,
        series_year=today.year,
        series_no=number,
        issued_on=today,
        by_id=by.id if by else None,
    )
    db.session.add(receipt)
    db.session.flush()
    search.reindex(head)  # whoever holds the paper finds the gift by its number
    return receipt


def _check_may_issue(head: Donation, paper: str, day: date) -> None:
    """Raises Refused."""
    check_unit_alive(head.unit, day)
    if day < head.donated_on:
        raise Refused("Ngày cấp phiếu trước ngày nhận. Chọn ngày nhận trở đi.", "day")
    if ended_by(head) is not None:
        raise Refused("Khoản này đã bị đảo nên không cấp phiếu nữa. Ghi lại khoản đúng rồi cấp phiếu.")
    if head.donor_pending:
        raise Refused("Khoản này còn chờ xác định người ủng hộ. Ghi người ủng hộ rồi cấp phiếu.")
    if any(known.paper == paper for known in queries.papers_of(head)):
        raise Refused("Khoản này đã có phiếu. Mở phiếu đã có để in lại.")
    if paper == RECEIPT and head.paper_number is not None:
        raise Refused(
            f"Khoản này đã có biên lai giấy số {head.paper_number}. Dùng biên lai đó, không cấp thêm phiếu."
        )
    if paper == GOODS_RECEIPT and not _has_goods(head):
        raise Refused("Khoản này không có hiện vật nên không có phiếu nhập kho. In phiếu thu của khoản.")


def _has_goods(head: Donation) -> bool:
    return any(part.form == GOODS for part in queries.parts_of([head.id])[head.id])


# --- runs of the printer ---------------------------------------------------------------------------------


def make_run(chosen: Select[Any], *, by: User, gift_prefix: str = "", sample: bool = False) -> PrintRun:
    """Put papers in the print queue in the order of their numbers; flushes.

    `chosen` is a select over `queries.PAPER`, narrowed to what the person may print. More than a hundred become
    a job, which needs `gift_prefix`, the public address of a gift without its code. Raises Refused.
    """
    take_posting_lock()
    found = _chosen(chosen)
    run = PrintRun(unit_id=_common([row.unit_id for row in found]), title=_title(found), by_id=by.id)
    db.session.add(run)
    db.session.flush()
    lines = [
        {
            "run_id": run.id,
            "place": place,
            "donation_id": row.donation_id,
            "paper": row.paper,
            "copy": row.prints > 0,
        }
        for place, row in enumerate(found, start=1)
    ]
    _insert_lines(lines)
    if len(lines) > AT_ONCE:
        open_print_job(run, by=by, gift_prefix=gift_prefix, sample=sample)
    return run


def print_one(donation: Donation, paper: str, *, by: User) -> PrintRun:
    """One paper to the printer; it counts as printed until the person says that it did not come out. Raises Refused."""
    head = queries.head_id(donation)
    run = make_run(queries.papers().where(PAPER.c.donation_id == head, PAPER.c.paper == paper), by=by)
    finish(run)
    return run


def _chosen(chosen: Select[Any]) -> Sequence[Any]:
    columns = (*PAPER.c, queries.prints().label("prints"), queries.is_queued().label("queued"))
    wanted = chosen.with_only_columns(*columns, maintain_column_froms=True).options()
    order = (PAPER.c.unit_id, PAPER.c.series.desc(), PAPER.c.series_year, PAPER.c.series_no)
    found = db.session.execute(wanted.order_by(None).order_by(*order)).all()
    if not found:
        raise Refused(NOTHING)
    if queued := [row for row in found if row.queued]:
        more = f" và {len(queued) - 1} phiếu khác" if len(queued) > 1 else ""
        raise Refused(
            f"Phiếu {queries.number_of(queued[0])}{more} đang nằm trong một đợt in chưa xong. "
            "Mở “Đợt in”, kết thúc đợt đó rồi in lại."
        )
    return found


def _common(unit_ids: Sequence[int]) -> int | None:
    return unit_ids[0] if len(set(unit_ids)) == 1 else None


def _title(found: Sequence[Any]) -> str:
    first, last = queries.number_of(found[0]), queries.number_of(found[-1])
    return first if len(found) == 1 else f"{first} đến {last}, {len(found)} phiếu"


def _insert_lines(lines: list[dict[str, Any]]) -> None:
    for start in range(0, len(lines), PIECE):
        db.session.execute(PrintLine.__table__.insert(), lines[start : start + PIECE])


def open_print_job(run: PrintRun, *, by: User, gift_prefix: str, sample: bool = False) -> Job:
    """Ask for the PDF of what is left of a large run."""
    job = jobs.open_job(
        JOB,
        f"In {run.title}",
        unit_id=run.unit_id,
        by=by,
        params={"run_id": run.id, "gift_prefix": gift_prefix, "sample": sample, "from": run.printed},
    )
    run.job_id = job.id
    db.session.flush()
    return job


def report_jam(run: PrintRun, *, sheet: int, came_out: bool) -> int:
    """The printer jammed at a sheet; returns how many receipts are left to print. Raises Refused."""
    _check_open(run)
    places = queries.places_of(run)
    jam = jam_at(sheet, came_out=came_out, printed=run.printed, places=places)
    if jam.again:
        torn = select(PrintLine).where(PrintLine.run_id == run.id, PrintLine.place.in_(jam.again))
        again = db.session.scalars(torn.order_by(PrintLine.place)).all()
        _insert_lines(
            [
                {
                    "run_id": run.id,
                    "place": place,
                    "donation_id": line.donation_id,
                    "paper": line.paper,
                    "copy": True,
                }
                for place, line in zip(copy_places(places[-1], len(again)), again, strict=True)
            ]
        )
    run.printed = jam.printed
    db.session.flush()
    return len(queries.lines_left(run))


def finish(run: PrintRun) -> None:
    """Everything came out. Raises Refused when the run has ended."""
    _check_open(run)
    run.printed = queries.places_of(run)[-1]
    run.finished_at = now()
    db.session.flush()


def stop(run: PrintRun) -> None:
    """End a run; what is not on paper counts as not printed. Raises Refused when it has ended."""
    _check_open(run)
    run.finished_at = now()
    db.session.flush()


def take_back(run: PrintRun) -> None:
    """Nothing of a single print came out after all: its paper counts as not printed. Raises Refused."""
    if run.finished_at is None or run.printed == 0:
        raise Refused("Đợt in này chưa kết thúc. Ghi tờ bị kẹt, hoặc bỏ phần còn lại.")
    lines = db.session.scalars(select(PrintLine).where(PrintLine.run_id == run.id)).all()
    if len(lines) != 1:
        raise Refused("Chỉ đợt in một phiếu mới ghi lại được là không ra giấy. In lại phiếu cần thiết.")
    later = select(func.count()).select_from(PrintLine).where(PrintLine.run_id > run.id)
    later = later.where(PrintLine.donation_id == lines[0].donation_id, PrintLine.paper == lines[0].paper)
    if db.session.scalar(later):
        raise Refused("Phiếu này đã được in lại sau đó nên không ghi ngược được. Xem các đợt in sau.")
    run.printed = 0
    db.session.flush()


def _check_open(run: PrintRun) -> None:
    take_posting_lock()
    db.session.refresh(run, ["printed", "finished_at"])
    if run.finished_at is not None:
        raise Refused("Đợt in này đã kết thúc. Muốn in thêm thì chọn phiếu rồi lập đợt in mới.")
