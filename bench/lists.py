"""Building a list and its fairness panel against the bare SQL of the same work, at 1 × and 10 × the households.

    python -m bench.lists [HOUSEHOLDS …]        default: 20000 200000 2000000

Work: an officer of one commune puts every poor household of the year there onto a list, and opens the panel that says
who of the list was helped how often this year and who stands on another list. The commune is as large at every size of
the registry (a province with more communes around it), so the same list must cost the same. Reference: the statements
that one would write by hand with everything known beforehand, sent to sqlite3 itself. Ours may take 3 × as long, and at
the largest registry 2 × as long as at the one before. Median of some turns, each rolled back, by the time of the
processor: SQLite works inside the process.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from bench.report import print_table, verdict
from bench.search import FAMILY, GIVEN, MIDDLE
from portal import create_app
from portal.config import Config
from portal.distributions import queries_fairness as fairness
from portal.distributions.actions_list import PortionFields, create_list, set_portions
from portal.distributions.actions_rows import add_by_criteria
from portal.distributions.lists_fairness import checked_list, with_told
from portal.distributions.models import Distribution, Portion
from portal.households.lists import filters_of, households_list
from portal.households.models_registry import Household
from portal.households.queries_registry import households_for, seen_places
from portal.kit.access import RECORDER
from portal.kit.audit import acting
from portal.kit.db import db, writing
from portal.ledger.queries import default_fund
from portal.people.models import RoleGrant, User
from portal.units.models import Unit

PER_COMMUNE, HAMLETS = 20_000, 40
POOR_EVERY, HELPED_EVERY, MERGED_EVERY = 4, 3, 50
TURNS = 9
YEAR, DAY = 2026, date(2026, 11, 12)
BUILD, PANEL = "build a list", "fairness panel"
MOST, MOST_GROWN = 3.0, 2.0
BARE_BUILD = """
INSERT INTO distribution_row (distribution_id, household_id, portion_id)
SELECT :list, h.id, :portion FROM household h
 WHERE h.unit_id IN ({units}) AND h.merged_into_id IS NULL AND NOT h.withdrawn
   AND EXISTS (SELECT 1 FROM household_status s WHERE s.household_id = h.id AND s.group_id = :poor AND s.year = :year
                  AND NOT s.withdrawn)
   AND NOT EXISTS (SELECT 1 FROM distribution_row r JOIN distribution d ON d.id = r.distribution_id
                     JOIN household o ON o.id = r.household_id
                    WHERE coalesce(o.merged_into_id, o.id) = h.id AND d.round_key = :round AND d.state <> 'cancelled')
