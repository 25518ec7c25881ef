"""Movements on screen: the whole way through forms, other units, wrong roles, what is typed stays, what the public reads."""

from __future__ import annotations

import io
import json
import re
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from portal.emulation.actions_ranking import publish_ranking
from portal.emulation.actions_scoring import hand_on
from portal.emulation.models import Initiative
from portal.emulation.models_initiatives import GoodModel
from portal.emulation.models_movements import MovementEntry, MovementRound
from portal.emulation.models_scoring import ScoreLine, ScoreMark
from portal.emulation.queries_movements import present_ranking
from portal.kit.db import db
from portal.kit.pdf import html_to_pdf
from portal.ledger.waiting import waiting_work
from tests.cast import Cast, make_user, sign_in
from tests.emulation.movements import HOME, enter, give, make_judges, make_round, score_through, seeded
from tests.households.builders import make_hamlet, make_household
from tests.printed import text_of_pdf
from tests.reading import errors_at, typed_in, unpleasant

TRAIL = f"{HOME}phong-trao/"
STORY = (
    "Mỗi gia đình để dành một nắm gạo sau mỗi lần vo gạo. Cuối tháng chi hội gom gạo ở nhà văn hóa, cân, ghi sổ rồi "
    "chia cho hộ già yếu neo đơn. Gọi 0912345678."
)


def post(client: FlaskClient, url: str, **data: Any) -> Any:
    return client.post(url, data=data)


def sheet_url(entry: MovementEntry) -> str:
    return f"{TRAIL}phieu/{entry.id}"


def opened(page: str) -> str:
    """What the page carries of the state it was opened with."""
    found = re.search(r'name="opened_with" value="([^"]*)"', page)
    assert found
    return found[1].replace("&#34;", '"').replace("&amp;", "&")


def test_a_year_is_made_by_forms(client: FlaskClient, cast: Cast) -> None:
    judges = make_judges(cast)
    sign_in(client, judges.accountant)
    trail = f"{TRAIL}{seeded().id}"
    year = {
        "name": "Năm 2026", "unit_id": cast.province.id, "code": "VNN-2026", "starts_on": "01/01/2026",
        "ends_on": "31/12/2026", "register_by": "", "basis": "15/HD-MTTQ", "council": "Hội đồng", "like_id": "",
    }  # fmt: skip
    assert client.get(f"{trail}/ky/moi").status_code == 200
    wrong = post(client, f"{trail}/ky/moi", **{**year, "ends_on": "31/12/2025"})
    assert wrong.status_code == 422
    assert typed_in(wrong.text)["code"] == "VNN-2026"
    assert not any(unpleasant(text) for text in errors_at(wrong.text).values())
    made = post(client, f"{trail}/ky/moi", **year)
    assert made.status_code == 303
    page = made.location
    assert post(client, f"{page}/cum", **{"cum-name": "Cụm 1"}).status_code == 303
    assert post(client, f"{page}/muc", **{"muc-name": "Tốt", "muc-least": "80"}).status_code == 303
    assert post(client, f"{page}/muc", **{"muc-name": "Khá", "muc-least": "tám mươi"}).status_code == 422
    told = {
        "code": "1.1",
        "part": "I",
        "text": "Có kế hoạch",
        "points": "9,5",
        "bonus": "",
        "due_on": "30/11/2026",
    }
    assert post(client, f"{page}/tieu-chi/moi", **told).status_code == 303
    assert post(client, f"{page}/tieu-chi/moi", **told).status_code == 422
    criterion = db.session.scalars(select(MovementRound)).one().criteria[0]
    assert (criterion.points, criterion.bonus) == (950, 0)
    listed = client.get(f"{page}/tieu-chi/?xuat=csv").get_data(as_text=True)
    assert (
        listed.splitlines()[0].lstrip("\ufeff")
        == "Mã kỳ,Mã tiêu chí,Phần,Tiêu chí,Điểm chuẩn,Điểm thưởng,Hạn,Minh chứng"
    )
    assert 'VNN-2026,1.1,I,Có kế hoạch,"9,5",0,' in listed
    assert "9,5 điểm" in client.get(page).text
    dropped = post(client, f"{page}/tieu-chi/{criterion.id}", **told, then="drop")
    assert dropped.status_code == 303


def test_what_is_taken_away_can_be_brought_back(client: FlaskClient, cast: Cast) -> None:
    from tests.imports.helpers import bring, counts

    judges = make_judges(cast)
    make_round(cast.province)
    sign_in(client, judges.accountant)
    for kind in ("csv", "xlsx"):
        content = client.get(f"{TRAIL}ky/VNN-2026/tieu-chi/?xuat={kind}").data
        assert counts(bring("criteria", content, by=judges.accountant)) == (3, 0, 0, 3)


