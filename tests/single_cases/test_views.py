"""Single cases on screen: the whole way through forms; another unit reaches nothing; what is sensitive needs a purpose."""

from __future__ import annotations

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select

from portal.cases import queries, rules
from portal.cases.actions_follow import Given, assets_of, set_assets, visits_of
from portal.cases.models import AidField, CaseHandover, SupportCase
from portal.cases.queries_appeal import appeal_of
from portal.households.actions_private import set_private
from portal.households.models_private import HouseholdAccess
from portal.kit import access
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.db import db
from portal.ledger.closing import open_items
from portal.ledger.waiting import waiting_work
from portal.spending.models import Decision
from tests.cast import Cast, make_account, make_fund, make_user, sign_in
from tests.goods.builders import bring, make_item, make_store
from tests.households.builders import make_hamlet, make_household
from tests.printed import text_of_pdf
from tests.reading import errors_at, typed_in, unpleasant
from tests.single_cases.builders import (
    APPEAL,
    DAY,
    HOME,
    field_of,
    give_money,
    make_appeal,
    make_case,
    make_case_decision,
    make_paid_case,
    make_survey,
    pay,
    sign,
)
from tests.sql import heard

SECRETS = ("Nguyễn Văn Sáu", "Tổ 7", "Ấp Phú Lợi", "0912345678", "099000000001", "Ung thư giả", "Khmer")


def one_case() -> SupportCase:
    db.session.rollback()
    return db.session.scalars(select(SupportCase).order_by(SupportCase.id.desc())).first()  # type: ignore[return-value]


def post(client: FlaskClient, address: str, **told: Any) -> Any:
    """Send a form that shall be taken."""
    answer = client.post(address, data=told)
    assert answer.status_code == 303, errors_at(answer.text)
    return answer


