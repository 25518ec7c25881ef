"""What was kept and given later counts once, with the same sums, in figures, on public pages and at the household."""

from __future__ import annotations

import csv
import io
from datetime import date

from portal.advances.actions_put_aside import answer_end, ask_to_end, put_aside
from portal.advances.models import PutAside
from portal.distributions.actions_handover import tell_rest
from portal.distributions.actions_kept import give_kept
from portal.distributions.actions_verify import to_draw_from
from portal.distributions.models_handover import KeptPortion
from portal.distributions.queries_fairness import told_of_units
from portal.figures.registry import compute, rows
from portal.figures.scope import Scope
from portal.households.received import lines_of
from portal.kit.db import db
from portal.kit.numbers import last_number
from portal.ledger.actions import reverse
from portal.units.queries import subtree
from tests.cast import sign_in
from tests.distributions.released import DAY, MONEY, make_released, make_transferred
from tests.distributions.test_settling import settled
from tests.spending.builders import make_money

YEAR = date(2026, 1, 1), date(2026, 12, 31)
KEYS = ("gifts.rounds", "gifts.portions", "gifts.households", "gifts.value")
FOLLOW = "/quan-ly/trao-qua/theo-doi"
RICE_WORTH = 200_000  # 10 kg


def release(item, cast) -> None:
    """The household gets its money out of the cash box."""
    ask_to_end(item, wish="release", reason="", by=cast.officer)
    answer_end(item, approve=True, answer="", by=cast.chair)


def figures(cast, **scope) -> list[int | None]:
    return [figure.value for figure in compute(Scope(cast.commune, *YEAR, **scope), KEYS).values()]


def public(client, made) -> tuple[int, int, int, int]:
    row = client.get(f"/trao-qua/{made.id}.json").json
    return row["received"], row["absent"], row["money"], row["money_kept"]


def at_home(household_id: int) -> int:
    return sum(line.cash or 0 for line in lines_of([household_id]) if not line.is_due)


def covered(cast, household_id: int) -> list[tuple[int | None, str | None]]:
    told = told_of_units(subtree(cast.commune.id), DAY.year)
    return [(line.cash, line.goods) for line in told.get(household_id, [])]


def followed(client, cast, row) -> str:
    """What the follow-up list says of a row; its own page opens."""
    sign_in(client, cast.officer)
    assert "tiền chuyển bị trả lại" in client.get(f"{FOLLOW}/{row.id}").get_data(as_text=True)
    told = client.get(f"{FOLLOW}?xuat=csv").get_data(as_text=True)
    (line,) = csv.DictReader(io.StringIO(told.removeprefix("\ufeff")))
    assert line["Họ và tên"] == row.receiver
    return line["Còn giữ"]


def test_who_was_absent_counts_once_and_when_something_came(client, cast) -> None:
    made = make_released(cast)
    settled(made, cast.officer, cast.chair)  # three received, one absent, one refused
    item, kept = db.session.query(PutAside).one(), db.session.query(KeptPortion).one()
    household = kept.row.household_id
    money, rice = 3 * MONEY, 3 * RICE_WORTH
    assert figures(cast) == [1, 3, 3, money + rice]
    before = last_number()
    give_kept(kept, on=DAY, by=cast.officer)
    assert figures(cast) == [1, 4, 4, money + rice + RICE_WORTH]
    release(item, cast)
    assert figures(cast) == [1, 4, 4, money + MONEY + rice + RICE_WORTH]
    assert figures(cast, as_of=before) == [1, 3, 3, money + rice]
    assert public(client, made) == (4, 0, money + MONEY, 0)
    assert at_home(household) == MONEY
    assert covered(cast, household) == [(MONEY, kept.row.goods)]
    scope = Scope(cast.commune, *YEAR)
    assert sum(row["portions"] for row in rows(scope, "gifts.portions")) == 4
    assert sum(row["amount"] or 0 for row in rows(scope, "gifts.value")) == money + MONEY + rice + RICE_WORTH
    reverse(item.end_posting, reason="Nhầm", by=cast.accountant, second=cast.chair)
    assert figures(cast) == [1, 4, 4, money + rice + RICE_WORTH]


def sent(cast, count: int):
    """Money sent to so many accounts, all marked received; the row of the first, and its household."""
    made = make_transferred(cast, count)
    make_money(campaign=made.campaign, amount=MONEY)
    tell_rest(made.distribution, on=DAY, key="r", by=cast.officer)
    voucher_row = made.distribution.voucher.rows[0]
    (row,) = [row for row in made.rows if row.decision_row_id == voucher_row.decision_row_id]
    return made, voucher_row, row.household_id


def came_back(voucher_row, amount: int, cast) -> PutAside:
    return put_aside(voucher_row, amount=amount, since=DAY, reason="Ngân hàng trả lại", by=cast.officer)


def test_money_that_came_back_from_the_bank_was_not_received(client, cast) -> None:
    made, voucher_row, household = sent(cast, 3)
    item = came_back(voucher_row, MONEY, cast)
    assert figures(cast) == [1, 2, 2, 2 * MONEY]
    assert public(client, made) == (2, 1, 2 * MONEY, MONEY)
    assert (at_home(household), covered(cast, household)) == (0, [])
    assert len(to_draw_from(made.distribution)) == 2
    (row,) = [row for row in made.rows if row.household_id == household]
    assert followed(client, cast, row) == "Còn giữ tiền"
    before = last_number()
    release(item, cast)
    assert followed(client, cast, row) == "Đã xong"
    assert len(to_draw_from(made.distribution)) == 3
    assert figures(cast) == [1, 3, 3, 3 * MONEY]
    assert public(client, made) == (3, 0, 3 * MONEY, 0)
    assert (at_home(household), covered(cast, household)) == (MONEY, [(MONEY, None)])
    assert figures(cast, as_of=before) == [1, 2, 2, 2 * MONEY]


def test_a_part_that_came_back_takes_no_portion_away(client, cast) -> None:
    made, voucher_row, household = sent(cast, 2)
    make_money(campaign=made.campaign, amount=MONEY)
    whole = last_number()
    item = came_back(voucher_row, 200_000, cast)
    assert figures(cast) == [1, 2, 2, 2 * MONEY - 200_000]
    assert figures(cast, as_of=whole) == [1, 2, 2, 2 * MONEY]
    assert public(client, made) == (2, 0, 2 * MONEY - 200_000, 200_000)
    assert (at_home(household), covered(cast, household)) == (MONEY - 200_000, [(MONEY - 200_000, None)])
    release(item, cast)
    assert figures(cast) == [1, 2, 2, 2 * MONEY]
    assert public(client, made) == (2, 0, 2 * MONEY, 0)
    assert (at_home(household), covered(cast, household)) == (MONEY, [(MONEY, None)])
