"""Batches over HTTP: who may do what, plain forms, the small answers to the script, files."""

from __future__ import annotations

import csv
import io
import json

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from portal.batches import queries
from portal.batches.models import GiftBatch, GiftDraft
from portal.cli import main
from portal.donations.models import Donation
from portal.kit import access
from portal.kit.db import db
from tests.batches.evening import add_line, fill, hand_in, make_batch
from tests.cast import make_campaign, make_user, sign_in
from tests.reading import errors_at, typed_in, unpleasant

ROOM = "/quan-ly/dot-nhap/"


@pytest.fixture
def batch(cast, db_session):
    made = make_batch(
        unit=cast.commune, by=cast.officer, campaign=make_campaign(unit=cast.commune, code="D1")
    )
    db_session.commit()
    return made


@pytest.fixture
def desk(client, officer, batch):
    """The officer's browser."""
    return sign_in(client, officer)


def at(batch, step: str = "") -> str:
    return f"{ROOM}{batch.id}{'/' + step if step else ''}"


def head(cast, **changed: str) -> dict[str, str]:
    typed = {"title": "Đêm nhạc “Vì người nghèo”", "unit_id": str(cast.commune.id), "campaign_id": "0"}
    typed |= {
        "day": "02/11/2026",
        "form": "cash",
        "holder_id": "0",
        "control_count": "2",
        "control_sum": "1tr",
    }
    return typed | {"counted_by": "Lê Văn Hậu", "bank_account_id": "", "store_id": ""} | changed


def test_a_batch_is_opened_and_its_head_changed(desk, cast) -> None:
    answer = desk.post(f"{ROOM}moi", data=head(cast, columns="day"))
    assert answer.status_code == 303
    page = desk.get(answer.location).text
    assert "Đêm nhạc" in page and "1.000.000" in page and ">Ngày</th>" in page
    number = int(answer.location.rsplit("/", 1)[1])
    changed = desk.post(f"{ROOM}{number}/sua", data=head(cast, control_sum="1,2tr"))
    assert changed.status_code == 303
    assert db.session.get_one(GiftBatch, number).control_sum == 1_200_000


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"title": ""}, "title"),
        ({"day": "31/02/2026"}, "day"),
        ({"day": "01/01/2099"}, "day"),
        ({"control_count": "2,5"}, "control_count"),
        ({"control_sum": "2.50"}, "control_sum"),
        ({"campaign_id": ""}, "campaign_id"),
        ({"holder_id": "999"}, "holder_id"),
    ],
)
def test_a_wrong_head_keeps_what_was_typed(desk, cast, typed, field) -> None:
    answer = desk.post(f"{ROOM}moi", data=head(cast, **typed))
    found = errors_at(answer.text)
    assert answer.status_code == 422 and set(found) == {field} and not unpleasant(found[field])
    assert typed_in(answer.text)["counted_by"] == "Lê Văn Hậu"
    assert db.session.scalar(select(func.count()).select_from(GiftBatch)) == 1


def page_of(text: str) -> dict[str, str]:
    """What the plain table sends back."""
    return {name: value for name, value in typed_in(text).items() if name.startswith("r")}


def test_the_plain_table_saves_a_page_right_or_wrong(desk, batch) -> None:
    sent = page_of(desk.get(at(batch)).text)
    sent |= {
        "r0-donor": "Tiệm vàng Kim Phát",
        "r0-amount": "5tr",
        "r1-donor": "Cao Văn Đẹt",
        "r1-amount": "2.50",
    }
    sent |= {"r3-donor": "Lâm Thị Ánh", "r3-amount": "200k", "r3-shown_as": "v"}
    assert desk.post(at(batch, "luu"), data=sent).status_code == 303
    text = desk.get(at(batch)).text
    assert "“2.50” chưa rõ là bao nhiêu" in text and 'aria-invalid="true"' in text
    again = page_of(text)
    assert (again["r0-amount"], again["r1-amount"], again["r2-shown_as"]) == ("5.000.000", "2.50", "Viết tắt")
    assert desk.post(at(batch, "luu"), data=sent).status_code == 303, (
        "the back button, then the same page again"
    )
    assert len(queries.drafts_of(batch.id)) == 3
    again["r1-amount"] = "250k"
    desk.post(at(batch, "luu"), data=again | {"xoa": "2"})
    totals = queries.totals_of(db.session.get_one(GiftBatch, batch.id))
    assert (totals.count, totals.sum, totals.faults) == (2, 5_250_000, 0)
    desk.post(at(batch, "hoan-tac"))
    assert len(queries.drafts_of(batch.id)) == 3