def test_the_whole_way_through_the_pages(cast: Cast, client: FlaskClient) -> None:
    household = make_household(unit=make_hamlet(cast), birth_year=1968)
    campaign, store = give_money(cast=cast), make_store(unit=cast.commune)
    bring(store=store, item=make_item(name="Gạo", measure="kg"), quantity=50, value=1_000_000)
    key = field_of("fire").id
    sign_in(client, cast.officer)
    assert "Nguyễn Văn Sáu" in client.get(f"{HOME}moi?q=sau").text
    told = {
        "field_id": str(key),
        "requested_on": "10/11/2026",
        "requester": "Trưởng ấp",
        "reason": "Cháy bếp.",
    }
    answer = post(client, f"{HOME}moi/{household.id}", **told)
    case = one_case()
    home = f"{HOME}{case.id}"
    assert answer.location.endswith(home) and "Mới đề nghị" in client.get(home).text
    assert "đang có một trường hợp" in client.get(f"{HOME}moi/{household.id}").text
    asked = {one.label: f"q{one.id}" for one in case.field.questions}
    survey = {
        "surveyed_on": "10/11/2026", "team": "Ông Ấp", "conclusion": "enough", "amount": "4tr", "goods": "10 kg gạo",
        asked["Ước giá trị thiệt hại"]: "40.000.000", asked["Mức độ thiệt hại"]: "Từ 30% đến 50%",
        asked["Ngày xảy ra"]: "09/11/2026",
    }  # fmt: skip
    wrong = client.post(f"{home}/khao-sat", data={**survey, asked["Ngày xảy ra"]: "hôm kia"})
    assert wrong.status_code == 422 and typed_in(wrong.text)["team"] == "Ông Ấp"
    assert set(errors_at(wrong.text)) == {asked["Ngày xảy ra"]}
    post(client, f"{home}/khao-sat", **survey)
    page = client.get(home).text
    assert "40.000.000 đồng" in page and "09/11/2026" in page and "Đủ điều kiện" in page
    draft = client.get(f"{home}/quyet-dinh").text
    assert "4.000.000" in draft
    told = {
        "unit_id": str(cast.commune.id), "fund_id": str(make_fund().id), "campaign_id": str(campaign.id),
        "number": "31/QĐ-MTTQ", "decided_on": "10/11/2026", "subject": "Hỗ trợ hỏa hoạn", "amount": "4.000.000",
        "so_dong": "2", "item_1": "Gạo", "quantity_1": "10",
    }  # fmt: skip
    lines = client.post(f"{home}/quyet-dinh", data={**told, "then": "lines"})
    assert lines.status_code == 200 and 'name="item_8"' in lines.text
    bad = client.post(f"{home}/quyet-dinh", data={**told, "item_1": "Không có"})
    assert bad.status_code == 422 and "item_1" in errors_at(bad.text)
    answer = post(client, f"{home}/quyet-dinh", **told)
    number = db.session.scalars(select(Decision.id)).one()
    assert answer.location.endswith(f"/quan-ly/chi/van-ban/{number}")
    sign_in(client, cast.chair)
    post(client, f"/quan-ly/chi/van-ban/{number}/ban-hanh")
    sign_in(client, cast.officer)
    page = client.get(home).text
    assert f"/quan-ly/chi/phieu/moi?van_ban={number}" in page and f"{home}/xuat-kho" in page
    told = typed_in(client.get(f"{home}/xuat-kho").text) | {
        "store_id": str(store.id),
        "day": "10/11/2026",
        "form_key": "",
    }
    assert told["quantity_1"] == "10"
    much = client.post(f"{home}/xuat-kho", data={**told, "quantity_1": "11"})
    assert much.status_code == 422 and "chỉ còn 10 kg" in much.text
    post(client, f"{home}/xuat-kho", **told)
    pay(decision=db.session.get_one(Decision, number), cast=cast)
    db.session.commit()
    assert "Đã chi, chờ biên bản" in client.get(home).text
    names = typed_in(client.get(f"{home}/bien-ban").text) | {"form_key": ""}
    assert names["receiver_name"] == "Nguyễn Văn Sáu"
    post(client, f"{home}/bien-ban", **names)
    handover = db.session.scalars(select(CaseHandover)).one()
    signed = client.post(f"{home}/bien-ban/{handover.id}/ky", data={"handed_on": "10/11/2026"})
    assert signed.status_code == 422 and "người làm chứng" in signed.text
    edit = typed_in(client.get(f"{home}/bien-ban/{handover.id}").text) | {"form_key": ""}
    post(
        client, f"{home}/bien-ban/{handover.id}", **(edit | {"witness_one": "Trần A", "witness_two": "Lý B"})
    )
    post(client, f"{home}/bien-ban/{handover.id}/ky", handed_on="10/11/2026")
    printed = text_of_pdf(client.get(f"{home}/bien-ban/{handover.id}.pdf").data)
    for words in ("BIÊN BẢN BÀN GIAO HỖ TRỢ", "4.000.000 đồng", "Gạo", "02 bản", "Trần A", "31/QĐ-MTTQ"):
        assert words in printed, words
    page = client.get(home).text
    assert "Đã bàn giao" in page and "Khảo sát lại" in page
    found = client.get(f"/quan-ly/ho-dan/{household.id}").text
    assert home in found and "4.000.000" in found and "200.000" in found
    listed = client.get(f"{HOME}?tinh_trang=done&q=sau").text
    assert "Nguyễn Văn Sáu" in listed and "4.000.000" in listed
    assert client.get(f"{HOME}?xuat=csv").text.count("Nguyễn Văn Sáu") == 2


READ = ("", "/khao-sat.pdf", "/thong-tin-rieng", "/keu-goi")
WRITE = (
    "/sua", "/khao-sat", "/quyet-dinh", "/xuat-kho", "/bien-ban", "/tu-choi", "/rut", "/mo-lai", "/theo-doi",
    "/hen-tham", "/keu-goi/moi", "/keu-goi/sua", "/keu-goi/go",
)  # fmt: skip
POSTED = (
    "/keu-goi/cong-bo",
    "/keu-goi/duyet-phan-du",
    "/keu-goi/ket-thuc",
    "/keu-goi/mo-lai",
    "/keu-goi/phan-du",
)