def test_a_unit_registers_and_scores_without_a_script(client: FlaskClient, cast: Cast) -> None:
    one = make_round(cast.province)
    sign_in(client, cast.officer)
    register = f"{TRAIL}ky/VNN-2026/dang-ky/unit"
    told = {
        "unit_id": cast.commune.id,
        "registered_on": "01/02/2026",
        "representative": "Bà Hai",
        "commitment": "",
    }
    assert post(client, register, **told).status_code == 422
    made = post(client, register, **{**told, "commitment": "Giúp 02 hộ", "cluster_id": one.clusters[0].id})
    assert made.status_code == 303
    page = client.get(made.location).text
    first, second, third = one.criteria
    assert page.count('placeholder="chưa chấm"') == 3
    assert re.search(r'is-open" data-total [^>]*>chưa chấm<', page) and "Còn chưa chấm" in page
    cells = {f"c{first.id}_points": "0", f"c{second.id}_points": "20,5", f"c{second.id}_bonus": "5"}
    sent = {"step": "self", "opened_with": opened(page), **cells}
    wrong = post(client, made.location, **sent)
    assert wrong.status_code == 422
    assert typed_in(wrong.text)[f"c{second.id}_points"] == "20,5"
    assert "20,5 cao hơn điểm chuẩn 20. Sửa lại điểm." in wrong.text
    assert db.session.scalar(select(ScoreMark.id)) is None
    good = {**sent, f"c{second.id}_points": "18,5"}
    assert post(client, made.location, **good).status_code == 303
    page = client.get(made.location).text
    assert typed_in(page)[f"c{first.id}_points"] == "0"
    assert re.search(r'figures" data-total [^>]*>23,5<', page)
    assert typed_in(page)[f"c{third.id}_points"] == ""
    again = {**good, "opened_with": opened(page), "then": "hand_on"}
    assert "Còn 1 tiêu chí chưa chấm" in post(client, made.location, **again).text
    assert post(client, made.location, **{**again, f"c{third.id}_points": "0"}).status_code == 303
    assert db.session.scalars(select(MovementEntry)).one().at == "commune"
    assert f'name="c{first.id}_points"' not in client.get(made.location).text, (
        "the officer no longer fills it"
    )
    stale = post(client, made.location, **again)
    assert stale.status_code == 403 or "vừa được chuyển bước" in stale.text


def test_two_people_at_one_sheet_see_each_other(client: FlaskClient, cast: Cast) -> None:
    one = make_round(cast.province)
    entry = enter(one, cast.commune)
    first, second, _ = one.criteria
    sign_in(client, cast.officer)
    page = client.get(sheet_url(entry)).text
    give(entry, cast.accountant, 700, None, None)
    db.session.commit()
    sent = {
        "step": "self",
        "opened_with": opened(page),
        f"c{first.id}_points": "8",
        f"c{second.id}_points": "5",
    }
    answer = post(client, sheet_url(entry), **sent)
    assert answer.status_code == 409
    assert "Người khác vừa sửa phiếu này" in answer.text
    assert typed_in(answer.text)[f"c{first.id}_points"] == "8"
    assert post(client, sheet_url(entry), **{**sent, "opened_with": opened(answer.text)}).status_code == 303
    assert db.session.scalars(select(ScoreMark.points).order_by(ScoreMark.id)).all() == [800, 500]


def test_the_script_saves_a_row_and_hears_of_others(client: FlaskClient, cast: Cast) -> None:
    one = make_round(cast.province)
    entry = enter(one, cast.commune)
    first, second, _ = one.criteria
    sign_in(client, cast.officer)
    row = f"{sheet_url(entry)}/dong.json"
    name = f"c{first.id}_points"
    fields = {"step": "self", "criterion": first.id, "opened_with": json.dumps({name: ""}), name: "9,5"}
    answer = post(client, row, **fields, seen="2026-01-01T00:00:00+00:00")
    assert answer.status_code == 200
    assert answer.json["cells"][name] == "9,5"
    assert answer.json["totals"]["sum"] == "9,5"
    assert answer.json["totals"]["open"] == 2
    wrong = post(client, row, **{**fields, "opened_with": json.dumps({name: "9,5"}), name: "11"})
    assert (wrong.status_code, list(wrong.json["errors"])) == (422, [name])
    give(entry, cast.accountant, 700, 100, None)
    db.session.commit()
    news = client.get(f"{sheet_url(entry)}/moi.json?seen=2026-01-01T00:00:00%2B00:00").json
    assert news["others"] == ["Lê Thị Toán"]
    assert news["cells"][name] == "7"
    both = post(client, row, **{**fields, "opened_with": json.dumps({name: "9,5"}), name: "8"})
    assert both.status_code == 409
    assert "người khác vừa ghi “7”" in both.json["error"]
    assert both.json["cells"][name] == "7"
    mine = post(client, row, **{**fields, "opened_with": json.dumps({name: "7"}), name: "8"})
    assert mine.status_code == 200
    other = f"c{second.id}_note"
    untouched = {"step": "self", "criterion": second.id, other: "Theo báo cáo", f"c{second.id}_points": ""}
    before = json.dumps({other: "", f"c{second.id}_points": "", f"c{second.id}_bonus": ""})
    assert post(client, row, **untouched, opened_with=before).json["cells"][f"c{second.id}_points"] == "1"
    gone = post(client, row, **{**fields, "step": "commune"})
    assert gone.status_code == 409 and "conflict" not in gone.json