def test_a_text_area_takes_rows_and_says_what_it_could_not(desk, batch) -> None:
    rows = "Họ tên\tSố tiền\tNgày\nA\t500k\t21/10\nB\t2.50\t\n"
    assert desk.post(at(batch, "dan"), data={"text": rows}).status_code == 303
    text = desk.get(at(batch)).text
    assert "Đã dán 2 dòng." in text and ">Ngày</th>" in text, "a column that holds something is shown"
    wrong = desk.post(at(batch, "dan"), data={"text": "a\tb\tc\td\te\tf\tg\th"})
    assert wrong.status_code == 422 and not unpleasant(errors_at(wrong.text)[""])
    assert "a\tb\tc" in wrong.text


def test_two_people_save_one_line_through_plain_pages(client, app, officer, accountant, batch) -> None:
    draft = add_line(batch, officer, address="ấp 1")
    db.session.commit()
    first, second = sign_in(client, officer), sign_in(app.test_client(), accountant)
    seen = page_of(second.get(at(batch)).text)
    first.post(at(batch, "luu"), data=page_of(first.get(at(batch)).text) | {"r0-amount": "600k"})
    answer = second.post(
        at(batch, "luu"), data=seen | {"r0-address": "ấp 2", "r1-donor": "Mới", "r1-amount": "1k"}
    )
    assert answer.status_code == 409 and "Phạm Văn Ghi" in answer.text
    fields = typed_in(answer.text)
    assert fields["c0-amount-chon"] == "theirs" and fields["c0-address-chon"] == "mine", (
        "each changed one cell"
    )
    assert len(queries.drafts_of(batch.id)) == 2, "the other lines of the page were saved"
    missing = {name: value for name, value in fields.items() if name != "c0-address-chon"}
    asked = second.post(at(batch, "chon"), data=missing)
    assert asked.status_code == 422 and typed_in(asked.text)["c0-address-mine"] == "ấp 2"
    assert second.post(at(batch, "chon"), data=fields).status_code == 303
    db.session.refresh(db.session.get_one(GiftDraft, draft.id))
    cells = db.session.get_one(GiftDraft, draft.id).cells
    assert (cells["amount"], cells["address"]) == ("600.000", "ấp 2")


def line(desk, batch, **fields: str):
    return desk.post(at(batch, "dong.json"), data={"row": "dong-1", "groups": "", **fields})


def test_a_line_is_answered_small(desk, batch) -> None:
    answer = line(desk, batch, donor="Võ Minh Trí", amount="1tr5", shown_as="h")
    told = answer.get_json()
    assert answer.status_code == 200 and len(answer.data) < 4_000
    assert told["cells"] == {"donor": "Võ Minh Trí", "amount": "1.500.000", "shown_as": "Họ tên"}
    assert told["version"] == 1 and told["wrong"] == [] and "1.500.000" in told["totals"]
    wrong = line(desk, batch, id=str(told["id"]), version="1", donor="Võ Minh Trí", amount="2.50").get_json()
    assert (
        wrong["wrong"] == ["amount"] and "“2.50” chưa rõ" in wrong["notes"] and "1 ô sai" in wrong["status"]
    )
    twin = line(desk, batch, row="dong-2", donor="A", amount="5k").get_json()
    assert twin["twins"] == {}
    third = line(desk, batch, row="dong-3", donor="a", amount="5.000").get_json()
    assert list(third["twins"]) == [str(third["id"])] and third["number"] == 3
    kept = desk.post(at(batch, "khong-trung.json"), data={"id": third["id"]}).get_json()
    assert kept["twins"] == {}
    gone = line(desk, batch, id=str(third["id"]), version="1", delete="1").get_json()
    assert gone["id"] is None and "Còn thiếu" not in gone["totals"]


def test_a_conflict_of_the_script_shows_both_and_writes_nothing(desk, batch, accountant, app) -> None:
    told = line(desk, batch, donor="A", amount="5k").get_json()
    other = sign_in(app.test_client(), accountant)
    later = line(
        other, batch, id=str(told["id"]), version="1", donor="A", amount="6k", seen=str(told["seen"])
    )
    assert later.get_json()["version"] == 2
    answer = line(desk, batch, id=str(told["id"]), version="1", donor="A", amount="7k")
    assert answer.status_code == 409 and answer.get_json()["version"] == 2
    assert "6.000" in answer.get_json()["conflict"] and "7.000" in answer.get_json()["conflict"]
    chosen = line(
        desk, batch, id=str(told["id"]), version="2", donor="A", amount="7k", seen=str(told["seen"])
    )
    assert chosen.get_json()["others"] == ["Lê Thị Toán"] and chosen.get_json()["version"] == 3