def test_another_units_case_is_not_there(cast: Cast, client: FlaskClient) -> None:
    case = make_paid_case(cast=cast, key="livelihood")
    handover = sign(case=case, by=cast.officer)
    make_appeal(case=case, cast=cast)
    visit = visits_of(case)[0]
    more = (f"/bien-ban/{handover.id}", f"/bien-ban/{handover.id}/ky", f"/bien-ban/{handover.id}/huy",
            f"/bien-ban/{handover.id}.pdf", f"/bien-ban/{handover.id}/can-cuoc", f"/tham/{visit.id}",
            f"/tham/{visit.id}/bo")  # fmt: skip
    home = f"{HOME}{case.id}"
    other_chair = make_user(role=access.APPROVER, unit=cast.other_commune)
    for person in (cast.outsider, other_chair):
        sign_in(client, person)
        for path in (*READ, *WRITE, *more):
            assert client.get(home + path).status_code in (403, 404), path
        for path in (*WRITE, *POSTED, *more):
            if not path.endswith(".pdf"):
                assert client.post(home + path, data={"reason": "x"}).status_code in (403, 404), path
        assert "Nguyễn Văn Sáu" not in client.get(HOME).text
        assert "Nguyễn Văn Sáu" not in client.get(f"{HOME}?xuat=csv").text
        assert "Nguyễn Văn Sáu" not in client.get(f"{HOME}tham-lai/").text
        assert client.get(f"{HOME}moi/{case.household_id}").status_code == 404
        assert "Nguyễn Văn Sáu" not in client.get(f"{HOME}moi?q=sau").text
    sign_in(client, cast.outsider)
    assert client.get(home).status_code == 404
    sign_in(client, cast.auditor)
    assert client.get(home).status_code == 200
    for path in WRITE:
        assert client.get(home + path).status_code == 403, path
    assert client.get(f"{home}/thong-tin-rieng").status_code == 403
    sign_in(client, cast.administrator)
    assert client.get(home).status_code == 403
    assert db.session.get_one(SupportCase, case.id).state == rules.DONE


def test_a_helper_of_a_hamlet_asks_and_reads_only(cast: Cast, client: FlaskClient) -> None:
    hamlet = make_hamlet(cast)
    household = make_household(unit=hamlet)
    helper = make_user(name="Bà Thôn", role=access.RECORDER, unit=hamlet)
    told = {
        "field_id": str(field_of("sick").id),
        "requested_on": "10/11/2026",
        "requester": "Thôn",
        "reason": "Ốm.",
    }
    post(sign_in(client, helper), f"{HOME}moi/{household.id}", **told)
    case = one_case()
    assert case.unit_id == cast.commune.id and client.get(f"{HOME}{case.id}").status_code == 200
    assert client.get(f"{HOME}{case.id}/khao-sat").status_code == 403
    assert "Ghi khảo sát" not in client.get(f"{HOME}{case.id}").text


def sick_case(cast: Cast) -> SupportCase:
    household = make_household(unit=make_hamlet(cast), birth_year=1968, address="Tổ 7", phone="0912345678")
    set_private(
        household, None, {"cccd": "099000000001", "ethnicity": "Khmer", "health": "Suy giả"}, cast.officer
    )
    case = make_case(cast=cast, household=household)
    diagnosis = next(one for one in case.field.questions if one.label == "Chẩn đoán")
    make_survey(case=case, by=cast.officer, answers={diagnosis.id: "Ung thư giả"})
    db.session.commit()
    return case


def readings() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(HouseholdAccess)) or 0


def test_sensitive_answers_only_for_a_purpose_and_noted(cast: Cast, client: FlaskClient) -> None:
    case = sick_case(cast)
    home = f"{HOME}{case.id}"
    sign_in(client, cast.officer)
    for path in ("", "/khao-sat", "/thong-tin-rieng", "/quyet-dinh"):
        page = client.get(home + path).text
        assert not any(word in page for word in ("Ung thư giả", "099000000001", "Khmer", "Suy giả")), path
    plain = text_of_pdf(client.get(f"{home}/khao-sat.pdf").data)
    assert "Ung thư giả" not in plain and "099000000001" not in plain and "Nguyễn Văn Sáu" in plain
    before = readings()
    short = client.post(f"{home}/thong-tin-rieng", data={"purpose": "xem"})
    assert short.status_code == 422 and readings() == before
    told = {"purpose": "Trình Ban vận động xét hỗ trợ"}
    page = client.post(f"{home}/thong-tin-rieng", data=told)
    assert page.status_code == 200 and "Ung thư giả" in page.text and "Suy giả" in page.text
    assert readings() == before + 1
    paper = text_of_pdf(client.post(f"{home}/thong-tin-rieng", data={**told, "then": "in"}).data)
    assert all(word in paper for word in ("Ung thư giả", "099000000001", "Khmer", "Suy giả"))
    assert readings() == before + 2
    assert (
        "Trình Ban vận động xét hỗ trợ" in sign_in(client, cast.chair).get("/quan-ly/ho-dan/nhat-ky-xem").text
    )
    assert "Ung thư giả" not in client.get(f"{HOME}?xuat=csv").text