"""
BARE_PANEL = """
WITH root AS (SELECT coalesce(h.merged_into_id, h.id) AS id FROM distribution_row r JOIN household h ON h.id = r.household_id
               WHERE r.distribution_id = :list AND r.refused IS NULL),
     member AS (SELECT id AS household_id, id AS root FROM root
                UNION SELECT h.id, h.merged_into_id FROM household h JOIN root ON root.id = h.merged_into_id),
     aid AS (SELECT m.root, r.outcome_on AS day, d.name AS source, r.amount AS cash, 0 AS planned
               FROM member m JOIN distribution_row r ON r.household_id = m.household_id
               JOIN distribution d ON d.id = r.distribution_id
              WHERE r.outcome IN ('received', 'proxy') AND r.outcome_on BETWEEN :first AND :last
             UNION ALL
             SELECT m.root, a.given_on, a.source, a.cash, 0 FROM member m
               JOIN household_aid a ON a.household_id = m.household_id
              WHERE NOT a.withdrawn AND a.given_on BETWEEN :first AND :last
             UNION ALL
             SELECT m.root, coalesce(k.ended_on, e.document_on), d.name, p.amount, 0 FROM member m
               JOIN distribution_row r ON r.household_id = m.household_id
               JOIN distribution d ON d.id = r.distribution_id
               LEFT JOIN put_aside p ON p.decision_row_id = r.decision_row_id AND p.ended = 'release' AND NOT p.void
               LEFT JOIN ledger_posting e ON e.number = p.end_number
               LEFT JOIN distribution_kept k ON k.row_id = r.id AND k.ended = 'given'
              WHERE r.outcome = 'absent' AND coalesce(k.ended_on, e.document_on) BETWEEN :first AND :last
             UNION ALL
             SELECT root, min(day), max(name), sum(cash), 0 FROM (
                    SELECT m.root, c.id, f.name, e.document_on AS day, o.amount AS cash FROM member m
                      JOIN support_case c ON c.household_id = m.household_id JOIN aid_field f ON f.id = c.field_id
                      JOIN support_case_decision t ON t.case_id = c.id JOIN voucher v ON v.decision_id = t.decision_id
                      JOIN voucher_row o ON o.voucher_id = v.id JOIN ledger_posting e ON e.number = v.posting_number
                     WHERE v.state = 'paid' AND v.what = 'payment' AND o.refused IS NULL
                    UNION ALL
                    SELECT m.root, c.id, f.name, i.happened_on, i.amount FROM member m
                      JOIN support_case c ON c.household_id = m.household_id JOIN aid_field f ON f.id = c.field_id
                      JOIN support_case_decision t ON t.case_id = c.id
                      JOIN decision_row o ON o.decision_id = t.decision_id
                      JOIN in_and_out i ON i.decision_row_id = o.id
                     WHERE i.posting_number IS NOT NULL AND NOT EXISTS
                           (SELECT 1 FROM ledger_posting x WHERE x.reverses = i.posting_number)
                    UNION ALL
                    SELECT m.root, c.id, f.name, s.booked_on, NULL FROM member m
                      JOIN support_case c ON c.household_id = m.household_id JOIN aid_field f ON f.id = c.field_id
                      JOIN support_case_goods g ON g.case_id = c.id AND NOT g.reversed
                      JOIN stock_movement s ON s.posting_number = g.posting_number)
              WHERE day BETWEEN :first AND :last GROUP BY root, id
             UNION ALL
             SELECT m.root, d.handed_on, d.name, r.amount, 1 FROM member m
               JOIN distribution_row r ON r.household_id = m.household_id
               JOIN distribution d ON d.id = r.distribution_id
              WHERE r.outcome IS NULL AND r.refused IS NULL AND d.state <> 'cancelled' AND d.id <> :list
                AND d.handed_on BETWEEN :first AND :last)