def test_a_sheet_is_returned_to_a_named_step_with_a_reason(client: FlaskClient, cast: Cast) -> None:
    entry = enter(make_round(cast.province), cast.commune)
    give(entry, cast.officer, 0, 0, 0)
    hand_on(entry, by=cast.officer)
    sign_in(client, cast.officer)
    assert client.get(f"{sheet_url(entry)}/tra-ve").status_code == 403
    sign_in(client, cast.chair)
    assert client.get(f"{sheet_url(entry)}/tra-ve").status_code == 200
    blank = post(client, f"{sheet_url(entry)}/tra-ve", to_step="self", reason="")
    assert blank.status_code == 422
    assert set(errors_at(blank.text)) == {"reason"}
    assert post(client, f"{sheet_url(entry)}/tra-ve", to_step="council", reason="x").status_code == 422
    assert post(client, f"{sheet_url(entry)}/tra-ve", to_step="self", reason="Thiếu số.").status_code == 303
    sign_in(client, cast.officer)
    assert "Hoàng Thị Duyệt trả phiếu về: Thiếu số." in client.get(sheet_url(entry)).text


def test_evidence_may_be_a_pdf(client: FlaskClient, cast: Cast) -> None:
    one = make_round(cast.province)
    entry = enter(one, cast.commune)
    sign_in(client, cast.officer)
    begun = post(client, f"{sheet_url(entry)}/minh-chung/{one.criteria[0].id}")
    assert begun.status_code == 303
    assert client.get(begun.location).status_code == 200
    bad = client.post(begun.location, data={"files": (io.BytesIO(b"no paper"), "ke-hoach.pdf")})
    assert bad.status_code == 422
    assert "không phải là PDF" in bad.text
    pdf = html_to_pdf("<p>Kế hoạch số 04</p>")
    for _ in range(2):
        assert (
            client.post(begun.location, data={"files": (io.BytesIO(pdf), "ke-hoach.pdf")}).status_code == 303
        )
    assert client.get(begun.location).text.count("ke-hoach.pdf</a>") == 1
    line = db.session.scalars(select(ScoreLine)).one()
    db.session.refresh(line)
    file = f"{begun.location}/tep/{line.papers[0].id}"
    answer = client.get(f"{file}.pdf")
    assert answer.data == pdf
    assert "attachment" in answer.headers["Content-Disposition"]
    sign_in(client, cast.outsider)
    assert client.get(f"{file}.pdf").status_code == 404
    sign_in(client, cast.auditor)
    assert client.get(f"{file}.pdf").status_code == 200
    assert client.post(begun.location).status_code == 403
    sign_in(client, cast.officer)
    assert post(client, f"{file}/bo", reason="Nhầm tệp").status_code == 303
    assert client.get(f"{file}.pdf").status_code == 404


def test_the_printed_sheet_says_self_beside_province_and_zero_is_no_blank(
    client: FlaskClient, cast: Cast
) -> None:
    entry = enter(make_round(cast.province), cast.commune)
    give(entry, cast.officer, 0, 1850, 100, bonus=250)
    hand_on(entry, by=cast.officer)
    sign_in(client, cast.officer)
    text = text_of_pdf(client.get(f"{sheet_url(entry)}.pdf").data)
    for words in (
        "PHIẾU CHẤM ĐIỂM THI ĐUA",
        "Tự chấm",
        "Cấp tỉnh",
        "Xã Tân Phú Hòa",
        "18,5",
        "chưa chấm",
        "Phạm Văn Ghi",
    ):
        assert words in text
    assert "Cấp tỉnh: còn 3 tiêu chí chưa chấm" in text
    assert "Tự chấm: còn" not in text
    listed = client.get(f"{TRAIL}ky/VNN-2026/dang-ky/?xuat=csv").get_data(as_text=True)
    assert '"22"' in listed or ",22" in listed