def test_the_cccd_of_minutes_is_printed_for_a_purpose(cast: Cast, client: FlaskClient) -> None:
    case = sick_case(cast)
    campaign = give_money(cast=cast)
    pay(decision=make_case_decision(case=case, cast=cast, campaign=campaign), cast=cast)
    handover = sign(case=case, by=cast.officer)
    home = f"{HOME}{case.id}/bien-ban/{handover.id}"
    sign_in(client, cast.officer)
    assert "099000000001" not in text_of_pdf(client.get(f"{home}.pdf").data)
    before = readings()
    paper = client.post(f"{home}/can-cuoc", data={"purpose": "In biên bản để ký"})
    assert "099000000001" in text_of_pdf(paper.data) and readings() == before + 1


def test_public_pages_show_nobody(cast: Cast, client: FlaskClient) -> None:
    make_account(unit=cast.commune)
    case = sick_case(cast)
    appeal = make_appeal(case=case, cast=cast, illness="Bệnh hiểm nghèo")
    campaign = appeal.campaign
    assert campaign is not None
    code, transfer = campaign.code, campaign.transfer_code
    give_money(cast=cast, campaign=campaign, amount=12_000_000)
    pay(decision=make_case_decision(case=case, cast=cast, campaign=campaign, amount=9_000_000), cast=cast)
    sign(case=case, by=cast.officer)
    anyone = client
    pages = [
        "/loi-keu-goi/", "/loi-keu-goi/?tinh_trang=tat_ca", "/loi-keu-goi/.json", "/loi-keu-goi.json", "/loi-keu-goi.csv",
        f"/loi-keu-goi/{code}", f"/loi-keu-goi/{code}.json", f"/dot-van-dong/{code}", f"/dot-van-dong/{code}.json",
        "/thu-chi", "/thu-chi.json", "/thu-chi.csv", "/", f"/ung-ho?dot={code}", f"/tra-cuu?dot={code}",
    ]  # fmt: skip
    for address in pages:
        answer = anyone.get(address)
        assert answer.status_code == 200, address
        assert not any(secret in answer.text for secret in SECRETS), address
    one = anyone.get(f"/loi-keu-goi/{code}")
    assert all(
        text in one.text
        for text in ("12.000.000", "9.000.000", "3.000.000", transfer, "Bệnh hiểm nghèo", "nguồn chung")
    )
    told = json.loads(anyone.get(f"/loi-keu-goi/{code}.json").text)
    assert (told["received"], told["handed_over"], told["left"], told["target"]) == (
        12_000_000,
        9_000_000,
        3_000_000,
        20_000_000,
    )
    assert json.loads(anyone.get("/loi-keu-goi/.json").text)["rows"] == [told]
    figures = json.loads(anyone.get(f"/dot-van-dong/{code}.json").text)
    assert str(figures).count("12000000") and told["transfer_code"] == transfer
    again = anyone.get(f"/loi-keu-goi/{code}", headers={"If-None-Match": one.headers["ETag"]})
    assert again.status_code == 304
    assert anyone.get("/loi-keu-goi/khong-co").status_code == 404


