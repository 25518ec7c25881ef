"""Money of a case that is kept for an absent receiver is given when they get it, on every page and in every sum."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.advances.actions_put_aside import answer_end, ask_to_end, put_aside
from portal.advances.models import PutAside
from portal.cases import aid, following, received, rules
from portal.cases.actions_handover import cash_of, to_hand_over
from portal.cases.lists import listed
from portal.cases.models import SupportCase
from portal.cases.queries import cases_for, papers_of
from portal.cases.queries_appeal import sums_of
from portal.distributions.queries_fairness import covered
from portal.households.received import lines_of
from portal.kit.db import db
from portal.kit.errors import Refused
from portal.ledger.actions import reverse
from portal.operate.verify import first_problem
from portal.spending.models import VoucherRow
from portal.units.models import Unit
from tests.cast import sign_in
from tests.single_cases.builders import (
    DAY,
    give_money,
    make_appeal,
    make_case,
    make_case_decision,
    make_paid_case,
    make_survey,
    pay,
    sign,
)

assert following and received and aid
PAID, KEPT = 5_000_000, 2_000_000


def keep(cast, amount: int = KEPT) -> PutAside:
    """Put money of the one voucher there is aside."""
    row = db.session.scalars(select(VoucherRow)).one()
    return put_aside(row, amount=amount, since=DAY, reason="Đang nằm viện", by=cast.officer)


def end(item: PutAside, cast, wish: str) -> None:
    """It is taken, or goes back."""
    ask_to_end(item, wish=wish, reason="Đã ra viện", by=cast.officer)
    answer_end(item, approve=True, answer="", by=cast.chair)


def told(case: SupportCase, cast) -> dict[str, int | None]:
    """The same money, as each page says it."""
    db.session.expire_all()
    paid = db.session.execute(listed(cases_for(cast.accountant))).one().paid
    units = select(Unit.id).where(Unit.id == case.household.unit_id)
    rows, sums = covered(units, 2026)
    by_coverage = db.session.execute(rows.where(sums.root == case.household_id)).first()
    page = [line.cash or 0 for line in lines_of([case.household_id])]
    return {
        "case": cash_of(papers_of([case.id]).get(case.id, [])) or 0,
        "list": int(paid or 0),
        "household": sum(page),
        "coverage": int(by_coverage.fund_cash or 0) if by_coverage else 0,
    }


def all_say(amount: int) -> dict[str, int]:
    return dict.fromkeys(("case", "list", "household", "coverage"), amount)


def test_kept_money_is_given_when_it_is_taken(db_session, cast) -> None:
    case = make_paid_case(cast=cast, amount=PAID)
    assert told(case, cast) == all_say(PAID)
    item = keep(cast)
    assert told(case, cast) == all_say(PAID - KEPT)
    assert case.state == rules.DECIDED  # something decided has not been given
    end(item, cast, "release")
    assert told(case, cast) == all_say(PAID)
    assert case.state == rules.GIVEN
    assert len(to_hand_over(case)) == 2
    reverse(item.end_posting, reason="Nhầm người", by=cast.accountant, second=cast.chair)
    assert told(case, cast) == all_say(PAID - KEPT)
    assert case.state == rules.DECIDED
    assert first_problem(db_session.connection()) is None


def test_all_of_it_kept_gives_nothing_yet(db_session, cast) -> None:
    case = make_paid_case(cast=cast, amount=PAID)
    keep(cast, PAID)
    assert told(case, cast) == all_say(0)
    assert to_hand_over(case) == []


def test_what_nobody_takes_goes_back_and_the_case_goes_on(db_session, cast) -> None:
    case = make_paid_case(cast=cast, amount=PAID)
    end(keep(cast), cast, "return")
    assert told(case, cast) == all_say(PAID - KEPT)
    assert case.state == rules.GIVEN


def test_a_reversed_keeping_gives_all_again(db_session, cast) -> None:
    case = make_paid_case(cast=cast, amount=PAID)
    item = keep(cast)
    reverse(item.posting, reason="Ghi nhầm", by=cast.accountant, second=cast.chair)
    assert told(case, cast) == all_say(PAID)
    assert case.state == rules.GIVEN


def test_signed_minutes_stand_against_keeping(db_session, cast) -> None:
    case = make_paid_case(cast=cast, amount=PAID)
    sign(case=case, by=cast.officer)
    with pytest.raises(Refused, match="Biên bản bàn giao của phiếu này đã ký"):
        keep(cast)


def test_an_appeal_says_what_was_handed_over(client, cast, db_session) -> None:
    case = make_case(cast=cast)
    make_survey(case=case, by=cast.officer, amount=PAID)
    appeal = make_appeal(case=case, cast=cast)
    campaign = give_money(cast=cast, amount=PAID * 2, campaign=appeal.campaign)
    pay(decision=make_case_decision(case=case, cast=cast, amount=PAID, campaign=campaign), cast=cast)
    keep(cast)
    sums = sums_of([campaign.id])[campaign.id]
    assert (sums.handed, sums.kept, sums.left) == (PAID - KEPT, KEPT, PAID)
    db_session.commit()
    shown = client.get(f"/loi-keu-goi/{campaign.code}").text
    assert "3.000.000" in shown
    assert "Đang giữ hộ người vắng" in shown
    told = client.get(f"/loi-keu-goi/{campaign.code}.json").json
    assert (told["handed_over"], told["kept"], told["left"]) == (PAID - KEPT, KEPT, PAID)
    page = sign_in(client, cast.officer).get(f"/quan-ly/truong-hop/{case.id}").text
    assert "2.000.000 đ đã chi đang giữ hộ" in page