def test_two_hundred_rows_are_pasted_in_one_request(desk, batch) -> None:
    rows = "\n".join(f"Người {number}\tấp {number % 7}\t{10 + number}k" for number in range(200))
    fields = {"text": rows, "col": "donor", "act": "dan-1", "groups": ""}
    told = desk.post(at(batch, "dan.json"), data=fields).get_json()
    assert told["told"] == "Đã dán 200 dòng." and told["table"].count('id="d') == 200
    desk.post(at(batch, "dan.json"), data=fields)
    assert len(queries.drafts_of(batch.id)) == 200, "sent again because no answer came"
    back = desk.post(at(batch, "hoan-tac.json"), data={"groups": ""}).get_json()
    assert back["told"] == "Đã hoàn tác 200 dòng." and not queries.drafts_of(batch.id)
    wrong = desk.post(at(batch, "dan.json"), data={"text": "\n", "groups": ""})
    assert wrong.status_code == 422 and not unpleasant(wrong.get_json()["error"])


def test_handed_in_posted_once_and_shown(client, app, batch, officer, chair) -> None:
    fill(batch, officer, 3)
    hand_in(batch, officer)
    db.session.commit()
    typist, second = sign_in(client, officer), sign_in(app.test_client(), chair)
    assert "Ghi sổ 3 khoản" not in typist.get(at(batch)).text
    assert typist.post(at(batch, "ghi-so")).status_code == 403
    assert "Ghi sổ 3 khoản" in second.get(at(batch)).text
    form = {"form_key": "mot-lan"}
    answers = [second.post(at(batch, "ghi-so"), data=form) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [303, 303], "a double click is answered the same"
    other_key = second.post(at(batch, "ghi-so"), data={"form_key": "lan-hai"})
    assert other_key.status_code == 422 and "đã ghi sổ" in other_key.text
    assert db.session.scalar(select(func.count()).select_from(Donation)) == 3
    page = second.get(at(batch)).text
    assert "PT-0001/2026 đến PT-0003/2026" in page and page.count('href="/quan-ly/khoan-ung-ho/2026') == 3
    assert line(typist, batch, donor="Muộn", amount="5k").status_code == 422
    printed = typist.post(at(batch, "in-phieu"))
    assert printed.status_code == 303 and "/bien-lai/" in printed.location


def test_sent_back_discarded_restored_on_screen(client, app, batch, officer, chair) -> None:
    fill(batch, officer, 1)
    hand_in(batch, officer)
    db.session.commit()
    typist, second = sign_in(client, officer), sign_in(app.test_client(), chair)
    assert "Chưa nêu lý do" in second.post(at(batch, "tra-lai"), data={"reason": ""}).text
    assert second.post(at(batch, "tra-lai"), data={"reason": "đếm lại"}).status_code == 303
    assert "trả lại để sửa: đếm lại" in typist.get(at(batch)).text
    assert "Chưa nêu lý do" in typist.post(at(batch, "bo"), data={}).text
    typist.post(at(batch, "bo"), data={"reason": "nhập nhầm buổi"})
    assert "đã bỏ đợt nhập: nhập nhầm buổi" in typist.get(at(batch)).text
    assert typist.post(at(batch, "khoi-phuc")).status_code == 303
    assert 'id="grid-form"' in typist.get(at(batch)).text


POSTS = {
    "sua": {}, "cot": {}, "luu": {"r0-donor": "X"}, "dan": {"text": "a"}, "hoan-tac": {}, "khong-trung": {"draft": "1"},
    "chon": {}, "giao": {}, "tra-lai": {"reason": "x"}, "bo": {"reason": "x"}, "khoi-phuc": {}, "ghi-so": {},
    "in-phieu": {}, "khong-trung.json": {"id": "1"}, "dong.json": {"donor": "X"},
    "dan.json": {"text": "a"}, "hoan-tac.json": {},
}  # fmt: skip
GETS = ("", "sua", "cac-dong.xlsx", "cac-dong.csv")


def test_every_address_of_a_batch_is_known_to_the_matrix(app) -> None:
    rules = [
        rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("batches.") and rule.arguments
    ]
    steps = {
        (rule.rule.split(">/")[-1] if ">/" in rule.rule else "") for rule in rules if "POST" in rule.methods
    }
    assert steps == set(POSTS)


@pytest.mark.parametrize("role", [access.RECORDER, access.ACCOUNTANT, access.APPROVER])
def test_another_units_batch_is_not_there(client, batch, officer, cast, role) -> None:
    add_line(batch, officer)
    stranger = make_user(name="Người Xã Khác", role=role, unit=cast.other_commune)
    db.session.commit()
    browser = sign_in(client, stranger)
    before = json.dumps([draft.cells for draft in queries.drafts_of(batch.id)])
    for step in GETS:
        assert browser.get(at(batch, step)).status_code in (403, 404), step
    for step, fields in POSTS.items():
        assert browser.post(at(batch, step), data=fields).status_code in (403, 404), step
    assert "Lễ phát động" not in browser.get(ROOM).text
    assert "Lễ phát động" not in browser.get(f"{ROOM}?xuat=csv").text
    again = db.session.get_one(GiftBatch, batch.id)
    assert json.dumps([draft.cells for draft in queries.drafts_of(batch.id)]) == before
    assert queries.state_of(again) == "typing"


def test_a_foreign_line_cannot_be_reached_through_an_own_batch(
    client, batch, officer, outsider, cast
) -> None:
    draft = add_line(batch, officer)
    own = make_batch(unit=cast.other_commune, by=outsider)
    db.session.commit()
    browser, number = sign_in(client, outsider), str(draft.id)
    line(browser, own, id=number, version="1", donor="Đổi", amount="1k")
    line(browser, own, id=number, version="1", delete="1")
    browser.post(at(own, "khong-trung"), data={"draft": number})
    browser.post(at(own, "luu"), data={"r0-id": number, "r0-version": "1", "r0-donor": "Đổi", "r0-row": "z"})
    kept = db.session.get_one(GiftDraft, draft.id)
    assert kept.cells["donor"] == "Nguyễn Văn An" and kept.version == 1 and not kept.kept_twin


@pytest.mark.parametrize("role", [access.AUDITOR, access.APPROVER, access.ADMINISTRATOR])
def test_who_only_reads_changes_nothing(client, batch, officer, cast, role) -> None:
    add_line(batch, officer)
    reader = make_user(name="Người Xem", role=role, unit=cast.commune)
    db.session.commit()
    browser = sign_in(client, reader)
    assert browser.get(at(batch)).status_code == 200 and 'id="grid-form"' not in browser.get(at(batch)).text
    for step in ("luu", "dan", "hoan-tac", "giao", "bo", "dong.json", "dan.json", "sua", "cot"):
        assert browser.post(at(batch, step), data=POSTS[step]).status_code == 403, step


def test_the_file_of_the_lines_is_a_valid_import(client, app, batch, officer, tmp_path) -> None:
    add_line(batch, officer, donor="Lâm Thị Ánh", amount="200k", shown_as="a", kind="cá nhân", note="a, b")
    add_line(batch, officer, donor="Không rõ tên", amount="100k", day="3/11")
    add_line(batch, officer, donor="Xưởng may", amount="2tr", goods="Chăn", quantity="20", measure="cái")
    db.session.commit()
    browser = sign_in(client, officer)
    rows = list(csv.DictReader(io.StringIO(browser.get(at(batch, "cac-dong.csv")).data.decode("utf-8-sig"))))
    assert (
        rows[0]["Mã đợt"] == "D1"
        and rows[0]["Cách hiển thị"] == "Ẩn danh"
        and rows[0]["Ngày"] == "02/11/2026"
    )
    assert rows[1]["Người ủng hộ"] == "" and rows[2]["Hình thức"] == "hiện vật"
    for kind in ("csv", "xlsx"):
        path = tmp_path / f"dong.{kind}"
        path.write_bytes(browser.get(at(batch, f"cac-dong.{kind}")).data)
        told = CliRunner().invoke(main, ["import", "donations", str(path), "--dry-run", "--json"], obj=app)
        assert told.exit_code == 0, told.output
        found = json.loads(told.output)
        assert (found["new"], found["errors"], found["sum"]) == (3, 0, 2_300_000)


def test_the_list_counts_and_sums(desk, batch, officer) -> None:
    add_line(batch, officer)
    add_line(batch, officer, donor="Gạo", amount="2tr", goods="Gạo", quantity="1", measure="bao")
    db.session.commit()
    text = desk.get(f"{ROOM}?tinh_trang=typing").text
    assert "Lễ phát động" in text and "500.000" in text and "2.500.000" not in text
    assert "Chưa có đợt nhập nào theo" in desk.get(f"{ROOM}?tinh_trang=posted").text
    exported = desk.get(f"{ROOM}?xuat=csv").data.decode("utf-8-sig")
    assert "Đang nhập" in exported