def test_drafts_and_what_was_taken_down_are_not_read(cast: Cast, client: FlaskClient) -> None:
    case = sick_case(cast)
    draft = make_appeal(case=case, cast=cast, published=False)
    assert client.get("/loi-keu-goi/").text.count(APPEAL["title"]) == 0
    home = f"{HOME}{case.id}/keu-goi"
    sign_in(client, cast.officer)
    assert client.post(f"{home}/cong-bo", data={"decision": "approve"}).status_code == 403
    sign_in(client, cast.chair)
    silent = client.post(f"{home}/cong-bo", data={"decision": "refuse"})
    assert silent.status_code == 422 and "Chưa ghi lý do từ chối" in silent.text
    post(client, f"{home}/cong-bo", decision="approve")
    db.session.refresh(draft)
    code = draft.campaign.code  # type: ignore[union-attr]
    assert APPEAL["title"] in client.get("/loi-keu-goi/").text
    sign_in(client, cast.officer)
    post(client, f"{home}/sua", title="Bản hai", body="Nội dung mới, không tên.")
    assert "Bản hai" not in client.get(f"/loi-keu-goi/{code}").text
    sign_in(client, cast.chair)
    post(client, f"{home}/cong-bo", decision="approve")
    page = client.get(f"/loi-keu-goi/{code}").text
    assert "Bản hai" in page and "bản 2 công bố ngày" in page and APPEAL["body"] not in page
    sign_in(client, cast.officer)
    named = client.post(f"{home}/sua", data={"title": "Giúp ông Nguyễn Văn Sáu", "body": "x"})
    assert named.status_code == 422 and set(errors_at(named.text)) == {"title"}
    post(client, f"{home}/ket-thuc")
    assert client.post(f"{home}/phan-du").status_code == 422
    post(client, f"{home}/go", reason="Gia đình rút đồng ý")
    page = client.get(f"/loi-keu-goi/{code}")
    assert page.status_code == 200 and "Nội dung mới" not in page.text and "Bản hai" not in page.text
    assert "Bản hai" not in client.get(f"/dot-van-dong/{code}").text and "rút đồng ý" not in page.text


def test_the_appeal_is_asked_on_screen(cast: Cast, client: FlaskClient) -> None:
    case = sick_case(cast)
    sign_in(client, cast.officer)
    page = client.get(f"{HOME}{case.id}/keu-goi/moi").text
    assert "checked" not in page  # nothing is agreed to beforehand
    told = {
        name: format_day(value) if name.endswith("_on") and value else value or ""
        for name, value in APPEAL.items()
    }
    told |= {"unit_id": str(cast.commune.id), "target": "20tr"}
    wrong = client.post(f"{HOME}{case.id}/keu-goi/moi", data={**told, "age": "child"})
    assert wrong.status_code == 422 and set(errors_at(wrong.text)) == {"age"}
    post(client, f"{HOME}{case.id}/keu-goi/moi", **told)
    assert appeal_of(db.session.get_one(SupportCase, case.id)).target == 20_000_000  # type: ignore[union-attr]


def test_surplus_on_screen(cast: Cast, client: FlaskClient) -> None:
    case = make_case(cast=cast)
    appeal = make_appeal(case=case, cast=cast)
    give_money(cast=cast, campaign=appeal.campaign, amount=3_000_000)
    home, code = f"{HOME}{case.id}/keu-goi", appeal.campaign.code  # type: ignore[union-attr]
    sign_in(client, cast.officer)
    post(client, f"{home}/ket-thuc")
    post(client, f"{home}/phan-du")
    assert {work.name for work in waiting_work(cast.chair)} >= {"Phần dư của lời kêu gọi chờ duyệt"}
    sign_in(client, cast.chair)
    post(client, f"{home}/duyet-phan-du", decision="approve")
    page = client.get(f"/loi-keu-goi/{code}").text
    assert "đã chuyển 3.000.000 đ" in page and "Phần dư đã chuyển" in page
    assert client.get("/thu-chi").status_code == 200