@pytest.mark.parametrize("kind", ["household", "person"])
def test_households_and_people_register_and_are_judged(client: FlaskClient, cast: Cast, kind: str) -> None:
    make_round(cast.province)
    hamlet = make_hamlet(cast)
    household = make_household(unit=hamlet)
    sign_in(client, cast.officer)
    told = {"registered_on": "01/02/2026", "commitment": "Nuôi thêm bò"}
    told |= (
        {"household": f"HO{household.id:06d}"}
        if kind == "household"
        else {"unit_id": hamlet.id, "person_name": "Trần Bé"}
    )
    url = f"{TRAIL}ky/VNN-2026/dang-ky/{kind}"
    assert client.get(url).status_code == 200
    made = post(client, url, **told)
    assert made.status_code == 303
    assert "Chưa xét" in client.get(made.location).text
    assert post(client, f"{made.location}/xet", achieved="", note="").status_code == 422
    assert post(client, f"{made.location}/xet", achieved="no", note="").status_code == 422
    assert post(client, f"{made.location}/xet", achieved="yes", note="").status_code == 303
    assert post(client, f"{made.location}/rut", reason="Chuyển đi").status_code == 303
    assert post(client, f"{made.location}/mo-lai").status_code == 303
    changed = {key: value for key, value in told.items() if key not in ("household", "unit_id")}
    assert post(client, f"{made.location}/sua", **{**changed, "commitment": "Trồng rau"}).status_code == 303
    sign_in(client, cast.outsider)
    assert client.get(made.location).status_code == 404
    if kind == "household":
        assert "Không thấy hộ" in post(client, url, **told).text


def test_a_ranking_is_published_seen_by_everybody_and_taken_back(client: FlaskClient, cast: Cast) -> None:
    judges = make_judges(cast)
    one = make_round(cast.province)
    score_through(
        enter(one, cast.commune, cluster_id=one.clusters[0].id), cast, judges, 1000, 2000, 2000, bonus=250
    )
    enter(one, cast.other_commune)
    db.session.commit()
    page = f"{TRAIL}ky/VNN-2026/xep-hang"
    public = "/thi-dua/VNN-2026"
    assert client.get(public).status_code == 404
    assert "VNN-2026" not in client.get("/thi-dua/").text
    sign_in(client, cast.officer)
    assert "52,5" not in client.get(page).text, "a unit does not see the standings before they are published"
    assert post(client, page).status_code == 403
    sign_in(client, judges.chair)
    assert "52,5" in client.get(page).text
    assert "Xã An Lạc" in errors_at(post(client, page).text)["without_open"]
    assert post(client, page, without_open="y").status_code == 303
    client.post("/dang-xuat")
    shown = client.get(public).text
    assert "Xã Tân Phú Hòa" in shown and "52,5" in shown and "Tốt" in shown and "Xã An Lạc" not in shown
    assert client.get(f"{public}.json").json["rows"][0]["total"] == 52.5
    assert "52,5" in client.get(f"{public}.csv").get_data(as_text=True)
    assert client.get("/thi-dua.json").json["rows"][0]["code"] == "VNN-2026"
    sign_in(client, judges.chair)
    assert client.get(f"{page}?xuat=xlsx").status_code == 200
    assert post(client, f"{page}/thu-hoi", reason="").status_code == 422
    assert post(client, f"{page}/thu-hoi", reason="Tính sai.").status_code == 303
    assert present_ranking(one.id) is None
    assert client.get(public).status_code == 404


