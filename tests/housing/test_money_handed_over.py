"""No house is handed over while the fund owes it money: what was decided is paid and minuted, or taken back.

What everybody reads is what was paid, under the same name as the figures and the page of the house.
"""

from __future__ import annotations

from flask.testing import FlaskClient

from portal.advances.actions_put_aside import put_aside
from portal.advances.models import PutAside
from portal.campaigns.models import Campaign
from portal.figures.registry import compute
from portal.figures.scope import Scope
from portal.housing import actions_handover, queries_money, rules
from portal.housing.actions_money import change_source, draft_house_decision
from portal.housing.actions_tranches import add_tranche
from portal.housing.models import HouseProject
from portal.housing.queries_papers import asked_of, missing_for
from portal.kit.db import db
from portal.public.documents_houses import shown_houses
from portal.spending.actions import issue_decision, withdraw_decision
from tests.cast import Cast, make_fund, sign_in
from tests.housing.builders import (
    DAY,
    HOME,
    MILLION,
    NAMES,
    approved,
    check,
    finished,
    handed_over,
    make_house_decision,
    make_tranche,
    pay_direct,
    pay_tranche,
    sign,
)
from tests.housing.judging import agree, refused


def money_paper(project: HouseProject) -> bool:
    """Whether the dossier shows the minutes of money."""
    return next(one.there for one in asked_of(project) if one.required.evidence == "money")


def test_money_that_was_decided_and_not_paid_keeps_the_house(cast: Cast, campaign: Campaign) -> None:
    project = finished(cast=cast, campaign=campaign, paid=False)
    check(project=project, by=cast.officer)
    handover = actions_handover.prepare_handover(project, rules.HOUSE, NAMES, by=cast.officer)
    sign_house = lambda: actions_handover.sign_handover(handover, handed_on=DAY, by=cast.officer)  # noqa: E731
    told = "Biên bản bàn giao tiền (Quỹ đã quyết định, còn {} đồng chưa chi)"
    db.session.commit()
    refused(sign_house, told.format("60.000.000"))
    db.session.rollback()
    first = make_tranche(project=project, stage=rules.STARTED, amount=45 * MILLION, by=cast.officer)
    last = make_tranche(project=project, stage=rules.FINISHED, amount=15 * MILLION, by=cast.officer)
    pay_tranche(tranche=first, cast=cast)
    sign(project=project, what=rules.MONEY, by=cast.officer)
    db.session.commit()
    refused(sign_house, told.format("15.000.000"))
    db.session.rollback()
    pay_direct(tranche=last, cast=cast)
    db.session.commit()
    refused(sign_house, "Còn thiếu: Biên bản bàn giao tiền.")  # all is paid, not all is minuted
    db.session.rollback()
    sign(project=project, what=rules.MONEY, by=cast.officer)
    assert money_paper(project)
    sign_house()
    assert project.state == rules.HANDED_OVER and missing_for(project, rules.HANDED_OVER) == []
    agree()


def test_money_of_a_house_is_not_put_aside(cast: Cast, campaign: Campaign) -> None:
    project = finished(cast=cast, campaign=campaign, paid=False)
    tranche = make_tranche(project=project, stage=rules.STARTED, amount=45 * MILLION, by=cast.officer)
    row = pay_tranche(tranche=tranche, cast=cast).rows[0]
    db.session.commit()
    keep = {"amount": row.amount, "since": DAY, "reason": "Chủ hộ nằm viện", "by": cast.officer}
    refused(lambda: put_aside(row, **keep), "đợt cấp của căn nhà", "đảo phiếu")
    db.session.rollback()
    assert db.session.query(PutAside).count() == 0
    agree()


def test_what_is_not_paid_after_all_is_taken_back(cast: Cast, campaign: Campaign) -> None:
    project = finished(cast=cast, campaign=campaign, paid=False)
    tranche = make_tranche(project=project, stage=rules.STARTED, amount=45 * MILLION, by=cast.officer)
    pay_tranche(tranche=tranche, cast=cast)
    sign(project=project, what=rules.MONEY, by=cast.officer)
    made = queries_money.decisions_of(project)[0]
    withdraw_decision(made.decision, reason="Phần còn lại nhà tài trợ lo", by=cast.chair)
    cost = queries_money.cost_of(project)
    assert (cost.decided, cost.unpaid, cost.fund, cost.total) == (45 * MILLION, 0, 45 * MILLION, 85 * MILLION)
    assert money_paper(project) and "decision" not in {
        one.evidence for one in missing_for(project, rules.HANDED_OVER)
    }  # what was paid was decided
    check(project=project, by=cast.officer, total=85 * MILLION)
    sign(project=project, by=cast.officer)
    assert project.state == rules.HANDED_OVER
    agree()


