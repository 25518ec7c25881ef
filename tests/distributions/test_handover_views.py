"""The hand-over over HTTP: who may, what is refused, what stays typed; the phone page also without a script."""

from __future__ import annotations

import re

import pytest

from portal.distributions.models_handover import HandoverAnswer, HandoverSettlement, KeptPortion
from portal.households.actions_private import set_private
from portal.households.models_private import HouseholdAccess
from portal.kit.days import today_in_vietnam
from portal.kit.db import db
from tests.cast import sign_in
from tests.distributions.released import make_released
from tests.distributions.test_settling import DAY, PAPERS, say, settled, told_of_all
from tests.printed import text_of_pdf
from tests.reading import errors_at
from tests.sql import heard

HOME = "/quan-ly/trao-qua"
TOLD = {"papers_seen": "y", "signed": "y"}


@pytest.fixture
def made(cast):
    return make_released(cast)


@pytest.fixture
def base(made):
    return f"{HOME}/{made.id}"


PAGES = ("trao", "to-ky-nhan", "ban-quet", "thanh-toan", "doi-chieu", "hau-kiem", "hau-kiem.pdf")


def test_pages_are_for_the_units_own_people(client, base, made, auditor, outsider, administrator) -> None:
    pages = [*PAGES, f"trao/{made.rows[0].id}"]
    sign_in(client, auditor)
    for page in pages:
        assert client.get(f"{base}/{page}").status_code == 200, page
    assert client.get(f"{base}/ky-nhan").status_code == 403
    sign_in(client, outsider)
    for page in (*pages, "ky-nhan", "ky-nhan/thay-doi.json"):
        assert client.get(f"{base}/{page}").status_code == 404, page
    for page in ("ky-nhan", "ky-nhan.json", "to-ky-nhan", "ban-quet", "thanh-toan", "hau-kiem"):
        assert client.post(f"{base}/{page}").status_code == 404, page
    sign_in(client, administrator)
    assert client.get(f"{base}/trao").status_code == 403


def test_a_household_is_told_of_without_a_script(client, base, made, officer) -> None:
    sign_in(client, officer)
    page = client.get(f"{base}/ky-nhan").text
    first = made.rows[0]
    assert first.receiver in page and "500.000 đ" in page and "10 kg" in page
    assert re.search(r"<strong[^>]*>0</strong> trong <span[^>]*>5</span>", page)
    typed = {"row": first.id, "seen": 0, "outcome": "received", "form_key": "lan-dau", **TOLD}
    answer = client.post(f"{base}/ky-nhan", data=typed)
    assert answer.status_code == 303
    assert client.post(f"{base}/ky-nhan", data=typed).location == answer.location  # a double click
    assert db.session.query(HandoverAnswer).count() == 1
    after = client.get(answer.location).text
    assert "Hoàn tác" in after and made.rows[1].receiver in after
    undone = client.post(f"{base}/ky-nhan/hoan-tac", data={"row": first.id, "seen": 1, "form_key": "u"})
    assert undone.status_code == 303
    db.session.expire_all()
    assert first.outcome is None


def test_a_proxy_needs_a_name_and_what_was_typed_stays(client, base, made, officer) -> None:
    sign_in(client, officer)
    typed = {"row": made.rows[0].id, "seen": 0, "outcome": "proxy", "form_key": "a", **TOLD}
    wrong = client.post(f"{base}/ky-nhan", data={**typed, "proxy_name": "Lê Thị Bé"})
    assert wrong.status_code == 422 and "quan hệ" in wrong.text and 'value="Lê Thị Bé"' in wrong.text
    right = client.post(f"{base}/ky-nhan", data={**typed, "member": "Lê Thị Bé|Con"})
    assert right.status_code == 303
    db.session.expire_all()
    assert (made.rows[0].proxy_name, made.rows[0].proxy_relation) == ("Lê Thị Bé", "Con")
    unticked = {"row": made.rows[1].id, "seen": 0, "outcome": "received", "form_key": "b"}
    assert client.post(f"{base}/ky-nhan", data=unticked).status_code == 303
    db.session.expire_all()
    assert made.rows[1].outcome_note == "Chưa xem giấy tờ. Chưa ký danh sách giấy"