def test_a_model_is_told_published_by_another_and_replicated(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.officer)
    told = {
        "unit_id": cast.commune.id,
        "name": "Hũ gạo tình thương",
        "form": "mô hình",
        "story": "",
        "results": "",
    }
    assert post(client, f"{HOME}mo-hinh/moi", **{**told, "name": ""}).status_code == 422
    made = post(client, f"{HOME}mo-hinh/moi", **told)
    assert made.status_code == 303
    assert db.session.scalars(select(Initiative)).one().name == "Hũ gạo tình thương"
    assert post(client, f"{HOME}mo-hinh/moi", **told).status_code == 422
    assert "Câu chuyện quá ngắn" in post(client, f"{made.location}/de-nghi").text
    written = {**told, "story": STORY, "results": "36 hộ có gạo.", "households": "36", "people": ""}
    assert post(client, f"{made.location}/sua", **written).status_code == 303
    assert post(client, f"{made.location}/de-nghi").status_code == 303
    model = db.session.scalars(select(GoodModel)).one()
    public = f"/mo-hinh/{model.id}"
    assert client.get(public).status_code == 404
    assert "[]" in client.get("/mo-hinh.json").text
    assert [work.name for work in waiting_work(cast.chair) if "Mô hình" in work.name] == [
        "Mô hình chờ công bố"
    ]
    sign_in(client, cast.chair)
    assert post(client, f"{made.location}/tra-loi", decision="refuse", answer="").status_code == 422
    assert post(client, f"{made.location}/tra-loi", decision="approve").status_code == 303
    shown = client.get(public).text
    assert "36 hộ có gạo." in shown and "0912345678" not in shown
    told_json = client.get(f"{public}.json").json
    assert (told_json["households"], told_json["people"], told_json["replicas"]) == (36, None, [])
    sign_in(client, cast.officer)
    other = {"unit_id": cast.other_commune.id, "since_on": "01/03/2026", "note": "Gom theo chi hội"}
    assert (
        post(client, f"{made.location}/nhan-rong", **{**other, "unit_id": cast.commune.id}).status_code == 422
    )
    assert post(client, f"{made.location}/nhan-rong", **other).status_code == 303
    assert "đã có trong danh sách" in post(client, f"{made.location}/nhan-rong", **other).text
    assert "Xã An Lạc" in client.get(public).text
    assert "Hũ gạo" in client.get("/mo-hinh.csv").get_data(as_text=True)
    renamed = {**written, "name": "Hũ gạo nghĩa tình"}
    assert post(client, f"{made.location}/sua", **renamed).status_code == 303
    assert db.session.scalars(select(Initiative.name).where(Initiative.as_of(None))).all() == [
        "Hũ gạo nghĩa tình"
    ]
    assert "Hũ gạo nghĩa tình" in client.get(public).text
    assert post(client, f"{made.location}/go", reason="Cần bổ sung.").status_code == 303
    assert client.get(public).status_code == 404


def test_who_asks_does_not_publish(client: FlaskClient, cast: Cast) -> None:
    from portal.kit.access import APPROVER
    from tests.cast import grant

    grant(user=cast.officer, role=APPROVER, unit=cast.commune)
    sign_in(client, cast.officer)
    told = {
        "unit_id": cast.commune.id,
        "name": "Hũ gạo",
        "form": "mô hình",
        "story": STORY,
        "results": "Tốt.",
    }
    made = post(client, f"{HOME}mo-hinh/moi", **told)
    post(client, f"{made.location}/de-nghi")
    answer = post(client, f"{made.location}/tra-loi", decision="approve")
    assert answer.status_code == 422 and "Người duyệt phải khác" in answer.text


def test_sheets_wait_on_the_start_page_of_whoever_is_next(client: FlaskClient, cast: Cast) -> None:
    judges = make_judges(cast)
    one = make_round(cast.province)
    entry = enter(one, cast.commune)
    steps = (
        (cast.officer, "tự chấm"),
        (cast.chair, "cấp xã"),
        (judges.accountant, "cấp tỉnh"),
        (judges.chair, "hội đồng"),
    )
    for by, words in steps:
        db.session.commit()
        assert any("thi đua" in work.name and words in work.name for work in waiting_work(by)), words
        give(entry, by, 0, 0, 0)
        hand_on(entry, by=by)
    publish_ranking(one, without_open=False, by=judges.chair)
    db.session.commit()
    assert not [work for by, _ in steps for work in waiting_work(by) if "Phiếu thi đua" in work.name]


def test_without_scope_there_is_no_access(client: FlaskClient, cast: Cast) -> None:
    entry = enter(make_round(cast.province), cast.commune)
    nobody, auditor = make_user(name="Không vai trò"), cast.auditor
    sign_in(client, nobody)
    for url in (TRAIL, sheet_url(entry), f"{TRAIL}ky/VNN-2026", f"{HOME}mo-hinh/"):
        assert client.get(url).status_code == 403
    sign_in(client, cast.administrator)
    assert client.get(sheet_url(entry)).status_code == 403
    sign_in(client, cast.outsider)
    assert client.get(f"{TRAIL}ky/VNN-2026").status_code == 200
    assert client.get(f"{TRAIL}ky/VNN-2026/sua").status_code == 403
    assert client.get(sheet_url(entry)).status_code == 404
    assert "Xã Tân Phú Hòa" not in client.get(f"{TRAIL}ky/VNN-2026/dang-ky/").text
    sign_in(client, auditor)
    assert client.get(sheet_url(entry)).status_code == 200
    assert client.post(sheet_url(entry)).status_code == 403