SELECT {what}
"""
ROWS = """h.id, h.name, u.name, t.times, t.open, t.cash, t.told, r.override
  FROM (SELECT root, sum(1 - planned) AS times, sum(planned) AS open, sum(cash) AS cash,
               group_concat(day || ' ' || source || ' ' || coalesce(cash, '')) AS told FROM aid GROUP BY root) AS t
  JOIN household h ON h.id = t.root JOIN unit u ON u.id = h.unit_id
  JOIN distribution_row r ON r.household_id = h.id AND r.distribution_id = :list
 ORDER BY t.times DESC, r.id DESC LIMIT 50"""
COUNT = "count(*) FROM (SELECT root FROM aid GROUP BY root)"


def new_portal(folder: Path, households: int) -> Flask:
    """A portal with so many households in communes of the same size; a third were helped this year."""
    folder.mkdir()
    url = f"sqlite:///{folder / 'portal.sqlite3'}"
    app = create_app(Config(instance=folder, database_url=url, secret_key="bench", testing=True))  # noqa: S106
    with app.app_context():
        upgrade()
        with writing(), acting(None, "bench"):
            _fill(households)
            db.session.commit()
    return app


def _fill(households: int) -> None:
    communes = max(households // PER_COMMUNE, 1)
    province = Unit(code="TH", name="Tỉnh Tân Hòa", level="tỉnh")
    db.session.add(province)
    db.session.flush()
    raw = _cursor()
    first = province.id + 1
    _many(
        raw,
        "INSERT INTO unit (id, code, name, level, parent_id, valid_from) VALUES (?, ?, ?, 'xã', ?, '1900-01-01')",
        ((first + place, f"X{place}", f"Xã {place}", province.id) for place in range(communes)),
    )
    below = first + communes
    _many(
        raw,
        "INSERT INTO unit (id, code, name, level, parent_id, valid_from) VALUES (?, ?, ?, 'ấp', ?, '1900-01-01')",
        (
            (below + place, f"A{place}", f"Ấp {place % HAMLETS}", first + place // HAMLETS)
            for place in range(communes * HAMLETS)
        ),
    )
    _many(raw, _HOUSEHOLD, (_household(number, below) for number in range(1, households + 1)))
    _many(
        raw,
        "INSERT INTO household_status (household_id, year, group_id, withdrawn) VALUES (?, ?, ?, 0)",
        (
            (number, year, 1 + (number % POOR_EVERY > 0))
            for number in range(1, households + 1)
            for year in (YEAR - 1, YEAR)
        ),
    )
    person = User(name="xa", email="xa@vidu.vn")
    db.session.add(person)
    db.session.flush()
    db.session.add(RoleGrant(user_id=person.id, unit_id=first, role=RECORDER))
    _lists_of_before(raw, db.session.get_one(Unit, first), person, households)
    _many(
        raw,
        "INSERT INTO household_aid (household_id, given_on, source, cash, withdrawn, by_id, recorded_at) "
        f"VALUES (?, '2026-05-0' || ?, 'Hội Chữ thập đỏ', 200000, 0, {person.id}, '2026-05-01')",
        ((number, 1 + turn) for number in range(1, households + 1, HELPED_EVERY) for turn in range(2)),
    )


_HOUSEHOLD = (
    "INSERT INTO household (id, unit_id, name, folded, sort_key, name_key, birth_year, merged_into_id, withdrawn, "
    "recorded_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, 0, '2026-01-01')"
)


def _household(number: int, below: int) -> tuple[Any, ...]:
    name = f"{FAMILY[number % len(FAMILY)]} {MIDDLE[number % len(MIDDLE)]} {GIVEN[number % len(GIVEN)]}"
    place = (number - 1) // (PER_COMMUNE // HAMLETS)
    merged = number - 1 if number % MERGED_EVERY == 0 else None
    return number, below + place, name, name.lower(), name.lower(), name.lower(), 1940 + number % 60, merged


def _lists_of_before(raw: Any, unit: Unit, person: User, households: int) -> None:
    """Two lists that were handed out this year over the whole registry, and one that is under way."""
    for content, day, outcome in (
        ("Tết", "2026-02-01", "received"),
        ("Lễ", "2026-09-02", "received"),
        ("Mở", "", None),
    ):
        made = _new_list(unit, person, content)
        portion = made.portions[0].id
        _many(
            raw,
            "INSERT INTO distribution_row (distribution_id, household_id, portion_id, amount, outcome, outcome_on) "
            "VALUES (?, ?, ?, 500000, ?, ?)",
            (
                (made.id, number, portion, outcome, day or None)
                for number in range(1, households + 1, HELPED_EVERY if outcome else 10 * HELPED_EVERY)
            ),
        )
        made.state = "released" if outcome else "approved"
        db.session.flush()


def _new_list(unit: Unit, person: User, content: str) -> Distribution:
    made = create_list(
        unit=unit, fund=default_fund(), by=person, name=content, content=content, purpose="gifts", handed_on=DAY,
        way="advance", officer_id=person.id,
    )  # fmt: skip
    set_portions(made, [PortionFields("Suất", 500_000)], by=person)
    return made


def _cursor() -> Any:
    raw: Any = db.session.connection().connection.dbapi_connection
    return raw.cursor()


def _many(cursor: Any, statement: str, rows: Iterable[tuple[Any, ...]]) -> None:
    """In parts, so that no size needs the memory of its rows."""

    def parts() -> Iterator[list[tuple[Any, ...]]]:
        part: list[tuple[Any, ...]] = []
        for row in rows:
            part.append(row)
            if len(part) == 50_000:
                yield part
                part = []
        yield part

    for part in parts():
        cursor.executemany(statement, part)


def measure(app: Flask, path: Path) -> dict[str, tuple[float, float, int]]:
    """Milliseconds of ours and of the bare statements, and how many households the list has."""
    with app.test_request_context("/quan-ly/trao-qua/1/them?nhom=1-2026"), writing(), acting(None, "bench"):
        person = _person()
        unit = db.session.get_one(Unit, person.grants[0].unit_id)
        made = _new_list(unit, person, "Quà cuối năm")
        db.session.commit()
        ids = made.id, made.portions[0].id, made.round_key
        unit_id = unit.id
    found = {}
    with app.test_request_context("/quan-ly/trao-qua/1/them?nhom=1-2026"):
        bare = sqlite3.connect(path, isolation_level=None)
        units = ",".join(
            str(row[0])
            for row in bare.execute("SELECT id FROM unit WHERE id = ? OR parent_id = ?", (unit_id,) * 2)
        )
        values = {
            "list": ids[0], "portion": ids[1], "round": ids[2], "poor": 1, "year": YEAR,
            "first": f"{YEAR}-01-01", "last": f"{YEAR}-12-31",
        }  # fmt: skip
        count = _added(bare, units, values)
        ours = _median(lambda: _build(ids[0], ids[1], count))
        found[BUILD] = (ours, _median(lambda: _added(bare, units, values)), count)
        with writing(), acting(None, "bench"):
            _add(ids[0], ids[1])
            db.session.commit()
        ours = _median(lambda: _panel(ids[0]))
        found[PANEL] = (ours, _median(lambda: _bare_panel(bare, values)), count)
        bare.close()
    return found


def _person() -> User:
    rows = select(User).options(joinedload(User.grants)).where(User.name == "xa")
    return db.session.scalars(rows).unique().one()


def _add(list_id: int, portion_id: int) -> int:
    """As the page does it: the filters of the address, within what the officer sees."""
    person = _person()
    spec = households_list(filters_of(seen_places(person)), lambda row: None)
    wanted = spec.chosen(households_for(person), {"nhom": f"1-{YEAR}"}, {"all": "1"})
    told = add_by_criteria(
        db.session.get_one(Distribution, list_id),
        wanted.order_by(None).with_only_columns(Household.id),
        portion=db.session.get_one(Portion, portion_id),
        by=person,
    )
    return told.added


def _build(list_id: int, portion_id: int, count: int) -> None:
    with writing(), acting(None, "bench"):
        if (added := _add(list_id, portion_id)) != count:
            raise AssertionError(f"{added} households, the bare statement adds {count}")
        db.session.rollback()


def _added(bare: sqlite3.Connection, units: str, values: dict[str, Any]) -> int:
    bare.execute("BEGIN IMMEDIATE")
    bare.execute(BARE_BUILD.format(units=units), values)
    (count,) = bare.execute(
        "SELECT count(*) FROM distribution_row WHERE distribution_id = :list", values
    ).fetchone()
    bare.execute("ROLLBACK")
    return int(count)


def _panel(list_id: int) -> None:
    one = db.session.get_one(Distribution, list_id)
    checked = fairness.checked_rows(one)
    listing = checked_list(checked, fairness.often_of(one), lambda row: None).run(checked.rows, {}, "/")
    told = fairness.told_of_rows(one, [int(row.key) for row in listing.rows])
    if not with_told(listing, told).rows:
        raise AssertionError("nobody was helped")
    fairness.reasons_needed(one)
    db.session.rollback()


def _bare_panel(bare: sqlite3.Connection, values: dict[str, Any]) -> None:
    """The rows of the page, how many there are, and how many need a reason."""
    bare.execute(BARE_PANEL.format(what=ROWS), values).fetchall()
    bare.execute(BARE_PANEL.format(what=COUNT), values).fetchall()
    needed = (
        "count(*) FROM (SELECT root FROM aid GROUP BY root HAVING sum(1 - planned) >= 3 OR sum(planned) > 0)"
    )
    bare.execute(BARE_PANEL.format(what=needed), values).fetchall()


def _median(work: Callable[[], object]) -> float:
    """Milliseconds, median of some turns after a first one."""
    work()
    taken = []
    for _ in range(TURNS):
        begin = time.process_time()
        work()
        taken.append(1_000 * (time.process_time() - begin))
    return statistics.median(taken)


def main(arguments: list[str]) -> int:
    """Measure and print. Returns 1 when ours takes over 3 × bare SQL, or over 2 × in the largest registry."""
    sizes = sorted(int(argument) for argument in arguments) or [20_000, 200_000, 2_000_000]
    tables = {}
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        for households in sizes:
            place = Path(folder) / str(households)
            tables[households] = measure(new_portal(place, households), place / "portal.sqlite3")
    lines, missed = [], False
    for name in (BUILD, PANEL):
        before: float | None = None
        for households, table in tables.items():
            ours, bare, count = table[name]
            ratio, grown = ours / bare, ours / before if before else 1.0
            state = verdict(max(ratio / MOST, grown / MOST_GROWN), 1)
            missed |= state != "ok"
            counts = [f"{number:,}".replace(",", ".") for number in (households, count)]
            lines.append(
                [name, *counts, f"{bare:.1f} ms", f"{ours:.1f} ms", f"{ratio:.2f} ×", f"{grown:.2f} ×", state]
            )
            before = ours
    heads = ["As an officer of one commune", "registry", "list", "bare", "ours", "≤ 3 ×", "grown ≤ 2 ×", ""]
    print_table("Lists of households (SQLite)", heads, lines)
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
