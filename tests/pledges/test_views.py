"""Pledges on screen: works, without JavaScript, 422 keeps what was typed, others' units are 404, wrong roles 403."""

from __future__ import annotations

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from python_calamine import CalamineWorkbook
from sqlalchemy import event, func, select

from portal.campaigns.models import Campaign
from portal.kit.days import format_day, today_in_vietnam
from portal.kit.db import db
from portal.pledges import actions, queries
from portal.pledges.models import Fulfilment, Pledge, PledgeTerms, Reminder
from portal.pledges.rules import COLUMNS
from tests.cast import Cast, make_campaign, make_donation, make_user, sign_in
from tests.pledges.books import DAY, make_pledge
from tests.reading import errors_at, typed_in

LIST = "/quan-ly/dang-ky/"
NEW = LIST + "moi"


def text_of(response: Any) -> str:
    return response.get_data(as_text=True)


def typed(cast: Cast, **changes: Any) -> dict[str, str]:
    """A form filled in well, with changes."""
    usual = {
        "unit_id": cast.commune.id, "donor_name": "Công ty An Bình", "donor_kind": "company", "kind": "money",
        "amount": "5tr", "pledged_on": "02/11/2026", "dues": "15/12/2026: 2tr\n15/01/2027: 3tr",
        "campaign_id": "0", "note": "gọi trước",
    }  # fmt: skip
    return {name: str(value) for name, value in {**usual, **changes}.items()}


def test_record_show_change(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.officer)
    assert "ĐK-0001/2026" in text_of(client.get(NEW))
    answer = client.post(NEW, data=typed(cast))
    assert answer.status_code == 303
    page = text_of(client.get(answer.location))
    for words in (
        "Công ty An Bình",
        "ĐK-0001/2026",
        "15/01/2027",
        "3.000.000",
        '<span class="muted">Chưa</span>',
        "chưa hỏi",
    ):
        assert words in page
    form = text_of(client.get(answer.location + "/sua"))
    assert typed_in(form)["dues"] == "15/12/2026: 2.000.000\n15/01/2027: 3.000.000"
    assert "checked" not in form.split('name="shown_as"', 1)[1].split("</fieldset>")[0]
    changed = typed_in(form) | {"kind": "money", "amount": "6tr", "dues": "15/12/2026"}
    assert client.post(answer.location + "/sua", data=changed).status_code == 303
    page = text_of(client.get(answer.location))
    assert "6.000.000" in page and "5.000.000 đ → 6.000.000 đ" in page


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"donor_name": ""}, "donor_name"),
        ({"amount": ""}, "amount"),
        ({"amount": "2.50"}, "amount"),
        ({"kind": "goods", "amount": "", "dues": ""}, "promise"),
        ({"kind": ""}, "kind"),
        ({"dues": "15/12/2026: 2tr"}, "dues"),
        ({"dues": "mai"}, "dues"),
        ({"pledged_on": "31/02/2026"}, "pledged_on"),
        ({"campaign_id": ""}, "campaign_id"),
        ({"donor_id": "999"}, "donor_name"),
    ],
)
def test_a_form_that_comes_back_keeps_what_was_typed(
    client: FlaskClient, cast: Cast, changes: dict[str, str], field: str
) -> None:
    sign_in(client, cast.officer)
    given = typed(cast, **changes)
    answer = client.post(NEW, data=given)
    assert answer.status_code == 422
    page = text_of(answer)
    assert field in errors_at(page), errors_at(page)
    kept = typed_in(page)
    for name in ("donor_name", "amount", "dues", "note", "pledged_on"):
        assert kept[name] == given[name]
    assert db.session.scalar(select(func.count()).select_from(Pledge)) == 0


def test_the_second_of_two_people_sees_the_difference_and_keeps_their_words(
    client: FlaskClient, cast: Cast
) -> None:
    pledge_id = make_pledge(unit=cast.commune).id
    sign_in(client, cast.officer)
    where = f"{LIST}{pledge_id}/sua"
    mine = typed_in(text_of(client.get(where))) | {"kind": "money", "campaign_id": "0", "note": "chữ của tôi"}
    with client.application.app_context():
        actions_by_other(pledge_id)
    answer = client.post(where, data=mine)
    page = text_of(answer)
    assert answer.status_code == 409 and typed_in(page)["note"] == "chữ của tôi"
    assert "để trống" in page and "Xóm 3" in page
    again = typed_in(page) | {"kind": "money", "campaign_id": "0"}
    assert client.post(where, data=again).status_code == 303
    db.session.expire_all()
    pledge = db.session.get_one(Pledge, pledge_id)
    assert queries.terms_of(pledge).note == "chữ của tôi"