def test_two_phones_see_each_other_and_conflicts_are_shown(client, base, made, officer, accountant) -> None:
    sign_in(client, officer)
    typed = {"row": made.rows[0].id, "seen": 0, "outcome": "absent", "key": "may-1", **TOLD}
    first = client.post(f"{base}/ky-nhan.json", data=typed)
    assert first.status_code == 200 and first.json["answer"]["outcome"] == "absent"
    assert client.post(f"{base}/ky-nhan.json", data=typed).json["answer"] == first.json["answer"]
    sign_in(client, accountant)
    seen = client.get(f"{base}/ky-nhan/thay-doi.json?tu=0").json
    assert [one["outcome"] for one in seen["others"]] == ["absent"] and seen["open"] == 4 and seen["csrf"]
    mine = {**typed, "outcome": "received", "key": "may-2"}
    clash = client.post(f"{base}/ky-nhan.json", data=mine)
    assert clash.status_code == 409 and clash.json["held"]["words"] == "Vắng mặt"
    assert clash.json["mine"] == "Đã nhận" and clash.json["held"]["by"] == officer.name
    plain = client.post(f"{base}/ky-nhan", data={**mine, "form_key": "may-3"})
    assert plain.status_code == 409 and "người khác vừa ghi khác" in plain.text
    over = {**mine, "seen": clash.json["held"]["seen"], "key": "may-4"}
    assert client.post(f"{base}/ky-nhan.json", data=over).json["answer"]["outcome"] == "received"
    bad = client.post(f"{base}/ky-nhan.json", data={**typed, "outcome": "refused", "key": "x", "seen": 2})
    assert bad.status_code == 422 and bad.json["field"] == "note"


def test_the_rest_at_once_and_long_lists_by_hamlet(client, base, made, officer, monkeypatch) -> None:
    monkeypatch.setattr("portal.distributions.phone.AT_ONCE", 2)
    sign_in(client, officer)
    page = client.get(f"{base}/ky-nhan").text
    assert made.rows[0].receiver in page and made.rows[4].receiver not in page
    typed = {"outcome_on": f"{DAY:%d/%m/%Y}", "hamlet": "Ấp Bàu Sen", "form_key": "con-lai"}
    assert client.post(f"{base}/ky-nhan/con-lai", data=typed).status_code == 303
    db.session.expire_all()
    assert [row.outcome for row in made.rows] == ["received"] * 3 + [None] * 2
    wrong = {**typed, "outcome_on": "31/02/2026", "form_key": "sai"}
    told = client.post(f"{base}/ky-nhan/con-lai", data=wrong, follow_redirects=True).text
    assert "notice-bad" in told and "31/02/2026" in told


def test_a_search_finds_a_household_of_any_hamlet(client, base, made, officer, monkeypatch) -> None:
    monkeypatch.setattr("portal.distributions.phone.AT_ONCE", 2)
    sign_in(client, officer)
    page = client.get(f"{base}/ky-nhan?q=vo+thi+mau").text
    assert "Võ Thị Mẫu" in page and "Lý Thị Mến" not in page and "1 hộ có" in page
    assert "Không có hộ nào" in client.get(f"{base}/ky-nhan?q=zzz").text


def test_the_phone_page_asks_as_much_for_five_as_for_fifty(client, cast, made, officer) -> None:
    sign_in(client, officer)
    with heard() as few:
        assert client.get(f"{HOME}/{made.id}/ky-nhan").status_code == 200
    many_rows = make_released(cast, names=[f"Nguyễn Thị Mẫu {n:02d}" for n in range(50)], code="2")
    with heard() as many:
        assert client.get(f"{HOME}/{many_rows.id}/ky-nhan").status_code == 200
    assert len(many) <= len(few)