def test_visits_on_screen(cast: Cast, client: FlaskClient) -> None:
    case = make_paid_case(cast=cast, key="livelihood")
    sign(case=case, by=cast.officer)
    home, first = f"{HOME}{case.id}", visits_of(case)[0]
    sign_in(client, cast.officer)
    assert "Chưa ghi đã trao những gì" in client.get(f"{home}/tham/{first.id}").text
    wrong = client.post(f"{home}/theo-doi", data={"so_dong": "1", "name_1": "Bò", "pieces_1": ""})
    assert wrong.status_code == 422
    post(client, f"{home}/theo-doi", so_dong="2", name_1="Bò", measure_1="con", pieces_1="2", name_2="")
    (cow,) = assets_of(db.session.get_one(SupportCase, case.id))
    told = {"visited_on": format_day(today_in_vietnam()), "visitor": "Bà Bé", f"alive_{cow.id}": "1"}
    less = client.post(f"{home}/tham/{first.id}", data=told)
    assert less.status_code == 422 and set(errors_at(less.text)) == {f"alive_{cow.id}"}
    post(client, f"{home}/tham/{first.id}", **told, **{f"sold_{cow.id}": "1"})
    page = client.get(home).text
    assert "1 còn nuôi, còn dùng, 1 đã bán" in page
    post(client, f"{home}/hen-tham", due_on="01/11/2026")
    late = client.get(f"{HOME}tham-lai/?tinh_trang=qua_han").text
    assert "Nguyễn Văn Sáu" in late and "Quá hạn" in late
    assert {work.name for work in waiting_work(cast.officer)} >= {"Lần thăm lại đến hạn"}
    due = visits_of(db.session.get_one(SupportCase, case.id))[0]
    post(client, f"{home}/tham/{due.id}/bo", reason="Hẹn nhầm")


def test_reasons_are_needed_and_lead_back(cast: Cast, client: FlaskClient) -> None:
    case = make_case(cast=cast)
    home = f"{HOME}{case.id}"
    sign_in(client, cast.officer)
    silent = client.post(f"{home}/tu-choi", data={"reason": ""})
    assert silent.status_code == 422 and set(errors_at(silent.text)) == {"reason"}
    post(client, f"{home}/tu-choi", reason="Không đủ điều kiện")
    page = client.get(home).text
    assert "Không hỗ trợ: Không đủ điều kiện" in page and "Ghi khảo sát" not in page
    post(client, f"{home}/mo-lai", reason="Có giấy tờ mới")
    post(client, f"{home}/rut", reason="Hộ tự lo được")
    assert "Đã rút đề nghị" in client.get(f"{HOME}?tinh_trang=withdrawn").text


def test_two_people_do_not_write_over_each_other(cast: Cast, client: FlaskClient) -> None:
    case = make_case(cast=cast)
    home = f"{HOME}{case.id}/sua"
    sign_in(client, cast.officer)
    told = typed_in(client.get(home).text) | {"form_key": ""}
    post(client, home, **(told | {"requester": "Hội Phụ nữ"}))
    late = client.post(home, data=told | {"reason": "Khác"})
    assert late.status_code == 409 and "Hội Phụ nữ" in late.text
    assert one_case().requester == "Hội Phụ nữ"