def actions_by_other(pledge_id: int) -> None:
    """Somebody else writes an address meanwhile."""
    actions.change_pledge(db.session.get_one(Pledge, pledge_id), {"address": "Xóm 3"}, by=None)
    db.session.commit()


def test_cancel_and_undo(client: FlaskClient, cast: Cast) -> None:
    pledge_id = make_pledge(unit=cast.commune).id
    sign_in(client, cast.officer)
    where = f"{LIST}{pledge_id}"
    answer = client.post(where + "/huy", data={"reason": ""})
    assert answer.status_code == 422 and "reason" in errors_at(text_of(answer))
    assert client.post(where + "/huy", data={"reason": "Xin rút"}).status_code == 303
    page = text_of(client.get(where))
    assert "Xin rút" in page and "Bỏ hủy" in page and "Ghép với khoản ủng hộ" not in page
    assert client.post(where + "/bo-huy").status_code == 303
    assert "có hiệu lực trở lại" in text_of(client.get(where))
    assert "đang còn hiệu lực" in text_of(client.post(where + "/bo-huy", follow_redirects=True))


def test_goods_said_to_be_done(client: FlaskClient, cast: Cast) -> None:
    pledge_id = make_pledge(
        unit=cast.commune, kind="labour", quantity="20", measure="ngày công", amount=None
    ).id
    sign_in(client, cast.officer)
    where = f"{LIST}{pledge_id}"
    answer = client.post(where + "/da-thuc-hien", data={"met_on": format_day(DAY), "met_note": ""})
    assert answer.status_code == 422 and "met_note" in errors_at(text_of(answer))
    data = {"met_on": format_day(DAY), "met_note": "làm đường xóm 3"}
    assert client.post(where + "/da-thuc-hien", data=data).status_code == 303
    assert "làm đường xóm 3" in text_of(client.get(where))
    assert client.post(where + "/chua-thuc-hien").status_code == 303


def test_match_and_release_through_the_pages(client: FlaskClient, cast: Cast) -> None:
    campaign = make_campaign(unit=cast.commune)
    gift = make_donation(campaign=campaign, amount=3_000_000, by=cast.officer)
    other = make_donation(campaign=campaign, amount=700_000, donor_name="Bùi Thị Hoa", by=cast.officer)
    pledge_id = make_pledge(unit=cast.commune, campaign=campaign, amount=2_000_000).id
    sign_in(client, cast.officer)
    where = f"{LIST}{pledge_id}/ghep"
    page = text_of(client.get(where))
    assert gift.code in page and other.code not in page, "the giver's own gifts come first"
    assert typed_in(page)["gift"] == gift.code and typed_in(page)["amount"] == "2.000.000"
    assert other.code in text_of(client.get(where + "?q=bui thi hoa"))
    for data, field in (
        ({"gift": gift.code, "amount": "3tr"}, "amount"),
        ({"gift": "", "amount": "1tr"}, "gift"),
        ({"gift": "20260101-1", "amount": "1tr"}, "gift"),
    ):
        answer = client.post(where, data=data)
        assert answer.status_code == 422 and field in errors_at(text_of(answer)), data
    assert client.post(where, data={"gift": gift.code, "amount": "3tr", "beyond": "y"}).status_code == 303
    page = text_of(client.get(f"{LIST}{pledge_id}"))
    assert "1.000.000 đ" in page and "Gỡ ghép" in page
    row = db.session.scalars(select(Fulfilment)).one()
    assert client.post(f"{LIST}{pledge_id}/go-ghep/{row.id}").status_code == 303
    assert "được gỡ rồi" in text_of(client.post(f"{LIST}{pledge_id}/go-ghep/{row.id}", follow_redirects=True))