def test_id_cards_are_printed_for_a_purpose_only(client, base, made, officer, auditor) -> None:
    set_private(made.rows[0].household, None, {"cccd": "079012345678"}, officer)
    sign_in(client, officer)
    plain = client.post(f"{base}/to-ky-nhan", data={})
    assert plain.mimetype == "application/pdf" and "079012345678" not in text_of_pdf(plain.data)
    assert db.session.query(HouseholdAccess).count() == 0
    wrong = client.post(f"{base}/to-ky-nhan", data={"with_cccd": "y"})
    assert wrong.status_code == 422 and "purpose" in errors_at(wrong.text)
    typed = {"with_cccd": "y", "purpose": "Trao quà Tết"}
    assert "079012345678" in text_of_pdf(client.post(f"{base}/to-ky-nhan", data=typed).data)
    reads = db.session.query(HouseholdAccess).all()
    assert len(reads) == 5 and {(one.what, one.purpose) for one in reads} == {("file", "Trao quà Tết")}
    sign_in(client, auditor)
    assert client.post(f"{base}/to-ky-nhan", data=typed).status_code == 403


def told_in(html: str) -> str:
    """The words of a page in one line."""
    return " ".join(re.sub("<[^>]+>", " ", html).split())


def test_what_is_still_to_come_is_not_counted_as_received(client, made, officer) -> None:
    say(made, 0, "received", officer)
    db.session.commit()
    had, due = (f"/quan-ly/ho-dan/{made.rows[place].household_id}" for place in (0, 1))
    sign_in(client, officer)
    assert "Đã nhận từ mọi nguồn 1 lần Ngày" in told_in(client.get(had).text)
    words = told_in(client.get(due).text)
    assert "Đã nhận từ mọi nguồn sẽ nhận 1 Ngày" in words and "Sẽ trao: 500.000 đồng, 10 kg Gạo" in words


def test_settling_and_its_answer(client, base, made, officer, chair, accountant) -> None:
    told_of_all(made, officer)
    sign_in(client, officer)
    assert "5 hộ đã ghi kết quả" in client.get(f"{base}/thanh-toan").text
    wrong = client.post(f"{base}/thanh-toan", data={"settled_on": f"{DAY:%d/%m/%Y}"})
    assert wrong.status_code == 422 and "papers" in errors_at(wrong.text)
    typed = {"settled_on": f"{DAY:%d/%m/%Y}", "papers": PAPERS}
    assert client.post(f"{base}/thanh-toan", data=typed).status_code == 303
    number = db.session.query(HandoverSettlement).one().id
    assert client.post(f"{HOME}/thanh-toan/{number}/duyet").status_code == 403
    sign_in(client, chair)
    words = told_in(client.get(f"{base}/thanh-toan").text)  # whoever says yes sees what it comes to
    assert "Đã nhận 2 hộ tiền, hàng là đã chi 1.000.000 đ; 20 kg Gạo" in words
    assert "Vắng mặt 1 hộ tiền giữ hộ trong két, hàng giữ riêng theo tên 500.000 đ; 10 kg Gạo" in words
    assert "Cộng 5 hộ 2.500.000 đ; 50 kg Gạo" in words
    refused = client.post(f"{HOME}/thanh-toan/{number}/khong-duyet", data={"answer": ""})
    assert refused.status_code == 422 and "lý do" in refused.text
    assert client.post(f"{HOME}/thanh-toan/{number}/duyet").status_code == 303
    sign_in(client, accountant)
    page = client.get(f"{base}/doi-chieu").text
    assert "Hộ đã nhận có trang ký nộp lại: 0 hộ so với 3 hộ, thiếu 3 hộ." in page
    shut = client.post(f"{base}/khoa")
    assert shut.status_code == 422 and "Chưa khóa được đợt" in shut.text
    assert client.post(f"{base}/mo-lai", data={"reason": "x"}).status_code == 403


