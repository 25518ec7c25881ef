"""The public search against a LIKE scan that gives the same answer, at 1 ×, 10 × and 100 × the gifts.

    python -m bench.search [ROWS …]        default: 1000 10000 100000

Both give the ten newest gifts, and count and sum up to a thousand. The reference reads the folded public
texts (`donation_words`) with LIKE, newest first. A line says how many times faster the search is at each
size, by the time of the processor: SQLite works inside the process, and other work does not count.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import text

from bench.report import print_table, verdict
from portal import create_app
from portal.config import Config
from portal.donations.finding import Wanted, search
from portal.donations.rules import first_id
from portal.donations.search import catch_up
from portal.kit.db import db, now, writing
from portal.kit.vietnamese import fold
from portal.ledger.actions import account_for
from portal.ledger.queries import default_fund
from portal.units.models import Unit

FAMILY = ("Nguyễn", "Trần", "Lê", "Phạm", "Hoàng", "Huỳnh", "Phan", "Vũ", "Võ", "Đặng", "Bùi", "Đỗ")
MIDDLE = ("Văn", "Thị", "Hữu", "Đức", "Ngọc", "Thanh", "Minh", "Kim", "Quốc", "Hồng")
GIVEN = (
    "An",
    "Bình",
    "Châu",
    "Dũng",
    "Giang",
    "Hà",
    "Khánh",
    "Lan",
    "Nam",
    "Phúc",
    "Quý",
    "Sơn",
    "Tâm",
    "Yến",
)
RARE_NAME, RARE_AMOUNT = "Ông Ích Khiêm", 123_457
TURNS = 7
LEAST_AT_100X = 1.0  # no rare answer may come slower than from the scan on the largest portal
MOST_GROWTH = 3.0  # where every gift fits, the scan stops early as well: there the time must not grow
FIRST_DAY = date(2025, 1, 1)

EVERYTHING = ("cụm từ ở mọi khoản", "mọi khoản")
QUESTIONS = {
    "tên hiếm": Wanted(fold(RARE_NAME)),
    "tên thường gặp": Wanted("nguyen van an"),
    "tên không có": Wanted("khong ai ten nay"),
    "cụm từ ở mọi khoản": Wanted("ung ho quy"),
    "cụm từ ở mọi khoản, một ngày": Wanted(
        "ung ho quy", first_day=date(2025, 6, 1), last_day=date(2025, 6, 1)
    ),
    "cụm từ ở mọi khoản, số tiền hiếm": Wanted("ung ho quy", least=RARE_AMOUNT, most=RARE_AMOUNT),
    "số tiền hiếm": Wanted(least=RARE_AMOUNT, most=RARE_AMOUNT),
    "mọi khoản": Wanted(),
}


def new_portal(folder: Path, rows: int) -> Flask:
    """A portal with so many transfers in documents of 1.000, indexed."""
    folder.mkdir()
    url = f"sqlite:///{folder / 'portal.sqlite3'}"
    app = create_app(Config(instance=folder, database_url=url, secret_key="bench"))  # noqa: S106
    with app.app_context():
        upgrade()
        with writing():
            _fill(rows)
            db.session.commit()
            while catch_up():
                db.session.commit()
            db.session.commit()
    return app


def _fill(rows: int) -> None:
    unit = Unit(code="TPH", name="Xã Tân Phú Hòa", level="xã")
    db.session.add(unit)
    db.session.flush()
    owner = {"unit_id": unit.id, "fund_id": default_fund().id}
    received = account_for(**owner, kind="received", purpose="bank").id
    place = account_for(**owner, kind="untracked").id
    documents = -(-rows // 1_000)
    entries = [
        {"number": n, "what": "donation", "by_name": "bench", "at": now()} for n in range(1, documents + 1)
    ]
    _many(
        "INSERT INTO entry (number, what, by_name, recorded_at) VALUES (:number, :what, :by_name, :at)",
        entries,
    )
    _many(
        "INSERT INTO ledger_posting (number, kind, unit_id, fund_id, document_on, booked_on) "
        "VALUES (:number, 'donation', :unit_id, :fund_id, :day, :day)",
        [{"number": n, "day": FIRST_DAY, **owner} for n in range(1, documents + 1)],
    )
    gifts = [_gift(n, rows, unit.id, received, place) for n in range(rows)]
    _many(
        "INSERT INTO ledger_transfer (posting_number, ordinal, credit_id, debit_id, booked_on, amount) "
        "VALUES (:posting, :ordinal, :received, :place, :day, :amount)",
        gifts,
    )
    _many(
        "INSERT INTO donation (id, posting_number, ordinal, unit_id, donated_on, form, amount, text) "
        "VALUES (:id, :posting, :ordinal, :unit, :day, 'bank', :amount, :text)",
        gifts,
    )


def _gift(number: int, rows: int, unit: int, received: int, place: int) -> dict[str, object]:
    chance = random.Random(number)
    name = " ".join(chance.choice(part) for part in (FAMILY, MIDDLE, GIVEN))
    rare = number % (rows // 10) == 0  # ten of them at every size
    day = FIRST_DAY + timedelta(days=number * 365 // rows)
    return {
        "id": first_id(day) + number + 1,
        "posting": number // 1_000 + 1,
        "ordinal": number % 1_000 + 1,
        "unit": unit,
        "received": received,
        "place": place,
        "day": day,
        "amount": RARE_AMOUNT if rare else chance.choice((50, 100, 200, 500, 1_000)) * 1_000,
        "text": f"{RARE_NAME if rare else name} ung ho quy vi nguoi ngheo xa Tan Phu Hoa",
    }


def _many(statement: str, rows: list[dict[str, object]]) -> None:
    db.session.execute(text(statement), rows)


def by_search(wanted: Wanted) -> tuple[int, int | None, list[int]]:
    """Count, sum and ten newest, as the page asks."""
    found = search(wanted)
    return found.count, found.total, [gift.id for gift in found.gifts]


def by_scan(wanted: Wanted) -> tuple[int, int | None, list[int]]:
    """The same with LIKE."""
    conditions = ["NOT EXISTS (SELECT 1 FROM ledger_posting r WHERE r.reverses = d.posting_number)"]
    values: dict[str, object] = {}
    if wanted.words:
        conditions.append("w.words LIKE :words")
        values["words"] = f"%{fold(wanted.words)}%"
    for name, value, test in (
        ("first", wanted.first_day, "d.donated_on >= :first"),
        ("last", wanted.last_day, "d.donated_on <= :last"),
        ("least", wanted.least, "+d.amount >= :least"),
        ("most", wanted.most, "+d.amount <= :most"),
    ):
        if value is not None:
            conditions.append(test)
            values[name] = value
    rows = db.session.execute(
        text(
            "SELECT d.id, d.amount FROM donation d JOIN donation_words w ON w.donation_id = d.id "  # noqa: S608
            f"WHERE {' AND '.join(conditions)} ORDER BY d.id DESC LIMIT 1001"
        ),
        values,
    ).all()
    exact = len(rows) <= 1_000
    return (
        min(len(rows), 1_000),
        sum(row[1] for row in rows) if exact else None,
        [row[0] for row in rows[:10]],
    )


def _median(ask: Callable[[Wanted], object], wanted: Wanted) -> float:
    """Seconds, median of a few turns; each on a fresh session, as a request has it."""
    taken = []
    for _ in range(TURNS):
        db.session.rollback()
        db.session.expunge_all()
        begin = time.process_time()
        ask(wanted)
        taken.append(time.process_time() - begin)
    return statistics.median(taken)


def measure(rows: int, folder: Path) -> dict[str, tuple[float, float]]:
    """Seconds of search and scan by question. Raises AssertionError when their answers differ."""
    app = new_portal(folder, rows)
    found = {}
    with app.app_context():
        for name, wanted in QUESTIONS.items():
            if by_search(wanted) != by_scan(wanted):
                raise AssertionError(f"different answers to {name!r} at {rows} rows")
            found[name] = _median(by_search, wanted), _median(by_scan, wanted)
    return found


def main(arguments: list[str]) -> int:
    """Measure and print. Returns 1 when a question is slower than the scan at the largest size."""
    sizes = sorted(int(argument) for argument in arguments) or [1_000, 10_000, 100_000]
    with tempfile.TemporaryDirectory() as folder:
        tables = [measure(rows, Path(folder) / str(rows)) for rows in sizes]
    lines, missed = [], False
    for name in QUESTIONS:
        ratios = [table[name][1] / table[name][0] for table in tables]
        growth = tables[-1][name][0] / tables[0][name][0]
        if name in EVERYTHING:
            state = verdict(growth, MOST_GROWTH)
        else:
            state = verdict(ratios[-1], LEAST_AT_100X, at_least=True)
        missed |= state != "ok"
        lines.append([name, *(f"{ratio:.1f} ×" for ratio in ratios), f"{growth:.1f} ×", state])
    heads = [
        "Search, times faster than LIKE at",
        *(f"{rows:,}".replace(",", ".") for rows in sizes),
        "own growth",
        "",
    ]
    print_table("Public search", heads, lines)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
