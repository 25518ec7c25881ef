"""The donor picker against the bare SQL of the same answer, at 1 ×, 10 × and 100 × the donors.

    python -m bench.donors [DONORS …]        default: 1000 10000 100000

Ours: who is meant by what was typed, with everybody's last gift, as the picker's list shows it, for a person who
sees one commune and for one who sees a province with all of its communes. Reference: one statement for the same
donors in the same order with the same last gifts, sent to sqlite3 itself with everything known beforehand (the
units, the words). A line says how many times as long ours takes; at the largest size it may take 3 ms more. The
last lines are the whole answer to the browser, from the request to the HTML. Median of some turns, by the time of
the processor: SQLite works inside the process, and other work does not count.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask, has_app_context
from flask_migrate import upgrade
from sqlalchemy import select, text
from sqlalchemy.orm import joinedload

from bench.report import print_table, verdict
from bench.search import FAMILY, GIVEN, MIDDLE
from portal import create_app
from portal.config import Config
from portal.donations.rules import first_id
from portal.donors.documents import with_last_gifts
from portal.donors.queries import LOOKED_AT, seen_by, suggest
from portal.donors.rules import checked, query_words, typed_digits
from portal.donors.search import put_in, question
from portal.kit.access import RECORDER
from portal.kit.db import db, now, writing
from portal.kit.vietnamese import fold
from portal.ledger.actions import account_for
from portal.ledger.queries import default_fund
from portal.people.models import RoleGrant, User
from portal.people.queries import readable_units
from portal.units.models import Unit

COMMUNES = 100
TURNS = 15
MOST_MORE = 3.0  # milliseconds
DAY = date(2026, 11, 2)
WHOLE = ", cả trang đáp"
RARE = "Ông Ích Khiêm"
QUESTIONS = {
    "một chữ": "ng",
    "bắt đầu một tên": "nguyen v",
    "tên thường gặp": "nguyen van an",
    "tên hiếm": "ong ich khi",
    "tên không có": "khong ai ten nay",
    "điện thoại": "0900095028",
    "đầu số điện thoại": "0900",
}
BARE = """
SELECT d.id, d.name, d.kind, d.address, x.donated_on, x.amount FROM
  (SELECT rowid AS id FROM donor_index WHERE donor_index MATCH :wanted ORDER BY rowid DESC LIMIT :looked_at) AS hit
  JOIN donor d ON d.id = hit.id AND NOT d.withdrawn
  LEFT JOIN donation x ON x.id = (
    SELECT max(y.id) FROM donation y WHERE y.donor_id = d.id AND y.unit_id IN ({units})
      AND NOT EXISTS (SELECT 1 FROM ledger_posting r WHERE r.reverses = y.posting_number))