def test_what_a_withdrawn_decision_paid_still_counts_against_the_source(
    cast: Cast, campaign: Campaign
) -> None:
    project = finished(cast=cast, campaign=campaign, paid=False)
    tranche = make_tranche(project=project, stage=rules.STARTED, amount=45 * MILLION, by=cast.officer)
    pay_tranche(tranche=tranche, cast=cast)
    withdraw_decision(queries_money.decisions_of(project)[0].decision, reason="Sai tên", by=cast.chair)
    source = queries_money.cost_of(project).shares[0].source
    told = {"unit": cast.commune, "fund": make_fund(), "decided_on": DAY, "by": cast.officer}
    refused(
        lambda: draft_house_decision(project, amounts={source.id: 16 * MILLION}, **told),
        "chỉ còn 15.000.000 đồng",
        field=f"amount_{source.id}",
    )
    again = make_house_decision(project=project, cast=cast, number="32/QĐ")  # what is left of the source
    assert sum(row.amount for row in again.rows) == 15 * MILLION
    assert queries_money.cost_of(project).unpaid == 15 * MILLION
    refused(
        lambda: change_source(
            source, {"kind": rules.FUND, "amount": 59 * MILLION}, campaign=campaign, by=cast.officer
        ),
        "60.000.000 đồng",
        field="amount",
    )


def test_no_tranche_waits_for_the_hand_over(cast: Cast, campaign: Campaign) -> None:
    project = approved(cast=cast, campaign=campaign)
    (row,) = queries_money.decided_rows(project)
    told = {"stage": rules.HANDED_OVER, "amount": MILLION, "by": cast.officer}
    refused(lambda: add_tranche(project, row, **told), field="stage")


def test_nothing_more_is_decided_for_a_house_that_is_handed_over(cast: Cast, campaign: Campaign) -> None:
    project = finished(cast=cast, campaign=campaign, estimate=110 * MILLION)
    source = queries_money.cost_of(project).shares[0].source
    change_source(source, {"kind": rules.FUND, "amount": 70 * MILLION}, campaign=campaign, by=cast.officer)
    more = make_house_decision(project=project, cast=cast, number="32/QĐ", issued=False)
    check(project=project, by=cast.officer)
    sign(project=project, by=cast.officer)
    assert project.state == rules.HANDED_OVER
    refused(lambda: issue_decision(more, by=cast.chair), "Nhà đã bàn giao")


def test_everybody_reads_what_was_paid(cast: Cast, campaign: Campaign) -> None:
    done = handed_over(cast=cast, campaign=campaign)
    (public,) = shown_houses()
    keys = ["houses.cost", "houses.cost.fund", "houses.cost.outside"]
    cost, fund, outside = (compute(Scope(cast.commune, DAY, DAY), keys)[key].value for key in keys)
    assert (public.cost, public.fund, public.outside, public.unpaid) == (cost, fund, outside, 0)
    assert public.cost == queries_money.cost_of(done).total == 100 * MILLION


def test_what_is_decided_and_not_paid_stands_apart(
    cast: Cast, campaign: Campaign, client: FlaskClient
) -> None:
    project = finished(cast=cast, campaign=campaign, paid=False)
    tranche = make_tranche(project=project, stage=rules.STARTED, amount=45 * MILLION, by=cast.officer)
    pay_tranche(tranche=tranche, cast=cast)
    db.session.commit()
    (told,) = client.get("/nha.json").json["rows"]
    assert (told["fund"], told["outside"], told["cost"]) == (45 * MILLION, 40 * MILLION, 85 * MILLION)
    assert told["fund_decided_unpaid"] == 15 * MILLION
    assert {one["amount"] for one in told["sources"]} == {45 * MILLION, 40 * MILLION}
    for address in ("/nha/", f"/nha/{told['code']}"):
        shown = client.get(address).text
        assert "85.000.000" in shown and "15.000.000" in shown and "100.000.000 đ" not in shown
    sign_in(client, cast.officer)
    staff = client.get(f"{HOME}{project.id}").text
    assert "Quỹ đã chi 45.000.000 đ, đã quyết định chưa chi 15.000.000 đ" in staff
