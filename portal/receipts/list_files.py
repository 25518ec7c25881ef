"""Danh sách ủng hộ as a file: PDF, Excel or CSV, made by a job or by a command."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

from portal.jobs import actions as jobs
from portal.jobs import worker
from portal.jobs.models import Job
from portal.jobs.steps import Progress, Told, step
from portal.kit import made, tables
from portal.kit.audit import actor
from portal.kit.days import long_day, today_in_vietnam
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.kit.vietnamese import capital_first
from portal.people.models import User
from portal.receipts import wording
from portal.receipts.donor_list import (
    HEADS,
    ListRow,
    ListScope,
    Totals,
    as_of_now,
    rows_of,
    scope_for,
    totals_of,
)
from portal.units.queries import unit_texts

JOB = "donor_list"
ENDINGS = ("pdf", "xlsx", "csv")
EVERY = 1_000  # rows between two notes of the progress
AMOUNTS, DAYS = HEADS[4:6], HEADS[1:2]

Heard = Callable[[int], None]


def write_list(scope: ListScope, out: Path, *, sample: bool, told: Heard = lambda rows: None) -> Totals:
    """Write the list in the form that the ending of `out` names; returns its totals.

    Raises Refused for an unknown ending, and for an Excel file that would have too many rows.
    """
    ending = check_ending(out)
    as_of = as_of_now()
    totals = totals_of(scope, as_of)
    rows = _heard(rows_of(scope, as_of), told)
    if ending == "pdf":
        _write_pdf(scope, rows, out, sample)
    elif ending == "csv":
        tables.write_csv(HEADS, (row.cells() for row in rows), out)
    else:
        title = f"Danh sách ủng hộ, {scope.unit.name}, {scope.title}"
        cells = (row.cells() for row in rows)
        tables.write_xlsx(HEADS, cells, out, title=title, amount_columns=AMOUNTS, day_columns=DAYS)
    return totals


def check_ending(out: Path) -> str:
    """The kind of file that a name asks for. Raises Refused."""
    ending = out.suffix.lower().removeprefix(".")
    if ending not in ENDINGS:
        raise Refused(f"Chưa biết ghi danh sách ra tệp “{out.suffix}”. Đặt tên tệp .pdf, .xlsx hoặc .csv.")
    return ending


def _heard(rows: Iterator[ListRow], told: Heard) -> Iterator[ListRow]:
    for row in rows:
        yield row
        if row.number % EVERY == 0:
            told(row.number)


def _write_pdf(scope: ListScope, rows: Iterator[ListRow], out: Path, sample: bool) -> None:
    from portal.receipts.list_paper import ListTexts, write_pdf  # reportlab is large: only when it is wanted

    today = today_in_vietnam()
    texts, unit_name, title = unit_texts(scope.unit, today), scope.unit.name, scope.title
    day = long_day(today)
    around = ListTexts(
        issuer=tuple(texts.issuing_lines),
        committee=texts.committee,
        title=f"{unit_name}, {title}",
        place_date=f"{texts.place}, {day}" if texts.place else capital_first(day),
        maker=_maker(),
        accountant=texts.accountant,
        signer=texts.signer_name or texts.head,
        is_sample=sample,
        words=lambda amount: wording.words(amount, texts),
    )
    write_pdf(rows, around, out)


def _maker() -> str:
    """Who makes the list; nobody's name for a command."""
    by_id, name = actor()
    return name if by_id is not None else ""


# --- as a job --------------------------------------------------------------------------------------------


def ask_for(scope: ListScope, ending: str, *, by: User, sample: bool) -> Job:
    """Put the making of a list in the queue; flushes."""
    params = {
        "unit_id": scope.unit.id,
        "start": scope.start.isoformat(),
        "end": scope.end.isoformat(),
        "campaign_id": scope.campaign.id if scope.campaign else None,
        "account_id": scope.account.id if scope.account else None,
        "ending": ending,
        "sample": sample,
    }
    title = f"Danh sách ủng hộ, {scope.unit.name}, {scope.title}"
    return jobs.open_job(JOB, title, unit_id=scope.unit.id, by=by, params=params)


def file_of(job: Job) -> str:
    """The name of the file that a job makes."""
    return f"danh-sach-{job.id}.{job.params['ending']}"


def _run(job: Job, told: Told | None = None) -> None:
    job_id, name, params = job.id, file_of(job), dict(job.params)
    person = db.session.get_one(User, job.by_id)
    scope = scope_for(
        person,
        unit_id=params["unit_id"],
        start=date.fromisoformat(params["start"]),
        end=date.fromisoformat(params["end"]),
        campaign_id=params["campaign_id"],
        account_id=params["account_id"],
    )
    progress, target = Progress(job_id, told), made.room_for(name)
    total = totals_of(scope, as_of_now()).gifts
    beside = target.with_name(f"{job_id}-dang-lam.{params['ending']}")

    def heard(rows: int) -> None:
        with step():
            progress.advance(rows, total)

    made_totals = write_list(scope, beside, sample=params["sample"], told=heard)
    beside.replace(target)
    with step():
        done = db.session.get_one(Job, job_id)
        done.done = done.total = made_totals.gifts
        message = f"Đã lập danh sách {made_totals.gifts} khoản."
        jobs.end(
            done, "done", message, {"file": name, "money": made_totals.money, "goods": made_totals.goods}
        )


def _clean(job_id: int) -> None:
    """Nothing half made stays."""
    for ending in ENDINGS:
        made.made_file(f"{job_id}-dang-lam.{ending}").unlink(missing_ok=True)


worker.register(JOB, worker.Kind(_run, _clean, lambda job: True))
