"""Rewards on screen: from a rule to a certificate that anybody checks; who may not, does not; the public reads no name."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from flask.testing import FlaskClient
from pypdf import PdfReader
from sqlalchemy import func, select

from portal.emulation.actions_certificates import draft_award, draft_withdrawal, issue
from portal.emulation.actions_movements import add_movement
from portal.emulation.actions_rewards import make_run
from portal.emulation.models_certificates import Reward, RewardDecision
from portal.emulation.models_nominations import Nomination, RewardCouncil
from portal.emulation.models_rewards import RewardCandidate, RewardForm, RewardRule, RewardRun
from portal.emulation.rules_nominations import HIDDEN
from portal.figures import registry
from portal.figures.scope import Scope
from portal.jobs import worker
from portal.kit import access
from portal.kit.days import EARLIEST
from portal.kit.db import db
from portal.kit.numbers import last_number
from portal.ledger.closing import open_items
from portal.ledger.waiting import waiting_work
from portal.spending.actions import issue_decision
from portal.spending.actions_vouchers import approve_voucher, pay_voucher, prepare_voucher
from portal.spending.models import Decision
from portal.spending.queries import left_of
from portal.spending.rules import Wanted
from tests.cast import Cast, make_fund, make_user, sign_in
from tests.emulation.builders import (
    COUNCIL,
    DAY,
    HEAD,
    HOME,
    YEAR,
    form_of,
    give,
    make_award,
    make_donor,
    make_nomination,
    make_rule,
    make_year,
)
from tests.emulation.movements import seeded
from tests.printed import text_of_pdf
from tests.reading import errors_at, typed_in, unpleasant
from tests.sql import heard

RULE = {
    "name": "Ủng hộ từ 50 triệu", "measure": "sum", "least": "50tr", "least_a_year": "", "campaign_id": "",
    "achievement": "ủng hộ [số tiền] cho người nghèo", "starts_on": "01/01/2026", "ends_on": "20/11/2026",
}  # fmt: skip
WRITTEN = {
    "decided_on": "10/11/2026", "subject": "Về việc tặng Giấy khen", "grounds": "Căn cứ Luật Thi đua, khen thưởng",
    "articles": "Tặng [hình thức] cho [số người] trường hợp\nCác ông bà chịu trách nhiệm thi hành",
    "recipients": "Lưu: VT", "signer_title": "TM. BAN THƯỜNG TRỰC\nCHỦ TỊCH", "signer_name": "Hoàng Thị Duyệt",
}  # fmt: skip


def newest(model: Any) -> Any:
    db.session.rollback()
    return db.session.scalars(select(model).order_by(model.id.desc())).first()


def post(client: FlaskClient, address: str, **told: Any) -> Any:
    """Send a form that shall be taken."""
    answer = client.post(address, data=told)
    assert answer.status_code == 303, errors_at(answer.text)
    return answer


def test_words_that_nobody_fills_in_are_refused_at_their_field(cast: Cast, client: FlaskClient) -> None:
    one = make_nomination(cast=cast, key="thu_cam_on")
    db.session.commit()
    sign_in(client, cast.officer)
    unit = str(cast.commune.id)
    asked = {
        "don_vi": unit,
        "hinh_thuc": str(form_of("thu_cam_on").id),
        "unit_id": unit,
        "nomination": str(one.id),
    }
    for field, text in (("grounds", "Căn cứ [luật mới]"), ("articles", "Tặng [Số người]\nCho [số hộ]")):
        answer = client.post(f"{HOME}quyet-dinh/moi", data={**asked, **WRITTEN, field: text})
        assert answer.status_code == 422
        said = errors_at(answer.text)[field]
        assert "[số người], [hình thức]" in said and text.split("[")[-1] in said
        assert typed_in(answer.text)[field] == text
    assert newest(RewardDecision) is None
    post(client, f"{HOME}quyet-dinh/moi", **asked, **{**WRITTEN, "articles": "Tặng [ Số Người ] trường hợp"})
    paper = text_of_pdf(client.get(f"{HOME}quyet-dinh/{newest(RewardDecision).id}.pdf").data)
    assert "Tặng 01 trường hợp" in paper


def test_from_rule_to_check(cast: Cast, client: FlaskClient) -> None:
    donor = make_donor(unit=cast.commune, by=cast.officer)
    give(donor=donor, campaign=make_year(unit=cast.commune), shown_as="initials")
    unit, form = str(cast.commune.id), str(form_of().id)
    sign_in(client, cast.officer)
    tried = client.post(f"{HOME}quy-tac/moi", data={**RULE, "unit_id": unit, "form_id": form, "then": "try"})
    assert tried.status_code == 200 and "1 người đạt mức" in tried.text and "Lê Văn Tâm" in tried.text
    assert newest(RewardRule) is None and typed_in(tried.text)["least"] in ("50tr", "50.000.000")
    post(client, f"{HOME}quy-tac/moi", **RULE, unit_id=unit, form_id=form)
    rule = newest(RewardRule).id
    post(client, f"{HOME}quy-tac/{rule}", starts_on="01/01/2026", ends_on="20/11/2026")
    run, candidate = newest(RewardRun).id, newest(RewardCandidate).id
    shown = client.get(f"{HOME}de-xuat/{run}/{candidate}").text
    assert "60.000.000" in shown and "Căn cứ như sổ" in shown
    post(client, f"{HOME}de-xuat/{run}/de-nghi", key=str(candidate))
    nomination = newest(Nomination).id
    head = {**COUNCIL, "met_on": "10/11/2026"}
    post(client, f"{HOME}hop/moi", **head, unit_id=unit, nomination=str(nomination))
    council = newest(RewardCouncil).id
    missing = client.post(f"{HOME}hop/{council}", data={**head, "then": "close"})
    assert missing.status_code == 422 and "Chưa ghi kết quả xét" in missing.text
    said = {f"verdict_{nomination}": "for", f"for_{nomination}": "5", f"against_{nomination}": "0"}
    post(client, f"{HOME}hop/{council}", **head, **said, then="close")
    minutes = text_of_pdf(client.get(f"{HOME}hop/{council}.pdf").data)
    assert "BIÊN BẢN" in minutes and "Đồng ý 01" in minutes and "Lê Văn Tâm" in minutes
    assert "Giấy khen" in client.get(f"{HOME}quyet-dinh/moi").text
    asked = {"don_vi": unit, "hinh_thuc": form, "unit_id": unit}
    post(client, f"{HOME}quyet-dinh/moi", **asked, **WRITTEN, nomination=str(nomination), keep="y")
    decision = newest(RewardDecision).id
    home = f"{HOME}quyet-dinh/{decision}"
    assert client.post(f"{home}/ban-hanh", data={"number": "45/QĐ"}).status_code == 403
    sign_in(client, cast.chair)
    empty = client.post(f"{home}/ban-hanh", data={})
    assert empty.status_code == 422 and "Chưa ghi số quyết định" in empty.text
    post(client, f"{home}/ban-hanh", number="45/QĐ-MTTQ-BTT")
    reward = newest(Reward)
    page = client.get(f"/xac-minh/{reward.code}")
    assert page.status_code == 200 and "có thật và còn hiệu lực" in page.text and "L.V.T." in page.text
    assert "Lê Văn Tâm" not in page.text
    assert client.get(f"/xac-minh/?ma={reward.code[:4]}-{reward.code[4:].lower()}").location.endswith(
        reward.code
    )
    assert "Lê Văn Tâm" in client.get(f"/quan-ly/nha-hao-tam/{donor.id}").text
    assert "GK-0001/2026" in client.get(f"/quan-ly/nha-hao-tam/{donor.id}").text


def test_certificates_of_a_decision_are_one_file(cast: Cast, client: FlaskClient) -> None:
    many = [make_nomination(cast=cast, name=f"Tổ tự quản số {number}") for number in range(1, 5)]
    decision = make_award(cast=cast, nominations=many)
    last = db.session.scalars(select(Reward).order_by(Reward.id.desc())).first()
    assert last is not None
    gone = draft_withdrawal(
        cast.commune, [last.id], reason="Khai sai", head={**HEAD, "number": "46/QĐ"}, by=cast.officer
    )
    issue(gone, by=cast.chair)
    sign_in(client, cast.officer)
    home = f"{HOME}quyet-dinh/{decision.id}"
    assert client.get(f"{home}/giay.pdf").status_code == 404
    post(client, f"{home}/in-giay")
    db.session.rollback()
    told: list[tuple[int, int | None]] = []
    from portal.jobs import actions as jobs
    from portal.jobs.models import Job
    from portal.jobs.steps import step

    with step():
        job = newest(Job)
        jobs.begin(job)
    worker.carry_out(newest(Job), lambda done, total: told.append((done, total)))
    assert told[-1] == (3, 3) and newest(Job).state == "done"
    file = client.get(f"{home}/giay.pdf")
    assert len(PdfReader(io.BytesIO(file.data)).pages) == 3  # without the one that was taken back
    words = text_of_pdf(file.data)
    assert "Tổ tự quản số 3" in words and "Tổ tự quản số 4" not in words
    assert "Mở bản in giấy" in client.get(home).text
    one = text_of_pdf(client.get(f"{HOME}khen-thuong/{last.id}.pdf").data)
    assert "ĐÃ THU HỒI" in one and "GK-0004/2026" in one


CERTIFICATE = (
    "ỦY BAN MTTQ VIỆT NAM XÃ TÂN PHÚ HÒA BAN THƯỜNG TRỰC CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM Độc lập - Tự do - Hạnh phúc "
    "BAN THƯỜNG TRỰC ỦY BAN MTTQ VIỆT NAM XÃ TÂN PHÚ HÒA TẶNG GIẤY KHEN Chi hội Phụ nữ Ấp Giả Ấp Giả "
    "Đã có thành tích: vận động 20 suất quà Tết."
)
DECISION = (
    "QUYẾT ĐỊNH Về việc tặng Giấy khen BAN THƯỜNG TRỰC ỦY BAN MTTQ VIỆT NAM XÃ TÂN PHÚ HÒA "
    "Căn cứ Luật Thi đua, khen thưởng. QUYẾT ĐỊNH: Điều 1. Tặng Giấy khen cho 01 có tên trong danh sách./."
)


def test_papers_say_what_was_decided(cast: Cast, client: FlaskClient) -> None:
    decision = make_award(cast=cast, nominations=[make_nomination(cast=cast, prize=1_000_000)])
    sign_in(client, cast.auditor)
    reward = newest(Reward)
    paper = text_of_pdf(client.get(f"{HOME}khen-thuong/{reward.id}.pdf").data)
    assert paper.startswith(CERTIFICATE), paper
    for words in (
        "Vào sổ số: GK-0001/2026",
        f"Mã xác minh: {reward.code[:4]}-{reward.code[4:]}",
        "Hoàng Thị Duyệt",
    ):
        assert words in paper, words
    paper = text_of_pdf(client.get(f"{HOME}quyet-dinh/{decision.id}.pdf").data)
    assert DECISION in paper and "DANH SÁCH TẶNG GIẤY KHEN" in paper and "1.000.000" in paper, paper


def test_withdrawn_is_said_and_the_prize_comes_back(cast: Cast, client: FlaskClient) -> None:
    from tests.emulation.test_prizes import common_money

    common_money(cast)
    decision = make_award(cast=cast, nominations=[make_nomination(cast=cast, prize=1_000_000)])
    sign_in(client, cast.officer)
    items = [item.name for item in open_items(cast.commune.id, make_fund().id, DAY)]
    assert "Tiền thưởng chưa có quyết định chi" in items
    fund = str(make_fund().id)
    post(
        client,
        f"{HOME}quyet-dinh/{decision.id}/chi-thuong",
        fund_id=fund,
        purpose="rewards",
        decided_on="10/11/2026",
        number="47/QĐ",
    )
    made = newest(Decision)
    issue_decision(made, by=cast.chair)
    wanted = [Wanted(key, rest) for key, rest in left_of(made).items()]
    voucher = prepare_voucher(made, wanted=wanted, content="Chi thưởng", by=cast.accountant)
    pay_voucher(approve_voucher(voucher, by=cast.chair), paid_on=DAY, by=cast.accountant)
    db.session.commit()
    reward = newest(Reward)
    home = f"{HOME}khen-thuong/{reward.id}"
    assert client.get(f"{home}/thu-tien").status_code == 404
    refused = client.post(f"{home}/thu-hoi", data={**WRITTEN, "number": "48/QĐ", "reason": ""})
    assert refused.status_code == 422 and "Chưa ghi lý do thu hồi" in refused.text
    assert typed_in(refused.text)["number"] == "48/QĐ"
    post(client, f"{home}/thu-hoi", **WRITTEN, number="48/QĐ", reason="Khai sai thành tích")
    sign_in(client, cast.chair)
    post(client, f"{HOME}quyet-dinh/{newest(RewardDecision).id}/ban-hanh")
    public = client.get(f"/xac-minh/{reward.code}").text
    assert "đã thu hồi ngày 10/11/2026 theo quyết định 48/QĐ" in public
    assert "Đã thu hồi 10/11/2026" in client.get("/khen-thuong/").text
    assert client.get("/khen-thuong.json").json["rows"][0]["valid"] is False
    sign_in(client, cast.accountant)
    assert "Khai sai thành tích" in client.get(home).text
    assert client.get(f"{home}/thu-tien").status_code == 200
    post(
        client,
        f"{home}/thu-tien",
        amount="1.000.000",
        day="10/11/2026",
        place="cash",
        reason="Nộp lại tiền thưởng",
    )
    assert "PT-0002/2026" in client.get(home).text


def test_a_code_that_nobody_has_answers_in_words(cast: Cast, client: FlaskClient) -> None:
    make_award(cast=cast, nominations=[make_nomination(cast=cast)])
    db.session.commit()
    for code in ("4K7MC3XD", "khong-co", "0'--", "%00"):
        answer = client.get(f"/xac-minh/{code}")
        assert answer.status_code == 404 and "Không có" in answer.text, code
    answer = client.get("/xac-minh/4K7MC3XD.json")
    assert answer.status_code == 404 and answer.json == {"error": "unknown"}


def test_receipts_are_checked_at_the_same_place(cast: Cast, client: FlaskClient) -> None:
    donor = make_donor(unit=cast.commune, by=cast.officer)
    gift = give(donor=donor, campaign=make_year(unit=cast.commune))
    db.session.commit()
    answer = client.get(f"/xac-minh/{gift.code}")
    assert answer.status_code == 200 and f"/khoan-ung-ho/{gift.code}" in answer.text


def test_names_in_public_follow_the_wish(cast: Cast, client: FlaskClient) -> None:
    make_award(
        cast=cast, nominations=[make_nomination(cast=cast, subject="household", name="Hộ bà Trần Thị Sen")]
    )
    sign_in(client, cast.officer)
    assert "Trần Thị Sen" not in client.get("/khen-thuong/").text
    home = f"{HOME}khen-thuong/{newest(Reward).id}"
    refused = client.post(f"{home}/neu-ten", data={"shown_as": "name", "consent": ""})
    assert refused.status_code == 422 and "cần lời đồng ý" in refused.text
    post(client, f"{home}/neu-ten", shown_as="name", consent="Bà Sen, giấy ngày 12/11")
    public = client.get("/khen-thuong/").text
    assert "Hộ bà Trần Thị Sen" in public and "giấy ngày 12/11" not in public
    rows = client.get("/khen-thuong.csv").text
    assert "GK-0001/2026" in rows and "Ấp Giả" not in rows
    assert "0 trong 1" in client.get("/khen-thuong/?q=khong").text


def test_the_public_finds_only_by_what_it_reads(cast: Cast, client: FlaskClient) -> None:
    told = {
        "subject": "household",
        "name": "Hộ bà Trần Thị Sen",
        "achievement": "gọi 0912 345 678 để vận động",
    }
    make_award(cast=cast, nominations=[make_nomination(cast=cast, **told), make_nomination(cast=cast)])
    db.session.commit()

    def count(**asked: str) -> str:
        text = client.get("/khen-thuong/", query_string=asked).text
        return text.partition('<p class="muted">')[2].partition(" phần thưởng")[0]

    hidden = {name: count(q=name) for name in ("Sen", "Trần", "0912", "345")}
    assert set(hidden.values()) == {"0 trong 2"}, hidden
    assert count(q="GK-0002") == count(q="suất quà TAN PHU") == "1 trong 2"
    assert count(q="van dong") == count(q=cast.commune.name) == count(nam="2026") == "2 trong 2"
    assert count(nam="2025") == count(nam="abcd") == count(hinh_thuc="Bằng khen") == "0 trong 2"
    assert count(hinh_thuc="Giấy khen", q="%") == count(hinh_thuc="Giấy khen", q="_") == "2 trong 2"
    sign_in(client, cast.officer)
    household = db.session.scalars(select(Reward).where(Reward.subject == "household")).one().id
    post(client, f"{HOME}khen-thuong/{household}/neu-ten", shown_as="name", consent="Bà Sen, giấy ngày 12/11")
    assert count(q="tran thi sen") == "1 trong 2"
    post(client, f"{HOME}khen-thuong/{household}/neu-ten", shown_as=HIDDEN, consent="")
    assert count(q="tran thi sen") == "0 trong 2"


def test_a_page_of_rewards_takes_the_same_statements_for_few_and_many(
    cast: Cast, client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.public.documents_rewards.PAGE_ROWS", 8)

    def statements(names: list[str], number: str) -> tuple[int, list[str]]:
        many = [make_nomination(cast=cast, name=name) for name in names]
        make_award(cast=cast, nominations=many, number=number)
        db.session.commit()
        with heard() as said:
            text = client.get("/khen-thuong/?nam=2026&q=to").text
        assert text.count('<td class="c-main">') <= 8
        return len(said), said

    few, _ = statements(["Tổ 1", "Tổ 2", "Tổ 3"], "51/QĐ")
    many, said = statements([f"Tổ {place}" for place in range(4, 31)], "52/QĐ")
    assert many == few, said
    first = client.get("/khen-thuong/?q=to").text
    assert "30 trong 30" in first and "Tổ 30" in first and "Tổ 22<" not in first and "tu=8" in first
    last = client.get("/khen-thuong/?q=to&tu=24").text
    assert "Tổ 6<" in last and "Tổ 1<" in last and "Tổ 7<" not in last and "Xem tiếp" not in last


def test_who_sees_and_does_what(cast: Cast, client: FlaskClient) -> None:
    rule = make_rule(unit=cast.commune, by=cast.officer)
    run = make_run(rule, start=YEAR[0], end=YEAR[1], by=cast.officer)
    waiting = make_nomination(cast=cast, name="Tổ 9")
    decision = make_award(cast=cast, nominations=[make_nomination(cast=cast)])
    db.session.commit()
    council = newest(RewardCouncil)
    reward = newest(Reward)
    pages = [
        f"quy-tac/{rule.id}",
        f"de-xuat/{run.id}",
        f"de-nghi/{waiting.id}",
        f"hop/{council.id}",
        f"hop/{council.id}.pdf",
        f"quyet-dinh/{decision.id}",
        f"quyet-dinh/{decision.id}.pdf",
        f"khen-thuong/{reward.id}",
        f"khen-thuong/{reward.id}.pdf",
    ]
    lists = ["quy-tac/", "de-nghi/", "hop/", "quyet-dinh/", "khen-thuong/"]
    sign_in(client, cast.auditor)
    for page in (*pages, *lists):
        assert client.get(HOME + page).status_code == 200, page
    for page in (
        f"quy-tac/{rule.id}/sua",
        f"de-nghi/{waiting.id}/sua",
        f"khen-thuong/{reward.id}/thu-hoi",
        "de-nghi/moi",
    ):
        assert client.get(HOME + page).status_code == 403, page
    sign_in(client, cast.outsider)
    for page in pages:
        assert client.get(HOME + page).status_code == 404, page
    for page in lists:
        answer = client.get(HOME + page)
        assert answer.status_code == 200 and "Tổ 9" not in answer.text and "Chi hội" not in answer.text, page
    assert client.post(f"{HOME}de-nghi/{waiting.id}/rut", data={"reason": "x"}).status_code == 404
    sign_in(client, make_user(name="Người chưa có quyền"))
    for page in (*pages, *lists):
        assert client.get(HOME + page).status_code == 403, page


def test_forms_are_data(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.administrator)
    told = {
        "name": "Kỷ niệm chương", "levels": "Tỉnh\nthành phố", "needs_number": "y", "needs_council": "y", "layout": "award",
        "series": "KNC", "title": "KỶ NIỆM CHƯƠNG", "giver": "TẶNG", "text": "Vì [thành tích].", "valid_from": "01/01/2026",
    }  # fmt: skip
    bad = client.post(f"{HOME}hinh-thuc/moi", data={**told, "series": "GK"})
    assert (
        bad.status_code == 422 and "GK đã dùng" in bad.text and typed_in(bad.text)["name"] == "Kỷ niệm chương"
    )
    bad = client.post(f"{HOME}hinh-thuc/moi", data={**told, "text": "Vì [việc tốt]."})
    assert bad.status_code == 422 and "Không có chữ [việc tốt] để điền" in bad.text
    assert typed_in(bad.text)["text"] == "Vì [việc tốt]." and not unpleasant(errors_at(bad.text)["text"])
    post(client, f"{HOME}hinh-thuc/moi", **told)
    form = newest(RewardForm)
    assert (form.key, form.levels) == ("ky_niem_chuong", "tỉnh\nthành phố")
    post(client, f"{HOME}hinh-thuc/{form.id}", **{**told, "prize": "500k"})
    assert newest(RewardForm).prize == 500_000
    post(client, f"{HOME}hinh-thuc/{form.id}/ngung")
    assert newest(RewardForm).valid_to is not None
    assert client.get(f"{HOME}hinh-thuc/").status_code == 200


def test_what_is_shown_of_a_form_is_taken_back_as_it_stands(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, cast.administrator)
    address = f"{HOME}hinh-thuc/{form_of().id}"
    shown = typed_in(client.get(address).text)
    assert shown["valid_from"] == ""  # since always
    post(client, address, **{**shown, "prize": "500k"})
    db.session.rollback()
    assert (form_of().prize, form_of().valid_from, form_of().statutory) == (500_000, EARLIEST, True)


def test_an_administrator_of_one_unit_only_reads_forms(cast: Cast, client: FlaskClient) -> None:
    sign_in(client, make_user(role=access.ADMINISTRATOR, unit=cast.commune))
    form_id = db.session.scalar(select(func.min(RewardForm.id)))
    for place in ("moi", form_id):
        page = client.get(f"{HOME}hinh-thuc/{place}")
        assert page.status_code == 200 and "chỉ người quản trị toàn cổng" in page.text
        assert "data-dirty" not in page.text
        assert client.post(f"{HOME}hinh-thuc/{place}", data={"name": "Khác"}).status_code == 403
    assert client.post(f"{HOME}hinh-thuc/{form_id}/ngung").status_code == 403


def test_hand_written_nominations_keep_what_was_typed(cast: Cast, client: FlaskClient) -> None:
    donor = make_donor(unit=cast.commune, by=cast.officer)
    sign_in(client, cast.officer)
    told = {
        "unit_id": str(cast.commune.id), "form_id": str(form_of().id), "subject": "person", "name": "Lê Văn Tâm",
        "achievement": "hiến đất", "starts_on": "01/01/2026", "ends_on": "20/11/2026", "code": "NHT999999",
    }  # fmt: skip
    bad = client.post(f"{HOME}de-nghi/moi", data=told)
    assert (
        bad.status_code == 422
        and "Không có mã" in bad.text
        and typed_in(bad.text)["achievement"] == "hiến đất"
    )
    assert not unpleasant("Không có mã “NHT999999”. Gõ mã nhà hảo tâm (NHT000123) hoặc mã hộ (HO000123).")
    post(client, f"{HOME}de-nghi/moi", **{**told, "code": f"NHT{donor.id:06d}"})
    assert newest(Nomination).donor_id == donor.id
    twice = client.post(f"{HOME}de-nghi/moi", data={**told, "code": f"NHT{donor.id:06d}"})
    assert twice.status_code == 422 and "không khen hai lần" in twice.text
    home = f"{HOME}de-nghi/{newest(Nomination).id}"
    post(client, f"{home}/sua", **{**told, "code": "", "name": "Lê Văn Tầm"})
    assert newest(Nomination).name == "Lê Văn Tầm" and newest(Nomination).donor_id is None
    post(client, f"{home}/rut", reason="Ghi nhầm")
    post(client, f"{home}/mo-lai")
    assert newest(Nomination).state == "open"


def test_movements_are_offered_and_named(cast: Cast, client: FlaskClient) -> None:
    movement = seeded()
    hidden = add_movement(cast.other_commune, {"name": "Phong trào xã khác", "starts_on": YEAR[0]})
    one = make_nomination(cast=cast, movement=movement.other_names[0])
    db.session.commit()
    sign_in(client, cast.officer)
    form = client.get(f"{HOME}de-nghi/moi").text
    for name in (movement.name, *movement.other_names):
        assert f'<option value="{name}">' in form, name
    assert hidden.name not in form and 'list="movement-offered"' in form
    page = client.get(f"{HOME}de-nghi/{one.id}").text
    assert f'<a href="{HOME}phong-trao/{movement.id}">{movement.other_names[0]}</a>' in page


def test_donors_without_a_name_are_asked(cast: Cast, client: FlaskClient) -> None:
    donor = make_donor(unit=cast.commune, by=cast.officer)
    give(donor=donor, campaign=make_year(unit=cast.commune), shown_as="anonymous")
    run = make_run(make_rule(unit=cast.commune, by=cast.officer), start=YEAR[0], end=YEAR[1], by=cast.officer)
    sign_in(client, cast.officer)
    home = f"{HOME}de-xuat/{run.id}"
    assert "Đạt mức nhưng đã chọn giấu tên" in client.get(home).text
    assert client.get(f"{home}/hoi/{donor.id}").status_code == 200
    assert client.get(f"{home}/hoi/{donor.id + 1}").status_code == 404
    post(client, f"{home}/hoi/{donor.id}", agreed="co", asked_on="20/11/2026", note="Gọi điện")
    assert "Đạt mức nhưng đã chọn giấu tên" not in client.get(home).text


def test_drafts_are_undone(cast: Cast, client: FlaskClient) -> None:
    one, two = make_nomination(cast=cast), make_nomination(cast=cast, name="Tổ 3")
    draft = make_award(cast=cast, nominations=[one, two], issued=False)
    db.session.commit()
    council = newest(RewardCouncil)
    row = draft.rows[0].id
    sign_in(client, cast.officer)
    home = f"{HOME}quyet-dinh/{draft.id}"
    assert "cuộc họp sau dựa vào" in client.post(f"{HOME}hop/{council.id}/mo-lai", follow_redirects=True).text
    post(client, f"{home}/bot/{row}")
    post(client, f"{home}/sua", **{**WRITTEN, "number": "49/QĐ"})
    post(client, f"{home}/xoa")
    assert newest(RewardDecision) is None
    post(client, f"{HOME}hop/{council.id}/mo-lai")
    post(client, f"{HOME}hop/{council.id}/bot/{two.id}")
    post(client, f"{HOME}hop/{council.id}/xoa")
    assert {nomination.state for nomination in db.session.scalars(select(Nomination))} == {"open"}


def test_work_waits_on_the_start_page(cast: Cast) -> None:
    make_nomination(cast=cast, name="Tổ 9")
    make_award(cast=cast, nominations=[make_nomination(cast=cast)], issued=False)
    names = {work.name for work in waiting_work(cast.officer)}
    assert "Đề nghị khen chờ xét" in names
    assert "Quyết định khen chờ ban hành" in {work.name for work in waiting_work(cast.chair)}


def test_figures_count_what_stands_as_of_any_number(cast: Cast) -> None:
    make_award(cast=cast, nominations=[make_nomination(cast=cast), make_nomination(cast=cast, name="Tổ 3")])
    before = last_number()
    reward = db.session.scalars(select(Reward).order_by(Reward.id)).first()
    assert reward is not None
    gone = draft_withdrawal(
        cast.commune, [reward.id], reason="Khai sai", head={**HEAD, "number": "46/QĐ"}, by=cast.officer
    )
    issue(gone, by=cast.chair)
    scope = Scope(cast.province, date(2026, 1, 1), date(2026, 12, 31))
    found = registry.compute(scope, ["rewards.total", "rewards.giay_khen"])
    assert [one.value for one in found.values()] == [1, 1] and found["rewards.giay_khen"].label == "Giấy khen"
    earlier = Scope(cast.province, date(2026, 1, 1), date(2026, 12, 31), as_of=before)
    assert registry.compute(earlier, ["rewards.total"])["rewards.total"].value == 2
    assert len(list(registry.rows(earlier, "rewards.giay_khen"))) == 2
    assert "name" not in next(iter(registry.rows(earlier, "rewards.total")))
    other = Scope(cast.other_commune, date(2026, 1, 1), date(2026, 12, 31))
    assert registry.compute(other, ["rewards.total"])["rewards.total"].value == 0


@pytest.mark.parametrize("key", ["thu_cam_on", "tam_long_vang"])
def test_other_forms_have_their_own_page(cast: Cast, client: FlaskClient, key: str) -> None:
    form_of(key).needs_council = False
    one = make_nomination(cast=cast, key=key, name="Công ty Giả", subject="company")
    draft = draft_award(
        cast.commune, form_of(key), [one.id], head={**HEAD, "number": "5/QĐ"}, by=cast.officer
    )
    issue(draft, by=cast.chair)
    sign_in(client, cast.officer)
    words = text_of_pdf(client.get(f"{HOME}khen-thuong/{newest(Reward).id}.pdf").data)
    assert form_of(key).title in words and "Công ty Giả" in words and "CỘNG HÒA" not in words