ORDER BY d.folded <> :typed AND coalesce(d.phone_digits, '') <> :digits, d.folded NOT LIKE :begun, d.id DESC LIMIT 8
"""


def new_portal(folder: Path, donors: int) -> Flask:
    """A portal with so many donors over a province, every second of them with a gift."""
    folder.mkdir()
    url = f"sqlite:///{folder / 'portal.sqlite3'}"
    app = create_app(Config(instance=folder, database_url=url, secret_key="bench", testing=True))  # noqa: S106
    app.config["WTF_CSRF_ENABLED"] = False
    with app.app_context():
        upgrade()
        with writing():
            _fill(donors)
            db.session.commit()
    return app


def _fill(donors: int) -> None:
    province = Unit(code="TH", name="Tỉnh Tân Hòa", level="tỉnh")
    db.session.add(province)
    db.session.flush()
    communes = [
        Unit(code=f"X{n}", name=f"Xã {n}", level="xã", parent_id=province.id) for n in range(COMMUNES)
    ]
    people = [User(name=name, email=f"{name}@vidu.vn") for name in ("xa", "tinh")]
    db.session.add_all([*communes, *people])
    db.session.flush()
    for person, unit in zip(people, (communes[0], province), strict=True):
        db.session.add(RoleGrant(user_id=person.id, unit_id=unit.id, role=RECORDER))
    rows = [_donor(number, donors, [unit.id for unit in communes]) for number in range(1, donors + 1)]
    _many(
        "INSERT INTO donor (id, unit_id, kind, name, folded, sort_key, phone, phone_digits, address, withdrawn, "
        "recorded_at) VALUES (:id, :unit_id, 'person', :name, :folded, :sort_key, :phone, :phone_digits, :address, "
        "0, :at)",
        rows,
    )
    put_in([{**row, "tax_code": None} for row in rows])
    _give(province.id, [row for row in rows if row["id"] % 2])


def _donor(number: int, donors: int, units: list[int]) -> dict[str, Any]:
    chance = random.Random(number)
    name = " ".join(chance.choice(part) for part in (FAMILY, MIDDLE, GIVEN))
    rare = number % max(donors // 10, 1) == 0
    told = {
        "name": RARE if rare else name,
        "phone": f"09{number * 7_919 % 10**8:08d}",
        "address": f"Ấp {number % 9}",
    }
    return {"id": number, "unit_id": units[number % COMMUNES], "at": now(), **checked(told)}


def _give(unit_id: int, donors: list[dict[str, Any]]) -> None:
    owner = {"unit_id": unit_id, "fund_id": default_fund().id}
    places = {
        "received": account_for(**owner, kind="received", purpose="cash").id,
        "cash": account_for(**owner, kind="cash").id,
    }
    _many(
        "INSERT INTO entry (number, what, by_name, recorded_at) VALUES (1, 'donation', 'bench', :at)",
        [{"at": now()}],
    )
    _many(
        "INSERT INTO ledger_posting (number, kind, unit_id, fund_id, document_on, booked_on) "
        "VALUES (1, 'donation', :unit_id, :fund_id, :day, :day)",
        [{"day": DAY, **owner}],
    )
    gifts = [
        {
            "id": first_id(DAY) + place,
            "place": place,
            "unit": row["unit_id"],
            "day": DAY,
            "donor": row["id"],
            **places,
        }
        for place, row in enumerate(donors, 1)
    ]
    _many(
        "INSERT INTO ledger_transfer (posting_number, ordinal, credit_id, debit_id, booked_on, amount) "
        "VALUES (1, :place, :received, :cash, :day, 1000)",
        gifts,
    )
    _many(
        "INSERT INTO donation (id, posting_number, ordinal, unit_id, donated_on, form, amount, donor_id) "
        "VALUES (:id, 1, :place, :unit, :day, 'cash', 1000, :donor)",
        gifts,
    )


def _many(statement: str, rows: list[dict[str, Any]]) -> None:
    db.session.execute(text(statement), rows)


def by_portal(user: User, typed: str) -> list[tuple[Any, ...]]:
    """What the list of the picker shows."""
    seen = seen_by(user)
    found = with_last_gifts(suggest(user, typed, seen=seen), user, seen=seen)
    return [
        (one.id, one.name, one.kind, one.address, str(one.last_on or ""), one.last_amount) for one in found
    ]


def bare_values(typed: str, units: list[int]) -> dict[str, Any]:
    """The places of BARE."""
    return {
        "wanted": question(query_words(typed), units if len(units) == 1 else None, begun=True),
        "looked_at": LOOKED_AT,
        "typed": fold(typed),
        "digits": typed_digits(typed) or "-",
        "begun": f"{fold(typed)}%",
    }


def by_sqlite(
    connection: sqlite3.Connection, statement: str, values: dict[str, Any]
) -> list[tuple[Any, ...]]:
    """The same from the database itself."""
    return [(*row[:4], row[4] or "", row[5]) for row in connection.execute(statement, values)]


def _median(ask: Callable[[], object]) -> float:
    """Milliseconds, median of some turns."""
    taken = []
    for _ in range(TURNS):
        if has_app_context():
            db.session.rollback()
            db.session.execute(text("SELECT 1"))  # the session has read who asks
        begin = time.process_time()
        ask()
        taken.append(1_000 * (time.process_time() - begin))
    return statistics.median(taken)


def measure(app: Flask, path: Path) -> dict[str, tuple[float, float]]:
    """Milliseconds of ours and of the bare statement, by person and question."""
    found = {}
    connection = sqlite3.connect(path)
    with app.app_context():
        people = (
            db.session.scalars(select(User).options(joinedload(User.grants)).order_by(User.id)).unique().all()
        )
        db.session.expunge_all()  # a request has its person already
        for person in people:
            units = sorted(db.session.scalars(readable_units(person)))
            statement = BARE.format(units=",".join(str(unit) for unit in units))
            for name, typed in QUESTIONS.items():
                values = bare_values(typed, units)

                def ours(person: User = person, typed: str = typed) -> object:
                    return by_portal(person, typed)

                def bare(statement: str = statement, values: dict[str, Any] = values) -> object:
                    return by_sqlite(connection, statement, values)

                if ours() != bare():
                    raise AssertionError(f"different answers to {name!r} for {person.name}")
                found[f"{name} ({'một xã' if person.name == 'xa' else 'cả tỉnh'})"] = (
                    _median(ours),
                    _median(bare),
                )
    connection.close()
    return found


def measure_requests(app: Flask, path: Path) -> dict[str, tuple[float, float]]:
    """The same as the browser gets it, beside the bare statement."""
    with app.app_context():
        person = db.session.scalars(select(User).order_by(User.id.desc())).first()
        assert person is not None
        units = sorted(db.session.scalars(readable_units(person)))
        user_id = person.get_id()
    client, found = app.test_client(), {}
    with client.session_transaction() as cookie:
        cookie.update({"_user_id": user_id, "_fresh": True})
    statement = BARE.format(units=",".join(str(unit) for unit in units))
    connection = sqlite3.connect(path)
    for name in ("bắt đầu một tên", "tên thường gặp", "điện thoại"):
        typed = QUESTIONS[name]
        values = bare_values_of(app, typed, units)

        def ours(typed: str = typed) -> object:
            answer = client.post("/quan-ly/nha-hao-tam/goi-y", data={"text": typed})
            assert b'role="listbox"' in answer.data
            return answer

        def bare(values: dict[str, Any] = values) -> object:
            return by_sqlite(connection, statement, values)

        ours()
        found[name + WHOLE] = _median(ours), _median(bare)
    connection.close()
    return found


def bare_values_of(app: Flask, typed: str, units: list[int]) -> dict[str, Any]:
    """`bare_values` outside a request."""
    with app.app_context():
        return bare_values(typed, units)


def main(arguments: list[str]) -> int:
    """Measure and print. Returns 1 when a list takes over 3 ms more than bare SQL at the largest size."""
    sizes = sorted(int(argument) for argument in arguments) or [1_000, 10_000, 100_000]
    tables = []
    with tempfile.TemporaryDirectory() as folder:
        for donors in sizes:
            place = Path(folder) / str(donors)
            app, path = new_portal(place, donors), place / "portal.sqlite3"
            tables.append({**measure(app, path), **measure_requests(app, path)})
    lines, missed = [], False
    for name in tables[-1]:
        ours, bare = tables[-1][name]
        state = "" if name.endswith(WHOLE) else verdict(ours - bare, MOST_MORE)
        missed |= state not in ("", "ok")
        ratios = [f"{table[name][0] / table[name][1]:.1f} ×" for table in tables]
        lines.append([name, *ratios, f"{bare:.2f} ms", f"{ours:.2f} ms", f"+{ours - bare:.2f} ms", state])
    counts = [f"{donors:,}".replace(",", ".") for donors in sizes]
    heads = ["Picker, times bare SQL at", *counts, "bare", "ours", "more (≤ 3 ms)", ""]
    print_table("Donor picker (SQLite)", heads, lines)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