def test_gifts_of_other_units_are_never_offered(client: FlaskClient, cast: Cast) -> None:
    theirs = make_donation(campaign=make_campaign(unit=cast.other_commune), by=cast.outsider)
    pledge_id = make_pledge(unit=cast.commune).id
    sign_in(client, cast.officer)
    where = f"{LIST}{pledge_id}/ghep"
    assert theirs.code not in text_of(client.get(where + "?q=nguyen van an"))
    answer = client.post(where, data={"gift": theirs.code, "amount": "1"})
    assert answer.status_code == 422 and "gift" in errors_at(text_of(answer))


def test_list_filters_totals_and_the_file_that_can_be_brought_in_again(
    client: FlaskClient, cast: Cast
) -> None:
    today = today_in_vietnam()
    campaign = make_campaign(unit=cast.commune, ends_on=None)
    parts = [(today - timedelta(days=40), 2_000_000), (today + timedelta(days=40), 3_000_000)]
    start = today - timedelta(days=60)
    first = make_pledge(unit=cast.commune, campaign=campaign, pledged_on=start, instalments=parts)
    gift = make_donation(campaign=campaign, amount=1_000_000, day=today, by=cast.officer)
    actions.fulfil(first, posting_number=gift.posting_number, ordinal=1, amount=1_000_000, by=None)
    make_pledge(unit=cast.commune, donor_name="Hoàng Văn Bé", kind="goods", content="gạo", amount=9_000_000)
    gone = make_pledge(unit=cast.commune, donor_name="Lý Thị Rút")
    actions.cancel_pledge(gone, reason="Xin rút", by=cast.officer)
    sign_in(client, cast.officer)
    page = text_of(client.get(LIST))
    for words in ("Quá hạn", "Đã hủy", "quá 40 ngày", "Hoàng Văn Bé"):
        assert words in page
    assert page.count("4.000.000") >= 2 and "9.000.000" in page
    assert "1.000.000" in page.split("Quá 31–60 ngày")[1][:200]
    for query, there, gone_ in (
        ("q=hoang+be", "Hoàng Văn Bé", "Nguyễn Văn An"),
        ("tinh_trang=overdue", "Nguyễn Văn An", "Hoàng Văn Bé"),
        ("qua_han=60", "Nguyễn Văn An", "Hoàng Văn Bé"),
        ("hinh_thuc=goods", "Hoàng Văn Bé", "Nguyễn Văn An"),
        (f"dot={campaign.id}", "Nguyễn Văn An", "Hoàng Văn Bé"),
        ("q=ĐK-2/2026", "Hoàng Văn Bé", "Nguyễn Văn An"),
    ):
        found = text_of(client.get(f"{LIST}?{query}"))
        table = found.split("<tbody>")[1]
        assert there in table and gone_ not in table, query
    assert client.get(LIST + "?tu=31/02/2026").status_code == 422
    file = client.get(LIST + "?xuat=xlsx")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(file.data)).get_sheet_by_index(0).to_python()
    rows = rows[rows.index(list(COLUMNS)) :]
    names = {row[4]: row for row in rows[1:]}
    assert "Lý Thị Rút" not in names
    assert names["Nguyễn Văn An"][13].count(";") == 1 and names["Hoàng Văn Bé"][8] == "Hiện vật"


def test_who_may_see_and_do_what(app: Flask, cast: Cast) -> None:
    campaign = make_campaign(unit=cast.commune)
    pledge_id = make_pledge(unit=cast.commune, campaign=campaign).id
    above = make_user(name="Cán bộ tỉnh", role="recorder", unit=cast.province)
    reads = ["", "/phieu", "/phieu.pdf"]
    works = ["/sua", "/ghep"]
    for user, reading, working in (
        (cast.officer, 200, 200),
        (cast.accountant, 200, 200),
        (above, 200, 200),
        (cast.auditor, 200, 403),
        (cast.chair, 200, 403),
        (cast.administrator, 200, 403),
        (cast.outsider, 404, 404),
    ):
        client = sign_in(app.test_client(), user)
        for path in reads:
            assert client.get(f"{LIST}{pledge_id}{path}").status_code == reading, (user.name, path)
        for path in works:
            assert client.get(f"{LIST}{pledge_id}{path}").status_code == working, (user.name, path)
        for path in ("/huy", "/sua", "/ghep", "/len-bang", "/da-thuc-hien"):
            if working != 200:
                assert client.post(f"{LIST}{pledge_id}{path}", data={}).status_code == working
        shown = text_of(client.get(LIST))
        assert ("ĐK-0001/2026" in shown) is (reading == 200)
        assert client.get(f"{LIST}bang/{campaign.code}").status_code == (
            404 if user is cast.outsider else 200
        )
    assert app.test_client().get(LIST).status_code == 303