def test_the_catalogue_is_the_administrators(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.officer)
    assert client.get(f"{HOME}linh-vuc/").status_code == 403
    own = make_user(role=access.ADMINISTRATOR, unit=cast.commune)
    assert sign_in(client, own).get(f"{HOME}linh-vuc/").status_code == 200
    assert "chỉ người quản trị toàn cổng" in client.get(f"{HOME}linh-vuc/moi").text
    assert client.post(f"{HOME}linh-vuc/moi", data={"name": "Khác"}).status_code == 403
    sign_in(client, cast.administrator)
    told = {
        "name": "Đuối nước",
        "form": "illness",
        "purpose": "relief",
        "valid_from": "01/01/2026",
        "visits": "x",
    }
    wrong = client.post(f"{HOME}linh-vuc/moi", data=told)
    assert wrong.status_code == 422 and set(errors_at(wrong.text)) == {"visits"}
    post(client, f"{HOME}linh-vuc/moi", **{**told, "visits": "6"})
    field = db.session.scalars(select(AidField).where(AidField.name == "Đuối nước")).one()
    home = f"{HOME}linh-vuc/{field.id}"
    edit = typed_in(client.get(home).text)
    post(
        client,
        home,
        **{**told, "visits": "3", "commitment": "Cam kết mới", "opened_with": edit.get("opened_with", "")},
    )
    asked = {"cau-label": "Nơi xảy ra", "cau-kind": "text", "cau-valid_from": "01/01/2026"}
    post(client, f"{home}/cau-hoi", **asked)
    twice = client.post(f"{home}/cau-hoi", data=asked)
    assert twice.status_code == 422 and "Đã có câu" in twice.text
    question = field.questions[-1].id
    post(client, f"{home}/cau-hoi/{question}/ngung")
    post(client, f"{home}/ngung")
    assert "Đuối nước" not in client.get(f"{HOME}moi/1").text
    blank = sign_in(client, cast.officer).get(f"{HOME}phieu-trong/{field.id}.pdf")
    assert "BỆNH TẬT, QUA ĐỜI" in text_of_pdf(blank.data)
    assert "Cam kết mới" in text_of_pdf(client.get(f"{HOME}bien-ban-trong/{field.id}.pdf").data)


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("fire", ("THIÊN TAI, HỎA HOẠN", "Mức độ thiệt hại", "Ước giá trị thiệt hại")),
        ("sick", ("BỆNH TẬT, QUA ĐỜI", "Chẩn đoán", "Thẻ bảo hiểm y tế", "Chi phí đã trả")),
        ("livelihood", ("SINH KẾ", "Mô hình đề nghị", "Quy mô", "Vốn tự có")),
        ("pupil", ("HỌC SINH", "Trường", "Lớp", "Kết quả học tập")),
    ],
)  # fmt: skip
def test_the_four_forms(cast: Cast, client: FlaskClient, key: str, words: tuple[str, ...]) -> None:
    sign_in(client, cast.officer)
    paper = text_of_pdf(client.get(f"{HOME}phieu-trong/{field_of(key).id}.pdf").data)
    common = ("Họ và tên chủ hộ", "Giới tính", "Năm sinh", "Số căn cước", "Điện thoại", "Dân tộc", "Tôn giáo",
              "Nhóm hộ", "Diện ưu tiên", "Đủ điều kiện hỗ trợ", "Chưa đủ điều kiện", "Số tiền đề xuất")  # fmt: skip
    for word in (*common, *words):
        assert word in paper, word
    for role in ("BÍ THƯ CHI BỘ", "TRƯỞNG THÔN", "TRƯỞNG BAN CTMT", "CHỦ HỘ"):
        assert role in paper.upper(), role
    assert "None" not in paper and "0 đồng" not in paper


def test_what_waits_is_told(cast: Cast, client: FlaskClient) -> None:
    make_case(cast=cast)
    assert {work.name for work in waiting_work(cast.officer)} >= {"Trường hợp chờ khảo sát"}
    case = make_case(cast=cast)
    make_survey(case=case, by=cast.officer)
    make_case_decision(case=case, cast=cast)
    db.session.commit()
    waits = {work.name: work for work in waiting_work(cast.officer)}
    assert waits["Trường hợp khẩn đã quyết định, chưa chi đủ"].args == {"case_id": case.id}
    assert "Trường hợp khẩn đã quyết định, chưa chi đủ" not in {
        work.name for work in waiting_work(cast.outsider)
    }
    items = [item.name for item in open_items(cast.commune.id, make_fund().id, DAY)]
    assert "Trường hợp cần giúp chưa chi đủ" in items
    assert sign_in(client, cast.officer).get("/quan-ly/").status_code == 200


def test_a_list_asks_no_more_for_more_rows(cast: Cast, client: FlaskClient, app: Flask) -> None:
    sign_in(client, cast.officer)
    counts = []
    for more in (1, 6):
        for _ in range(more):
            make_survey(case=make_case(cast=cast), by=cast.officer)
        db.session.commit()
        with heard() as said:
            assert client.get(HOME).status_code == 200
        counts.append(len(said))
    assert counts[0] == counts[1]


def test_sentences_are_pleasant(cast: Cast) -> None:
    for text in (*rules.STATES.values(), *rules.FORMS.values(), *rules.CONCLUSIONS.values()):
        assert not unpleasant(f"{text}.")
    assert queries.READERS
    assert set_assets and Given