def test_who_was_absent_is_followed_up(client, made, officer, chair, outsider) -> None:
    settled(made, officer, chair)
    row, kept = made.rows[3], db.session.query(KeptPortion).one()
    sign_in(client, outsider)
    assert row.receiver not in client.get(f"{HOME}/theo-doi").text
    assert client.get(f"{HOME}/theo-doi/{row.id}").status_code == 404
    assert client.post(f"{HOME}/giu-ho/{kept.id}/trao").status_code == 404
    sign_in(client, officer)
    assert row.receiver in client.get(f"{HOME}/theo-doi?tinh_trang=waiting").text
    page = client.get(f"{HOME}/theo-doi/{row.id}").text
    assert "500.000" in page and "Ghi đã trao hàng" in page
    day = f"{DAY:%d/%m/%Y}"
    wrong = client.post(f"{HOME}/giu-ho/{kept.id}/trao", data={"on": day, "taken_by": "Trần Văn Em"})
    assert wrong.status_code == 422 and 'value="Trần Văn Em"' in wrong.text
    assert client.post(f"{HOME}/giu-ho/{kept.id}/tra-ve", data={"on": day}).status_code == 422
    typed = {"on": day, "taken_by": "Trần Văn Em", "relation": "em"}
    assert client.post(f"{HOME}/giu-ho/{kept.id}/trao", data=typed).status_code == 303
    assert "Đã trao sau" in client.get(f"{HOME}/theo-doi/{row.id}").text


def test_verification_draws_and_verdicts(client, base, made, officer, auditor, chair) -> None:
    told_of_all(made, officer)
    sign_in(client, auditor)
    wrong = client.post(f"{base}/hau-kiem", data={"size": "9", "how": "sample"})
    assert wrong.status_code == 422 and "size" in errors_at(wrong.text)
    assert client.post(f"{base}/hau-kiem", data={"size": "mười", "how": "sample"}).status_code == 422
    assert (
        client.post(f"{base}/hau-kiem", data={"size": "2", "seed": "123", "how": "sample"}).status_code == 303
    )
    page = client.get(f"{base}/hau-kiem").text
    assert "Rút thăm 2 hộ trong 3 hộ đã nhận, số rút thăm 123" in page
    number = int(re.findall(r'id="ho-(\d+)"', page)[0])
    day = f"{today_in_vietnam():%d/%m/%Y}"
    less = client.post(f"{HOME}/hau-kiem/{number}", data={"verdict": "less", "verified_on": day})
    assert less.status_code == 422 and "note" in errors_at(less.text)
    typed = {"verdict": "less", "verified_on": day, "note": "Thiếu 2 kg gạo"}
    assert client.post(f"{HOME}/hau-kiem/{number}", data=typed).status_code == 303
    assert "Thiếu 2 kg gạo" in client.get(f"{base}/hau-kiem").text
    assert "Nhận thiếu hoặc khác 1 hộ" in text_of_pdf(client.get(f"{base}/hau-kiem.pdf").data)


def test_consent_stands_on_a_paper_and_can_be_withdrawn(client, base, made, officer) -> None:
    sign_in(client, officer)
    url = f"{base}/trao/{made.rows[0].id}"
    wrong = client.post(f"{url}/dong-y", data={"given_by": "Lê Văn Út", "given_on": f"{DAY:%d/%m/%Y}"})
    assert wrong.status_code == 422 and "paper" in errors_at(wrong.text)
    typed = {"given_by": "Lê Văn Út", "given_on": f"{DAY:%d/%m/%Y}", "paper": "Phiếu đồng ý 12/11/2026"}
    assert client.post(f"{url}/dong-y", data=typed).status_code == 303
    assert "Phiếu đồng ý 12/11/2026" in client.get(url).text
    assert client.post(f"{url}/dong-y", data=typed).status_code == 422
    assert client.post(f"{url}/rut-dong-y", data={"reason": ""}).status_code == 422
    assert client.post(f"{url}/rut-dong-y", data={"reason": "Hộ đề nghị"}).status_code == 303
    assert "Chưa có đồng ý" in client.get(url).text
