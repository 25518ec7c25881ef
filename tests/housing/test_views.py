"""Houses on screen: the whole way through forms; another unit reaches nothing; what is sensitive needs a purpose."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.households.actions_private import set_private
from portal.households.models_private import HouseholdAccess
from portal.housing import actions, board, queries, queries_money, queries_papers, rules
from portal.housing.actions_money import add_source
from portal.housing.models import HouseProject
from portal.housing.models_catalogue import HouseKind, HouseRequirement
from portal.kit.db import db
from portal.ledger.actions import reverse
from portal.ledger.closing import open_items
from portal.ledger.models import Posting
from portal.ledger.waiting import waiting_work
from portal.spending.actions import issue_decision
from portal.spending.models import Decision, Voucher
from tests.cast import Cast, sign_in
from tests.households.builders import make_hamlet, make_household
from tests.housing.builders import (
    DAY,
    HOME,
    MILLION,
    approved,
    check,
    finished,
    handed_over,
    kind_of,
    make_photo,
    make_project,
    make_survey,
    make_tranche,
    pay_direct,
    programme_of,
    sign,
)
from tests.printed import text_of_pdf
from tests.reach.walking import said
from tests.reading import errors_at, typed_in
from tests.single_cases.builders import give_money
from tests.sql import heard


def one_project() -> HouseProject:
    db.session.rollback()
    found = db.session.scalars(select(HouseProject).order_by(HouseProject.id.desc())).first()
    assert found is not None
    return found


def post(client: FlaskClient, address: str, **told: Any) -> Any:
    """Send a form that shall be taken."""
    answer = client.post(address, data=told)
    assert answer.status_code == 303, errors_at(answer.text)
    return answer


def test_the_whole_way_through_the_pages(cast: Cast, client: FlaskClient) -> None:
    household = make_household(unit=make_hamlet(cast), birth_year=1968)
    campaign = give_money(cast=cast, amount=100 * MILLION)
    sign_in(client, cast.officer)
    assert "Nguyễn Văn Sáu" in client.get(f"{HOME}moi?q=sau").text
    told = {
        "programme_id": programme_of().id, "kind_id": kind_of().id, "opened_on": "10/11/2026", "priority": 1,
        "need": "Nhà sập", "estimate": "100tr", "builder": "self",
    }  # fmt: skip
    answer = post(client, f"{HOME}moi/{household.id}", **told)
    home = f"{HOME}{one_project().id}"
    assert answer.location.endswith(home) and "Chờ khảo sát" in client.get(home).text
    survey = {
        "surveyed_on": "10/11/2026", "team": "Ông Giả", "land": "Có sổ", "house_state": "Vách lá", "need": "Xây 40 m²",
        "cost": "100tr", "conclusion": "enough",
    }  # fmt: skip
    bad = client.post(f"{home}/khao-sat", data=survey | {"land": ""})
    assert bad.status_code == 422 and "Vách lá" in bad.text and errors_at(bad.text).keys() == {"land"}
    post(client, f"{home}/khao-sat", **survey)
    post(client, f"{home}/nguon", kind="fund", campaign_id=campaign.id, amount="60tr")
    bad = client.post(f"{home}/nguon", data={"kind": "family", "amount": "41tr"})
    assert bad.status_code == 422 and "thừa 1.000.000" in bad.text
    post(client, f"{home}/nguon", kind="family", amount="40tr")
    for one in queries_papers.missing_for(one_project(), rules.APPROVED):
        if one.evidence == "filed":
            post(client, f"{home}/giay-to", requirement_id=one.key, dated="10/11/2026", number="12")
    source = next(
        one.source.id for one in queries_money.cost_of(one_project()).shares if one.source.kind == "fund"
    )
    fund = db.session.scalars(select(Decision.fund_id)).first() or campaign.fund_id
    decide = {
        "unit_id": cast.commune.id, "fund_id": fund, "decided_on": "10/11/2026", "subject": "Hỗ trợ nhà ở",
        "number": "31/QĐ", f"amount_{source}": "60tr",
    }  # fmt: skip
    post(client, f"{home}/quyet-dinh", **decide)
    decision = db.session.scalars(select(Decision)).one()
    issue_decision(decision, by=cast.chair)
    db.session.commit()
    assert "Đã duyệt" in client.get(home).text
    make_photo(project=one_project(), role="before", by=cast.officer)
    db.session.commit()
    page = client.get(f"{home}/buoc/khoi-cong").text
    assert "Còn thiếu" not in page
    post(client, f"{home}/buoc/khoi-cong", happened_on="10/11/2026")
    row = queries_money.decided_rows(one_project())[0].decision_row_id
    post(client, f"{home}/dot-cap", row=row, stage="started", amount="60tr")
    make_photo(project=one_project(), role="started", by=cast.officer)
    db.session.commit()
    sign_in(client, cast.accountant)
    page = client.get(home).text
    start = page.index("/quan-ly/chi/phieu/moi?")
    address = page[start : page.index('"', start)].replace("&amp;", "&")
    assert "60.000.000" in client.get(address).text
    form = address.split("&")[0]  # where the form of that page is sent
    post(client, form, what="payment", place="ket", content="Đợt 1", **{f"row_{row}": "60tr"})
    voucher = db.session.scalars(select(Voucher)).one()
    assert voucher.state == "prepared"
    from portal.spending.actions_vouchers import approve_voucher, pay_voucher

    approve_voucher(voucher, by=cast.chair)
    pay_voucher(voucher, paid_on=DAY, by=cast.accountant)
    db.session.commit()
    make_photo(project=one_project(), role="after", by=cast.officer)
    db.session.commit()
    sign_in(client, cast.officer)
    post(client, f"{home}/buoc/hoan-thanh", happened_on="10/11/2026")
    family = next(
        one.source.id for one in queries_money.cost_of(one_project()).shares if one.source.kind == "family"
    )
    post(
        client,
        f"{home}/ngoai-quy",
        source_id=family,
        happened_on="10/11/2026",
        amount="40tr",
        paper="Giấy cam kết",
    )
    refused = client.post(f"{home}/ban-giao-nha", data=names())
    assert refused.status_code == 422 and "kiểm tra hoàn thành" in refused.text
    post(client, f"{home}/ban-giao-tien", **names())
    minutes = queries.handovers_of(one_project())[0].id
    post(client, f"{home}/bien-ban/{minutes}/ky", handed_on="10/11/2026")
    told = {
        "checked_on": "10/11/2026", "board": "Lê Văn Chỉ", "hamlet_one": "Lý Thị Một", "area": "45,5", "passed": "yes",
        "hard_foundation": "y", "hard_roof": "y", "hard_walls": "y",
    }  # fmt: skip
    bad = client.post(f"{home}/kiem-tra", data=told | {"total": "90tr"})
    assert (
        bad.status_code == 422 and "thấp hơn các nguồn" in bad.text and typed_in(bad.text)["area"] == "45,5"
    )
    post(client, f"{home}/kiem-tra", **told)
    made = queries.checks_of(one_project())[0].id
    assert "45,5 m²" in text_of_pdf(client.get(f"{home}/kiem-tra/{made}.pdf").data)
    post(client, f"{home}/kiem-tra/{made}/ky", signed_on="10/11/2026")
    post(client, f"{home}/ban-giao-nha", **names())
    minutes = queries.handovers_of(one_project())[0].id
    post(client, f"{home}/bien-ban/{minutes}/ky", handed_on="10/11/2026")
    project = one_project()
    assert project.state == rules.HANDED_OVER
    page = client.get(home).text
    assert "Đã bàn giao" in page and "100.000.000 đ" in page
    printed = text_of_pdf(client.get(f"{home}/bien-ban/{minutes}.pdf").data)
    assert "BIÊN BẢN BÀN GIAO NHÀ" in printed and "Một trăm triệu đồng" in printed


def names(**more: str) -> dict[str, str]:
    """The fields of minutes."""
    told = {
        "handed_on": "10/11/2026",
        "giver_name": "Lê Thị Toán",
        "receiver_name": "Nguyễn Văn Sáu",
        "witness": "Lý Một",
    }
    return told | more


PAGES = (
    "", "/sua", "/khao-sat", "/giay-to", "/nguon", "/ngoai-quy", "/quyet-dinh", "/dot-cap", "/kiem-tra", "/ban-giao-tien",
    "/ban-giao-nha", "/dong-y", "/dung", "/lui-buoc", "/buoc/khoi-cong", "/khao-sat.pdf", "/thong-tin-rieng",
)  # fmt: skip
COMMON = (
    "", "bang", "anh", "truoc-day", "danh-sach.pdf", "phieu-trong.pdf", "kiem-tra-trong.pdf",
    "bien-ban-tien-trong.pdf",
    "bien-ban-nha-trong.pdf", "moi", "?cham=co", "?cho_chi=co", "?q=NH000001", "?xuat=xlsx", "?xuat=csv",
    "?buoc=dang_lam&sap=-thieu", "truoc-day?xuat=csv",
)  # fmt: skip


def test_every_page_answers_and_not_for_others(cast: Cast, client: FlaskClient) -> None:
    project = finished(cast=cast, campaign=give_money(cast=cast, amount=100 * MILLION))
    made = check(project=project, by=cast.officer, signed=False)
    key, money = project.id, queries.handovers_of(project)[0].id
    tranche, source = (
        queries_money.tranches_of(project)[0].id,
        queries_money.cost_of(project).shares[0].source.id,
    )
    paper, outside = queries_papers.papers_of(project)[0].id, queries_money.outside_of(project)[0].id
    more = (
        f"/nguon/{source}", f"/nguon/{source}/bo", f"/dot-cap/{tranche}/bo", f"/giay-to/{paper}/rut",
        f"/ngoai-quy/{outside}/rut", f"/kiem-tra/{made.id}", f"/kiem-tra/{made.id}/ky", f"/kiem-tra/{made.id}/huy",
        f"/kiem-tra/{made.id}.pdf", f"/bien-ban/{money}", f"/bien-ban/{money}/ky", f"/bien-ban/{money}/huy",
        f"/bien-ban/{money}.pdf", f"/bien-ban/{money}/can-cuoc",
    )  # fmt: skip
    sign_in(client, cast.officer)
    for page in (*PAGES, *more):
        assert client.get(f"{HOME}{key}{page}").status_code == 200, page
    for page in COMMON:
        assert client.get(f"{HOME}{page}").status_code == 200, page
    sign_in(client, cast.outsider)
    for page in (*PAGES, *more):
        assert client.get(f"{HOME}{key}{page}").status_code == 404, page
    for page in COMMON:
        answer = client.get(f"{HOME}{page}")
        assert answer.status_code == 200 and "Nguyễn Văn Sáu" not in said(answer), page
    sign_in(client, cast.auditor)
    assert (
        client.get(f"{HOME}{key}").status_code == 200 and client.get(f"{HOME}{key}/nguon").status_code == 403
    )
    sign_in(client, cast.administrator)
    assert client.get(f"{HOME}{key}").status_code == 403  # whoever keeps settings sees no families


def test_sensitive_items_need_a_purpose(cast: Cast, client: FlaskClient) -> None:
    project = make_project(cast=cast)
    make_survey(project=project, by=cast.officer)
    set_private(project.household, None, {"cccd": "079061000111", "ethnicity": "Khmer"}, cast.officer)
    sign_in(client, cast.officer)
    home = f"{HOME}{project.id}"
    plain = text_of_pdf(client.get(f"{home}/khao-sat.pdf").data)
    assert "079061000111" not in plain and "Khmer" not in plain
    assert client.post(f"{home}/thong-tin-rieng", data={"purpose": ""}).status_code == 422
    counted = select(func.count()).select_from(HouseholdAccess)
    before = db.session.scalar(counted) or 0
    printed = text_of_pdf(
        client.post(f"{home}/thong-tin-rieng", data={"purpose": "Trình Ban vận động", "then": "in"}).data
    )
    assert "079061000111" in printed and "Khmer" in printed
    assert "079061000111" in client.post(f"{home}/thong-tin-rieng", data={"purpose": "Đối chiếu thẻ"}).text
    db.session.rollback()
    assert db.session.scalar(counted) == before + 2


def test_public_pages_tell_no_name_without_consent(cast: Cast, client: FlaskClient) -> None:
    project = handed_over(cast=cast, campaign=give_money(cast=cast, amount=100 * MILLION))
    waiting = make_project(
        cast=cast, household=make_household(unit=make_hamlet(cast, "Ấp Hai"), name="Lý Văn Chờ")
    )
    db.session.commit()
    code = rules.code_of(project.id)
    secrets = ("Nguyễn Văn Sáu", "Tổ 7", "Ấp Phú Lợi", "Lý Văn Chờ", rules.code_of(waiting.id))
    for address in (
        "/nha/",
        "/nha.json",
        "/nha.csv",
        f"/nha/{code}",
        f"/nha/{code}.json",
        "/nha/?buoc=handed_over",
    ):
        answer = client.get(address)
        text = json.dumps(answer.json, ensure_ascii=False) if answer.is_json else answer.text
        assert answer.status_code == 200 and "Xã Tân Phú Hòa" in text, address
        assert not [word for word in secrets if word in text], address
    assert client.get(f"/nha/{rules.code_of(waiting.id)}").status_code == 404
    row = client.get(f"/nha/{code}.json").json
    assert (row["cost"], row["fund"], row["outside"], row["gap"]) == (
        100 * MILLION,
        60 * MILLION,
        40 * MILLION,
        0,
    )
    assert sum(one["amount"] for one in row["sources"]) == row["cost"] and row["state"] == "handed_over"
    sign_in(client, cast.officer)
    told = {
        "shown_name": "bà N. T. S.",
        "consent_by": "Chủ hộ",
        "consent_on": "10/11/2026",
        "consent_paper": "Giấy số 1",
    }
    assert client.post(f"{HOME}{project.id}/dong-y", data=told | {"consent_paper": ""}).status_code == 422
    post(client, f"{HOME}{project.id}/dong-y", **told)
    assert "bà N. T. S." in client.get(f"/nha/{code}").text
    post(client, f"{HOME}{project.id}/go-ten", reason="Chủ hộ rút lại")
    assert "bà N. T. S." not in client.get(f"/nha/{code}").text


def test_lists_grow_without_more_statements(cast: Cast, client: FlaskClient) -> None:
    hamlet = make_hamlet(cast)
    sign_in(client, cast.officer)

    def asked(address: str) -> int:
        with heard() as statements:
            assert client.get(address).status_code == 200
        return len(statements)

    for number in range(2):
        make_project(cast=cast, household=make_household(unit=hamlet, name=f"Lê Văn {number}"))
    db.session.commit()
    addresses = (HOME, f"{HOME}bang", f"{HOME}anh", "/nha.json")
    before = [asked(one) for one in addresses]
    for number in range(2, 8):
        make_project(cast=cast, household=make_household(unit=hamlet, name=f"Lê Văn {number}"))
    db.session.commit()
    assert [asked(one) for one in addresses] == before


def test_late_ones_first_and_on_the_desk(cast: Cast, client: FlaskClient) -> None:
    hamlet = make_hamlet(cast)
    late = make_project(
        cast=cast, household=make_household(unit=hamlet, name="Lê Văn Chậm"), start_by=DAY, finish_by=DAY
    )
    make_project(cast=cast, household=make_household(unit=hamlet, name="Lê Văn Kịp"))
    db.session.commit()
    sign_in(client, cast.officer)
    page = client.get(HOME).text
    assert page.index("Lê Văn Chậm") < page.index("Lê Văn Kịp") and "chậm" in page
    assert "Lê Văn Kịp" not in client.get(f"{HOME}?cham=co").text
    names = {one.name for one in waiting_work(cast.officer)}
    assert {"Căn nhà chờ khảo sát", "Căn nhà chậm so với kế hoạch"} <= names
    actions.stop(late, reason="Chờ đất", by=cast.officer)
    db.session.commit()
    assert "Căn nhà chậm so với kế hoạch" not in {one.name for one in waiting_work(cast.officer)}


def test_progress_of_a_campaign(cast: Cast) -> None:
    campaign = give_money(cast=cast, amount=200 * MILLION)
    handed_over(cast=cast, campaign=campaign)
    other = make_household(unit=make_hamlet(cast, "Ấp Hai"), name="Lý Văn Bảy")
    waiting = make_project(cast=cast, household=other)
    add_source(waiting, {"kind": rules.FUND, "amount": 30 * MILLION}, campaign=campaign, by=cast.officer)
    db.session.commit()
    (line,) = board.by_campaign(queries.projects_for(cast.officer))
    assert (line.houses, line.working, line.handed_over) == (2, 0, 1)
    assert (line.planned, line.paid) == (90 * MILLION, 60 * MILLION)
    (unit,), total = board.by_unit(queries.projects_for(cast.officer), DAY)
    assert unit.total == total.total == 2 and total.counts[rules.HANDED_OVER] == 1
    ((project, before, after),) = board.before_after(queries.projects_for(cast.officer))
    assert before and after and project.state == rules.HANDED_OVER
    assert board.by_campaign(queries.projects_for(cast.outsider)) == []


def test_progress_counts_what_a_sponsor_paid_directly(cast: Cast) -> None:
    project = approved(cast=cast, campaign=give_money(cast=cast, amount=100 * MILLION))
    make_photo(project=project, role="before", by=cast.officer)
    tranche = make_tranche(project=project, stage=rules.APPROVED, amount=5 * MILLION, by=cast.officer)
    entry = pay_direct(tranche=tranche, cast=cast)
    (line,) = board.by_campaign(queries.projects_for(cast.officer))
    assert line.paid == 5 * MILLION == queries_money.cost_of(project).fund
    reverse(
        db.session.get_one(Posting, entry.posting_number), reason="Sai", by=cast.officer, second=cast.chair
    )
    (line,) = board.by_campaign(queries.projects_for(cast.officer))
    assert line.paid == 0


def test_due_tranches_wait_for_a_voucher(cast: Cast) -> None:
    project = approved(cast=cast, campaign=give_money(cast=cast, amount=100 * MILLION))
    make_tranche(project=project, stage=rules.STARTED, amount=60 * MILLION, by=cast.officer)
    name = "Đợt cấp tiền nhà đến bước, chưa lập phiếu"
    assert name not in {one.name for one in waiting_work(cast.officer)}
    make_photo(project=project, role="before", by=cast.officer)
    actions.step_forward(project, rules.STARTED, DAY, by=cast.officer)
    assert name in {one.name for one in waiting_work(cast.officer)}
    fund = db.session.scalars(select(Decision)).one().fund_id
    told = {one.name for one in open_items(cast.commune.id, fund, DAY)}
    assert "Căn nhà đã quyết định, chưa bàn giao" in told


def test_catalogues_are_changed_by_the_administrator_only(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.officer)
    assert client.get(f"{HOME}danh-muc/").status_code == 403
    sign_in(client, cast.administrator)
    assert "Chống ngập" in client.get(f"{HOME}danh-muc/").text
    told = {"name": "Nâng nền", "counts_as": "repaired", "valid_from": "01/01/2026"}
    post(client, f"{HOME}danh-muc/loai/moi", **told)
    again = client.post(f"{HOME}danh-muc/loai/moi", data=told)
    assert again.status_code == 422 and "Đã có" in again.text
    kind = db.session.scalars(select(HouseKind).where(HouseKind.name == "Nâng nền")).one()
    post(client, f"{HOME}danh-muc/loai/{kind.id}/ngung")
    db.session.rollback()
    assert kind_of("Nâng nền").valid_to is not None
    paper = {"name": "Ảnh khi lợp mái", "step": "roofed", "evidence": "roofed", "valid_from": "01/01/2026"}
    post(client, f"{HOME}danh-muc/giay-to/moi", **paper)
    db.session.rollback()
    assert (
        db.session.scalars(select(HouseRequirement).where(HouseRequirement.step == "roofed")).one().evidence
        == "roofed"
    )
    for what in ("chuong-trinh", "loai", "giay-to"):
        assert client.get(f"{HOME}danh-muc/{what}/moi").status_code == 200
        assert client.get(f"{HOME}danh-muc/{what}/1").status_code == 200


@pytest.mark.parametrize("what", ["tien", "nha"])
def test_cccd_of_the_receiver_only_for_a_purpose(cast: Cast, client: FlaskClient, what: str) -> None:
    project = finished(cast=cast, campaign=give_money(cast=cast, amount=100 * MILLION))
    check(project=project, by=cast.officer)
    sign(project=project, by=cast.officer)
    set_private(project.household, None, {"cccd": "079061000111"}, cast.officer)
    db.session.commit()
    kind = {"tien": rules.MONEY, "nha": rules.HOUSE}[what]
    handover = next(one.id for one in queries.handovers_of(project) if one.what == kind)
    sign_in(client, cast.officer)
    home = f"{HOME}{project.id}/bien-ban/{handover}"
    assert "079061000111" not in text_of_pdf(client.get(f"{home}.pdf").data)
    assert "079061000111" in text_of_pdf(client.post(f"{home}/can-cuoc", data={"purpose": "In bản ký"}).data)