def test_letters_are_kept_and_say_what_was_left_then(client: FlaskClient, cast: Cast) -> None:
    campaign = make_campaign(unit=cast.commune)
    pledges = [make_pledge(unit=cast.commune, campaign=campaign) for _ in range(2)]
    done = make_pledge(unit=cast.commune, amount=1)
    gift = make_donation(campaign=campaign, by=cast.officer)
    actions.fulfil(done, posting_number=gift.posting_number, ordinal=1, amount=1, by=None)
    theirs = make_pledge(unit=cast.other_commune)
    ids = ",".join(str(one.id) for one in (*pledges, done, theirs))
    sign_in(client, cast.officer)
    chosen = client.post(LIST + "thu-nhac/chon", data={"key": ids.split(",")})
    assert chosen.status_code == 303
    page = text_of(client.get(chosen.location))
    assert "2 thư nhắc" in page and "1 đăng ký đã đủ hoặc đã hủy" in page and "chưa có địa chỉ" in page
    assert db.session.scalar(select(func.count()).select_from(Reminder)) == 0, "looking sends nothing"
    sent = client.post(chosen.location)
    assert db.session.scalar(select(func.count()).select_from(Reminder)) == 2
    printed = client.get(sent.location)
    assert printed.mimetype == "application/pdf"
    assert f"{today_in_vietnam():%d/%m/%Y}" in text_of(client.get(f"{LIST}{pledges[0].id}"))
    assert "Chưa chọn" in text_of(client.post(LIST + "thu-nhac/chon", follow_redirects=True))


def statements_of(app: Flask, ask: Callable[[], Any]) -> int:
    """How many statements an answer takes."""
    seen: list[str] = []

    def note(_c: Any, _cursor: Any, statement: str, *_: Any) -> None:
        seen.append(statement)

    with app.app_context():
        event.listen(db.engine, "before_cursor_execute", note)
        assert ask().status_code in (200, 303)
        event.remove(db.engine, "before_cursor_execute", note)
    return len(seen)


def many_pledges(cast: Cast, campaign: Campaign, count: int) -> list[Pledge]:
    due = DAY + timedelta(days=3)
    return [
        make_pledge(
            unit=cast.commune, campaign=campaign, donor_name=f"Người {number}", instalments=[(due, None)]
        )
        for number in range(count)
    ]


def test_statements_of_the_list_do_not_grow(app: Flask, client: FlaskClient, cast: Cast) -> None:
    campaign = make_campaign(unit=cast.commune)
    many_pledges(cast, campaign, 1)
    sign_in(client, cast.officer)
    client.get(LIST)
    few = statements_of(app, lambda: client.get(LIST))
    many_pledges(cast, campaign, 12)
    assert statements_of(app, lambda: client.get(LIST)) == few <= 16


def test_statements_of_the_letters_do_not_grow(app: Flask, client: FlaskClient, cast: Cast) -> None:
    campaign = make_campaign(unit=cast.commune)
    asked = [str(pledge.id) for pledge in many_pledges(cast, campaign, 14)]
    sign_in(client, cast.officer)
    few, many = (f"{LIST}thu-nhac?so={','.join(some)}" for some in (asked[:2], asked[2:]))
    client.get(few)
    looked = [statements_of(app, lambda url=url: client.get(url)) for url in (few, many)]
    assert looked[0] == looked[1] <= 20
    sent = [client.post(url).location for url in (few, many)]
    printed = [statements_of(app, lambda url=url: client.get(url)) for url in sent]
    assert printed[0] == printed[1] <= 20


def test_versions_are_not_doubled_by_a_resent_form(client: FlaskClient, cast: Cast) -> None:
    sign_in(client, cast.officer)
    data = typed(cast) | {"form_key": "cùng một khóa"}
    first, second = client.post(NEW, data=data), client.post(NEW, data=data)
    assert first.location == second.location
    assert db.session.scalar(select(func.count()).select_from(PledgeTerms)) == 1
