"""Papers of a unit above are told to the people below, without a link that would be refused them."""

from __future__ import annotations

from portal.housing.queries_money import decisions_of
from tests.cast import grant, make_user, sign_in
from tests.distributions.builders import make_approved
from tests.distributions.test_views import text_of
from tests.households.builders import make_hamlet, make_household
from tests.housing.builders import approved, make_tranche
from tests.single_cases.builders import make_paid_case

DECISIONS = 'href="/quan-ly/chi/van-ban/'


def below(cast):
    """An officer of the commune alone."""
    return make_user(name="Cán bộ xã", role="recorder", unit=cast.commune)


def test_a_list_of_the_province_is_told_on_a_households_page(client, cast, db_session) -> None:
    household = make_household(unit=make_hamlet(cast), name="Trần Thị Mẫu")
    made = make_approved(
        unit=cast.province, maker=cast.accountant, approver=cast.chair, households=[household]
    )
    link = f'href="/quan-ly/trao-qua/{made.id}"'
    page = sign_in(client, below(cast)).get(f"/quan-ly/ho-dan/{household.id}")
    assert "Sẽ trao: 500.000" in text_of(page)
    assert link not in page.text
    above = make_user(name="Kế toán tỉnh", role="accountant", unit=cast.province)
    assert link in sign_in(client, above).get(f"/quan-ly/ho-dan/{household.id}").text


def test_a_decision_of_the_case_is_a_link_for_its_own_people(client, cast, db_session) -> None:
    case = make_paid_case(cast=cast)
    page = sign_in(client, below(cast)).get(f"/quan-ly/truong-hop/{case.id}").text
    assert DECISIONS in page  # the commune's own decision


def test_a_house_paid_by_the_province_offers_no_voucher_below(client, cast, db_session) -> None:
    project = approved(cast=cast)
    make_tranche(project=project, stage="approved", amount=1_000_000, by=cast.officer)
    clerk = sign_in(client, below(cast))
    page = clerk.get(f"/quan-ly/nha/{project.id}").text
    assert DECISIONS in page
    assert "Lập phiếu chi" in page
    decisions_of(project)[0].decision.unit_id = cast.province.id
    db_session.flush()
    page = clerk.get(f"/quan-ly/nha/{project.id}").text
    assert DECISIONS not in page
    assert "Lập phiếu chi" not in page


def test_the_desk_of_statements_offers_many_at_once_to_accountants(client, cast, db_session) -> None:
    clerk = sign_in(client, below(cast))
    page = clerk.get("/quan-ly/sao-ke/doi-chieu").text
    assert "/doi-chieu/cung-luc" not in page
    assert "/doi-chieu/khoan-da-ghi" not in page
    assert "/doi-chieu/cung-luc" in sign_in(client, cast.accountant).get("/quan-ly/sao-ke/doi-chieu").text


def test_a_hamlet_has_no_books_to_close(client, cast, db_session) -> None:
    hamlet = make_hamlet(cast)
    helper = make_user(name="Trưởng ấp", role="recorder", unit=hamlet)
    page = sign_in(client, helper).get("/quan-ly/khoa-so/")
    assert page.status_code == 200
    assert f'value="{hamlet.id}"' not in page.text
    grant(user=helper, role="recorder", unit=cast.commune)
    assert f'value="{cast.commune.id}"' in client.get("/quan-ly/khoa-so/").text
    asked = {"unit_id": cast.commune.id, "fund_id": 1, "through": "31/10/2026"}
    assert client.get("/quan-ly/khoa-so/", query_string=asked).status_code == 200  # as its own links ask
